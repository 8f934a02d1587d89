#include "imaging/photo_metadata.h"

#include "imaging/exif.h"
#include "imaging/image_resources.h"
#include "imaging/xmp.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace steadyframe::imaging {
namespace {

using namespace std::string_view_literals;

constexpr auto exifName = "Exif\0\0"sv;
constexpr auto xmpName = "http://ns.adobe.com/xap/1.0/\0"sv;
constexpr auto extendedXmpName = "http://ns.adobe.com/xmp/extension/\0"sv;
constexpr auto resourcesName = "Photoshop 3.0\0"sv;
constexpr auto profileName = "ICC_PROFILE\0"sv;
constexpr auto multiPictureName = "MPF\0"sv;
constexpr auto gainMapName = "urn:iso:std:iso:ts:21496:-1\0"sv;

constexpr std::uint8_t exifApplication = 0xE1;
constexpr std::uint8_t profileApplication = 0xE2;
constexpr std::uint8_t credentialsApplication = 0xEB;
constexpr std::uint8_t duckyApplication = 0xEC;
constexpr std::uint8_t resourcesApplication = 0xED;
constexpr std::uint8_t adobeApplication = 0xEE;
/// What is read of one picture; depth maps in extended XMP have a few million bytes.
constexpr std::size_t mostBytes = 64'000'000;

std::string_view textOf(std::span<const std::uint8_t> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

JpegMarker namedMarker(std::uint8_t marker, std::string_view name, std::span<const std::uint8_t> content)
{
    JpegMarker made{marker, {}};
    if (name.size() + content.size() > longestMarker)
        return made;
    made.bytes.reserve(name.size() + content.size());
    made.bytes.assign(name.begin(), name.end());
    made.bytes.insert(made.bytes.end(), content.begin(), content.end());
    return made;
}

/// Puts the content of one segment where it belongs.
void sort(PhotoMetadata &metadata, std::uint8_t marker, std::vector<std::uint8_t> content)
{
    const std::string_view text = textOf(content);
    const auto behind
        = [&](std::string_view name) { return std::span<const std::uint8_t>(content).subspan(name.size()); };
    if (marker == commentMarker) {
        metadata.comments.push_back({marker, std::move(content)});
    } else if (marker == firstApplicationMarker) {
        // JFIF's is written anew; it holds a picture when it has more than its fixed part.
        metadata.frameThumbnail = metadata.frameThumbnail || text.starts_with("JFXX\0"sv) || content.size() > 14;
    } else if (marker == exifApplication && text.starts_with(exifName)) {
        if (metadata.exif.empty())
            metadata.exif.assign(behind(exifName).begin(), behind(exifName).end());
    } else if (marker == exifApplication && text.starts_with(xmpName)) {
        if (metadata.xmp.empty())
            metadata.xmp = textOf(behind(xmpName));
    } else if (marker == exifApplication && text.starts_with(extendedXmpName)) {
        metadata.extendedXmp.push_back({marker, std::move(content)});
    } else if (marker == resourcesApplication && text.starts_with(resourcesName)) {
        const auto more = behind(resourcesName);
        metadata.resources.insert(metadata.resources.end(), more.begin(), more.end());
    } else if (marker == profileApplication && text.starts_with(gainMapName)) {
        metadata.gainMap.push_back({marker, std::move(content)});
    } else if (marker == profileApplication && (text.starts_with(profileName) || text.starts_with(multiPictureName))) {
        return; // read by others
    } else if (marker == credentialsApplication && text.starts_with("JP"sv)) {
        metadata.credentials = true;
    } else if (marker == adobeApplication || (marker == duckyApplication && text.starts_with("Ducky"sv))
               || (marker == resourcesApplication && text.starts_with("Adobe_CM"sv))) {
        return; // how it was encoded
    } else {
        metadata.others.push_back({marker, std::move(content)});
    }
}

/// Keeps the packets that extend XMP when nothing of theirs may have to go: they are not looked into.
void keepExtendedXmp(const PhotoMetadata &metadata, const MetadataChanges &changes, KeptMetadata &kept)
{
    if (metadata.extendedXmp.empty())
        return;
    if (changes.rule.keepsWhatIsTold()) {
        kept.markers.insert(kept.markers.end(), metadata.extendedXmp.begin(), metadata.extendedXmp.end());
        return;
    }
    kept.leftOut = true;
    if (changes.rule.xmp)
        kept.warnings.emplace_back("Its second part of XMP, which can't be sorted by kind, was left out.");
}

void keepXmp(const PhotoMetadata &metadata, const MetadataChanges &changes, KeptMetadata &kept)
{
    if (metadata.xmp.empty())
        return;
    const bool upright = changes.orientation == Orientation::upright;
    XmpRewrite xmp
        = rewriteXmp(metadata.xmp, {changes.rule, changes.width, changes.height, upright, changes.gainMapBytes});
    kept.leftOut = kept.leftOut || xmp.leftOut;
    if (xmp.damaged)
        kept.warnings.emplace_back("Its XMP is damaged and was left out.");
    if (xmp.packet.empty())
        return;
    const std::span bytes(reinterpret_cast<const std::uint8_t *>(xmp.packet.data()), xmp.packet.size());
    JpegMarker marker = namedMarker(exifApplication, xmpName, bytes);
    if (marker.bytes.empty()) {
        kept.leftOut = true;
        kept.warnings.emplace_back("Its XMP is too long for a JPEG and was left out.");
        return;
    }
    kept.markers.push_back(std::move(marker));
}

void keepExif(const PhotoMetadata &metadata, const MetadataChanges &changes, KeptMetadata &kept)
{
    ExifRewrite exif;
    if (!metadata.exif.empty()) {
        exif = rewriteExif(metadata.exif,
                           {changes.rule, changes.width, changes.height, changes.orientation, changes.thumbnail});
        kept.leftOut = kept.leftOut || exif.leftOut;
        if (exif.damaged)
            kept.warnings.emplace_back("Its EXIF block is damaged; what could be read of it was kept.");
    }
    if (exif.block.empty() && changes.orientation != Orientation::upright)
        exif.block = exifWithOrientation(changes.orientation);
    if (!exif.block.empty())
        kept.markers.push_back(exifMarker(exif.block));
}

void keepResources(const PhotoMetadata &metadata, const MetadataChanges &changes, KeptMetadata &kept)
{
    if (metadata.resources.empty())
        return;
    const ResourcesRewrite resources = rewriteResources(metadata.resources, changes.rule);
    kept.leftOut = kept.leftOut || resources.leftOut;
    if (resources.damaged)
        kept.warnings.emplace_back("Its IPTC block is damaged; what could be read of it was kept.");
    const std::size_t most = longestMarker - resourcesName.size();
    for (std::span<const std::uint8_t> left = resources.bytes; !left.empty();) {
        const auto part = left.first(std::min(left.size(), most));
        kept.markers.push_back(namedMarker(resourcesApplication, resourcesName, part));
        left = left.subspan(part.size());
    }
}

} // namespace

JpegMarker exifMarker(std::span<const std::uint8_t> block)
{
    return namedMarker(exifApplication, exifName, block);
}

PhotoMetadata readMetadata(const RandomBytes &bytes, const JpegSegments &jpeg)
{
    PhotoMetadata metadata;
    std::size_t total = 0;
    for (const JpegSegment &segment : jpeg.segments) {
        const bool application = segment.marker >= firstApplicationMarker && segment.marker <= lastApplicationMarker;
        if (!application && segment.marker != commentMarker)
            continue;
        total += segment.size;
        if (total > mostBytes) {
            metadata.tooMuch = true;
            break;
        }
        std::vector<std::uint8_t> content(segment.size);
        if (bytes.fill(segment.payload, content))
            sort(metadata, segment.marker, std::move(content));
    }
    return metadata;
}

std::vector<std::uint8_t> readProfile(const RandomBytes &bytes, const JpegSegments &jpeg)
{
    // Each segment says which part it holds, from 1 on, and how many there are.
    const std::size_t head = profileName.size() + 2;
    std::map<unsigned, std::vector<std::uint8_t>> parts;
    unsigned count = 0;
    for (const JpegSegment &segment : jpeg.segments) {
        if (segment.marker != profileApplication || segment.size < head)
            continue;
        std::vector<std::uint8_t> content(segment.size);
        if (!bytes.fill(segment.payload, content) || !textOf(content).starts_with(profileName))
            continue;
        const unsigned number = content[head - 2];
        count = content[head - 1];
        content.erase(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(head));
        parts.emplace(number, std::move(content));
    }
    std::vector<std::uint8_t> profile;
    if (count == 0 || parts.size() != count || parts.begin()->first != 1 || parts.rbegin()->first != count)
        return profile;
    for (const auto &[number, part] : parts)
        profile.insert(profile.end(), part.begin(), part.end());
    return profile;
}

std::vector<JpegMarker> profileMarkers(std::span<const std::uint8_t> icc)
{
    const std::size_t most = longestMarker - profileName.size() - 2;
    const std::size_t count = (icc.size() + most - 1) / most;
    std::vector<JpegMarker> markers;
    if (count > 255)
        return markers;
    for (std::size_t i = 0; i < count; ++i) {
        JpegMarker &marker = markers.emplace_back(JpegMarker{profileApplication, {}});
        const auto part = icc.subspan(i * most, std::min(most, icc.size() - i * most));
        marker.bytes.assign(profileName.begin(), profileName.end());
        marker.bytes.push_back(static_cast<std::uint8_t>(i + 1));
        marker.bytes.push_back(static_cast<std::uint8_t>(count));
        marker.bytes.insert(marker.bytes.end(), part.begin(), part.end());
    }
    return markers;
}

KeptMetadata keepMetadata(const PhotoMetadata &metadata, const MetadataChanges &changes)
{
    KeptMetadata kept;
    const MetadataRule &rule = changes.rule;
    keepExif(metadata, changes, kept);
    keepXmp(metadata, changes, kept);
    keepExtendedXmp(metadata, changes, kept);
    if (changes.gainMapBytes != 0)
        kept.markers.insert(kept.markers.end(), metadata.gainMap.begin(), metadata.gainMap.end());
    keepResources(metadata, changes, kept);
    if (rule.keepsWhatIsTold())
        kept.markers.insert(kept.markers.end(), metadata.others.begin(), metadata.others.end());
    else
        kept.leftOut = kept.leftOut || !metadata.others.empty();
    if (rule.comments)
        kept.markers.insert(kept.markers.end(), metadata.comments.begin(), metadata.comments.end());
    else
        kept.leftOut = kept.leftOut || !metadata.comments.empty();
    kept.leftOut = kept.leftOut || metadata.tooMuch || (metadata.frameThumbnail && !rule.thumbnail)
        || (metadata.credentials && rule != MetadataRule::all());
    if (metadata.tooMuch)
        kept.warnings.emplace_back("It holds more than 64 MB of metadata; the rest was left out.");
    if (metadata.credentials)
        kept.warnings.emplace_back("Its content credentials vouch for the original alone and were left out.");
    return kept;
}

} // namespace steadyframe::imaging
