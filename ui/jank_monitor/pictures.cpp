#include "jank_monitor/pictures.h"

#include <algorithm>
#include <cmath>

namespace jank {

namespace {

constexpr int MostNotches = 4;

/// Rounds lengths to whole device pixels.
class Pixels {
public:
    explicit Pixels(double ratio) : m_ratio(ratio > 0 ? ratio : 1) {}
    [[nodiscard]] double snap(double value) const { return std::round(value * m_ratio) / m_ratio; }
    [[nodiscard]] double atLeastOne(double value) const { return std::max(snap(value), 1 / m_ratio); }
    [[nodiscard]] double one() const { return 1 / m_ratio; }

private:
    double m_ratio;
};

/// Draws bars of all three kinds standing on the bottom edge.
class BarPainter {
public:
    BarPainter(std::vector<Quad> &quads, const PictureFrame &frame, const Palette &palette)
        : m_quads(quads), m_pixels(frame.pixelRatio), m_height(frame.size.height()), m_palette(palette)
    {
    }

    void draw(double left, double width, double share, FrameMark mark, int missed)
    {
        // Even the quickest frame is seen.
        const double height = std::max(2 * m_pixels.one(), m_pixels.snap(m_height * std::clamp(share, 0.0, 1.0)));
        switch (mark) {
        case FrameMark::Good:
            fill({left, m_height - height, width, height}, m_palette.good);
            break;
        case FrameMark::Late:
            hollow({left, m_height - height, width, height});
            break;
        case FrameMark::Missed:
            notched(left, width, height, missed);
            break;
        }
    }

    /// A wide bar of a frame that missed: a block up to the deadline, and one on top of it for each interval beyond.
    void blocks(double left, double width, double share, double deadlineShare)
    {
        const double gap = deadlineShare * m_height >= 4 * m_pixels.one() ? m_pixels.one() : 0;
        QColor inTime = m_palette.missed;
        inTime.setAlphaF(inTime.alphaF() * 0.45F);
        for (double from = 0; from < share; from += deadlineShare) {
            const double bottom = m_pixels.snap(m_height * (1 - from));
            const double top = m_pixels.snap(m_height * (1 - std::min(share, from + deadlineShare)));
            fill({left, top, width, std::max(m_pixels.one(), bottom - top - gap)},
                 from == 0 ? inTime : m_palette.missed);
        }
    }

private:
    void fill(const QRectF &rect, const QColor &color) { m_quads.push_back({rect, color}); }

    void hollow(const QRectF &rect)
    {
        const double edge = m_pixels.one();
        QColor inside = m_palette.late;
        inside.setAlphaF(inside.alphaF() * 0.3F);
        fill(rect, inside);
        fill({rect.left(), rect.top(), rect.width(), std::min(2 * edge, rect.height())}, m_palette.late);
        if (rect.width() < 3 * edge)
            return;
        fill({rect.left(), rect.top(), edge, rect.height()}, m_palette.late);
        fill({rect.right() - edge, rect.top(), edge, rect.height()}, m_palette.late);
    }

    void notched(double left, double width, double height, int missed)
    {
        // From the top: a cap, a tick apart from it for each further vsync missed, then the bar on its notch.
        const double tick = m_pixels.atLeastOne(m_height * 0.05);
        const int ticks = std::clamp(missed, 1, MostNotches);
        double top = std::max(0.0, m_height - std::max(height, m_height * 0.6));
        for (int i = 0; i < ticks; ++i) {
            fill({left, top, width, tick}, m_palette.missed);
            top += m_pixels.snap(tick * 1.7);
        }
        const double notch = m_pixels.atLeastOne(m_height * 0.04);
        QColor body = m_palette.missed;
        body.setAlphaF(body.alphaF() * 0.8F);
        fill({left, top, width, std::max(0.0, m_height - 2 * notch - top)}, body);
        fill({left, m_height - notch, width, notch}, m_palette.missed);
    }

