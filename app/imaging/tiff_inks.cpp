#include "imaging/tiff_inks.h"

#include "imaging/color_transform.h"
#include "imaging/colors.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <vector>

#include <tiffio.h>

namespace steadyframe::imaging {
namespace {

constexpr std::size_t inks = 4;

/// What libtiff reads from.
struct Cursor {
    const RandomBytes &file;
    std::uint64_t position = 0;
};

tmsize_t readSome(thandle_t handle, void *buffer, tmsize_t size)
{
    Cursor &cursor = *static_cast<Cursor *>(handle);
    const auto got
        = cursor.file.readAt(cursor.position, {static_cast<std::uint8_t *>(buffer), static_cast<std::size_t>(size)});
    if (got > 0)
        cursor.position += static_cast<std::uint64_t>(got);
    return std::max<std::ptrdiff_t>(got, 0);
}

toff_t seekTo(thandle_t handle, toff_t offset, int from)
{
    Cursor &cursor = *static_cast<Cursor *>(handle);
    cursor.position = from == SEEK_SET ? offset
        : from == SEEK_CUR             ? cursor.position + offset
                                       : cursor.file.size() + offset;
    return cursor.position;
}

struct Close {
    void operator()(TIFF *tiff) const { TIFFClose(tiff); }
};
using Tiff = std::unique_ptr<TIFF, Close>;

Tiff open(Cursor &cursor)
{
    return Tiff(TIFFClientOpen(
        "", "rm", &cursor, readSome, [](thandle_t, void *, tmsize_t) -> tmsize_t { return 0; }, seekTo,
        [](thandle_t) { return 0; },
        [](thandle_t handle) { return toff_t{static_cast<Cursor *>(handle)->file.size()}; }, nullptr, nullptr));
}

template <class T>
T tagOf(TIFF *tiff, std::uint32_t tag, T otherwise)
{
    T value = otherwise;
    return TIFFGetFieldDefaulted(tiff, tag, &value) ? value : otherwise;
}

/// How the inks of a picture are stored.
struct Storage {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::size_t bits = 8;
    std::size_t samples = inks; ///< of a pixel; more than the inks when there is transparency

