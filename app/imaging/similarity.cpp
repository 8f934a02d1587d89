#include "imaging/similarity.h"

namespace steadyframe::imaging {
namespace {

constexpr int bandRows = 4;
constexpr int bandColumns = 4;
constexpr double samplesInWindow = 64;
constexpr double c1 = 0.01 * 255 * 0.01 * 255;
constexpr double c2 = 0.03 * 255 * 0.03 * 255;

double similarityOf(double a, double b, double squares, double products)
{
    const double meanA = a / samplesInWindow;
    const double meanB = b / samplesInWindow;
    const double variances = squares / samplesInWindow - meanA * meanA - meanB * meanB;
    const double covariance = products / samplesInWindow - meanA * meanB;
    return (2 * meanA * meanB + c1) * (2 * covariance + c2) / ((meanA * meanA + meanB * meanB + c1) * (variances + c2));
}

} // namespace

SimilarityMeter::SimilarityMeter(int width)
    : m_width(width), m_band(static_cast<std::size_t>(width / bandColumns)), m_above(m_band.size())
{
}

void SimilarityMeter::put(const std::uint8_t *a, const std::uint8_t *b)
{
    for (Sums &sums : m_band) {
        for (int x = 0; x < bandColumns; ++x) {
            const std::uint32_t p = a[x];
            const std::uint32_t q = b[x];
            sums.a += p;
            sums.b += q;
            sums.squares += p * p + q * q;
            sums.products += p * q;
        }
        a += bandColumns;
        b += bandColumns;
    }
    if (++m_rowsInBand == bandRows)
        finishBand();
}

void SimilarityMeter::finishBand()
{
    if (m_hasAbove) {
        for (std::size_t x = 0; x + 1 < m_band.size(); ++x) {
            const auto sum = [&](std::uint32_t Sums::*part) {
                return static_cast<double>(m_band[x].*part + m_band[x + 1].*part + m_above[x].*part
                                           + m_above[x + 1].*part);
            };
            m_total += similarityOf(sum(&Sums::a), sum(&Sums::b), sum(&Sums::squares), sum(&Sums::products));
            ++m_windows;
        }
    }
    m_above.swap(m_band);
    m_band.assign(m_above.size(), {});
    m_hasAbove = true;
    m_rowsInBand = 0;
}

void SimilarityMeter::breakOff() noexcept
{
    m_band.assign(m_band.size(), {});
    m_rowsInBand = 0;
    m_hasAbove = false;
}

double SimilarityMeter::mean() const noexcept
{
    return m_windows == 0 ? 1 : m_total / static_cast<double>(m_windows);
}

SimilaritySink::SimilaritySink(const BlockGrid &stored, Orientation orientation, int quality, BlockSink *next)
    : m_grid(stored), m_next(next), m_quantiser(QuantisationTables(quality).steps[0]),
      m_left(reversesColumns(orientation) ? stored.paddedWidth(0) - stored.channels[0].width : 0),
      m_top(reversesRows(orientation) ? stored.paddedHeight(0) - stored.channels[0].height : 0),
      m_meter(stored.channels[0].width), m_levels(static_cast<std::size_t>(stored.paddedWidth(0)) * blockSide),
      m_rounded(m_levels.size()), m_masks(static_cast<std::size_t>(stored.columns(0))), m_before(m_levels.size()),
      m_after(m_levels.size())
{
    // A picture that is turned is rounded by the turned table.
    const auto steps = QuantisationTables(quality).steps[0];
    auto turned = steps;
    for (std::size_t row = 0; row < blockSide; ++row) {
        for (std::size_t column = 0; column < blockSide; ++column) {
            m_stepsByPlace[column * blockSide + row]
                = swapsSides(orientation) ? steps[column * blockSide + row] : steps[row * blockSide + column];
            turned[row * blockSide + column] = m_stepsByPlace[column * blockSide + row];
        }
    }
    m_quantiser = Quantiser(turned);
}

isolate::Result<void, ImagingError> SimilaritySink::put(BlockRow &row)
{
    const int columns = m_grid.columns(0);
    std::uint8_t *before[blockSide];
    std::uint8_t *after[blockSide];
    for (int y = 0; y < blockSide; ++y) {
        before[y] = m_before.data() + static_cast<std::size_t>(y * m_grid.paddedWidth(0));
        after[y] = m_after.data() + static_cast<std::size_t>(y * m_grid.paddedWidth(0));
    }
    for (int v = 0; v < m_grid.channels[0].v; ++v) {
        const std::int16_t *blocks = row.blocks(0, v);
        quantiseBlocks(blocks, columns, m_quantiser, m_levels.data(), m_masks.data());
        dequantiseBlocks(m_levels.data(), columns, m_stepsByPlace, m_rounded.data());
        inverseBlocks(blocks, columns, blockSide, before);
        inverseBlocks(m_rounded.data(), columns, blockSide, after);
        for (int y = 0; y < blockSide; ++y) {
            const int at = (m_unitRow * m_grid.channels[0].v + v) * blockSide + y - m_top;
            if (at >= 0 && at < m_grid.channels[0].height)
                m_meter.put(before[y] + m_left, after[y] + m_left);
        }
    }
    ++m_unitRow;
    return m_next ? m_next->put(row) : isolate::Result<void, ImagingError>{};
}

void SimilaritySink::skipTo(int unitRow) noexcept
{
    if (unitRow != m_unitRow)
        m_meter.breakOff();
    m_unitRow = unitRow;
}

} // namespace steadyframe::imaging
