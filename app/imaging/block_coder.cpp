#include "imaging/block_coder.h"

#include "imaging/jpeg_guard.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>

namespace steadyframe::imaging {
namespace {

/// A word of a token holds the symbol, run of zeros and size, in its upper byte and the extra bits in its lower one;
/// extra bits that are more than 8 take a word of their own. Symbol 0 ends a block: with a lower byte of 0 the end has
/// to be coded, with 1 the block ended by itself, at its last coefficient.
constexpr std::uint16_t codedEnd = 0;
constexpr std::uint16_t silentEnd = 1;
constexpr std::uint16_t sixteenZeros = 0xF000;
constexpr int bitsInToken = 8;
constexpr std::size_t mostWordsInBlock = 2 * blockCoefficients;
/// Pixels of a band of a turned picture: about a megabyte of tokens, which are read at once.
constexpr std::int64_t pixelsInBand = 2'000'000;
constexpr int mostBands = 64;

std::size_t tableOf(std::size_t channel)
{
    return channel == 0 ? 0 : 1;
}

int sizeOf(int level)
{
    return std::bit_width(static_cast<unsigned>(std::abs(level)));
}

/// JPEG's extra bits: negative numbers are one less, in as many bits.
unsigned extraBits(int level, int size)
{
    return static_cast<unsigned>(level < 0 ? level - 1 : level) & ((1U << size) - 1);
}

int levelOf(unsigned extra, int size)
{
    return static_cast<int>(extra) >= 1 << (size - 1) ? static_cast<int>(extra)
                                                      : static_cast<int>(extra) + 1 - (1 << size);
}

/// Counts the symbols of a block's AC levels; with `Keep` also writes its tokens.
template <bool Keep>
std::uint16_t *tokenise(const std::int16_t *levels, std::uint64_t mask, SymbolCounts &counts, std::uint16_t *to)
{
    const auto &order = zigzag();
    mask &= ~std::uint64_t{1};
    int previous = 0;
    while (mask != 0) {
        const int place = std::countr_zero(mask);
        mask &= mask - 1;
        int run = place - previous - 1;
        previous = place;
        for (; run > 15; run -= 16) {
            ++counts[sixteenZeros >> bitsInToken];
            if constexpr (Keep)
                *to++ = sixteenZeros;
        }
        const int level = levels[order[static_cast<std::size_t>(place)]];
        const int size = sizeOf(level);
        const auto symbol = static_cast<unsigned>(run << 4 | size);
        ++counts[symbol];
        if constexpr (Keep) {
            const unsigned extra = extraBits(level, size);
            *to++ = static_cast<std::uint16_t>(symbol << bitsInToken | (extra & 0xFF));
            if (size > bitsInToken)
                *to++ = static_cast<std::uint16_t>(extra);
        }
    }
    const bool coded = previous != blockCoefficients - 1;
    counts[0] += coded;
    if constexpr (Keep)
        *to++ = coded ? codedEnd : silentEnd;
    return to;
}

const std::uint16_t *skipBlock(const std::uint16_t *tokens)
{
    for (;;) {
        const unsigned symbol = *tokens++ >> bitsInToken;
        if (symbol == 0)
            return tokens;
        tokens += (symbol & 15) > bitsInToken;
    }
}

BlockGrid turnedGrid(BlockGrid grid, Orientation orientation)
{
    if (!swapsSides(orientation))
        return grid;
    std::swap(grid.unitColumns, grid.unitRows);
    for (BlockGrid::Channel &channel : grid.channels) {
        std::swap(channel.h, channel.v);
        std::swap(channel.width, channel.height);
    }
    return grid;
}

} // namespace

QuantisationTables::QuantisationTables(int quality)
{
    // libjpeg knows the tables that everybody uses.
    JpegErrors errors;
    jpeg_compress_struct jpeg{};
    jpeg.err = &errors.base;
    const bool made = guarded(errors, [&] {
        jpeg_create_compress(&jpeg);
        jpeg.input_components = 3;
        jpeg.in_color_space = JCS_YCbCr;
        jpeg_set_defaults(&jpeg);
        jpeg_set_quality(&jpeg, quality, TRUE);
    });
    for (std::size_t table = 0; made && table < steps.size(); ++table)
        std::copy_n(jpeg.quant_tbl_ptrs[table]->quantval, blockCoefficients, steps[table].begin());
    jpeg_destroy_compress(&jpeg);
    if (!made)
        throw std::bad_alloc();
}

BlockCoder::BlockCoder(const BlockGrid &stored, Orientation orientation, int quality, TokenPool *pool)
    : m_stored(stored), m_upright(turnedGrid(stored, orientation)), m_orientation(orientation), m_tables(quality),
      m_pool(pool)
{
    for (const auto &steps : m_tables.steps)
        m_quantisers.emplace_back(steps);
    for (std::size_t c = 0; c < stored.channels.size(); ++c) {
        const auto blocks = static_cast<std::size_t>(stored.columns(c) * stored.channels[c].v);
        m_levels.emplace_back(blocks * blockCoefficients);
        m_masks.emplace_back(blocks);
        m_dc.emplace_back().reserve(blocks * static_cast<std::size_t>(stored.unitRows));
        const BlockGrid::Channel &upright = m_upright.channels[c];
        for (int row = 0; row < upright.v; ++row) {
            for (int column = 0; column < upright.h; ++column) {
                m_inUprightUnit.push_back({c, row, column});
                int storedRow = swapsSides(orientation) ? column : row;
                int storedColumn = swapsSides(orientation) ? row : column;
                if (reversesRows(orientation))
                    storedRow = stored.channels[c].v - 1 - storedRow;
                if (reversesColumns(orientation))
                    storedColumn = stored.channels[c].h - 1 - storedColumn;
                m_inUnit.push_back({c, storedRow, storedColumn});
            }
        }
    }
    if (!pool)
        return;
    int bands = 1;
    if (orientation != Orientation::upright) {
        const std::int64_t pixels = std::int64_t{stored.channels[0].width} * stored.channels[0].height;
        bands = static_cast<int>(std::clamp<std::int64_t>(pixels / pixelsInBand, 1, mostBands));
    }
    m_rowsInBand = (m_upright.unitRows + bands - 1) / bands;
    for (int row = 0; row < m_upright.unitRows; row += m_rowsInBand)
        m_bands.emplace_back(*pool);
}

BlockCoder::~BlockCoder() = default;

/// Samples that are shown from the other end change the sign of every odd frequency in that direction.
void BlockCoder::turn(std::int16_t *blocks, int count) const
{
    const bool flipsRows = reversesRows(m_orientation);
    const bool flipsColumns = reversesColumns(m_orientation);
    for (int i = 0; i < count; ++i, blocks += blockCoefficients) {
        for (int u = 0; u < blockSide; ++u) {
            for (int v = 0; v < blockSide; ++v) {
                if ((flipsRows && v % 2 != 0) != (flipsColumns && u % 2 != 0))
                    blocks[u * blockSide + v] = static_cast<std::int16_t>(-blocks[u * blockSide + v]);
            }
        }
        if (!swapsSides(m_orientation))
            continue;
        for (int u = 0; u < blockSide; ++u) {
            for (int v = u + 1; v < blockSide; ++v)
                std::swap(blocks[u * blockSide + v], blocks[v * blockSide + u]);
        }
    }
}

/// Blocks in which there is no picture become what costs the fewest bits: the mean of their neighbour.
void BlockCoder::padBlocks(int unitRow)
{
    for (std::size_t c = 0; c < m_stored.channels.size(); ++c) {
        const BlockGrid::Channel &channel = m_stored.channels[c];
        const int columns = m_stored.columns(c);
        const int rows = (channel.height + blockSide - 1) / blockSide - unitRow * channel.v;
        const int used = (channel.width + blockSide - 1) / blockSide;
        for (int row = 0; row < channel.v; ++row) {
            for (int column = row < rows ? used : 0; column < columns; ++column) {
                const int at = row * columns + column;
                const int neighbour = row < rows ? at - 1 : at - columns;
                m_masks[c][static_cast<std::size_t>(at)] = 0;
                m_levels[c][static_cast<std::size_t>(at) * blockCoefficients]
                    = m_levels[c][static_cast<std::size_t>(neighbour) * blockCoefficients];
            }
        }
    }
}

isolate::Result<void, ImagingError> BlockCoder::put(BlockRow &row)
{
    for (std::size_t c = 0; c < m_stored.channels.size(); ++c) {
        const int columns = m_stored.columns(c);
        for (int v = 0; v < m_stored.channels[c].v; ++v) {
            std::int16_t *blocks = row.blocks(c, v);
            if (m_orientation != Orientation::upright)
                turn(blocks, columns);
            const auto at = static_cast<std::size_t>(v) * static_cast<std::size_t>(columns);
            quantiseBlocks(blocks, columns, m_quantisers[tableOf(c)], m_levels[c].data() + at * blockCoefficients,
                           m_masks[c].data() + at);
        }
    }
    if (m_orientation == Orientation::upright)
        padBlocks(m_unitRow);
    const std::size_t room = m_inUnit.size() * mostWordsInBlock;
    for (int unit = 0; unit < m_stored.unitColumns; ++unit) {
        TokenChain *band = nullptr;
        std::uint16_t *to = nullptr;
        if (m_pool) {
            band = &m_bands[static_cast<std::size_t>(uprightRowOf(m_unitRow, unit) / m_rowsInBand)];
            to = band->room(room);
        }
        for (const Place &place : m_inUnit) {
            const std::size_t c = place.channel;
            const auto at = static_cast<std::size_t>(place.row * m_stored.columns(c) + unit * m_stored.channels[c].h
                                                     + place.column);
            const std::int16_t *levels = m_levels[c].data() + at * blockCoefficients;
            m_dc[c].push_back(levels[0]);
            SymbolCounts &counts = m_acCounts[tableOf(c)];
            if (m_pool)
                to = tokenise<true>(levels, m_masks[c][at], counts, to);
            else
                tokenise<false>(levels, m_masks[c][at], counts, nullptr);
        }
        if (m_pool)
            band->written(to);
    }
    ++m_unitRow;
    return m_pool ? m_pool->state() : isolate::Result<void, ImagingError>{};
}

std::size_t BlockCoder::storedUnit(int uprightRow, int uprightColumn) const noexcept
{
    int row = swapsSides(m_orientation) ? uprightColumn : uprightRow;
    int column = swapsSides(m_orientation) ? uprightRow : uprightColumn;
    if (reversesRows(m_orientation))
        row = m_stored.unitRows - 1 - row;
    if (reversesColumns(m_orientation))
        column = m_stored.unitColumns - 1 - column;
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(m_stored.unitColumns)
        + static_cast<std::size_t>(column);
}

int BlockCoder::uprightRowOf(int storedRow, int storedColumn) const noexcept
{
    const int row = reversesRows(m_orientation) ? m_stored.unitRows - 1 - storedRow : storedRow;
    const int column = reversesColumns(m_orientation) ? m_stored.unitColumns - 1 - storedColumn : storedColumn;
    return swapsSides(m_orientation) ? column : row;
}

void BlockCoder::countDc()
{
    const std::size_t channels = m_stored.channels.size();
    std::vector<int> last(channels, 0);
    const bool inOrder = m_orientation == Orientation::upright;
    std::size_t unit = 0;
    for (int row = 0; row < m_upright.unitRows; ++row) {
        for (int column = 0; column < m_upright.unitColumns; ++column, ++unit) {
            const std::size_t stored = inOrder ? unit : storedUnit(row, column);
            for (std::size_t c = 0; c < channels; ++c) {
                const auto blocks = static_cast<std::size_t>(m_stored.channels[c].h * m_stored.channels[c].v);
                for (std::size_t i = stored * blocks; i < (stored + 1) * blocks && i < m_dc[c].size(); ++i) {
                    ++m_dcCounts[tableOf(c)][static_cast<std::size_t>(sizeOf(m_dc[c][i] - last[c]))];
                    last[c] = m_dc[c][i];
                }
            }
        }
    }
}

void BlockCoder::close()
{
    for (TokenChain &band : m_bands)
        band.close();
    countDc();
    for (std::size_t table = 0; table < std::min<std::size_t>(2, m_stored.channels.size()); ++table) {
        m_dcCodes[table].emplace(m_dcCounts[table]);
        m_acCodes[table].emplace(m_acCounts[table]);
    }
}

std::uint64_t BlockCoder::scanBytes() const noexcept
{
    std::uint64_t bits = 0;
    for (std::size_t table = 0; table < 2; ++table) {
        if (m_dcCodes[table])
            bits += m_dcCodes[table]->bits(m_dcCounts[table]) + m_acCodes[table]->bits(m_acCounts[table]);
    }
    return (bits + 7) / 8;
}

/// Calls `take(tokens, unit)` for every unit in upright order; `unit` is its number as stored. `take` moves `tokens` on
/// behind the unit and returns false to give up.
template <class TakeUnit>
isolate::Result<void, ImagingError> BlockCoder::forEachUnit(const std::stop_token &stop, TakeUnit take)
{
    if (m_orientation == Orientation::upright) {
        std::size_t unit = 0;
        for (std::size_t i = 0; i < m_bands[0].chunks(); ++i) {
            if (stop.stop_requested())
                return cancelledError();
            const std::span<const std::uint16_t> words = m_bands[0].chunk(i);
            const std::uint16_t *tokens = words.data();
            while (tokens != words.data() + words.size()) {
                if (!take(tokens, unit++))
                    return {};
            }
        }
        return m_pool->state();
    }
    const auto blocks = static_cast<std::size_t>(m_stored.blocksInUnit());
    std::vector<std::uint16_t> words;
    std::vector<std::size_t> starts;
    for (std::size_t b = 0; b < m_bands.size(); ++b) {
        if (stop.stop_requested())
            return cancelledError();
        words.clear();
        for (std::size_t i = 0; i < m_bands[b].chunks(); ++i) {
            const std::span<const std::uint16_t> chunk = m_bands[b].chunk(i);
            words.insert(words.end(), chunk.begin(), chunk.end());
        }
        if (auto state = m_pool->state(); !state)
            return state;
        // The band's units came in stored order.
        const int firstRow = static_cast<int>(b) * m_rowsInBand;
        const int rows = std::min(m_rowsInBand, m_upright.unitRows - firstRow);
        std::vector<std::pair<std::size_t, std::size_t>> units; // number as stored, place upright in the band
        for (int row = 0; row < rows; ++row) {
            for (int column = 0; column < m_upright.unitColumns; ++column)
                units.emplace_back(storedUnit(firstRow + row, column), units.size());
        }
        starts.resize(units.size());
        std::sort(units.begin(), units.end());
        const std::uint16_t *tokens = words.data();
        for (const auto &[stored, upright] : units) {
            starts[upright] = static_cast<std::size_t>(tokens - words.data());
            for (std::size_t i = 0; i < blocks; ++i)
                tokens = skipBlock(tokens);
        }
        for (std::size_t i = 0; i < starts.size(); ++i) {
            const std::uint16_t *from = words.data() + starts[i];
            const int width = m_upright.unitColumns;
            if (!take(from, storedUnit(firstRow + static_cast<int>(i) / width, static_cast<int>(i) % width)))
                return {};
        }
    }
    return {};
}

/// Packs codes into bytes, a zero after each byte of all ones. A copy of it is worked on, which fits into registers.
struct BlockCoder::BitWriter {
    struct Entry {
        std::uint32_t code = 0;
        int length = 0; ///< with the extra bits
    };
    using Table = std::array<Entry, 256>;

