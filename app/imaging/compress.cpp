#include "imaging/compress.h"

#include "imaging/arrange.h"
#include "imaging/block_source.h"
#include "imaging/encoding.h"
#include "imaging/exif.h"
#include "imaging/picture_format.h"
#include "imaging/result_file.h"

#include <algorithm>
#include <new>

namespace steadyframe::imaging {
namespace {

/// The share of the work that lies before the result is flushed to the disk.
constexpr double beforeTheDisk = 0.95;

/// One photo on its way through.
struct Job {
    InputFile &file;
    ResultFile &result;
    const CompressSettings &settings;
    const ImagingOptions &options;
    std::stop_token stop;
    const std::function<void(double)> &progress;
};

/// What came of it.
struct Outcome {
    PictureSize source;
    PictureSize size;
    bool mayKeepOriginal = false; ///< neither resized nor turned
    Encoded encoded;
    std::vector<std::string> warnings;
};

Outcome outcomeFor(PictureSize stored, Orientation orientation, const CompressSettings &settings)
{
    Outcome outcome;
    outcome.source = turned(stored, orientation);
    outcome.size = resized(outcome.source, settings.resize);
    outcome.mayKeepOriginal = outcome.size == outcome.source && orientation == Orientation::upright;
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

/// Encodes what comes from `source`; `storedChroma` is the original's, as it is stored.
isolate::Result<Outcome, ImagingError> encodeFrom(const Job &job, BlockSource &source, JpegLayout layout,
                                                  ChromaStep storedChroma, Outcome outcome)
{
    if (swapsSides(layout.orientation))
        std::swap(storedChroma.x, storedChroma.y);
    Encoding encoding{.source = source,
                      .layout = std::move(layout),
                      .storedChroma = storedChroma,
                      .target = job.settings.target,
                      .result = job.result,
                      .stop = job.stop,
                      .progress = job.progress};
    if (outcome.mayKeepOriginal)
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
    return outcome;
}

isolate::Result<Outcome, ImagingError> compressJpeg(const Job &job)
{
    JpegBlockSource source(job.file, job.options.limits, job.stop);
    auto header = source.readHeader();
    if (!header)
        return std::move(header).error();
    const Orientation orientation = header->orientation;
    Outcome outcome = outcomeFor({header->width, header->height}, orientation, job.settings);
    if (header->cmyk)
        outcome.warnings.push_back("Its colours were for printing (CMYK) and were converted without their profile.");

    JpegLayout layout = layoutFor(job, outcome, orientation);
    layout.gray = header->gray;
    if (!header->exif.empty())
        layout.exif = uprightExif(header->exif, layout.width, layout.height);
    if (!header->cmyk)
        layout.icc = header->icc;
    layout.density = header->density;
    return encodeFrom(job, source, std::move(layout), header->chroma, std::move(outcome));
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
    JpegLayout layout = layoutFor(job, outcome, other->orientation);
    layout.gray = other->picture.channels.size() == 1;
    layout.icc = std::move(other->icc);
    if (std::max(layout.width, layout.height) > longestJpegSide)
        return ImagingError{ImagingErrc::tooLarge,
                            "The picture has " + grouped(static_cast<unsigned>(layout.width)) + " by "
                                + grouped(static_cast<unsigned>(layout.height))
                                + " pixels; a side of a JPEG can have 65,500. Choose a longest side."};
    PictureBlockSource source(std::move(other->picture), job.stop);
    return encodeFrom(job, source, std::move(layout), {1, 1}, std::move(outcome));
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
    result.quality = result.keptOriginalBytes ? 0 : outcome->encoded.quality;
    result.similarity = outcome->encoded.similarity;
    result.reachedTarget = outcome->encoded.reachedTarget;
    if (job.settings.target.kind == TargetKind::bytes) {
        result.reachedTarget = result.resultBytes <= job.settings.target.bytes;
        if (!result.reachedTarget)
            result.smallestBytes = result.resultBytes;
    }
    if (result.keptOriginalBytes && job.settings.target.kind == TargetKind::similarity) {
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
        auto compressed = compressInto(Job{*file, **result, settings, options, std::move(stop), progress}, resultStem);
        if (compressed && progress)
            progress(1);
        return compressed;
    } catch (const std::bad_alloc &) {
        return outOfMemoryError();
    }
}

} // namespace steadyframe::imaging
