#include "imaging/scan_decoder.h"

#include <algorithm>
#include <cstring>

namespace steadyframe::imaging {
namespace {

constexpr int lookBits = 10;
constexpr int skipBits = 12;
constexpr int longestCode = 16;
constexpr int largestDcSize = 11;
constexpr int largestAcSize = 10;
constexpr int largestSum = 32767;
constexpr int largestStep = 2047; ///< times a sum and the scale, within an int
/// What a unit of ten blocks can take at most, each byte followed by a stuffed zero, is less.
constexpr std::size_t mostUnitBytes = 8 * 1024;
constexpr std::size_t bufferBytes = 128 * 1024;

int extended(unsigned extra, int size)
{
    return extra < 1U << (size - 1) ? static_cast<int>(extra) + 1 - (1 << size) : static_cast<int>(extra);
}

/// What the next bits mean.
struct Decoded {
    std::int16_t level = 0; ///< 0: look at the symbol
    std::uint8_t run = 0;
    std::uint8_t bits = 0; ///< that are used up, with the level's; 0 when the level is not within the bits looked at
    std::uint8_t symbol = 0;
    std::uint8_t codeBits = 0; ///< 0 when the code is longer than the bits looked at
};

/// The next codes, as many as lie with their levels in the bits looked at.
struct Skipped {
    std::uint8_t bits = 0; ///< that they take; 0 when there is not one
    std::uint8_t places = 0; ///< that they fill
    bool last = false; ///< the last of them ends the block
};

/// A Huffman table, looked up by the next bits.
struct LookUp {
    std::array<Decoded, 1 << lookBits> entries{};
    std::array<std::uint32_t, longestCode + 1>
        firstAbove{}; ///< of each length, the first 16 bits that are no such code
    std::array<int, longestCode + 1> offset{}; ///< from a code to its symbol
    std::array<std::uint8_t, 256> symbols{};
    std::vector<Skipped> skips; ///< of AC, by the next `skipBits`; empty until `buildSkips`

    void buildSkips();
    /// False when the table is none that JPEG allows, or has a symbol that an ordinary file has not.
    bool build(const JHUFF_TBL &table, bool dc);
};

bool LookUp::build(const JHUFF_TBL &table, bool dc)
{
    std::uint32_t code = 0;
    int next = 0;
    for (int length = 1; length <= longestCode; ++length, code <<= 1) {
        const int count = table.bits[length];
        offset[static_cast<std::size_t>(length)] = next - static_cast<int>(code);
        if (next + count > 256 || code + static_cast<std::uint32_t>(count) > 1U << length)
            return false;
        for (int i = 0; i < count; ++i, ++code, ++next) {
            const std::uint8_t symbol = table.huffval[next];
            const int size = symbol & 15;
            if (dc ? symbol > largestDcSize : size > largestAcSize || (size == 0 && symbol != 0 && symbol != 0xF0))
                return false;
            symbols[static_cast<std::size_t>(next)] = symbol;
            if (length > lookBits)
                continue;
            const unsigned first = code << (lookBits - length);
            for (unsigned rest = 0; rest < 1U << (lookBits - length); ++rest) {
                Decoded &entry = entries[first + rest];
                entry.symbol = symbol;
                entry.codeBits = static_cast<std::uint8_t>(length);
                const int unused = lookBits - length - size;
                if (size == 0 || unused < 0)
                    continue;
                entry.level = static_cast<std::int16_t>(extended(rest >> unused & ((1U << size) - 1), size));
                entry.run = symbol >> 4;
                entry.bits = static_cast<std::uint8_t>(length + size);
            }
        }
        firstAbove[static_cast<std::size_t>(length)] = code << (longestCode - length);
    }
    return true;
}

void LookUp::buildSkips()
{
    skips.resize(1 << skipBits);
    for (unsigned next = 0; next < skips.size(); ++next) {
        Skipped &skipped = skips[next];
        while (!skipped.last && skipped.bits < skipBits) {
            const unsigned rest = next << skipped.bits & ((1U << skipBits) - 1);
            const Decoded &entry = entries[rest >> (skipBits - lookBits)];
            const int size = entry.symbol & 15;
            const int used = skipped.bits + entry.codeBits + size;
            // Behind the bits looked at stand zeros, which are no code.
            if (entry.codeBits == 0 || used > skipBits)
                break;
            skipped.bits = static_cast<std::uint8_t>(used);
            skipped.last = entry.symbol == 0;
            if (!skipped.last)
                skipped.places = static_cast<std::uint8_t>(skipped.places + (entry.symbol >> 4) + 1);
        }
    }
}

/// The next bits of the scan. Small enough to be held in registers for a block: a copy is worked on. It is never copied
/// or passed as a whole where that is done often, or the compiler leaves it in memory.
struct BitReader {
    const std::uint8_t *at = nullptr;
    std::uint64_t bits = 0; ///< from the top
    int count = 0;
    int madeUp = 0; ///< zeros that were added where a marker came

