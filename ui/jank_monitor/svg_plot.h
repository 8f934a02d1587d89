#pragma once

#include "jank_monitor/frame_sample.h"

#include <QtCore/qstring.h>

#include <cstddef>

namespace jank {

struct PlotText;

/// A number for SVG: one decimal at most.
[[nodiscard]] QString svgNumber(double value);
/// 1, 2 or 5 times a power of ten, so that at most about `steps` of it make `span`; at least 1.
[[nodiscard]] double niceStep(double span, int steps);
/// Which of `columns` parts of the span a time falls into; `columns` when it is outside.
[[nodiscard]] std::size_t columnOf(std::int64_t time, Interval span, std::size_t columns) noexcept;

/// A drawing area with axes, as SVG markup. Styles are classes of the page's style sheet. Belongs to one thread.
class SvgPlot {
public:
    static constexpr int Left = 58;
    static constexpr int Right = 14;
    static constexpr int Top = 12;
    static constexpr int Bottom = 26;

    SvgPlot(const PlotText &text, int width, int height, int left = Left);

    [[nodiscard]] double left() const noexcept { return m_left; }
    [[nodiscard]] double bottom() const noexcept { return m_height - Bottom; }
    [[nodiscard]] double innerWidth() const noexcept { return m_width - m_left - Right; }
    [[nodiscard]] double innerHeight() const noexcept { return m_height - Top - Bottom; }
    [[nodiscard]] double xOf(double value, double whole) const noexcept
    {
        return m_left + (whole > 0 ? value / whole : 0) * innerWidth();
    }
    [[nodiscard]] double xOfTime(std::int64_t time, Interval span) const noexcept;

    /// A line across (none when `style` is null), with a name at its left.
    void horizontal(double y, const char *style, const QString &name);
    void vertical(double x, const char *style);
    /// A name under the axis; at the end of the axis it ends there.
    void xLabel(double x, const QString &name, bool last = false);
    /// A name at the left of a row.
    void rowName(double y, const QString &name);
    /// Times under the axis, from the beginning of the span.
    void timeAxis(Interval span);
    void path(const char *style, const QString &data, double strokeWidth = 0);
    void rectangle(const char *style, double x, double y, double width, double height);
    void circle(const char *style, double x, double y, double radius);
    [[nodiscard]] QString finish();

private:
    int m_width;
    int m_height;
    int m_left;
    QString m_markup;
};

} // namespace jank
