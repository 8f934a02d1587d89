#include "jank_monitor/strip_items.h"

#include "jank_monitor/recent_frames.h"

#include <QtQuick/qquickwindow.h>
#include <QtQuick/qsgnode.h>

namespace jank {

namespace {

constexpr std::size_t MostLaneBars = 2'000; // of one picture; more would lie on the same pixels

class FrameStripSource final : public QuadSource {
public:
    FrameStripSource(std::shared_ptr<const RecentFrames> frames, bool renderThread, std::int64_t interval, double pitch,
                     PictureFrame frame, Palette palette)
        : m_frames(std::move(frames)), m_renderThread(renderThread), m_interval(interval), m_pitch(pitch),
          m_frame(frame), m_palette(palette)
    {
        m_bars.reserve(RecentFrames::Capacity);
    }

    std::uint64_t revision() const override { return m_frames->revision(); }

    void build(std::vector<Quad> &quads) override
    {
        m_bars.clear();
        const auto count = static_cast<std::size_t>(m_frame.size.width() / m_pitch) + 1;
        m_frames->forLast(count,
                          [this](const FrameSample &sample) { m_bars.push_back(barFor(sample, m_renderThread)); });
        appendStrip(quads, m_bars, m_interval, m_interval + m_interval / 2, m_pitch, m_frame, m_palette);
    }

private:
    const std::shared_ptr<const RecentFrames> m_frames;
    const bool m_renderThread;
    const std::int64_t m_interval;
    const double m_pitch;
    const PictureFrame m_frame;
    const Palette m_palette;
    std::vector<Bar> m_bars;
};

class LaneStripSource final : public QuadSource {
public:
    LaneStripSource(std::shared_ptr<const RecentFrames> frames, std::shared_ptr<const WorkLog> log,
                    const FrameClock &clock, std::size_t laneCount, std::int64_t length, PictureFrame frame,
                    QList<QColor> colors, QColor track)
        : m_frames(std::move(frames)), m_log(std::move(log)), m_clock(clock), m_laneCount(laneCount), m_length(length),
          m_frame(frame), m_colors(std::move(colors)), m_track(track)
    {
        m_bars.reserve(MostLaneBars);
    }

    // Time goes by with the frames.
    std::uint64_t revision() const override { return m_frames->revision() + m_log->revision(); }

    void build(std::vector<Quad> &quads) override
    {
        m_bars.clear();
        const std::int64_t now = m_clock.now();
        const Interval window{now - m_length, now};
        m_log->forEachSince(window.start, [this](std::size_t lane, const WorkInterval &work) {
            if (m_bars.size() < MostLaneBars)
                m_bars.push_back({lane, {work.start, work.end}});
        });
        appendLanes(quads, m_bars, m_laneCount, window, m_frame, {m_colors.constData(), std::size_t(m_colors.size())},
                    m_track);
    }

private:
    const std::shared_ptr<const RecentFrames> m_frames;
    const std::shared_ptr<const WorkLog> m_log;
    const FrameClock &m_clock;
    const std::size_t m_laneCount;
    const std::int64_t m_length;
    const PictureFrame m_frame;
    const QList<QColor> m_colors;
    const QColor m_track;
    std::vector<LaneBar> m_bars;
};

} // namespace

LiveStrip::LiveStrip(QQuickItem *parent) : QQuickItem(parent)
{
    setFlag(ItemHasContents);
}

void LiveStrip::setMonitor(JankMonitor *monitor)
{
    if (m_monitor == monitor)
        return;
    if (m_monitor != nullptr)
        disconnect(m_monitor, nullptr, this, nullptr);
    m_monitor = monitor;
    if (monitor != nullptr)
        connect(monitor, &JankMonitor::intervalChanged, this, &QQuickItem::update);
    update();
    emit monitorChanged();
}

QSGNode *LiveStrip::updatePaintNode(QSGNode *old, UpdatePaintNodeData *)
{
    const auto source = m_monitor == nullptr || width() <= 0 || height() <= 0 ? nullptr : makeSource();
    if (source == nullptr) {
        delete old;
        return nullptr;
    }
    QuadNode *quads = old != nullptr ? QuadNode::of(old) : QuadNode::create(window());
    quads->setSource(source, size());
    return quads->node();
}

void LiveStrip::geometryChange(const QRectF &now, const QRectF &before)
{
    QQuickItem::geometryChange(now, before);
    if (now.size() != before.size())
        update();
}

void LiveStrip::itemChange(ItemChange change, const ItemChangeData &data)
{
    QQuickItem::itemChange(change, data);
    if (change == ItemDevicePixelRatioHasChanged)
        update();
}

PictureFrame LiveStrip::pictureFrame() const
{
    return {size(), window() ? window()->effectiveDevicePixelRatio() : 1};
}

FrameStrip::FrameStrip(QQuickItem *parent) : LiveStrip(parent)
{
    connect(this, &FrameStrip::lookChanged, this, &QQuickItem::update);
}

std::shared_ptr<QuadSource> FrameStrip::makeSource() const
{
    if (m_pitch < 1)
        return nullptr;
    const auto interval = static_cast<std::int64_t>(monitor()->interval() * 1e6);
    Palette palette;
    palette.good = m_good;
    palette.late = m_late;
    palette.missed = m_missed;
    palette.line = m_line;
    return std::make_shared<FrameStripSource>(monitor()->recentFrames(), m_part == RenderThread, interval, m_pitch,
                                              pictureFrame(), palette);
}

LaneStrip::LaneStrip(QQuickItem *parent) : LiveStrip(parent)
{
    connect(this, &LaneStrip::lookChanged, this, &QQuickItem::update);
}

std::shared_ptr<QuadSource> LaneStrip::makeSource() const
{
    if (m_laneCount <= 0 || m_seconds <= 0 || m_colors.isEmpty())
        return nullptr;
    return std::make_shared<LaneStripSource>(
        monitor()->recentFrames(), monitor()->workLog(), monitor()->clock(), static_cast<std::size_t>(m_laneCount),
        static_cast<std::int64_t>(m_seconds * 1e9), pictureFrame(), m_colors, m_track);
}

} // namespace jank