    unsigned take(int wanted)
    {
        const auto taken = static_cast<unsigned>(bits >> (64 - wanted));
        skip(wanted);
        return taken;
    }
    void skip(int used)
    {
        bits <<= used;
        count -= used;
    }
    /// At least 48 bits, or zeros from a marker on.
    [[gnu::always_inline]] void fill()
    {
        std::uint64_t eight = 0;
        std::memcpy(&eight, at, sizeof eight);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        eight = __builtin_bswap64(eight);
#endif
        constexpr std::uint64_t ones = 0x0101010101010101;
        if (((eight & ~(eight + ones)) & (ones << 7)) != 0) [[unlikely]] {
            const BitReader filled = filledSlowly({at, bits, count, madeUp});
            at = filled.at;
            bits = filled.bits;
            count = filled.count;
            madeUp = filled.madeUp;
            return;
        }
        bits |= eight >> count;
        at += (63 - count) >> 3;
        count |= 56;
    }
    /// Where some of the next eight bytes are all ones.
    [[gnu::noinline]] static BitReader filledSlowly(BitReader reader);
    /// Bits were used that are not in the file.
    [[nodiscard]] bool isStarved() const
    {
        return count < madeUp;
    }
};

BitReader BitReader::filledSlowly(BitReader reader)
{
    while (reader.count <= 56) {
        const unsigned byte = *reader.at;
        if (byte == 0xFF) {
            if (reader.at[1] != 0) {
                reader.madeUp += 63 - reader.count;
                reader.count = 63;
                return reader;
            }
            ++reader.at;
        }
        ++reader.at;
        reader.bits |= static_cast<std::uint64_t>(byte) << (56 - reader.count);
        reader.count += 8;
    }
    return reader;
}

struct LongCode {
    int symbol = -1; ///< negative when there is none
    int bits = 0;
};

/// The code, longer than the bits looked at, that `bits` begin with.
[[gnu::noinline]] LongCode longCode(const LookUp &table, std::uint64_t bits)
{
    const auto next = static_cast<std::uint32_t>(bits >> (64 - longestCode));
    for (std::size_t length = lookBits + 1; length <= longestCode; ++length) {
        if (next < table.firstAbove[length]) {
            const int code = static_cast<int>(next >> (longestCode - length));
            return {table.symbols[static_cast<std::size_t>(table.offset[length] + code) & 0xFF],
                    static_cast<int>(length)};
        }
    }
    return {};
}

/// What the next code is, where the look-up does not tell its level.
[[gnu::always_inline]] inline int symbolOf(const LookUp &table, const Decoded &entry, BitReader &reader)
{
    if (entry.codeBits == 0) [[unlikely]] {
        const LongCode code = longCode(table, reader.bits);
        reader.skip(code.bits);
        return code.symbol;
    }
    reader.skip(entry.codeBits);
    return entry.symbol;
}

} // namespace

struct ScanDecoder::State {
    struct ChannelTables {
        std::size_t dc = 0;
        std::size_t ac = 0;
        std::array<int, blockCoefficients> factors{}; ///< in the order of writing, for coefficients as blocks have them
    };

