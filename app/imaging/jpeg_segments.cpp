#include "imaging/jpeg_segments.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace steadyframe::imaging {
namespace {

constexpr std::uint8_t startOfImage = 0xD8;
constexpr std::uint8_t endOfImageMarker = 0xD9;
constexpr std::uint8_t startOfScan = 0xDA;
/// Real files have a few dozen; extended XMP may need hundreds.
constexpr std::size_t mostSegments = 20'000;

bool standsAlone(std::uint8_t marker)
{
    return marker == 0x01 || (marker >= 0xD0 && marker <= startOfImage);
}

/// The segment at `offset`, after fill bytes and, as libjpeg allows, a little of what belongs to none.
std::optional<JpegSegment> segmentAt(const RandomBytes &bytes, std::uint64_t offset)
{
    constexpr std::uint64_t mostBetween = 4096;
    std::array<std::uint8_t, 4> head{};
    for (const std::uint64_t last = offset + mostBetween;; ++offset) {
        if (offset > last || !bytes.fill(offset, std::span(head).first(2)))
            return std::nullopt;
        if (head[0] == 0xFF && head[1] != 0xFF && head[1] != 0)
            break;
    }
    JpegSegment segment{head[1], offset, offset + 2, 0};
    if (standsAlone(head[1]) || head[1] == endOfImageMarker)
        return segment;
    if (!bytes.fill(offset, head))
        return std::nullopt;
    const std::size_t length = static_cast<std::size_t>(head[2]) << 8 | head[3];
    if (length < 2 || offset + 2 + length > bytes.size())
        return std::nullopt;
    segment.payload = offset + 4;
    segment.size = length - 2;
    return segment;
}

} // namespace

std::optional<JpegSegments> readSegments(const RandomBytes &bytes, std::uint64_t start)
{
    std::array<std::uint8_t, 2> head{};
    if (!bytes.fill(start, head) || head[0] != 0xFF || head[1] != startOfImage)
        return std::nullopt;
    JpegSegments found;
    for (std::uint64_t at = start + 2; found.segments.size() < mostSegments;) {
        const auto segment = segmentAt(bytes, at);
        if (!segment || segment->marker == endOfImageMarker)
            return std::nullopt;
        if (segment->marker == startOfScan) {
            found.scan = segment->offset;
            return found;
        }
        found.segments.push_back(*segment);
        at = segment->end();
    }
    return std::nullopt;
}

std::optional<std::uint64_t> endOfJpeg(const RandomBytes &bytes, std::uint64_t scan)
{
    std::vector<std::uint8_t> buffer(64 * 1024);
    std::uint64_t at = scan;
    for (;;) {
        const std::ptrdiff_t got = bytes.readAt(at, buffer);
        if (got < 2)
            return std::nullopt;
        const std::uint8_t *const begin = buffer.data();
        const std::uint8_t *const last = begin + got - 1; // its follower is not here
        const std::uint8_t *byte = begin;
        std::optional<JpegSegment> segment;
        while (byte < last) {
            byte = static_cast<const std::uint8_t *>(std::memchr(byte, 0xFF, static_cast<std::size_t>(last - byte)));
            if (!byte) {
                byte = last;
                break;
            }
            const std::uint8_t marker = byte[1];
            if (marker == 0 || marker == 0xFF || standsAlone(marker)) {
                byte += marker == 0xFF ? 1 : 2;
                continue;
            }
            segment = segmentAt(bytes, at + static_cast<std::uint64_t>(byte - begin));
            if (!segment)
                return std::nullopt;
            if (segment->marker == endOfImageMarker)
                return segment->offset + 2;
            break;
        }
        at = segment ? segment->end() : at + static_cast<std::uint64_t>(byte - begin);
    }
}

} // namespace steadyframe::imaging
