#include "imaging/compress.h"

#include "imaging/arrange.h"
#include "imaging/exif.h"
#include "imaging/jpeg_reader.h"
#include "imaging/jpeg_writer.h"
#include "imaging/picture_format.h"
#include "imaging/result_file.h"

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

/// One photo on its way through.
struct Job {
    InputFile &file;
    ResultFile &result;
    const CompressSettings &settings;
    const ImagingOptions &options;
    std::stop_token stop;
    const std::function<void(double)> &progress;

    /// Something that calls `progress` with a fraction of the part of the work from `from` to `to`.
    [[nodiscard]] std::function<void(double)> part(double from, double to) const
    {
        return [this, from, to](double fraction) {
            if (progress)
                progress(from + (to - from) * fraction);
        };
    }
};

/// What came of it.
struct Outcome {
    PictureSize source;
    PictureSize size;
    bool mayKeepOriginal = false; ///< neither resized nor turned
    std::vector<std::string> warnings;
};

ChromaStep chromaFor(const CompressSettings &settings, ChromaStep stored, Orientation orientation)
{
    if (settings.target.quality < fullColourQuality)
        return {2, 2};
    if (swapsSides(orientation))
        std::swap(stored.x, stored.y);
    return {std::min(stored.x, 2), std::min(stored.y, 2)};
}

/// The end of every encoding. Now the original is known to be whole, so its bytes may win.
isolate::Result<void, ImagingError> finishWriting(const Job &job, JpegWriter &writer, bool mayKeepOriginal)
{
    if (mayKeepOriginal)
        job.result.setLimit(job.file.size() - 1);
    return writer.finish();
}

/// Block rows go straight from the decoder to the encoder: nothing is resized, turned, converted or interpolated.
isolate::Result<void, ImagingError> copyStripes(const Job &job, JpegReader &reader, JpegWriter &writer,
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
        if (auto written = writer.writeStripe(stripe.data()); !written)
            return written;
        step(static_cast<double>(i + 1) / reader.stripes());
    }
    if (auto finished = reader.finish(); !finished)
        return finished;
    return finishWriting(job, writer, true);
}

/// Resizes and turns a whole picture, then encodes it. `step` is for the encoding.
isolate::Result<void, ImagingError> writeArranged(const Job &job, Picture picture, JpegWriter &writer,
                                                  const Arrangement &arrangement, bool mayKeepOriginal,
                                                  const std::function<void(double)> &step)
{
    auto planes = arrange(std::move(picture), arrangement, job.stop);
    if (!planes)
        return std::move(planes).error();
    if (auto written = writer.writeAll(*planes, step); !written)
        return written;
    return finishWriting(job, writer, mayKeepOriginal);
}

/// Decodes all, then writes it as `writeArranged` does.
isolate::Result<void, ImagingError> rearrange(const Job &job, JpegReader &reader, JpegWriter &writer,
                                              const Arrangement &arrangement, bool mayKeepOriginal, double done)
{
    const double decoded = done + (beforeLastPass - done) * 0.5;
    auto picture = reader.readAll(job.part(done, decoded));
    if (!picture)
        return std::move(picture).error();
    if (auto finished = reader.finish(); !finished)
        return finished;
    return writeArranged(job, std::move(*picture), writer, arrangement, mayKeepOriginal,
                         job.part(decoded, beforeLastPass));
}

