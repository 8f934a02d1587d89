#include "imaging/compress.h"

#include "imaging/block_source.h"
#include "imaging/companions.h"
#include "imaging/compress_job.h"
#include "imaging/encoding.h"
#include "imaging/exif.h"
#include "imaging/lossless.h"
#include "imaging/picture_format.h"
#include "imaging/same_pixels.h"

#include <algorithm>
#include <new>

namespace steadyframe::imaging {
namespace {

/// The share of the work that lies before the result is flushed to the disk.
constexpr double beforeTheDisk = 0.95;

Outcome outcomeFor(PictureSize stored, Orientation orientation, const CompressSettings &settings)
{
    Outcome outcome;
    outcome.source = turned(stored, orientation);
    outcome.size = resized(outcome.source, settings.resize);
    outcome.needsNewPixels = outcome.size != outcome.source;
    return outcome;
}

JpegLayout layoutFor(const Job &job, const Outcome &outcome, Orientation orientation)
{
    JpegLayout layout;
    layout.width = outcome.size.width;
    layout.height = outcome.size.height;
    layout.progressive = job.settings.progressive;
    layout.orientation = orientation;
    layout.temporary = job.result.folder();
    return layout;
}

/// The colours of a JPEG, in whichever way it tells them.
ColorPlan planColors(const Job &job, JpegHeader &header)
{
    if (header.cmyk) {
        ColorPlan plan;
        plan.transform = ColorTransform::toSrgb(
            header.icc, header.invertedInks ? ColorTransform::From::invertedCmyk : ColorTransform::From::cmyk);
        if (!plan.transform)
            plan.warnings.emplace_back("Its colours are for printing (CMYK) and were converted without a profile that "
                                       "would tell them exactly.");
        return plan;
    }
    if (header.icc.empty() && readExif(header.metadata.exif).adobeRgb)
        header.icc = adobeRgbProfile();
    return planColors(header.icc, header.gray, job.settings.colors);
}

/// Encodes what comes from `source`; `storedChroma` is the original's, as it is stored. `mayGrow`: it may become larger
/// than the original.
isolate::Result<Outcome, ImagingError> encodeFrom(const Job &job, BlockSource &source, JpegLayout layout,
                                                  ChromaStep storedChroma, const std::vector<std::uint8_t> *gainMap,
                                                  bool mayGrow, Outcome outcome)
{
    if (swapsSides(layout.orientation))
        std::swap(storedChroma.x, storedChroma.y);
    Encoding encoding{.source = source,
                      .layout = std::move(layout),
                      .storedChroma = storedChroma,
                      .target = job.settings.target,
                      .result = job.result,
                      .gainMap = gainMap,
                      .stop = job.stop,
                      .progress = job.progress};
    if (!mayGrow)
        encoding.longest = job.file.size() - 1;
    if (encoding.progress) {
        // A second attempt begins where it began, but the person is told of no step back.
        encoding.progress = [&job, most = 0.0](double done) mutable {
            most = std::max(most, done);
            job.progress(beforeTheDisk * most);
        };
    }
    auto encoded = encode(encoding);
    if (!encoded)
        return std::move(encoded).error();
    outcome.encoded = *encoded;
    if (std::string loss = source.loss(); !loss.empty()) {
        outcome.losses.push_back(loss);
        outcome.warnings.insert(outcome.warnings.begin(), std::move(loss));
    }
    return outcome;
}

isolate::Result<Outcome, ImagingError> compressJpeg(const Job &job)
{
    JpegBlockSource source(job.file, job.options.limits, job.stop);
    auto header = source.readHeader();
    if (!header)
        return std::move(header).error();
    if (job.options.takeWhatIsThere)
        source.takeWhatIsThere();
    const Orientation orientation = header->orientation;
    Outcome outcome = outcomeFor({header->width, header->height}, orientation, job.settings);
    const ColorPlan colors = planColors(job, *header);
    source.convertBy(colors.transform);
    outcome.needsNewPixels = outcome.needsNewPixels || colors.transform || header->cmyk;
    outcome.turnsNot = !turnsWithinBounds(source.reader(), orientation, job.options.limits);
    auto companions = companionsOf(job.file, *header, job.settings, {outcome.size, orientation}, colors,
                                   job.options.limits, job.stop);
    if (!companions)
        return std::move(companions).error();

    JpegLayout layout = layoutFor(job, outcome, orientation);
    layout.gray = header->gray;
    layout.markers = std::move(companions->markers);
    layout.icc = std::move(companions->icc);
    layout.density = header->density;
    outcome.warnings = std::move(companions->warnings);
    return encodeFrom(job, source, std::move(layout), header->chroma, &companions->gainMap, false, std::move(outcome));
}

isolate::Result<Outcome, ImagingError> compressOther(const Job &job, PictureFormat format)
{
    if (!job.options.readOther)
        return unreadableFormatError(format);
    auto other = job.options.readOther(job.file, job.options.limits, job.stop);
    if (!other)
        return std::move(other).error();
    if (!other->loss.empty() && !job.options.takeWhatIsThere)
        return ImagingError{ImagingErrc::truncated, other->loss + " Copy it again from where it came."};
    Outcome outcome = outcomeFor(other->storedSize, other->orientation, job.settings);
    outcome.warnings = std::move(other->warnings);
    if (!other->loss.empty()) {
        outcome.losses.push_back(other->loss);
        outcome.warnings.insert(outcome.warnings.begin(), std::move(other->loss));
    }
    JpegLayout layout = layoutFor(job, outcome, other->orientation);
    layout.gray = other->picture.channels.size() == 1;
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
    if (colors.transform && !convertColors(other->picture, *colors.transform, job.stop))
        return cancelledError();
    PictureBlockSource source(std::move(other->picture), job.stop);
    const bool mayGrow = tellsMore && format != PictureFormat::png && format != PictureFormat::webp;
    auto encoded = encodeFrom(job, source, std::move(layout), {1, 1}, nullptr, mayGrow, std::move(outcome));
    if (encoded && !job.result.overLimit() && job.result.size() >= job.file.size())
        encoded->warnings.emplace_back("It became larger: the original tells what is to be left out.");
    return encoded;
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
    const Target &target = job.settings.target;
    // What is to look alike looks alike with its own pixels, also where the tag that tells how to show them is left.
    if (outcome.needsNewPixels || (outcome.turnsNot && target.kind != TargetKind::similarity)) {
        CompressSettings settings = job.settings;
        const int highest = target.kind == TargetKind::quality ? target.quality : target.ceiling;
        settings.target = {.kind = TargetKind::bytes, .bytes = job.file.size() - 1, .floor = 1, .ceiling = highest};
        if (auto again = job.result.startAgain(); !again)
            return again;
        job.file.rewind();
        auto lower = compressAs(Job{job.file, job.result, settings, job.options, job.stop, {}}, format);
        if (!lower)
            return std::move(lower).error();
        if (!job.result.overLimit()) {
            outcome = std::move(*lower);
            outcome.encoded.reachedTarget = target.kind != TargetKind::similarity;
            outcome.warnings.push_back("Its quality was lowered to " + std::to_string(outcome.encoded.quality)
                                       + ": with more it would be larger than the original.");
            return {};
        }
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
    job.result.spare(job.file.status());
    auto path = job.result.publish(stem, extensionOf(outcome->format), job.options.lastingName);
    if (!path)
        return std::move(path).error();
    result.path = std::move(*path);
    result.sourceBytes = job.file.size();
    result.resultBytes = job.result.size();
    result.sourceWidth = outcome->source.width;
    result.sourceHeight = outcome->source.height;
    result.width = outcome->size.width;
    result.height = outcome->size.height;
    result.quality = result.keptPixels ? 0 : outcome->encoded.quality;
    result.similarity = outcome->encoded.similarity;
    result.reachedTarget = outcome->encoded.reachedTarget;
    if (job.settings.target.kind == TargetKind::bytes) {
        result.reachedTarget = result.resultBytes <= job.settings.target.bytes;
        if (!result.reachedTarget)
            result.smallestBytes = result.resultBytes;
    }
    if (result.keptPixels && job.settings.target.kind == TargetKind::similarity) {
        result.similarity = 1;
        result.reachedTarget = true;
    }
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
        // A search may begin again with other colours, and a fraction of damaged scans is a guess: what is told rises.
        double told = 0;
        const auto rising = [&](double fraction) {
            told = std::clamp(fraction, told, 1.0);
            progress(told);
        };
        Job job{*file, **result, settings, options, std::move(stop), {}};
        if (progress)
            job.progress = rising;
        auto compressed = compressInto(job, resultStem);
        if (compressed && progress)
            progress(1);
        return compressed;
    } catch (const std::bad_alloc &) {
        return outOfMemoryError();
    }
}

} // namespace steadyframe::imaging
