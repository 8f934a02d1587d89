#include "imaging/plane.h"

#include <algorithm>
#include <cstring>

namespace steadyframe::imaging {
namespace {

constexpr int tile = 32; // two tiles of this side fit into the first-level cache with room to spare

void turnTile(const Plane &stored, Plane &shown, Orientation orientation, int left, int top)
{
    const int right = std::min(left + tile, shown.width());
    const int bottom = std::min(top + tile, shown.height());
    const bool columnsReversed = reversesColumns(orientation);
    const bool rowsReversed = reversesRows(orientation);
    const std::ptrdiff_t step = static_cast<std::ptrdiff_t>(stored.stride()) * (rowsReversed ? -1 : 1);
    const int firstRow = rowsReversed ? stored.height() - 1 - left : left;
    for (int y = top; y < bottom; ++y) {
        const std::uint8_t *from = stored.row(firstRow) + (columnsReversed ? stored.width() - 1 - y : y);
        std::uint8_t *to = shown.row(y);
        for (int x = left; x < right; ++x, from += step)
            to[x] = *from;
    }
}

} // namespace

Plane::Plane(int width, int height, int allocatedRows)
    : m_width(width), m_height(height),
      m_stride((static_cast<std::size_t>(width) + alignment - 1) / alignment * alignment)
{
    const auto rows = static_cast<std::size_t>(std::max(height, allocatedRows));
    m_samples.reset(static_cast<std::uint8_t *>(::operator new[](rows *m_stride, std::align_val_t(alignment))));
}

void Plane::extendRight() noexcept
{
    for (int y = 0; y < m_height; ++y)
        std::memset(row(y) + m_width, row(y)[m_width - 1], m_stride - static_cast<std::size_t>(m_width));
}

Plane turned(const Plane &stored, Orientation orientation)
{
    if (swapsSides(orientation)) {
        Plane shown(stored.height(), stored.width());
        for (int top = 0; top < shown.height(); top += tile) {
            for (int left = 0; left < shown.width(); left += tile)
                turnTile(stored, shown, orientation, left, top);
        }
        return shown;
    }
    Plane shown(stored.width(), stored.height());
    for (int y = 0; y < shown.height(); ++y) {
        const std::uint8_t *from = stored.row(reversesRows(orientation) ? stored.height() - 1 - y : y);
        if (reversesColumns(orientation))
            std::reverse_copy(from, from + stored.width(), shown.row(y));
        else
            std::copy_n(from, stored.width(), shown.row(y));
    }
    return shown;
}

} // namespace steadyframe::imaging
