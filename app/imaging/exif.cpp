#include "imaging/exif.h"

#include <array>

namespace steadyframe::imaging {
namespace {

enum Tag : unsigned {
    orientationTag = 0x0112,
    thumbnailOffsetTag = 0x0201,
    thumbnailLengthTag = 0x0202,
    exifDirectoryTag = 0x8769,
    widthTag = 0xA002,
    heightTag = 0xA003,
};
enum Type : std::uint8_t { shortType = 3, longType = 4 };

/// One twelve-byte entry of a directory.
struct Entry {
    unsigned tag = 0;
    unsigned type = 0;
    std::size_t valueOffset = 0;
    std::uint32_t value = 0;
};

/// Reads and patches a TIFF structure, never beyond its end.
template <class Byte>
class Tiff {
public:
    explicit Tiff(std::span<Byte> block) : m_block(block)
    {
        if (block.size() < 8)
            return;
        m_bigEndian = block[0] == 'M' && block[1] == 'M';
        const bool littleEndian = block[0] == 'I' && block[1] == 'I';
        if ((m_bigEndian || littleEndian) && number(2, 2) == 42)
            m_firstDirectory = number(4, 4);
    }

    [[nodiscard]] std::size_t firstDirectory() const { return m_firstDirectory; }

    /// The entries of the directory at `offset`; returns where the link to the next directory stands, or 0.
    template <class Visit>
    std::size_t visit(std::size_t offset, Visit &&visitEntry) const
    {
        if (offset < 8 || offset + 2 > m_block.size())
            return 0;
        const std::size_t count = number(offset, 2);
        if (offset + 2 + count * 12 > m_block.size())
            return 0;
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t at = offset + 2 + i * 12;
            Entry entry{.tag = number(at, 2), .type = number(at + 2, 2), .valueOffset = at + 8};
            const bool single = number(at + 4, 4) == 1;
            if (single && (entry.type == shortType || entry.type == longType)) {
                entry.value = number(at + 8, entry.type == shortType ? 2 : 4);
                visitEntry(entry);
            }
        }
        const std::size_t link = offset + 2 + count * 12;
        return link + 4 <= m_block.size() ? link : 0;
    }

    [[nodiscard]] std::uint32_t number(std::size_t offset, unsigned bytes) const
    {
        std::uint32_t value = 0;
        for (unsigned i = 0; i < bytes; ++i)
            value = value << 8 | m_block[offset + (m_bigEndian ? i : bytes - 1 - i)];
        return value;
    }

    void setNumber(std::size_t offset, unsigned bytes, std::uint32_t value)
    {
        for (unsigned i = 0; i < bytes; ++i, value >>= 8)
            m_block[offset + (m_bigEndian ? bytes - 1 - i : i)] = static_cast<std::uint8_t>(value);
    }

    void setValue(const Entry &entry, std::uint32_t value)
    {
        setNumber(entry.valueOffset, entry.type == shortType ? 2 : 4, value);
    }

private:
    std::span<Byte> m_block;
    std::size_t m_firstDirectory = 0;
    bool m_bigEndian = false;
};

template <class Byte>
std::optional<ExifRange> thumbnailOf(const Tiff<Byte> &tiff, std::size_t directory, std::size_t blockSize)
{
    ExifRange range;
    tiff.visit(directory, [&](const Entry &entry) {
        if (entry.tag == thumbnailOffsetTag)
            range.offset = entry.value;
        else if (entry.tag == thumbnailLengthTag)
            range.size = entry.value;
    });
    if (range.size == 0 || range.offset < 8 || range.offset > blockSize || range.size > blockSize - range.offset)
        return std::nullopt;
    return range;
}

} // namespace

ExifFacts readExif(std::span<const std::uint8_t> block)
{
    ExifFacts facts;
    const Tiff tiff(block);
    const std::size_t link = tiff.visit(tiff.firstDirectory(), [&](const Entry &entry) {
        if (entry.tag == orientationTag && entry.value >= 1 && entry.value <= 8)
            facts.orientation = static_cast<Orientation>(entry.value);
    });
    if (link != 0)
        facts.thumbnail = thumbnailOf(tiff, tiff.number(link, 4), block.size());
    return facts;
}

std::vector<std::uint8_t> uprightExif(std::span<const std::uint8_t> block, int width, int height)
{
    std::vector<std::uint8_t> upright(block.begin(), block.end());
    Tiff tiff{std::span(upright)};
    std::size_t exifDirectory = 0;
    const std::size_t link = tiff.visit(tiff.firstDirectory(), [&](const Entry &entry) {
        if (entry.tag == orientationTag)
            tiff.setValue(entry, 1);
        else if (entry.tag == exifDirectoryTag)
            exifDirectory = entry.value;
    });
    tiff.visit(exifDirectory, [&](const Entry &entry) {
        if (entry.tag == widthTag)
            tiff.setValue(entry, static_cast<std::uint32_t>(width));
        else if (entry.tag == heightTag)
            tiff.setValue(entry, static_cast<std::uint32_t>(height));
    });
    if (link == 0)
        return upright;
    const auto thumbnail = thumbnailOf(tiff, tiff.number(link, 4), upright.size());
    tiff.setNumber(link, 4, 0);
    // Cameras put the thumbnail last; only there can it be cut off without moving what other tags point to.
    if (thumbnail && thumbnail->offset + thumbnail->size == upright.size() && thumbnail->offset >= link + 4)
        upright.resize(thumbnail->offset);
    return upright;
}

std::vector<std::uint8_t> exifWithOrientation(Orientation orientation)
{
    // Big-endian, the first directory at 8: one entry and no further directory.
    constexpr std::array<std::uint8_t, 26> block
        = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, shortType, 0, 0, 0, 1};
    std::vector<std::uint8_t> bytes(block.begin(), block.end());
    bytes[19] = static_cast<std::uint8_t>(orientation);
    return bytes;
}

} // namespace steadyframe::imaging
