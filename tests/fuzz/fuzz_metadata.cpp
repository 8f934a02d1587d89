// XMP packets, the segments and lists of pictures of a JPEG, Photoshop's resources with IPTC, and what PNG, WebP and
// TIFF tell: the first byte chooses which, the second one what is kept.
#include "fuzz/scratch.h"
#include "imaging/container_metadata.h"
#include "imaging/gain_map.h"
#include "imaging/image_resources.h"
#include "imaging/jpeg_segments.h"
#include "imaging/memory_bytes.h"
#include "imaging/photo_metadata.h"
#include "imaging/picture_format.h"
#include "imaging/xmp.h"

using namespace steadyframe;
using fuzz::require;

namespace {

void tryXmp(std::string_view packet, const imaging::MetadataRule &rule, bool gainMap)
{
    static_cast<void>(imaging::readXmp(packet));
    imaging::XmpChanges changes;
    changes.rule = rule;
    changes.width = 640;
    changes.height = 480;
    changes.gainMapBytes = gainMap ? 1000 : 0;
    const imaging::XmpRewrite rewritten = imaging::rewriteXmp(packet, changes);
    // What was written can be read, and is as the rule wants it.
    if (!rewritten.packet.empty()) {
        const imaging::XmpRewrite again = imaging::rewriteXmp(rewritten.packet, changes);
        require(!again.damaged && !again.leftOut && again.packet == rewritten.packet);
    }
}

imaging::MetadataChanges changesBy(const imaging::MetadataRule &rule)
{
    imaging::MetadataChanges changes;
    changes.rule = rule;
    changes.width = 640;
    changes.height = 480;
    return changes;
}

void keep(const imaging::PhotoMetadata &metadata, const imaging::MetadataRule &rule)
{
    for (const imaging::JpegMarker &marker : imaging::keepMetadata(metadata, changesBy(rule)).markers)
        require(marker.bytes.size() <= imaging::longestMarker);
}

void tryJpeg(std::span<const std::uint8_t> bytes, const imaging::MetadataRule &rule)
{
    const imaging::MemoryBytes file(bytes);
    const auto jpeg = imaging::readSegments(file);
    if (!jpeg)
        return;
    static_cast<void>(imaging::readProfile(file, *jpeg));
    const auto following = imaging::readFollowingPictures(file, *jpeg);
    require(following.gainMap.size() <= bytes.size());
    keep(imaging::readMetadata(file, *jpeg), rule);
}

void tryResources(std::span<const std::uint8_t> bytes, const imaging::MetadataRule &rule)
{
    const imaging::ResourcesRewrite rewritten = imaging::rewriteResources(bytes, rule);
    if (!rewritten.bytes.empty()) {
        const imaging::ResourcesRewrite again = imaging::rewriteResources(rewritten.bytes, rule);
        require(!again.damaged && !again.leftOut && again.bytes == rewritten.bytes);
    }
    static_cast<void>(imaging::iptcAsResource(bytes));
}

void tryContainer(std::span<const std::uint8_t> bytes, const imaging::MetadataRule &rule)
{
    const imaging::MemoryBytes file(bytes);
    const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    const imaging::PictureFormat format = imaging::formatOf(text.substr(0, imaging::formatBytes));
    keep(imaging::readContainer(file, format).metadata, rule);
    const auto stripped = imaging::strippedContainer(file, format, changesBy(rule));
    require(!stripped || format == imaging::PictureFormat::png || format == imaging::PictureFormat::webp);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    const imaging::MetadataRule rule{(data[1] & 1) != 0, (data[1] & 2) != 0,  (data[1] & 4) != 0,
                                     (data[1] & 8) != 0, (data[1] & 16) != 0, (data[1] & 32) != 0};
    const std::span<const std::uint8_t> rest(data + 2, size - 2);
    switch (data[0] % 4) {
    case 0:
        tryXmp({reinterpret_cast<const char *>(rest.data()), rest.size()}, rule, (data[1] & 64) != 0);
        break;
    case 1:
        tryJpeg(rest, rule);
        break;
    case 2:
        tryResources(rest, rule);
        break;
    default:
        tryContainer(rest, rule);
    }
    return 0;
}
