#include "imaging/same_pixels.h"

#include "imaging/companions.h"
#include "imaging/container_metadata.h"
#include "imaging/exif.h"
#include "imaging/jpeg_reader.h"
#include "imaging/lossless.h"

#include <algorithm>

namespace steadyframe::imaging {
namespace {

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

/// What goes along with the coefficients as they are, or turned.
isolate::Result<Companions, ImagingError> companionsFor(const Job &job, const JpegHeader &header, Orientation turn,
                                                        const CompressSettings &settings)
{
    NewPicture picture;
    picture.size = turned(PictureSize{header.width, header.height}, turn);
    picture.turn = turn;
    picture.left = turn == Orientation::upright ? header.orientation : Orientation::upright;
    picture.samePixels = true;
    return companionsOf(job.file, header, settings, picture, {}, job.options.limits, job.stop);
}

/// What follows the picture, a video or a program's own notes, may tell anything.
bool tellsMoreBehind(const Job &job)
{
    if (job.settings.metadata.keepsWhatIsTold())
        return false;
    const auto segments = readSegments(job.file);
    const auto end = segments ? endOfJpeg(job.file, segments->scan) : std::nullopt;
    return end && *end < job.file.size();
}

/// The same coded picture with less beside it, or the original.
isolate::Result<void, ImagingError> keepCoded(const Job &job, const JpegHeader &header, Outcome &outcome)
{
    CompressSettings settings = job.settings;
    auto companions = companionsFor(job, header, Orientation::upright, settings);
    if (!companions)
        return std::move(companions).error();
    outcome.samePixels = true;
    if (!companions->leftOut && !tellsMoreBehind(job)) {
        outcome.originalBytes = true;
        return copyOriginal(job);
    }
    for (;;) {
        if (auto again = job.result.startAgain(); !again)
            return again;
        job.result.setLimit(job.file.size());
        auto written = writeSpliced(job.file, *companions, job.result, job.stop);
        if (written || !job.result.overLimit() || settings.metadata == MetadataRule::none()) {
            outcome.warnings = std::move(companions->warnings);
            return written;
        }
        // Metadata that is written in good order may be longer than it was, by a few bytes.
        settings.metadata = MetadataRule::none();
        companions = companionsFor(job, header, Orientation::upright, settings);
        if (!companions)
            return std::move(companions).error();
        companions->warnings.emplace_back("Its metadata was left out: with it the result would be larger.");
    }
}

/// Writes the coefficients anew; true when that is smaller than the original, and then it is the result.
isolate::Result<bool, ImagingError> recodeSmaller(const Job &job, JpegReader &reader, const JpegHeader &header,
                                                  Orientation turn, Outcome &outcome)
{
    auto companions = companionsFor(job, header, turn, job.settings);
    if (!companions)
        return std::move(companions).error();
    auto coded
        = recode(reader, {turn, job.settings.progressive, companions->markers, companions->icc}, job.part(0, 0.9));
    if (!coded)
        return std::move(coded).error();
    if (auto again = job.result.startAgain(); !again)
        return std::move(again).error();
    // A file that ends early has too few bytes to be compared with.
    const std::string loss = reader.loss();
    if (loss.empty())
        job.result.setLimit(job.file.size() - 1);
    CompanionSink sink(job.result, companions->gainMap);
    const bool written = sink.write(*coded);
    const auto finished = written ? sink.finish() : isolate::Result<void, ImagingError>(sink.error());
    if (job.result.overLimit())
        return false;
    if (!finished)
        return finished.error();
    outcome.samePixels = true;
    outcome.warnings = std::move(companions->warnings);
    if (!loss.empty()) {
        outcome.losses.push_back(loss);
        outcome.warnings.insert(outcome.warnings.begin(), loss);
    }
    if (turn == Orientation::upright && header.orientation != Orientation::upright)
        outcome.warnings.emplace_back(
            "Turning it would have lost pixels at its edges, so the tag that tells how to show it was left.");
    return true;
}

/// A file of another format, or what the rule leaves of it.
isolate::Result<void, ImagingError> keepOther(const Job &job, PictureFormat format, Outcome &outcome)
{
    outcome.samePixels = true;
    outcome.format = format;
    outcome.size = outcome.source;
    outcome.warnings = outcome.losses;
    const PhotoMetadata metadata = readContainer(job.file, format).metadata;
    const Orientation orientation = readExif(metadata.exif).orientation;
    const PictureSize stored = turned(outcome.source, orientation);
    const MetadataChanges changes{job.settings.metadata, stored.width, stored.height, orientation};
    const auto stripped
        = keepMetadata(metadata, changes).leftOut ? strippedContainer(job.file, format, changes) : std::nullopt;
    outcome.originalBytes = !stripped;
    if (!stripped)
        return copyOriginal(job);
    if (auto again = job.result.startAgain(); !again)
        return again;
    if (!job.result.write(*stripped))
        return job.result.error();
    return {};
}

isolate::Result<Outcome, ImagingError> withSamePixels(const Job &job, bool alwaysRecode)
{
    job.file.rewind();
    JpegReader reader(job.file, job.stop);
    auto header = reader.readHeader(job.options.limits);
    if (!header)
        return std::move(header).error();
    if (job.options.takeWhatIsThere)
        reader.takeWhatIsThere();
    Outcome outcome;
    outcome.size = outcome.source = turned(PictureSize{header->width, header->height}, header->orientation);
    const bool turns = alwaysRecode ? turnsWhole(reader, header->orientation)
                                    : turnsWithinBounds(reader, header->orientation, job.options.limits);
    const Orientation turn = turns ? header->orientation : Orientation::upright;
    if (alwaysRecode || turn != Orientation::upright) {
        const auto smaller = recodeSmaller(job, reader, *header, turn, outcome);
        if (!smaller)
            return smaller.error();
        if (*smaller)
            return outcome;
    }
    if (auto kept = keepCoded(job, *header, outcome); !kept)
        return std::move(kept).error();
    return outcome;
}

} // namespace

isolate::Result<Outcome, ImagingError> compressLossless(const Job &job, PictureFormat format)
{
    if (format != PictureFormat::jpeg)
        return ImagingError{ImagingErrc::unsupported,
                            "Only a JPEG can become a JPEG without loss; this is a " + std::string(nameOf(format))
                                + " picture. Choose a quality for it."};
    return withSamePixels(job, true);
}

isolate::Result<void, ImagingError> fallBack(const Job &job, PictureFormat format, Outcome &outcome)
{
    if (format != PictureFormat::jpeg)
        return keepOther(job, format, outcome);
    auto kept = withSamePixels(job, false);
    if (!kept)
        return std::move(kept).error();
    // What was told of the encoding is told no more, but an early end is.
    if (kept->losses.empty())
        kept->warnings.insert(kept->warnings.begin(), outcome.losses.begin(), outcome.losses.end());
    outcome = std::move(*kept);
    return {};
}

} // namespace steadyframe::imaging