    [[nodiscard]] std::size_t bytes(std::uint32_t pixels) const { return pixels * samples * bits / 8; }
};

std::optional<Storage> storageOf(TIFF *tiff)
{
    Storage storage;
    storage.width = tagOf<std::uint32_t>(tiff, TIFFTAG_IMAGEWIDTH, 0);
    storage.height = tagOf<std::uint32_t>(tiff, TIFFTAG_IMAGELENGTH, 0);
    storage.bits = tagOf<std::uint16_t>(tiff, TIFFTAG_BITSPERSAMPLE, 0);
    storage.samples = tagOf<std::uint16_t>(tiff, TIFFTAG_SAMPLESPERPIXEL, 0);
    const bool separated = tagOf<std::uint16_t>(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB) == PHOTOMETRIC_SEPARATED
        && tagOf<std::uint16_t>(tiff, TIFFTAG_INKSET, INKSET_CMYK) == INKSET_CMYK;
    const bool together = tagOf<std::uint16_t>(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_CONTIG;
    const bool readable = storage.width > 0 && storage.height > 0 && storage.samples >= inks && storage.samples <= 16
        && (storage.bits == 8 || storage.bits == 16);
    if (!separated || !together || !readable)
        return std::nullopt;
    return storage;
}

/// Rows of a TIFF, one after another, from strips or tiles.
class Rows {
public:
    Rows(TIFF *tiff, const Storage &storage) : m_tiff(tiff), m_storage(storage), m_row(storage.bytes(storage.width))
    {
        if (!TIFFIsTiled(tiff)) {
            m_row.resize(
                std::max(m_row.size(), static_cast<std::size_t>(std::max<tmsize_t>(0, TIFFScanlineSize(tiff)))));
            return;
        }
        m_tileWidth = tagOf<std::uint32_t>(tiff, TIFFTAG_TILEWIDTH, 0);
        m_tileHeight = tagOf<std::uint32_t>(tiff, TIFFTAG_TILELENGTH, 0);
        m_tile.resize(static_cast<std::size_t>(std::max<tmsize_t>(0, TIFFTileSize(tiff))));
        m_valid = m_tileWidth > 0 && m_tileHeight > 0 && m_tile.size() >= storage.bytes(m_tileWidth) * m_tileHeight
            && m_tileHeight <= mostRowsOfTiles;
        if (m_valid)
            m_band.resize(m_row.size() * m_tileHeight);
    }

    /// Empty when the file is damaged there.
    [[nodiscard]] const std::uint8_t *row(std::uint32_t y)
    {
        if (!TIFFIsTiled(m_tiff))
            return TIFFReadScanline(m_tiff, m_row.data(), y) == 1 ? m_row.data() : nullptr;
        if (!m_valid || (y % m_tileHeight == 0 && !readBand(y)))
            return nullptr;
        return m_band.data() + m_row.size() * (y % m_tileHeight);
    }

private:
    static constexpr std::uint32_t mostRowsOfTiles = 8192;

    bool readBand(std::uint32_t top)
    {
        for (std::uint32_t left = 0; left < m_storage.width; left += m_tileWidth) {
            if (TIFFReadTile(m_tiff, m_tile.data(), left, top, 0, 0) < 0)
                return false;
            const std::size_t count = m_storage.bytes(std::min(m_tileWidth, m_storage.width - left));
            for (std::uint32_t y = 0; y < m_tileHeight; ++y)
                std::copy_n(m_tile.data() + m_storage.bytes(m_tileWidth) * y, count,
                            m_band.data() + m_row.size() * y + m_storage.bytes(left));
        }
        return true;
    }

    TIFF *m_tiff;
    Storage m_storage;
    std::vector<std::uint8_t> m_row;
    std::uint32_t m_tileWidth = 0;
    std::uint32_t m_tileHeight = 0;
    std::vector<std::uint8_t> m_tile;
    std::vector<std::uint8_t> m_band;
    bool m_valid = true;
};

/// The four inks of each pixel in 8 bits.
void toBytes(const std::uint8_t *row, const Storage &storage, std::vector<std::uint8_t> &bytes)
{
    for (std::size_t x = 0; x < storage.width; ++x) {
        for (std::size_t ink = 0; ink < inks; ++ink) {
            const std::size_t at = x * storage.samples + ink;
            const bool wide = storage.bits == 16;
            const auto level = wide ? static_cast<unsigned>(reinterpret_cast<const std::uint16_t *>(row)[at]) : row[at];
            bytes[x * inks + ink] = static_cast<std::uint8_t>(wide ? (level + 128) / 257 : level);
        }
    }
}

} // namespace

void silenceTiff()
{
    TIFFSetErrorHandler(nullptr);
    TIFFSetWarningHandler(nullptr);
}

std::optional<isolate::Result<OtherPicture, ImagingError>> readTiffInks(const RandomBytes &file,
                                                                        std::span<const std::uint8_t> icc,
                                                                        const ImagingLimits &limits,
                                                                        const std::stop_token &stop)
{
    using Result = isolate::Result<OtherPicture, ImagingError>;
    Cursor cursor{file};
    const Tiff tiff = open(cursor);
    const auto storage = tiff ? storageOf(tiff.get()) : std::nullopt;
    if (!storage)
        return std::nullopt;
    if (std::uint64_t{storage->width} * storage->height > limits.pixels)
        return Result(tooManyPixelsError(storage->width, storage->height, limits));
    constexpr std::uint64_t channels = 3;
    if (const auto memory = std::uint64_t{storage->width} * storage->height * channels; memory > limits.memory)
        return Result(tooMuchMemoryError("The TIFF picture", memory, "all of it is needed at once", limits));
    const auto transform = ColorTransform::toSrgb(icc, ColorTransform::From::cmyk);
    OtherPicture other;
    const int width = static_cast<int>(storage->width);
    other.storedSize = {width, static_cast<int>(storage->height)};
    if (!transform)
        other.warnings.emplace_back("Its colours are for printing (CMYK) and were converted without a profile that "
                                    "would tell them exactly.");
    for (int c = 0; c < 3; ++c)
        other.picture.channels.push_back({Plane(width, other.storedSize.height), static_cast<double>(width),
                                          static_cast<double>(other.storedSize.height)});
    Rows rows(tiff.get(), *storage);
    std::vector<std::uint8_t> pixels(storage->width * inks);
    std::vector<std::uint8_t> rgb(storage->width * std::size_t{3});
    for (std::uint32_t y = 0; y < storage->height; ++y) {
        if (stop.stop_requested())
            return Result(cancelledError());
        const std::uint8_t *row = rows.row(y);
        if (!row)
            return Result(ImagingError{ImagingErrc::corrupt,
                                       "The TIFF picture is damaged after "
                                           + std::to_string(std::uint64_t{y} * 100 / storage->height)
                                           + " % of its rows. Copy it again from where it came."});
        toBytes(row, *storage, pixels);
        const auto at = [&](std::size_t c) { return other.picture.channels[c].plane.row(static_cast<int>(y)); };
        const YccRow to{at(0), at(1), at(2)};
        if (transform) {
            transform->convert(pixels.data(), rgb.data(), width);
            rgbToYcc(rgb.data(), width, to);
        } else {
            cmykToYcc(pixels.data(), width, false, to);
        }
    }
    return Result(std::move(other));
}

} // namespace steadyframe::imaging
