#include "jank_monitor/frame_chart.h"

#include <QtQuick/qquickwindow.h>
#include <QtQuick/qsgnode.h>

#include <algorithm>

namespace jank {

namespace {

constexpr double LeastIntervals = 2.5;

/// A picture that does not change by itself.
class StillSource final : public QuadSource {
public:
    explicit StillSource(std::vector<Quad> quads) : m_quads(std::move(quads)) {}
    std::uint64_t revision() const override { return 1; }
    void build(std::vector<Quad> &quads) override { quads = m_quads; }

private:
    const std::vector<Quad> m_quads;
};

} // namespace

FrameChart::FrameChart(QQuickItem *parent) : QQuickItem(parent)
{
    setFlag(ItemHasContents);
    connect(this, &FrameChart::dataChanged, this, &QQuickItem::update);
    connect(this, &FrameChart::scaleChanged, this, &QQuickItem::update);
}

double FrameChart::naturalMaximum() const
{
    const double longest = m_frameTimes.isEmpty() ? 0 : *std::max_element(m_frameTimes.begin(), m_frameTimes.end());
    return std::max(longest, m_deadline * LeastIntervals);
}

void FrameChart::show(const PhaseSummary &phase)
{
    m_times = phase.times();
    m_frameTimes = phase.frameTimes();
    m_missed = phase.missedCounts();
    m_duration = phase.statistics.duration;
    m_deadline = phase.intervalMs();
    emit dataChanged();
}

QSGNode *FrameChart::updatePaintNode(QSGNode *old, UpdatePaintNodeData *)
{
    if (width() <= 0 || height() <= 0 || m_deadline <= 0) {
        delete old;
        return nullptr;
    }
    std::vector<ChartPoint> points;
    const qsizetype count = std::min(m_times.size(), m_frameTimes.size());
    points.reserve(static_cast<std::size_t>(count));
    for (qsizetype i = 0; i < count; ++i)
        points.push_back({m_times[i], m_frameTimes[i], i < m_missed.size() ? m_missed[i] : 0});

    const double duration = m_duration > 0 ? m_duration : count > 0 ? m_times[count - 1] : 1;
    std::vector<Quad> quads;
    appendChart(quads, points, duration, m_maximum > 0 ? m_maximum : naturalMaximum(), m_deadline,
                {size(), window()->effectiveDevicePixelRatio()}, {m_good, m_late, m_missedColor, m_line, m_grid});

    QuadNode *node = old != nullptr ? QuadNode::of(old) : QuadNode::create(window());
    node->setSource(std::make_shared<StillSource>(std::move(quads)), size());
    return node->node();
}

void FrameChart::geometryChange(const QRectF &now, const QRectF &before)
{
    QQuickItem::geometryChange(now, before);
    if (now.size() != before.size())
        update();
}

} // namespace jank
