#include "jank_monitor/strip_items.h"

#include "jank_monitor/recent_frames.h"

#include <QtQuick/qquickwindow.h>
#include <QtQuick/qsgnode.h>

#include <chrono>
#include <cmath>

namespace jank {

namespace {

/// Strips one below the other, all of one height.
struct StripsLook {
    std::vector<bool> renderThread; ///< of each strip: whether it shows the render thread's part, or the UI thread's
    double gap = 0; ///< between strips, item units
    double pitch = 3;
    QColor track;
};

constexpr std::size_t MostLaneBars = 2'000; // of one picture; more would lie on the same pixels

/// Counts what a picture takes as the monitor's own.
class BuildTime {
public:
    explicit BuildTime(const RecentFrames &frames) : m_frames(frames) {}
    ~BuildTime()
    {
        m_frames.addDrawing(
            std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - m_begin).count());
    }
    Q_DISABLE_COPY_MOVE(BuildTime)

private:
    const RecentFrames &m_frames;
    const std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

class FrameStripSource final : public QuadSource {
public:
    FrameStripSource(std::shared_ptr<const RecentFrames> frames, StripsLook look, std::int64_t interval,
                     PictureFrame frame, Palette palette)
        : m_frames(std::move(frames)), m_look(std::move(look)), m_interval(interval), m_frame(frame), m_palette(palette)
    {
        m_bars.reserve(RecentFrames::Capacity);
    }

    std::uint64_t revision() const override { return m_frames->revision(); }

    void build(std::vector<Quad> &quads) override
    {
        const BuildTime time(*m_frames);
        const double full = m_frame.size.height();
        const auto strips = static_cast<double>(m_look.renderThread.size());
        // Whole pixels, the rest goes into the gaps.
        const double ratio = m_frame.pixelRatio;
        const double height = std::floor((full - m_look.gap * (strips - 1)) / strips * ratio) / ratio;
        if (height <= 0)
            return;
        double top = 0;
        for (const bool renderThread : m_look.renderThread) {
            appendOne(quads, renderThread, top, height);
            top = full - height;
        }
    }

private:
    void appendOne(std::vector<Quad> &quads, bool renderThread, double top, double height)
    {
        const double width = m_frame.size.width();
        if (m_look.track.alpha() > 0)
            quads.push_back({{0, top, width, height}, m_look.track});
        m_bars.clear();
        m_frames->forLast(
            static_cast<std::size_t>(width / m_look.pitch) + 1,
            [this, renderThread](const FrameSample &sample) { m_bars.push_back(barFor(sample, renderThread)); });
        const std::size_t first = quads.size();
        appendStrip(quads, m_bars, m_interval, m_interval + m_interval / 2, m_look.pitch,
                    {{width, height}, m_frame.pixelRatio}, m_palette);
        for (std::size_t i = first; i < quads.size(); ++i)
            quads[i].rect.translate(0, top);
    }

    const std::shared_ptr<const RecentFrames> m_frames;
    const StripsLook m_look;
    const std::int64_t m_interval;
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
        const BuildTime time(*m_frames);
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
    StripsLook look{{m_part == RenderThread}, m_gap, m_pitch, m_track};
    if (m_part == BothThreads)
        look.renderThread = {false, true};
    return std::make_shared<FrameStripSource>(monitor()->recentFrames(), std::move(look), interval, pictureFrame(),
                                              palette);
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