    std::vector<Quad> &m_quads;
    Pixels m_pixels;
    double m_height;
    const Palette &m_palette;
};

void appendLine(std::vector<Quad> &quads, double share, const PictureFrame &frame, const QColor &color, bool dashed)
{
    const Pixels pixels(frame.pixelRatio);
    const double thick = pixels.atLeastOne(1);
    const double top = pixels.snap(frame.size.height() * (1 - share)) - thick / 2;
    const double y = pixels.snap(top);
    if (!dashed) {
        quads.push_back({{0, y, frame.size.width(), thick}, color});
        return;
    }
    for (double x = 0; x < frame.size.width(); x += 7)
        quads.push_back({{x, y, std::min(4.0, frame.size.width() - x), thick}, color});
}

} // namespace

Bar barFor(const FrameSample &sample, bool renderThread) noexcept
{
    Bar bar;
    bar.time = renderThread ? sample.renderTime() : sample.uiBusy;
    const Cause mine = renderThread ? Cause::Render : Cause::Ui;
    if (sample.missed > 0 && sample.cause == mine) {
        bar.mark = FrameMark::Missed;
        bar.missed = sample.missed;
    } else if (bar.time > sample.interval) {
        bar.mark = FrameMark::Late;
    }
    return bar;
}

void appendStrip(std::vector<Quad> &quads, std::span<const Bar> bars, std::int64_t deadline, std::int64_t fullScale,
                 double pitch, const PictureFrame &frame, const Palette &palette)
{
    const Pixels pixels(frame.pixelRatio);
    const double gap = pitch >= 3 ? pixels.one() : 0;
    BarPainter painter(quads, frame, palette);
    double right = frame.size.width();
    for (auto bar = bars.rbegin(); bar != bars.rend() && right > 0; ++bar, right -= pitch) {
        const double left = std::max(0.0, pixels.snap(right - pitch));
        painter.draw(left, pixels.snap(right) - left - gap, static_cast<double>(bar->time) / fullScale, bar->mark,
                     bar->missed);
    }
    appendLine(quads, static_cast<double>(deadline) / fullScale, frame, palette.line, true);
}

void appendChart(std::vector<Quad> &quads, std::span<const ChartPoint> points, double duration, double maximum,
                 double deadline, const PictureFrame &frame, const Palette &palette)
{
    if (duration <= 0 || maximum <= 0)
        return;
    const Pixels pixels(frame.pixelRatio);
    for (double line = 2 * deadline; line < maximum && maximum / deadline < 40; line += deadline)
        appendLine(quads, line / maximum, frame, palette.grid, false);
    constexpr double leastBlockWidth = 8;
    BarPainter painter(quads, frame, palette);
    const double scale = frame.size.width() / duration;
    for (const ChartPoint &point : points) {
        const double right = pixels.snap(std::min(point.time, duration) * scale);
        const double left = pixels.snap(std::max(0.0, (point.time - point.frameTime) * scale));
        const double width = right - left;
        const double gap = width >= 3 * pixels.one() ? pixels.one() : 0;
        const FrameMark mark = point.missed > 0 ? FrameMark::Missed
            : point.frameTime > deadline * 1.25 ? FrameMark::Late
                                                : FrameMark::Good;
        if (mark == FrameMark::Missed && width >= leastBlockWidth)
            painter.blocks(left, width - gap, point.frameTime / maximum, deadline / maximum);
        else
            painter.draw(left, std::max(pixels.one(), width - gap), point.frameTime / maximum, mark, point.missed);
    }
    appendLine(quads, deadline / maximum, frame, palette.line, true);
}

void appendLanes(std::vector<Quad> &quads, std::span<const LaneBar> work, std::size_t laneCount, Interval window,
                 const PictureFrame &frame, std::span<const QColor> colors, const QColor &track)
{
    if (laneCount == 0 || window.length() <= 0 || colors.empty())
        return;
    const Pixels pixels(frame.pixelRatio);
    const double pitch = frame.size.height() / static_cast<double>(laneCount);
    const double height = pixels.atLeastOne(pitch - std::max(1.0, pitch * 0.3));
    const double scale = frame.size.width() / static_cast<double>(window.length());
    for (std::size_t lane = 0; lane < laneCount; ++lane)
        quads.push_back({{0, pixels.snap(pitch * lane), frame.size.width(), height}, track});
    for (const LaneBar &bar : work) {
        if (bar.lane >= laneCount || bar.span.end <= window.start || bar.span.start >= window.end)
            continue;
        const double left = std::max(0.0, (bar.span.start - window.start) * scale);
        const double right = std::min(frame.size.width(), (bar.span.end - window.start) * scale);
        const double width = pixels.atLeastOne(right - left);
        quads.push_back(
            {{pixels.snap(left), pixels.snap(pitch * bar.lane), width, height}, colors[bar.lane % colors.size()]});
    }
}

} // namespace jank
