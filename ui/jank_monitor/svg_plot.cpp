#include "jank_monitor/svg_plot.h"

#include "jank_monitor/report_page.h"
#include "jank_monitor/report_plots.h"

#include <algorithm>
#include <cmath>

namespace jank {

QString svgNumber(double value)
{
    QString text = QString::number(value, 'f', 1);
    if (text.endsWith(QLatin1String(".0")))
        text.chop(2);
    return text;
}

double niceStep(double span, int steps)
{
    const double rough = std::max(1.0, span / std::max(1, steps));
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= rough)
            return factor * power;
    }
    return 10 * power;
}

std::size_t columnOf(std::int64_t time, Interval span, std::size_t columns) noexcept
{
    if (!span.contains(time))
        return columns;
    const double share = (static_cast<double>(time) - static_cast<double>(span.start))
        / std::max(1.0, static_cast<double>(span.end) - static_cast<double>(span.start));
    return std::min(columns - 1, static_cast<std::size_t>(std::max(0.0, share * static_cast<double>(columns))));
}

SvgPlot::SvgPlot(const PlotText &text, int width, int height, int left) : m_width(width), m_height(height), m_left(left)
{
    m_markup = QStringLiteral("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %1 %2\" role=\"img\"><title>")
                   .arg(width)
                   .arg(height)
        + escaped(text.title) + QStringLiteral("</title><desc>") + escaped(text.description)
        + QStringLiteral("</desc>\n");
}

double SvgPlot::xOfTime(std::int64_t time, Interval span) const noexcept
{
    const double whole = static_cast<double>(span.end) - static_cast<double>(span.start);
    const double since = static_cast<double>(time) - static_cast<double>(span.start);
    return xOf(std::clamp(since, 0.0, std::max(whole, 1.0)), std::max(whole, 1.0));
}

void SvgPlot::horizontal(double y, const char *style, const QString &name)
{
    if (style != nullptr)
        m_markup += QStringLiteral("<path class=\"%1\" d=\"M%2 %3H%4\"/>")
                        .arg(QLatin1String(style), svgNumber(m_left), svgNumber(y), svgNumber(m_width - Right));
    if (!name.isEmpty())
        m_markup += QStringLiteral("<text x=\"%1\" y=\"%2\" text-anchor=\"end\">")
                        .arg(svgNumber(m_left - 8), svgNumber(y + 4))
            + escaped(name) + QStringLiteral("</text>\n");
}

void SvgPlot::vertical(double x, const char *style)
{
    m_markup += QStringLiteral("<path class=\"%1\" d=\"M%2 %3V%4\"/>\n")
                    .arg(QLatin1String(style), svgNumber(x), svgNumber(Top), svgNumber(bottom()));
}

void SvgPlot::xLabel(double x, const QString &name, bool last)
{
    m_markup += QStringLiteral("<text x=\"%1\" y=\"%2\" text-anchor=\"%3\">")
                    .arg(svgNumber(last ? m_width - Right : x), svgNumber(m_height - 6),
                         last ? QStringLiteral("end") : QStringLiteral("middle"))
        + escaped(name) + QStringLiteral("</text>\n");
}

void SvgPlot::rowName(double y, const QString &name)
{
    m_markup += QStringLiteral("<text class=\"strong\" x=\"%1\" y=\"%2\" text-anchor=\"end\">")
                    .arg(svgNumber(m_left - 10), svgNumber(y))
        + escaped(name) + QStringLiteral("</text>\n");
}

void SvgPlot::timeAxis(Interval span)
{
    constexpr double Milli = 1e6;
    const double length = std::max(1.0, (static_cast<double>(span.end) - static_cast<double>(span.start)) / Milli);
    const int labels = m_width > 600 ? 10 : 4;
    // Beyond a minute in steps that divide one.
    double step = niceStep(length, labels);
    for (const double nice : {10e3, 20e3, 30e3, 60e3, 120e3, 300e3, 600e3, 1200e3, 1800e3, 3600e3}) {
        if (length > 60e3 && nice * labels >= length) {
            step = nice;
            break;
        }
    }
    m_markup += QStringLiteral("<path class=\"axis\" d=\"M%1 %2H%3\"/>")
                    .arg(svgNumber(m_left), svgNumber(bottom()), svgNumber(m_width - Right));
    for (double tick = 0; tick <= length; tick += step) {
        const double x = xOf(tick, length);
        m_markup += QStringLiteral("<path class=\"axis\" d=\"M%1 %2v4\"/>").arg(svgNumber(x), svgNumber(bottom()));
        QString name;
        if (length > 60e3)
            name = QStringLiteral("%1:%2")
                       .arg(static_cast<int>(tick / 60e3))
                       .arg(static_cast<int>(std::fmod(tick / 1e3, 60)), 2, 10, QLatin1Char('0'));
        else if (step >= 1000 || length >= 5000)
            name = QStringLiteral("%1 s").arg(tick / 1e3);
        else
            name = QStringLiteral("%1 ms").arg(tick);
        if (x < m_width - Right - 20 || tick == 0)
            xLabel(x, name);
    }
}

void SvgPlot::path(const char *style, const QString &data, double strokeWidth)
{
    if (data.isEmpty())
        return;
    const QString width
        = strokeWidth > 0 ? QStringLiteral(" stroke-width=\"%1\"").arg(svgNumber(strokeWidth)) : QString();
    m_markup += QStringLiteral("<path class=\"%1\"%2 d=\"%3\"/>\n").arg(QLatin1String(style), width, data);
}

void SvgPlot::rectangle(const char *style, double x, double y, double width, double height)
{
    m_markup += QStringLiteral("<rect class=\"%1\" x=\"%2\" y=\"%3\" width=\"%4\" height=\"%5\"/>\n")
                    .arg(QLatin1String(style), svgNumber(x), svgNumber(y), svgNumber(std::max(0.0, width)),
                         svgNumber(std::max(0.0, height)));
}

void SvgPlot::circle(const char *style, double x, double y, double radius)
{
    m_markup += QStringLiteral("<circle class=\"%1\" cx=\"%2\" cy=\"%3\" r=\"%4\"/>\n")
                    .arg(QLatin1String(style), svgNumber(x), svgNumber(y), svgNumber(radius));
}

QString SvgPlot::finish()
{
    return m_markup + QStringLiteral("</svg>\n");
}

} // namespace jank
