#include "imaging/early_end.h"

#include "imaging/tiff_structure.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

namespace steadyframe::imaging {
namespace {

/// Goes through a file from front to back; past its end nothing comes any more.
class Cursor {
public:
    Cursor(const RandomBytes &file, std::uint64_t at) : m_file(file), m_at(at) {}

    [[nodiscard]] bool atEnd() const { return m_at >= m_file.size(); }
    /// Without reading; false when fewer bytes are there.
    [[nodiscard]] bool skip(std::uint64_t count)
    {
        if (m_at > m_file.size() || count > m_file.size() - m_at)
            return false;
        m_at += count;
        return true;
    }
    [[nodiscard]] std::optional<std::uint8_t> byte()
    {
        if (m_at >= m_begin + m_held && !fetch())
            return std::nullopt;
        return m_buffer[static_cast<std::size_t>(m_at++ - m_begin)];
    }
    [[nodiscard]] std::optional<std::uint32_t> number(std::size_t bytes, bool bigEndian)
    {
        std::array<std::uint8_t, 4> buffer{};
        const auto part = std::span(buffer).first(bytes);
        for (std::uint8_t &to : part) {
            const auto next = byte();
            if (!next)
                return std::nullopt;
            to = *next;
        }
        return tiffNumber(part, bigEndian);
    }

private:
    /// Little behind a long way, more and more where one thing follows the other.
    bool fetch()
    {
        constexpr std::size_t little = 16;
        constexpr std::uint64_t longWay = 4096;
        const bool near = m_at - (m_begin + m_held) < longWay;
        m_asked = near ? std::min(2 * m_asked, m_buffer.size()) : little;
        m_begin = m_at;
        const std::ptrdiff_t got = m_file.readAt(m_at, std::span(m_buffer).first(m_asked));
        m_held = got > 0 ? static_cast<std::size_t>(got) : 0;
        return m_held > 0;
    }