    std::uint8_t *next;
    std::uint64_t bits = 0;
    int count = 0;

    static Table tableOf(const HuffmanCode &code)
    {
        Table table;
        for (std::size_t symbol = 0; symbol < table.size(); ++symbol) {
            const auto name = static_cast<std::uint8_t>(symbol);
            const int size = static_cast<int>(symbol & 15);
            table[symbol] = {code.code(name) << size, code.length(name) + size};
        }
        return table;
    }
    [[gnu::always_inline]] void put(const Entry &entry, unsigned extra)
    {
        bits = bits << entry.length | entry.code | extra;
        count += entry.length;
        if (count < 32)
            return;
        count -= 32;
        const auto word = static_cast<std::uint32_t>(bits >> count);
        // Adding 1 to a byte of all ones carries out of it.
        if (((word & ~(word + 0x01010101U)) & 0x80808080U) != 0) [[unlikely]] {
            next = stuffed(word, next);
            return;
        }
        const std::uint8_t bytes[] = {static_cast<std::uint8_t>(word >> 24), static_cast<std::uint8_t>(word >> 16),
                                      static_cast<std::uint8_t>(word >> 8), static_cast<std::uint8_t>(word)};
        std::memcpy(next, bytes, sizeof bytes);
        next += sizeof bytes;
    }
    /// Fills the last byte with ones, as the standard asks.
    void finish()
    {
        put({0x7F, 7}, 0);
        for (; count >= 8; count -= 8)
            next = stuffedByte(static_cast<std::uint8_t>(bits >> (count - 8)), next);
    }
    [[gnu::noinline]] static std::uint8_t *stuffed(std::uint32_t word, std::uint8_t *to)
    {
        for (int shift = 24; shift >= 0; shift -= 8)
            to = stuffedByte(static_cast<std::uint8_t>(word >> shift), to);
        return to;
    }
    static std::uint8_t *stuffedByte(std::uint8_t byte, std::uint8_t *to)
    {
        *to++ = byte;
        if (byte == 0xFF)
            *to++ = 0;
        return to;
    }
};

isolate::Result<void, ImagingError> BlockCoder::write(ByteSink &sink, const std::stop_token &stop,
                                                      const std::function<void(double)> &step)
{
    std::array<BitWriter::Table, 2> dc;
    std::array<BitWriter::Table, 2> ac;
    for (std::size_t table = 0; table < 2 && m_dcCodes[table]; ++table) {
        dc[table] = BitWriter::tableOf(*m_dcCodes[table]);
        ac[table] = BitWriter::tableOf(*m_acCodes[table]);
    }
    // A unit takes less than its tokens.
    const std::size_t most = m_inUnit.size() * mostWordsInBlock * 4;
    std::vector<std::uint8_t> buffer(most + 32 * 1024);
    BitWriter out{.next = buffer.data()};
    std::vector<int> last(m_stored.channels.size(), 0);
    std::vector<std::size_t> blocks;
    for (const BlockGrid::Channel &channel : m_stored.channels)
        blocks.push_back(static_cast<std::size_t>(channel.h * channel.v));
    const auto rowUnits = static_cast<std::size_t>(m_upright.unitColumns);
    std::size_t units = 0;
    bool cancelled = false;
    bool failed = false;
    const auto flush = [&] {
        failed = !sink.write({buffer.data(), static_cast<std::size_t>(out.next - buffer.data())});
        out.next = buffer.data();
    };
    auto done = forEachUnit(stop, [&](const std::uint16_t *&tokens, std::size_t unit) {
        BitWriter writer = out;
        const std::uint16_t *from = tokens;
        for (std::size_t c = 0; c < blocks.size(); ++c) {
            const BitWriter::Table &dcTable = dc[tableOf(c)];
            const BitWriter::Table &acTable = ac[tableOf(c)];
            const std::int16_t *means = m_dc[c].data() + unit * blocks[c];
            for (std::size_t i = 0; i < blocks[c]; ++i) {
                const int difference = means[i] - last[c];
                last[c] = means[i];
                const int size = sizeOf(difference);
                writer.put(dcTable[static_cast<std::size_t>(size)], size > 0 ? extraBits(difference, size) : 0);
                for (;;) {
                    const unsigned token = *from++;
                    const unsigned symbol = token >> bitsInToken;
                    if (symbol == 0) {
                        if (token == codedEnd)
                            writer.put(acTable[0], 0);
                        break;
                    }
                    writer.put(acTable[symbol], (symbol & 15) > bitsInToken ? *from++ : token & 0xFF);
                }
            }
        }
        out = writer;
        tokens = from;
        if (out.next > buffer.data() + buffer.size() - most)
            flush();
        if (++units % rowUnits == 0) {
            cancelled = stop.stop_requested();
            if (step && !cancelled)
                step(static_cast<double>(units / rowUnits) / m_upright.unitRows);
        }
        return !cancelled && !failed;
    });
    if (!done)
        return done;
    if (cancelled)
        return cancelledError();
    if (!failed) {
        out.finish();
        flush();
    }
    if (failed)
        return sink.error();
    return {};
}

isolate::Result<void, ImagingError> BlockCoder::readLevels(const std::stop_token &stop, const TakeBlock &take)
{
    const auto rowUnits = static_cast<std::size_t>(m_upright.unitColumns);
    std::size_t units = 0;
    bool cancelled = false;
    const auto &order = zigzag();
    auto done = forEachUnit(stop, [&](const std::uint16_t *&tokens, std::size_t unit) {
        const int unitRow = static_cast<int>(units / rowUnits);
        const int unitColumn = static_cast<int>(units % rowUnits);
        std::vector<std::size_t> next(m_stored.channels.size());
        for (std::size_t c = 0; c < next.size(); ++c)
            next[c] = unit * static_cast<std::size_t>(m_stored.channels[c].h * m_stored.channels[c].v);
        for (const Place &place : m_inUprightUnit) {
            std::int16_t levels[blockCoefficients] = {};
            levels[0] = m_dc[place.channel][next[place.channel]++];
            int at = 0;
            for (;;) {
                const unsigned token = *tokens++;
                const unsigned symbol = token >> bitsInToken;
                if (symbol == 0)
                    break;
                at += static_cast<int>(symbol >> 4) + 1;
                const int size = static_cast<int>(symbol & 15);
                if (size == 0)
                    continue;
                const unsigned extra = size > bitsInToken ? *tokens++ : token & 0xFF;
                const std::uint8_t column = order[static_cast<std::size_t>(at)];
                levels[column % blockSide * blockSide + column / blockSide]
                    = static_cast<std::int16_t>(levelOf(extra, size));
            }
            const BlockGrid::Channel &channel = m_upright.channels[place.channel];
            take(place.channel, unitRow * channel.v + place.row, unitColumn * channel.h + place.column, levels);
        }
        if (++units % rowUnits == 0)
            cancelled = stop.stop_requested();
        return !cancelled;
    });
    if (!done)
        return done;
    if (cancelled)
        return cancelledError();
    return {};
}

} // namespace steadyframe::imaging
