#pragma once

#include "imaging/block_rows.h"

#include <cstdint>
#include <stop_token>
#include <vector>

namespace steadyframe::imaging {

/// Keeps a picture's coefficients for further tries: all rows of units where they fit into 32 MB (10 megapixels with
/// half the resolution of colour), else as many, evenly spread, as do. @thread one at a time
class CoefficientStore final : public BlockSink {
public:
    explicit CoefficientStore(const BlockGrid &grid);

    [[nodiscard]] isolate::Result<void, ImagingError> put(BlockRow &row) override;
    /// All rows are there.
    [[nodiscard]] bool isWhole() const noexcept { return m_spacing == 1; }
    /// How many rows of units there are, of those that are kept.
    [[nodiscard]] int kept() const noexcept { return static_cast<int>(m_rows.size()); }
    /// Which row of the picture the kept one is.
    [[nodiscard]] int unitRow(int kept) const noexcept { return kept * m_spacing; }
    [[nodiscard]] BlockRow &row(int kept) { return m_rows[static_cast<std::size_t>(kept)]; }

private:
    int m_spacing = 1;
    int m_next = 0;
    std::vector<BlockRow> m_rows;
};

} // namespace steadyframe::imaging