    const RandomBytes &m_file;
    std::uint64_t m_at;
    std::array<std::uint8_t, 16384> m_buffer{};
    std::uint64_t m_begin = 0; ///< of what the buffer holds; never behind `m_at`
    std::size_t m_held = 0;
    std::size_t m_asked = 512;
};

Extent cutUnless(bool there)
{
    return there ? Extent::whole : Extent::cut;
}

/// A chunk's type, which has letters only.
bool isPngType(std::uint32_t type)
{
    for (const int shift : {24, 16, 8, 0}) {
        const auto letter = static_cast<std::uint8_t>(type >> shift | 0x20);
        if (letter < 'a' || letter > 'z')
            return false;
    }
    return true;
}

/// Chunks up to the one that ends it.
Extent extentOfPng(const RandomBytes &file)
{
    constexpr std::uint32_t iend = 0x49454E44;
    Cursor cursor(file, 8);
    for (;;) {
        const auto size = cursor.number(4, true);
        const auto type = size ? cursor.number(4, true) : std::nullopt;
        if (type && !isPngType(*type))
            return Extent::whole; // damaged, not cut
        if (!type || !cursor.skip(std::uint64_t{*size} + 4)) // and its checksum
            return Extent::cut;
        if (*type == iend)
            return Extent::whole;
    }
}

Extent extentOfWebp(const RandomBytes &file)
{
    Cursor cursor(file, 4);
    const auto size = cursor.number(4, false);
    // The padding after the last piece is often missing.
    return cutUnless(size && cursor.skip(*size - (*size & 1)));
}

/// The boxes of HEIC and AVIF.
Extent extentOfIso(const RandomBytes &file)
{
    Cursor cursor(file, 0);
    while (!cursor.atEnd()) {
        auto head = std::uint64_t{8};
        const auto small = cursor.number(4, true);
        if (!small || !cursor.skip(4))
            return Extent::cut;
        std::uint64_t size = *small;
        if (size == 0) // as far as the file goes
            return Extent::whole;
        if (size == 1) {
            head = 16;
            const auto high = cursor.number(4, true), low = cursor.number(4, true);
            if (!high || !low)
                return Extent::cut;
            size = std::uint64_t{*high} << 32 | *low;
        }
        if (size < head)
            return Extent::whole; // damaged, not cut
        if (!cursor.skip(size - head))
            return Extent::cut;
    }
    return Extent::whole;
}

/// Blocks of data up to the empty one; false when the file ends before it.
bool skipGifData(Cursor &cursor)
{
    for (;;) {
        const auto length = cursor.byte();
        if (!length || !cursor.skip(*length))
            return false;
        if (*length == 0)
            return true;
    }
}

bool skipGifColors(Cursor &cursor, std::uint8_t flags)
{
    return (flags & 0x80) == 0 || cursor.skip(std::uint64_t{3} << ((flags & 7) + 1));
}

Extent extentOfGif(const RandomBytes &file)
{
    Cursor cursor(file, 10);
    const auto flags = cursor.byte();
    if (!flags || !cursor.skip(2) || !skipGifColors(cursor, *flags))
        return Extent::cut;
    for (Extent soFar = Extent::cut;;) {
        const auto block = cursor.byte();
        if (!block)
            return soFar;
        if (*block == 0x2C) {
            const bool placed = cursor.skip(8);
            const auto local = placed ? cursor.byte() : std::nullopt;
            if (!local || !skipGifColors(cursor, *local) || !cursor.skip(1) || !skipGifData(cursor))
                return soFar;
            soFar = Extent::firstPicture;
        } else if (*block == 0x21) {
            if (!cursor.skip(1) || !skipGifData(cursor))
                return soFar;
        } else {
            return Extent::whole; // the trailer, or damage
        }
    }
}

struct BmpHeader {
    std::uint64_t pixelsAt = 0;
    std::uint64_t width = 0;
    std::uint64_t height = 0;
    unsigned bits = 0;
    unsigned packing = 0;
};

std::optional<BmpHeader> readBmpHeader(const RandomBytes &file)
{
    constexpr std::uint64_t fileHeader = 14;
    constexpr std::uint32_t oldHeader = 12; // has shorter numbers
    Cursor cursor(file, 10);
    const auto pixelsAt = cursor.number(4, false);
    const auto size = cursor.number(4, false);
    if (!pixelsAt || !size)
        return std::nullopt;
    const std::size_t side = *size == oldHeader ? 2 : 4;
    const auto width = cursor.number(side, false), height = cursor.number(side, false);
    const auto planes = cursor.number(2, false), bits = cursor.number(2, false);
    const auto packing = *size == oldHeader ? std::optional<std::uint32_t>(0) : cursor.number(4, false);
    if (!width || !height || !planes || !bits || !packing)
        return std::nullopt;
    BmpHeader header;
    header.pixelsAt = std::max<std::uint64_t>(*pixelsAt, fileHeader + *size);
    header.width = *width;
    // A negative one tells that the top comes first.
    header.height = side == 4 && *height > 0x80000000U ? 0x100000000U - std::uint64_t{*height} : *height;
    header.bits = *bits;
    header.packing = *packing;
    return header;
}

/// Runs of equal pixels, pixels one by one, and moves, up to the mark of its end or the last row.
Extent extentOfPackedBmp(const RandomBytes &file, const BmpHeader &header)
{
    Cursor cursor(file, header.pixelsAt);
    for (std::uint64_t x = 0, y = 0; y < header.height;) {
        const bool full = y + 1 == header.height && x >= header.width;
        const auto count = cursor.byte(), what = cursor.byte();
        if (!count || !what)
            return cutUnless(full);
        if (*count > 0) {
            x += *count;
        } else if (*what == 0) {
            x = 0;
            ++y;
        } else if (*what == 1) {
            return Extent::whole;
        } else if (*what == 2) {
            const auto right = cursor.byte(), up = cursor.byte();
            if (!right || !up)
                return Extent::cut;
            x += *right;
            y += *up;
        } else {
            const unsigned bytes = header.bits == 4 ? (*what + 1U) / 2 : *what;
            if (!cursor.skip(bytes + (bytes & 1)))
                return Extent::cut;
            x += *what;
        }
    }
    return Extent::whole;
}

Extent extentOfBmp(const RandomBytes &file)
{
    const auto header = readBmpHeader(file);
    if (!header)
        return Extent::cut;
    if (header->packing == 1 || header->packing == 2)
        return extentOfPackedBmp(file, *header);
    constexpr unsigned masks = 3, masksWithAlpha = 6;
    if (header->packing != 0 && header->packing != masks && header->packing != masksWithAlpha)
        return Extent::whole; // a whole JPEG or PNG, which nothing reads
    const std::uint64_t row = (header->width * header->bits + 31) / 32 * 4;
    // Sides that no picture has make no sum that fits.
    if (row != 0 && header->height > (UINT64_MAX - header->pixelsAt) / row)
        return Extent::cut;
    return cutUnless(header->pixelsAt + row * header->height <= file.size());
}

/// Whether one of the pieces that a directory tells of, as offsets and lengths, lies beyond the file.
bool reachesBeyond(const TiffReader &tiff, const TiffDirectory &directory, unsigned offsetsTag, unsigned lengthsTag,
                   std::uint64_t fileBytes)
{
    const TiffField *offsets = fieldOf(directory, offsetsTag), *lengths = fieldOf(directory, lengthsTag);
    if (!offsets || !lengths)
        return false;
    for (std::size_t i = 0; i < std::min(offsets->count, lengths->count); ++i) {
        const auto at = tiff.number(*offsets, i), length = tiff.number(*lengths, i);
        if (at && length && std::uint64_t{*at} + *length > fileBytes)
            return true;
    }
    return false;
}

Extent extentOfTiff(const RandomBytes &file)
{
    constexpr std::size_t longestValue = 16'000'000;
    TiffReader tiff([&](std::size_t offset, std::span<std::uint8_t> buffer) { return file.fill(offset, buffer); },
                    static_cast<std::size_t>(file.size()));
    if (!tiff.valid())
        return cutUnless(file.size() >= 8);
    const TiffDirectory directory = tiff.directory(tiff.firstDirectory(), longestValue);
    const bool beyond = tiff.firstDirectory() + 2 > file.size() || tiff.damaged()
        || reachesBeyond(tiff, directory, 273, 279, file.size())
        || reachesBeyond(tiff, directory, 324, 325, file.size());
    return cutUnless(!beyond);
}

} // namespace

Extent extentOf(const RandomBytes &file, PictureFormat format)
{
    switch (format) {
    case PictureFormat::png:
        return extentOfPng(file);
    case PictureFormat::gif:
        return extentOfGif(file);
    case PictureFormat::webp:
        return extentOfWebp(file);
    case PictureFormat::tiff:
        return extentOfTiff(file);
    case PictureFormat::bmp:
        return extentOfBmp(file);
    case PictureFormat::heic:
    case PictureFormat::avif:
        return extentOfIso(file);
    default:
        return Extent::whole;
    }
}

ImagingError endsEarlyError(PictureFormat format, std::uint64_t fileBytes)
{
    return {ImagingErrc::truncated,
            "The " + std::string(nameOf(format)) + " picture ends early: after " + grouped(fileBytes)
                + " bytes the rest of the file is missing. Copy it again from where it came."};
}

} // namespace steadyframe::imaging