    JpegSource *source = nullptr;
    BlockGrid grid;
    std::vector<ChannelTables> channels;
    std::array<LookUp, 2 * NUM_HUFF_TBLS> tables; ///< of DC, then of AC
    int restartInterval = 0;
    int unitsToRestart = 0;
    int nextRestart = 0;
    std::vector<int> sums; ///< of the DC differences so far
    int frequencies = blockSide; ///< that are kept, of each direction
    int lastKept = blockCoefficients - 1; ///< the last place of one that is kept

    std::vector<std::uint8_t> buffer = std::vector<std::uint8_t>(bufferBytes + mostUnitBytes);
    BitReader reader;
    const std::uint8_t *end = nullptr;
    bool sourceEnded = false;

    bool setUp(const jpeg_decompress_struct &header);
    bool refill();
    /// `whole`: all frequencies are kept.
    template <bool whole>
    bool readBlock(const ChannelTables &channel, int &sum, std::int16_t *block);
    template <bool whole>
    bool readRow(BlockRow &row);
    /// All bits have been used, but for what fills up the last byte, and the next is this marker.
    bool isAtMarker(int marker) const
    {
        return !reader.isStarved() && reader.count - reader.madeUp < 8 && reader.at + 2 <= end && reader.at[0] == 0xFF
            && reader.at[1] == marker;
    }
    bool restart();
};

bool ScanDecoder::State::setUp(const jpeg_decompress_struct &header)
{
    const bool gray = header.num_components == 1 && header.jpeg_color_space == JCS_GRAYSCALE;
    const bool ycc = header.num_components == 3 && header.jpeg_color_space == JCS_YCbCr;
    if (header.progressive_mode || header.arith_code || header.data_precision != 8
        || header.comps_in_scan != header.num_components || !(gray || ycc))
        return false;
    const auto parts
        = [](std::int64_t length, std::int64_t part) { return static_cast<int>((length + part - 1) / part); };
    const int mostH = gray ? 1 : header.max_h_samp_factor;
    const int mostV = gray ? 1 : header.max_v_samp_factor;
    grid.unitColumns = parts(header.image_width, std::int64_t{blockSide} * mostH);
    grid.unitRows = parts(header.image_height, std::int64_t{blockSide} * mostV);
    const auto &order = zigzag();
    for (int i = 0; i < header.num_components; ++i) {
        const jpeg_component_info &component = header.comp_info[i];
        // The library checks these only when it decodes.
        const auto isIn = [](int number, int tablesThere) { return number >= 0 && number < tablesThere; };
        if (!isIn(component.quant_tbl_no, NUM_QUANT_TBLS) || !isIn(component.dc_tbl_no, NUM_HUFF_TBLS)
            || !isIn(component.ac_tbl_no, NUM_HUFF_TBLS))
            return false;
        const JQUANT_TBL *steps = header.quant_tbl_ptrs[component.quant_tbl_no];
        const JHUFF_TBL *dc = header.dc_huff_tbl_ptrs[component.dc_tbl_no];
        const JHUFF_TBL *ac = header.ac_huff_tbl_ptrs[component.ac_tbl_no];
        if (header.cur_comp_info[i] != &component || !steps || !dc || !ac)
            return false;
        const int h = gray ? 1 : component.h_samp_factor;
        const int v = gray ? 1 : component.v_samp_factor;
        grid.channels.push_back({h, v, parts(std::int64_t{header.image_width} * h, mostH),
                                 parts(std::int64_t{header.image_height} * v, mostV)});
        ChannelTables &tablesOf = channels.emplace_back();
        tablesOf.dc = static_cast<std::size_t>(component.dc_tbl_no);
        tablesOf.ac = static_cast<std::size_t>(NUM_HUFF_TBLS + component.ac_tbl_no);
        if (!tables[tablesOf.dc].build(*dc, true) || !tables[tablesOf.ac].build(*ac, false))
            return false;
        if (*std::max_element(steps->quantval, steps->quantval + blockCoefficients) > largestStep)
            return false;
        for (std::size_t n = 0; n < blockCoefficients; ++n)
            tablesOf.factors[n]
                = coefficientScale * steps->quantval[order[n] % blockSide * blockSide + order[n] / blockSide];
    }
    restartInterval = static_cast<int>(header.restart_interval);
    unitsToRestart = restartInterval;
    sums.assign(channels.size(), 0);
    return true;
}

/// Sees to it that a whole unit is in the buffer, or all that is left, with something behind it.
bool ScanDecoder::State::refill()
{
    auto left = static_cast<std::size_t>(end - reader.at);
    if (left >= mostUnitBytes || sourceEnded)
        return true;
    std::memmove(buffer.data(), reader.at, left);
    while (left < mostUnitBytes && !sourceEnded) {
        if (source->base.bytes_in_buffer > 0) {
            const std::size_t count8 = std::min(source->base.bytes_in_buffer, bufferBytes - left);
            std::memcpy(buffer.data() + left, source->base.next_input_byte, count8);
            source->base.next_input_byte += count8;
            source->base.bytes_in_buffer -= count8;
            left += count8;
            continue;
        }
        const std::ptrdiff_t got = source->bytes->read({buffer.data() + left, bufferBytes - left});
        if (got < 0)
            return false;
        sourceEnded = got == 0;
        left += static_cast<std::size_t>(got);
    }
    reader.at = buffer.data();
    end = reader.at + left;
    // A marker that no file has: whoever reads on meets it.
    if (sourceEnded)
        std::memset(buffer.data() + left, 0xFF, 64);
    return true;
}

template <bool whole>
bool ScanDecoder::State::readBlock(const ChannelTables &channel, int &sum, std::int16_t *block)
{
    std::memset(block, 0, static_cast<std::size_t>(whole ? blockSide : frequencies) * blockSide * sizeof *block);
    const auto &order = zigzag();
    const auto scaled = [&](int level, int place) {
        return static_cast<std::int16_t>(
            std::clamp(level * channel.factors[static_cast<std::size_t>(place)], -largestSum, largestSum));
    };
    BitReader bits{reader.at, reader.bits, reader.count, reader.madeUp};
    bits.fill();
    const LookUp &dc = tables[channel.dc];
    const Decoded &first = dc.entries[bits.bits >> (64 - lookBits)];
    if (first.bits != 0) {
        bits.skip(first.bits);
        sum += first.level;
    } else {
        const int size = symbolOf(dc, first, bits);
        if (size < 0)
            return false;
        if (size > 0)
            sum += extended(bits.take(size), size);
    }
    if (std::abs(sum) > largestSum)
        return false;
    block[0] = scaled(sum, 0);
    const LookUp &ac = tables[channel.ac];
    int place = 1;
    enum class Next { more, last, bad };
    const auto readOne = [&]() __attribute__((always_inline))
    {
        const Decoded &entry = ac.entries[bits.bits >> (64 - lookBits)];
        int level = entry.level;
        if (entry.bits != 0) [[likely]] {
            bits.skip(entry.bits);
            place += entry.run;
        } else {
            const int symbol = symbolOf(ac, entry, bits);
            if (symbol <= 0)
                return symbol == 0 ? Next::last : Next::bad;
            place += symbol >> 4;
            const int size = symbol & 15;
            if (size == 0)
                return ++place < blockCoefficients ? Next::more : Next::last;
            level = extended(bits.take(size), size);
        }
        if (place >= blockCoefficients)
            return Next::bad;
        block[order[static_cast<std::size_t>(place)]] = scaled(level, place);
        return ++place < blockCoefficients ? Next::more : Next::last;
    };
    // Two codes with their levels take 52 bits at most.
    Next next = Next::more;
    while (next == Next::more && (whole || place <= lastKept)) {
        bits.fill();
        next = readOne();
        if (next == Next::more)
            next = readOne();
    }
    const auto skip = [&]() __attribute__((always_inline))
    {
        const Skipped skipped = ac.skips[bits.bits >> (64 - skipBits)];
        // Where they might reach beyond the block, they are read one by one.
        if (skipped.bits == 0 || place + skipped.places >= blockCoefficients) [[unlikely]]
            return readOne();
        bits.skip(skipped.bits);
        place += skipped.places;
        return skipped.last ? Next::last : Next::more;
    };
    // Of those that are not kept two reads take 52 bits at most, too.
    while (!whole && next == Next::more) {
        bits.fill();
        next = skip();
        if (next == Next::more)
            next = skip();
    }
    if (next == Next::bad)
        return false;
    reader.at = bits.at;
    reader.bits = bits.bits;
    reader.count = bits.count;
    reader.madeUp = bits.madeUp;
    return !bits.isStarved();
}

/// Behind the bits of an interval stands the marker of the next.
bool ScanDecoder::State::restart()
{
    if (!refill() || !isAtMarker(JPEG_RST0 + nextRestart))
        return false;
    reader = {.at = reader.at + 2};
    nextRestart = (nextRestart + 1) % 8;
    unitsToRestart = restartInterval;
    sums.assign(channels.size(), 0);
    return true;
}

ScanDecoder::ScanDecoder(std::unique_ptr<State> state) : m_state(std::move(state)) {}
ScanDecoder::ScanDecoder(ScanDecoder &&other) noexcept = default;
ScanDecoder::~ScanDecoder() = default;

std::optional<ScanDecoder> ScanDecoder::make(const jpeg_decompress_struct &header, JpegSource &source)
{
    auto state = std::make_unique<State>();
    if (!state->setUp(header))
        return std::nullopt;
    state->source = &source;
    state->reader.at = state->end = state->buffer.data();
    return ScanDecoder(std::move(state));
}

const BlockGrid &ScanDecoder::grid() const noexcept
{
    return m_state->grid;
}

void ScanDecoder::keepLowest(int frequencies)
{
    State &s = *m_state;
    s.frequencies = frequencies;
    const auto &order = zigzag();
    s.lastKept = blockCoefficients - 1;
    while (order[static_cast<std::size_t>(s.lastKept)] / blockSide >= frequencies
           || order[static_cast<std::size_t>(s.lastKept)] % blockSide >= frequencies)
        --s.lastKept;
    for (const State::ChannelTables &channel : s.channels) {
        if (frequencies < blockSide && s.tables[channel.ac].skips.empty())
            s.tables[channel.ac].buildSkips();
    }
}

bool ScanDecoder::read(BlockRow &row)
{
    return m_state->frequencies == blockSide ? m_state->readRow<true>(row) : m_state->readRow<false>(row);
}

template <bool whole>
bool ScanDecoder::State::readRow(BlockRow &row)
{
    for (int unit = 0; unit < grid.unitColumns; ++unit) {
        if (!refill())
            return false;
        if (restartInterval > 0 && unitsToRestart-- == 0) {
            if (!restart())
                return false;
            --unitsToRestart;
        }
        for (std::size_t c = 0; c < channels.size(); ++c) {
            const BlockGrid::Channel &channel = grid.channels[c];
            for (int v = 0; v < channel.v; ++v) {
                std::int16_t *blocks
                    = row.blocks(c, v) + static_cast<std::ptrdiff_t>(unit) * channel.h * blockCoefficients;
                for (int h = 0; h < channel.h; ++h, blocks += blockCoefficients) {
                    if (!readBlock<whole>(channels[c], sums[c], blocks))
                        return false;
                }
            }
        }
    }
    return reader.at <= end;
}

bool ScanDecoder::finish()
{
    State &s = *m_state;
    return s.refill() && s.isAtMarker(JPEG_EOI);
}

} // namespace steadyframe::imaging
