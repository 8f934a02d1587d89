#pragma once

#include "imaging/block_rows.h"
#include "imaging/byte_stream.h"
#include "imaging/huffman_code.h"
#include "imaging/orientation.h"
#include "imaging/token_store.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

namespace steadyframe::imaging {

/// The two tables of steps for a quality, in JPEG's natural order: of brightness, then of colour. The IJG's.
struct QuantisationTables {
    std::array<std::array<std::uint16_t, blockCoefficients>, 2> steps{};

    explicit QuantisationTables(int quality);
};

/// Rounds a picture's coefficients for a quality, turns them upright and knows how long their code is; the code itself
/// comes in a second pass, over what the first has put aside, since the best tables are known only after it.
/// @thread one at a time
class BlockCoder final : public BlockSink {
public:
    /// `stored` is the grid of what is put in. Without a pool it only counts.
    BlockCoder(const BlockGrid &stored, Orientation orientation, int quality, TokenPool *pool);
    ~BlockCoder() override;

    [[nodiscard]] isolate::Result<void, ImagingError> put(BlockRow &row) override;
    /// No more comes: the code tables are made.
    void close();

    /// The grid upright.
    [[nodiscard]] const BlockGrid &grid() const noexcept { return m_upright; }
    [[nodiscard]] const QuantisationTables &tables() const noexcept { return m_tables; }
    /// Of DC and AC, for brightness and, where there is colour, for colour.
    [[nodiscard]] const HuffmanCode &dcCode(std::size_t table) const { return *m_dcCodes[table]; }
    [[nodiscard]] const HuffmanCode &acCode(std::size_t table) const { return *m_acCodes[table]; }
    /// Of the scan, without the zeros that are stuffed after bytes of all ones.
    [[nodiscard]] std::uint64_t scanBytes() const noexcept;

    /// Writes the scan. `step` is called after each row of units with the fraction that is done.
    [[nodiscard]] isolate::Result<void, ImagingError> write(ByteSink &sink, const std::stop_token &stop,
                                                            const std::function<void(double)> &step);
    /// The levels of every block upright, in JPEG's natural order, at its place in its channel.
    using TakeBlock = std::function<void(std::size_t channel, int row, int column,
                                         const std::int16_t (&levels)[blockCoefficients])>;
    [[nodiscard]] isolate::Result<void, ImagingError> readLevels(const std::stop_token &stop, const TakeBlock &take);

private:
    struct Place {
        std::size_t channel;
        int row;
        int column;
    };

    void turn(std::int16_t *blocks, int count) const;
    void padBlocks(int unitRow);
    [[nodiscard]] std::size_t storedUnit(int uprightRow, int uprightColumn) const noexcept;
    [[nodiscard]] int uprightRowOf(int storedRow, int storedColumn) const noexcept;
    void countDc();
    template <class TakeUnit>
    [[nodiscard]] isolate::Result<void, ImagingError> forEachUnit(const std::stop_token &stop, TakeUnit take);

    BlockGrid m_stored;
    BlockGrid m_upright;
    Orientation m_orientation;
    QuantisationTables m_tables;
    std::vector<Quantiser> m_quantisers;
    std::vector<Place> m_inUnit; ///< where the blocks of a unit lie as stored, in the order in which they are written
    std::vector<Place> m_inUprightUnit; ///< the same blocks upright
    std::vector<std::vector<std::int16_t>> m_levels;
    std::vector<std::vector<std::uint64_t>> m_masks;
    std::vector<std::vector<std::int16_t>> m_dc; ///< for each channel, unit by unit as stored
    TokenPool *m_pool;
    std::vector<TokenChain> m_bands; ///< of upright rows
    int m_rowsInBand = 1;
    int m_unitRow = 0;
    std::array<SymbolCounts, 2> m_dcCounts{};
    std::array<SymbolCounts, 2> m_acCounts{};
    std::array<std::optional<HuffmanCode>, 2> m_dcCodes;
    std::array<std::optional<HuffmanCode>, 2> m_acCodes;
};

} // namespace steadyframe::imaging
