#include "imaging/gain_map.h"

#include "imaging/arrange.h"
#include "imaging/jpeg_reader.h"
#include "imaging/jpeg_writer.h"
#include "imaging/lossless.h"
#include "imaging/memory_bytes.h"
#include "imaging/tiff_structure.h"
#include "imaging/xmp.h"

#include <algorithm>
#include <string_view>

namespace steadyframe::imaging {
namespace {

using namespace std::string_view_literals;

constexpr std::uint8_t listApplication = 0xE2;
constexpr auto listName = "MPF\0"sv;
constexpr std::uint16_t versionTag = 0xB000;
constexpr std::uint16_t countTag = 0xB001;
constexpr std::uint16_t entriesTag = 0xB002;
constexpr std::uint16_t undefinedType = 7;
constexpr std::uint16_t longType = 4;
constexpr std::size_t entrySize = 16;
constexpr std::size_t mostPictures = 64;
constexpr std::size_t largestGainMap = 64'000'000;
/// Of an entry's attributes: what kind of picture it is.
constexpr std::uint32_t kindMask = 0xFFFFFF;
constexpr std::uint32_t primaryKind = 0x030000;
constexpr bool isPreview(std::uint32_t kind)
{
    return (kind & 0xFF0000) == 0x010000;
}
/// For what can't be turned without loss.
constexpr int gainMapQuality = 95;
constexpr int thumbnailQuality = 85;

struct Entry {
    std::uint32_t kind = 0;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

/// The pictures behind the main one, by the list in this segment.
std::vector<Entry> entriesOf(const RandomBytes &bytes, const JpegSegment &segment)
{
    const std::uint64_t begin = segment.payload + listName.size();
    TiffReader tiff(
        [&](std::size_t offset, std::span<std::uint8_t> buffer) { return bytes.fill(begin + offset, buffer); },
        segment.size - listName.size());
    std::vector<Entry> entries;
    if (!tiff.valid())
        return entries;
    const TiffDirectory directory = tiff.directory(tiff.firstDirectory(), mostPictures * entrySize);
    const TiffField *field = fieldOf(directory, entriesTag);
    if (!field || field->type != undefinedType)
        return entries;
    for (std::size_t at = entrySize; at + entrySize <= field->value.size(); at += entrySize) {
        const auto number = [&](std::size_t from) {
            return tiffNumber(std::span(field->value).subspan(at + from, 4), tiff.bigEndian());
        };
        const Entry entry{number(0) & kindMask, begin + number(8), number(4)};
        if (entry.size != 0 && entry.offset <= bytes.size() && entry.size <= bytes.size() - entry.offset)
            entries.push_back(entry);
    }
    return entries;
}

std::optional<JpegSegment> listOf(const RandomBytes &bytes, const JpegSegments &jpeg)
{
    for (const JpegSegment &segment : jpeg.segments) {
        std::array<std::uint8_t, listName.size()> name{};
        if (segment.marker == listApplication && segment.size > name.size() && bytes.fill(segment.payload, name)
            && std::equal(name.begin(), name.end(), listName.begin()))
            return segment;
    }
    return std::nullopt;
}

/// What goes along with a gain map: it is nothing without what it tells of itself.
std::vector<JpegMarker> gainMapMarkers(const JpegHeader &header, const MetadataRule &rule, Orientation left,
                                       std::uint64_t bytes, int width, int height)
{
    return keepMetadata(header.metadata, {rule, width, height, left, {}, bytes}).markers;
}

isolate::Result<std::vector<std::uint8_t>, ImagingError> redrawn(JpegReader &reader, const JpegHeader &header,
                                                                 Orientation turn, int quality,
                                                                 std::vector<JpegMarker> markers,
                                                                 const std::stop_token &stop)
{
    JpegLayout layout;
    const PictureSize size = turned(PictureSize{header.width, header.height}, turn);
    layout.width = size.width;
    layout.height = size.height;
    layout.gray = header.gray;
    layout.chroma = {1, 1};
    layout.quality = quality;
    layout.markers = std::move(markers);
    layout.icc = header.icc;
    if (auto started = reader.start(8); !started)
        return std::move(started).error();
    auto picture = reader.readAll();
    if (!picture)
        return std::move(picture).error();
    auto planes = arrange(std::move(*picture), {size, layout.chroma, turn}, stop);
    if (!planes)
        return std::move(planes).error();
    MemorySink sink;
    JpegWriter writer(sink, stop, std::move(layout));
    if (auto put = writer.putAll(*planes); !put)
        return std::move(put).error();
    if (auto finished = writer.finish(); !finished)
        return std::move(finished).error();
    return std::move(sink.bytes());
}

} // namespace

FollowingPictures readFollowingPictures(const RandomBytes &bytes, const JpegSegments &jpeg)
{
    FollowingPictures following;
    const auto list = listOf(bytes, jpeg);
    if (!list)
        return following;
    for (const Entry &entry : entriesOf(bytes, *list)) {
        following.any = true;
        const auto segments = readSegments(bytes, entry.offset);
        const PhotoMetadata metadata = segments ? readMetadata(bytes, *segments) : PhotoMetadata();
        const XmpFacts xmp = readXmp(metadata.xmp);
        if ((!xmp.gainMap && metadata.gainMap.empty()) || entry.size > largestGainMap || !following.gainMap.empty()) {
            following.others = following.others || !isPreview(entry.kind);
            continue;
        }
        following.gainMap.resize(static_cast<std::size_t>(entry.size));
        following.apple = xmp.appleGainMap;
        if (!bytes.fill(entry.offset, following.gainMap))
            following.gainMap.clear();
    }
    return following;
}

isolate::Result<std::vector<std::uint8_t>, ImagingError> turnedGainMap(const std::vector<std::uint8_t> &gainMap,
                                                                       Orientation turn, const MetadataRule &rule,
                                                                       const ImagingLimits &limits,
                                                                       const std::stop_token &stop)
{
    MemoryBytes bytes(gainMap);
    JpegReader reader(bytes, stop);
    auto header = reader.readHeader(limits);
    if (!header)
        return std::move(header).error();
    const PictureSize size = turned(PictureSize{header->width, header->height}, turn);
    auto markers = gainMapMarkers(*header, rule, Orientation::upright, gainMap.size(), size.width, size.height);
    if (turnsWhole(reader, turn))
        return recode(reader, {turn, false, std::move(markers), header->icc}, {});
    return redrawn(reader, *header, turn, gainMapQuality, std::move(markers), stop);
}

std::vector<std::uint8_t> turnedThumbnail(std::span<const std::uint8_t> thumbnail, Orientation turn,
                                          const ImagingLimits &limits, const std::stop_token &stop)
{
    MemoryBytes bytes(thumbnail);
    JpegReader reader(bytes, stop);
    const auto header = reader.readHeader(limits);
    if (!header)
        return {};
    auto made = turnsWhole(reader, turn) ? recode(reader, {turn, false, {}, {}}, {})
                                         : redrawn(reader, *header, turn, thumbnailQuality, {}, stop);
    return made ? std::move(*made) : std::vector<std::uint8_t>();
}

JpegMarker pictureList(std::uint64_t gainMapBytes)
{
    constexpr bool bigEndian = true;
    TiffTree tree;
    tree.bigEndian = bigEndian;
    tree.main.fields.push_back({versionTag, undefinedType, 4, {'0', '1', '0', '0'}, 0});
    tree.main.fields.push_back(tiffNumberField(countTag, longType, 2, bigEndian));
    std::vector<std::uint8_t> entries(2 * entrySize);
    putTiffNumber(std::span(entries).first(4), bigEndian, primaryKind);
    putTiffNumber(std::span(entries).subspan(entrySize + 4, 4), bigEndian, static_cast<std::uint32_t>(gainMapBytes));
    const auto count = static_cast<std::uint32_t>(entries.size());
    tree.main.fields.push_back({entriesTag, undefinedType, count, std::move(entries), 0});
    JpegMarker marker{listApplication, {listName.begin(), listName.end()}};
    const std::vector<std::uint8_t> block = writeTiff(tree);
    marker.bytes.insert(marker.bytes.end(), block.begin(), block.end());
    return marker;
}

bool completeList(std::vector<std::uint8_t> &main, std::uint64_t gainMapBytes)
{
    const MemoryBytes bytes(main);
    const auto segments = readSegments(bytes);
    const auto list = segments ? listOf(bytes, *segments) : std::nullopt;
    // The entries are the last thing in the segment.
    if (!list || list->size != pictureList(gainMapBytes).bytes.size())
        return false;
    const std::uint64_t begin = list->payload + listName.size();
    const auto set = [&](std::size_t entry, std::size_t at, std::uint64_t value) {
        const auto offset = static_cast<std::size_t>(list->end()) - (2 - entry) * entrySize + at;
        putTiffNumber(std::span(main).subspan(offset, 4), true, static_cast<std::uint32_t>(value));
    };
    set(0, 4, main.size());
    set(1, 4, gainMapBytes);
    set(1, 8, main.size() - begin);
    return true;
}

} // namespace steadyframe::imaging
