#include "imaging/coefficient_store.h"

namespace steadyframe::imaging {
namespace {

constexpr std::uint64_t mostBytes = 32'000'000;

std::uint64_t bytesOf(const BlockGrid &grid)
{
    return static_cast<std::uint64_t>(grid.unitColumns) * static_cast<std::uint64_t>(grid.unitRows)
        * static_cast<std::uint64_t>(grid.blocksInUnit()) * blockCoefficients * sizeof(std::int16_t);
}

} // namespace

CoefficientStore::CoefficientStore(const BlockGrid &grid)
    : m_spacing(static_cast<int>((bytesOf(grid) + mostBytes - 1) / mostBytes))
{
}

isolate::Result<void, ImagingError> CoefficientStore::put(BlockRow &row)
{
    if (m_next++ % m_spacing == 0)
        m_rows.push_back(row);
    return {};
}

} // namespace steadyframe::imaging