Outcome outcomeFor(PictureSize stored, Orientation orientation, const CompressSettings &settings)
{
    Outcome outcome;
    outcome.source = turned(stored, orientation);
    outcome.size = resized(outcome.source, settings.resize);
    outcome.mayKeepOriginal = outcome.size == outcome.source && orientation == Orientation::upright;
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

isolate::Result<Outcome, ImagingError> compressJpeg(const Job &job)
{
    JpegReader reader(job.file, job.stop);
    auto header = reader.readHeader(job.options.limits);
    if (!header)
        return std::move(header).error();
    const Orientation orientation = header->orientation;
    Outcome outcome = outcomeFor({header->width, header->height}, orientation, job.settings);
    if (header->cmyk)
        outcome.warnings.push_back("Its colours were for printing (CMYK) and were converted without their profile.");

    JpegLayout layout = layoutFor(outcome, job.settings);
    layout.gray = header->gray;
    layout.chroma = chromaFor(job.settings, header->chroma, orientation);
    if (!header->exif.empty())
        layout.exif = uprightExif(header->exif, layout.width, layout.height);
    if (!header->cmyk)
        layout.icc = header->icc;
    layout.density = header->density;

    const bool asStored
        = outcome.mayKeepOriginal && header->plainBlocks && (header->gray || header->chroma == layout.chroma);
    const int eighths = asStored ? 8 : decodeScale(outcome.source, outcome.size, decodeMargin);
    double done = 0;
    const auto started = reader.start(eighths, [&] {
        done = 0.5 * static_cast<double>(job.file.position()) / static_cast<double>(job.file.size());
        job.part(0, 1)(done);
    });
    if (!started)
        return started.error();
    JpegWriter writer(job.result, job.stop);
    if (auto begun = writer.start(layout); !begun)
        return std::move(begun).error();
    const auto written = asStored
        ? copyStripes(job, reader, writer, job.part(done, beforeLastPass))
        : rearrange(job, reader, writer, {outcome.size, layout.chroma, orientation}, outcome.mayKeepOriginal, done);
    if (!written && !job.result.overLimit())
        return written.error();
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
    layout.icc = std::move(other->icc);
    if (std::max(layout.width, layout.height) > longestJpegSide)
        return ImagingError{ImagingErrc::tooLarge,
                            "The picture has " + grouped(static_cast<unsigned>(layout.width)) + " by "
                                + grouped(static_cast<unsigned>(layout.height))
                                + " pixels; a side of a JPEG can have 65,500. Choose a longest side."};
    JpegWriter writer(job.result, job.stop);
    if (auto begun = writer.start(layout); !begun)
        return std::move(begun).error();
    const double decoded = 0.5;
    job.part(0, 1)(decoded);
    const auto written
        = writeArranged(job, std::move(other->picture), writer, {outcome.size, layout.chroma, other->orientation},
                        outcome.mayKeepOriginal, job.part(decoded, beforeLastPass));
    if (!written && !job.result.overLimit())
        return written.error();
    return outcome;
}

/// Makes the original's bytes the result.
isolate::Result<void, ImagingError> copyOriginal(const Job &job)
{
    if (auto again = job.result.startAgain(); !again)
        return again;
    job.file.rewind();
    std::vector<std::uint8_t> buffer(256 * 1024);
    for (;;) {
        if (job.stop.stop_requested())
            return cancelledError();
        const std::ptrdiff_t got = job.file.read(buffer);
        if (got < 0)
            return readError(static_cast<int>(-got));
        if (got == 0)
            return {};
        if (!job.result.write({buffer.data(), static_cast<std::size_t>(got)}))
            return job.result.error();
    }
}

isolate::Result<CompressResult, ImagingError> compressInto(const Job &job, std::string_view stem)
{
    const std::string beginning = job.file.beginning(formatBytes);
    const PictureFormat format = formatOf(beginning);
    if (format == PictureFormat::none)
        return notAnImageError(beginning);
    auto outcome = format == PictureFormat::jpeg ? compressJpeg(job) : compressOther(job, format);
    // A file that is still being written looks truncated or damaged.
    if (auto unchanged = job.file.expectUnchanged(); !unchanged)
        return std::move(unchanged).error();
    if (!outcome)
        return std::move(outcome).error();

    CompressResult result;
    result.keptOriginalBytes = job.result.overLimit();
    if (result.keptOriginalBytes) {
        if (auto copied = copyOriginal(job); !copied)
            return std::move(copied).error();
        if (auto unchanged = job.file.expectUnchanged(); !unchanged)
            return std::move(unchanged).error();
    }
    if (job.stop.stop_requested())
        return cancelledError();
    auto path = job.result.publish(stem, extensionOf(result.keptOriginalBytes ? format : PictureFormat::jpeg));
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
