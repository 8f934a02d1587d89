#include "jank_monitor/timeline_layout.h"

namespace jank {

namespace {

constexpr double RulerHeight = 24;
constexpr double RowHeight = 16;
constexpr double PartRowHeight = 7;
constexpr double Gap = 5;
constexpr double LeastFrames = 92;
constexpr double MostFrames = 240;
constexpr double ShareOfFrames = 0.36;

} // namespace

int TimelineBand::rowAt(double y) const noexcept
{
    int row = 0;
    while (row + 1 < rows && y >= rowTop(row + 1))
        ++row;
    return row;
}

double TimelineBand::rowTop(int row) const noexcept
{
    return top + row * (kind == Kind::Ui ? RowHeight + 1 : height / std::max(1, rows));
}

double TimelineBand::rowHeight(int row) const noexcept
{
    if (kind == Kind::Ui)
        return row == 0 ? RowHeight : PartRowHeight;
    return height / std::max(1, rows) - (rows > 1 ? 1 : 0);
}

TimelineLayout TimelineLayout::of(const Trace *trace, const TraceIndex *index, QSizeF size, double scroll)
{
    using Kind = TimelineBand::Kind;
    TimelineLayout layout;
    layout.size = size;
    double y = 0;
    const auto add = [&](Kind kind, double height, int rows = 1, std::size_t lane = 0) {
        layout.bands.push_back({kind, lane, y, height, rows});
        y += height + Gap;
    };
    add(Kind::Ruler, RulerHeight);
    if (index == nullptr || trace == nullptr)
        return layout;
    if (!trace->labels.empty())
        add(Kind::Labels, index->labels.rows * RowHeight, index->labels.rows);
    add(Kind::Frames, std::clamp(size.height() * ShareOfFrames, LeastFrames, MostFrames));
    layout.lanesTop = y;
    y -= scroll;
    add(Kind::Ui, RowHeight + 1 + PartRowHeight, 2);
    add(Kind::Render, RowHeight);
    for (const std::size_t lane : index->laneOrder)
        add(Kind::Lane, index->lanes[lane].rows * RowHeight, index->lanes[lane].rows, lane);
    layout.lanesHeight = y + scroll - layout.lanesTop;
    return layout;
}

double TimelineLayout::scrollMaximum() const noexcept
{
    return std::max(0.0, lanesHeight - (size.height() - lanesTop));
}

const TimelineBand *TimelineLayout::bandAt(double y) const noexcept
{
    for (const TimelineBand &band : bands) {
        const bool scrolls = band.kind >= TimelineBand::Kind::Ui;
        if (scrolls == (y >= lanesTop) && y >= band.top && y < band.bottom())
            return &band;
    }
    return nullptr;
}

const TimelineBand *TimelineLayout::band(TimelineBand::Kind kind, std::size_t lane) const noexcept
{
    for (const TimelineBand &band : bands) {
        if (band.kind == kind && band.lane == lane)
            return &band;
    }
    return nullptr;
}

} // namespace jank
