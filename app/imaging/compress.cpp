#include "imaging/compress.h"

#include "imaging/companions.h"
#include "imaging/compress_job.h"
#include "imaging/exif.h"
#include "imaging/jpeg_reader.h"
#include "imaging/jpeg_writer.h"
#include "imaging/lossless.h"
#include "imaging/picture_format.h"
#include "imaging/same_pixels.h"

#include <algorithm>
#include <new>

namespace steadyframe::imaging {
namespace {

/// From this quality on, colour keeps the resolution of the original.
constexpr int fullColourQuality = 90;
/// How much more than the result is decoded, so that the resampling has something to work with.
constexpr double decodeMargin = 1.25;
/// The share of the work that lies before the last pass of the encoder.
constexpr double beforeLastPass = 0.9;

ChromaStep chromaFor(const CompressSettings &settings, ChromaStep stored, Orientation orientation)
{
    if (settings.target.quality < fullColourQuality)
        return {2, 2};
    if (swapsSides(orientation))
        std::swap(stored.x, stored.y);
    return {std::min(stored.x, 2), std::min(stored.y, 2)};
}

/// Where a new JPEG is going to.
struct Encoding {
    JpegWriter &writer;
    CompanionSink &sink;
    Arrangement arrangement;
    const ColorTransform *transform = nullptr; ///< that the pixels still need
    bool whole = true; ///< nothing of the original is missing
};

/// The end of every encoding. A whole original is never replaced by something larger.
isolate::Result<void, ImagingError> finishWriting(const Job &job, const Encoding &encoding)
{
    if (encoding.whole)
        job.result.setLimit(job.file.size() - 1);
    if (auto finished = encoding.writer.finish(); !finished)
        return finished;
    return encoding.sink.finish();
}

/// Block rows go straight from the decoder to the encoder: nothing is resized, turned, converted or interpolated.
isolate::Result<void, ImagingError> copyStripes(const Job &job, JpegReader &reader, Encoding encoding,
                                                const std::function<void(double)> &step)
{
    std::vector<Plane> planes;
    std::vector<std::vector<std::uint8_t *>> rows;
    std::vector<std::uint8_t **> stripe;
    for (const ChannelLayout &layout : reader.channels()) {
        Plane &plane = planes.emplace_back(layout.width, layout.rowsInStripe);
        std::vector<std::uint8_t *> &pointers = rows.emplace_back();
        for (int y = 0; y < layout.rowsInStripe; ++y)
            pointers.push_back(plane.row(y));
        stripe.push_back(pointers.data());
    }
    for (int i = 0; i < reader.stripes(); ++i) {
        if (auto read = reader.readStripe(stripe.data()); !read)
            return read;
        if (auto written = encoding.writer.writeStripe(stripe.data()); !written)
            return written;
        step(static_cast<double>(i + 1) / reader.stripes());
    }
    if (auto finished = reader.finish(); !finished)
        return finished;
    encoding.whole = reader.loss().empty();
    return finishWriting(job, encoding);
}

/// Resizes and turns a whole picture, converts its colours, then encodes it. `step` is for the encoding.
isolate::Result<void, ImagingError> writeArranged(const Job &job, Picture picture, const Encoding &encoding,
                                                  const std::function<void(double)> &step)
{
    Arrangement arrangement = encoding.arrangement;
    if (encoding.transform)
        arrangement.chroma = {1, 1};
    auto planes = arrange(std::move(picture), arrangement, job.stop);
    if (!planes)
        return std::move(planes).error();
    if (encoding.transform && !convertColors(*planes, *encoding.transform, encoding.arrangement.chroma, job.stop))
        return cancelledError();
    if (auto written = encoding.writer.writeAll(*planes, step); !written)
        return written;
    return finishWriting(job, encoding);
}

/// Decodes all, then writes it as `writeArranged` does.
isolate::Result<void, ImagingError> rearrange(const Job &job, JpegReader &reader, Encoding encoding, double done)
{
    const double decoded = done + (beforeLastPass - done) * 0.5;
    auto picture = reader.readAll(job.part(done, decoded));
    if (!picture)
        return std::move(picture).error();
    if (auto finished = reader.finish(); !finished)
        return finished;
    encoding.whole = reader.loss().empty();
    return writeArranged(job, std::move(*picture), encoding, job.part(decoded, beforeLastPass));
}

Outcome outcomeFor(PictureSize stored, Orientation orientation, const CompressSettings &settings)
{
    Outcome outcome;
    outcome.source = turned(stored, orientation);
    outcome.size = resized(outcome.source, settings.resize);
    outcome.needsNewPixels = outcome.size != outcome.source;
    return outcome;
}

JpegLayout layoutFor(const Outcome &outcome, const CompressSettings &settings)
{
    JpegLayout layout;
    layout.width = outcome.size.width;
    layout.height = outcome.size.height;
    layout.quality = settings.target.quality;
    layout.progressive = settings.progressive;
    return layout;
}

/// The colours of a JPEG, in whichever way it tells them.
ColorPlan planColors(const Job &job, JpegReader &reader, JpegHeader &header)
{
    if (header.cmyk) {
        ColorPlan plan;
        if (!reader.useInks(header.icc))
            plan.warnings.emplace_back("Its colours are for printing (CMYK) and were converted without a profile that "
                                       "would tell them exactly.");
        return plan;
    }
    if (header.icc.empty() && readExif(header.metadata.exif).adobeRgb)
        header.icc = adobeRgbProfile();
    return planColors(header.icc, header.gray, job.settings.colors);
}

isolate::Result<Outcome, ImagingError> compressJpeg(const Job &job)
{
    JpegReader reader(job.file, job.stop);
    auto header = reader.readHeader(job.options.limits);
    if (!header)
        return std::move(header).error();
    if (job.options.takeWhatIsThere)
        reader.takeWhatIsThere();
    const Orientation orientation = header->orientation;
    Outcome outcome = outcomeFor({header->width, header->height}, orientation, job.settings);
    const ColorPlan colors = planColors(job, reader, *header);
    const bool asShown = outcome.size == outcome.source && orientation == Orientation::upright;
    outcome.needsNewPixels
        = outcome.needsNewPixels || colors.transform || header->cmyk || !turnsWhole(reader, orientation);
    auto companions = companionsOf(job.file, *header, job.settings, {outcome.size, orientation}, colors,
                                   job.options.limits, job.stop);
    if (!companions)
        return std::move(companions).error();

    JpegLayout layout = layoutFor(outcome, job.settings);
    layout.gray = header->gray;
    layout.chroma = chromaFor(job.settings, header->chroma, orientation);
    layout.markers = std::move(companions->markers);
    layout.icc = std::move(companions->icc);
    layout.density = header->density;

    const bool asStored
        = asShown && header->plainBlocks && !colors.transform && (header->gray || header->chroma == layout.chroma);
    const int eighths = asStored ? 8 : decodeScale(outcome.source, outcome.size, decodeMargin);
    double done = 0;
    const auto started = reader.start(eighths, [&] {
        done = 0.5 * static_cast<double>(job.file.position()) / static_cast<double>(job.file.size());
        job.part(0, 1)(done);
    });
    if (!started)
        return started.error();
    CompanionSink sink(job.result, companions->gainMap);
    JpegWriter writer(sink, job.stop);
    if (auto begun = writer.start(layout); !begun)
        return std::move(begun).error();
    const Encoding encoding{writer, sink, {outcome.size, layout.chroma, orientation}, colors.transform.get()};
    const auto written = asStored ? copyStripes(job, reader, encoding, job.part(done, beforeLastPass))
                                  : rearrange(job, reader, encoding, done);
    if (!written && !job.result.overLimit())
        return written.error();
    if (std::string loss = reader.loss(); !loss.empty()) {
        outcome.losses.push_back(loss);
        outcome.warnings.push_back(std::move(loss));
    }
    outcome.warnings.insert(outcome.warnings.end(), companions->warnings.begin(), companions->warnings.end());
    return outcome;
}

/// What a reader of another format may decode to; 0: all of it.
int longestSideOf(const ResizeRule &resize)
{
    return resize.kind == ResizeKind::longestSide ? resize.width : 0;
}

isolate::Result<Outcome, ImagingError> compressOther(const Job &job, PictureFormat format)
{
    if (!job.options.readOther)
        return unreadableFormatError(format);
    auto other = job.options.readOther(job.file, job.options.limits, longestSideOf(job.settings.resize), job.stop);
    if (!other)
        return std::move(other).error();
    Outcome outcome = outcomeFor(other->storedSize, other->orientation, job.settings);
    outcome.warnings = std::move(other->warnings);
    JpegLayout layout = layoutFor(outcome, job.settings);
    layout.gray = other->picture.channels.size() == 1;
    layout.chroma = chromaFor(job.settings, {1, 1}, other->orientation);
    ColorPlan colors = planColors(std::move(other->icc), layout.gray, job.settings.colors);
    outcome.warnings.insert(outcome.warnings.end(), colors.warnings.begin(), colors.warnings.end());
    KeptMetadata kept = keepMetadata(other->metadata, {job.settings.metadata, layout.width, layout.height});
    outcome.warnings.insert(outcome.warnings.end(), kept.warnings.begin(), kept.warnings.end());
    layout.markers = std::move(kept.markers);
    const bool tellsMore = kept.leftOut || !(other->metadataKnown || job.settings.metadata.keepsWhatIsTold());
    layout.icc = std::move(colors.icc);
    outcome.needsNewPixels = outcome.needsNewPixels || colors.transform;
    if (std::max(layout.width, layout.height) > longestJpegSide)
        return ImagingError{ImagingErrc::tooLarge,
                            "The picture has " + grouped(static_cast<unsigned>(layout.width)) + " by "
                                + grouped(static_cast<unsigned>(layout.height))
                                + " pixels; a side of a JPEG can have 65,500. Choose a longest side."};
    const std::vector<std::uint8_t> noGainMap;
    CompanionSink sink(job.result, noGainMap);
    JpegWriter writer(sink, job.stop);
    if (auto begun = writer.start(layout); !begun)
        return std::move(begun).error();
    const double decoded = 0.5;
    job.part(0, 1)(decoded);
    Encoding encoding{writer, sink, {outcome.size, layout.chroma, other->orientation}, colors.transform.get()};
    encoding.whole = !tellsMore || format == PictureFormat::png || format == PictureFormat::webp;
    const auto written = writeArranged(job, std::move(other->picture), encoding, job.part(decoded, beforeLastPass));
    if (!written && !job.result.overLimit())
        return written.error();
    if (!job.result.overLimit() && job.result.size() >= job.file.size())
        outcome.warnings.emplace_back("It became larger: the original tells what is to be left out.");
    return outcome;
}

isolate::Result<Outcome, ImagingError> compressAs(const Job &job, PictureFormat format)
{
    if (job.settings.target.kind == TargetKind::lossless)
        return compressLossless(job, format);
    return format == PictureFormat::jpeg ? compressJpeg(job) : compressOther(job, format);
}

/// Takes the place of an encoding that came out no smaller than the original: one of lower quality where the original's
/// pixels won't do, else those.
isolate::Result<void, ImagingError> makeSmaller(const Job &job, PictureFormat format, Outcome &outcome)
{
    CompressSettings settings = job.settings;
    for (int quality = settings.target.quality; outcome.needsNewPixels && quality > 1;) {
        quality -= std::max(1, quality / 16);
        settings.target = {.kind = TargetKind::quality, .quality = quality};
        if (auto again = job.result.startAgain(); !again)
            return again;
        job.file.rewind();
        auto lower = compressAs(Job{job.file, job.result, settings, job.options, job.stop, job.progress}, format);
        if (!lower)
            return std::move(lower).error();
        if (job.result.overLimit())
            continue;
        outcome = std::move(*lower);
        outcome.warnings.push_back("Its quality was lowered to " + std::to_string(quality)
                                   + ": with more it would be larger than the original.");
        return {};
    }
    return fallBack(job, format, outcome);
}

isolate::Result<CompressResult, ImagingError> compressInto(const Job &job, std::string_view stem)
{
    const std::string beginning = job.file.beginning(formatBytes);
    const PictureFormat format = formatOf(beginning);
    if (format == PictureFormat::none)
        return notAnImageError(beginning);
    auto outcome = compressAs(job, format);
    // A file that is still being written looks truncated or damaged.
    if (auto unchanged = job.file.expectUnchanged(); !unchanged)
        return std::move(unchanged).error();
    if (!outcome)
        return std::move(outcome).error();

    CompressResult result;
    if (job.result.overLimit()) {
        if (auto kept = makeSmaller(job, format, *outcome); !kept)
            return std::move(kept).error();
        if (auto unchanged = job.file.expectUnchanged(); !unchanged)
            return std::move(unchanged).error();
    }
    if (job.stop.stop_requested())
        return cancelledError();
    result.keptOriginalBytes = outcome->originalBytes;
    result.keptPixels = outcome->samePixels;
    job.result.keep(job.file.status(), job.options.keepDates, job.options.keepPermissions);
    auto path = job.result.publish(stem, extensionOf(outcome->format));
    if (!path)
        return std::move(path).error();
    result.path = std::move(*path);
    result.sourceBytes = job.file.size();
    result.resultBytes = job.result.size();
    result.sourceWidth = outcome->source.width;
    result.sourceHeight = outcome->source.height;
    result.width = outcome->size.width;
    result.height = outcome->size.height;
    result.sha256 = job.result.sha256();
    result.warnings = std::move(outcome->warnings);
    return result;
}

} // namespace

isolate::Result<CompressResult, ImagingError>
compressFile(const std::filesystem::path &source, const std::filesystem::path &resultFolder,
             std::string_view resultStem, const CompressSettings &settings, std::stop_token stop,
             const std::function<void(double)> &progress, const ImagingOptions &options)
{
    if (auto valid = validate(settings); !valid)
        return std::move(valid).error();
    if (stop.stop_requested())
        return cancelledError();
    try {
        auto file = InputFile::open(source, options.limits);
        if (!file)
            return std::move(file).error();
        auto result = ResultFile::create(resultFolder, file->size());
        if (!result)
            return std::move(result).error();
        auto compressed = compressInto(Job{*file, **result, settings, options, std::move(stop), progress}, resultStem);
        if (compressed && progress)
            progress(1);
        return compressed;
    } catch (const std::bad_alloc &) {
        return outOfMemoryError();
    }
}

} // namespace steadyframe::imaging
