#include "imaging/companions.h"

#include "imaging/exif.h"
#include "imaging/xmp.h"

#include <algorithm>
#include <array>

namespace steadyframe::imaging {
namespace {

constexpr std::uint8_t adobeApplication = 0xEE;
/// JFIF's segment without its thumbnail: two bytes after the fixed part say that there is none.
constexpr std::size_t frameSize = 14;
constexpr std::size_t frameThumbnailSize = 2;

/// What stands in the way of the gain map; empty when nothing does.
std::string gainMapObstacle(const FollowingPictures &following, const CompressSettings &settings,
                            const ColorPlan &colors)
{
    if (colors.transform)
        return "Its HDR gain map was left out: it is made for the colours that were converted.";
    if (following.apple && !settings.metadata.camera)
        return "Its HDR gain map was left out: Apple's kind needs the camera's notes.";
    return {};
}

void append(std::vector<std::uint8_t> &to, std::uint8_t marker, std::span<const std::uint8_t> content)
{
    const std::size_t length = content.size() + 2;
    to.insert(to.end(), {0xFF, marker, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)});
    to.insert(to.end(), content.begin(), content.end());
}

/// The original up to its first scan, with the companions in place of what was there.
isolate::Result<std::vector<std::uint8_t>, ImagingError>
splicedBeginning(const RandomBytes &file, const JpegSegments &jpeg, const Companions &companions)
{
    std::vector<std::uint8_t> frame;
    std::vector<std::uint8_t> rest;
    std::vector<std::uint8_t> content;
    for (const JpegSegment &segment : jpeg.segments) {
        content.resize(segment.size);
        if (!file.fill(segment.payload, content))
            return readError(EIO);
        const bool application = segment.marker >= firstApplicationMarker && segment.marker <= lastApplicationMarker;
        if (segment.marker == firstApplicationMarker && content.size() >= frameSize && content[0] == 'J'
            && content[3] == 'F') {
            content.resize(frameSize);
            std::fill_n(content.end() - frameThumbnailSize, frameThumbnailSize, std::uint8_t{0});
            append(frame, segment.marker, content);
        } else if (segment.marker == adobeApplication) {
            append(frame, segment.marker, content);
        } else if (!application && segment.marker != commentMarker) {
            append(rest, segment.marker, content);
        }
    }
    std::vector<std::uint8_t> bytes = {0xFF, 0xD8};
    bytes.insert(bytes.end(), frame.begin(), frame.end());
    for (const JpegMarker &marker : companions.markers)
        append(bytes, marker.marker, marker.bytes);
    for (const JpegMarker &marker : profileMarkers(companions.icc))
        append(bytes, marker.marker, marker.bytes);
    bytes.insert(bytes.end(), rest.begin(), rest.end());
    return bytes;
}

} // namespace

isolate::Result<Companions, ImagingError> companionsOf(const RandomBytes &file, const JpegHeader &header,
                                                       const CompressSettings &settings, const NewPicture &picture,
                                                       const ColorPlan &colors, const ImagingLimits &limits,
                                                       const std::stop_token &stop)
{
    Companions companions;
    companions.icc = picture.samePixels ? header.icc : colors.icc;
    if (!picture.samePixels)
        companions.warnings = colors.warnings;
    FollowingPictures following;
    if (const auto segments = readSegments(file))
        following = readFollowingPictures(file, *segments);
    if (!following.gainMap.empty()) {
        std::string obstacle = gainMapObstacle(following, settings, colors);
        if (obstacle.empty()) {
            auto gainMap = turnedGainMap(following.gainMap, picture.turn, settings.metadata, limits, stop);
            if (gainMap)
                companions.gainMap = std::move(*gainMap);
            else if (gainMap.error().code == ImagingErrc::cancelled)
                return std::move(gainMap).error();
            else
                obstacle = "Its HDR gain map is damaged and was left out.";
        }
        if (!obstacle.empty())
            companions.warnings.push_back(std::move(obstacle));
    }
    if (following.others)
        companions.warnings.emplace_back("The file holds several pictures; the first was taken.");
    if (readXmp(header.metadata.xmp).motion)
        companions.warnings.emplace_back("The video that belongs to it was left out.");

    MetadataChanges changes{settings.metadata,        picture.size.width, picture.size.height, picture.left, {},
                            companions.gainMap.size()};
    if (settings.metadata.thumbnail) {
        if (const auto place = readExif(header.metadata.exif).thumbnail)
            changes.thumbnail = turnedThumbnail(std::span(header.metadata.exif).subspan(place->offset, place->size),
                                                picture.turn, limits, stop);
    }
    KeptMetadata kept = keepMetadata(header.metadata, changes);
    companions.markers = std::move(kept.markers);
    if (!companions.gainMap.empty())
        companions.markers.push_back(pictureList(companions.gainMap.size()));
    companions.leftOut
        = kept.leftOut || (following.any && !(settings.metadata.keepsWhatIsTold() && settings.metadata.thumbnail));
    companions.warnings.insert(companions.warnings.end(), kept.warnings.begin(), kept.warnings.end());
    return companions;
}

bool CompanionSink::write(std::span<const std::uint8_t> bytes) noexcept
{
    return m_gainMap.empty() ? m_result.write(bytes) : m_main.write(bytes);
}

ImagingError CompanionSink::error() const
{
    return m_gainMap.empty() ? m_result.error() : m_main.error();
}

isolate::Result<void, ImagingError> CompanionSink::finish()
{
    if (m_gainMap.empty())
        return {};
    if (!completeList(m_main.bytes(), m_gainMap.size()))
        return ImagingError{ImagingErrc::corrupt, "The HDR gain map can't be put in its place. Pick another file."};
    if (!m_result.write(m_main.bytes()) || !m_result.write(m_gainMap))
        return m_result.error();
    return {};
}

isolate::Result<void, ImagingError> writeSpliced(const RandomBytes &file, const Companions &companions,
                                                 ByteSink &result, const std::stop_token &stop)
{
    const auto segments = readSegments(file);
    if (!segments)
        return ImagingError{ImagingErrc::corrupt, "The JPEG's header is damaged. Copy it again from where it came."};
    auto beginning = splicedBeginning(file, *segments, companions);
    if (!beginning)
        return std::move(beginning).error();
    const std::uint64_t end = endOfJpeg(file, segments->scan).value_or(file.size());
    CompanionSink sink(result, companions.gainMap);
    if (!sink.write(*beginning))
        return sink.error();
    std::vector<std::uint8_t> buffer(256 * 1024);
    for (std::uint64_t at = segments->scan; at < end;) {
        if (stop.stop_requested())
            return cancelledError();
        const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), end - at));
        const std::ptrdiff_t got = file.readAt(at, std::span(buffer).first(want));
        if (got < 0)
            return readError(static_cast<int>(-got));
        if (got == 0)
            return ImagingError{ImagingErrc::changed, "The file changed while it was read. Retry when it is whole."};
        if (!sink.write({buffer.data(), static_cast<std::size_t>(got)}))
            return sink.error();
        at += static_cast<std::uint64_t>(got);
    }
    return sink.finish();
}

} // namespace steadyframe::imaging
