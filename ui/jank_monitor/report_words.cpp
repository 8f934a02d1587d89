#include "jank_monitor/report_words.h"

#include <QtCore/qdatetime.h>

#include <cmath>

namespace jank {

Verdict verdictOn(double hitchRatio)
{
    constexpr double Good = 5;
    constexpr double Bad = 10;
    if (hitchRatio < Good)
        return {"good", QStringLiteral("good: under 5")};
    if (hitchRatio <= Bad)
        return {"fair", QStringLiteral("noticeable: 5 to 10")};
    return {"bad", QStringLiteral("bad: over 10")};
}

QString ratioText(double hitchRatio)
{
    return QStringLiteral("%1 ms/s").arg(hitchRatio, 0, 'f', hitchRatio < 100 ? 1 : 0);
}

QString dateText(std::int64_t wallClock)
{
    if (wallClock == 0)
        return {};
    const QDateTime date = QDateTime::fromMSecsSinceEpoch(wallClock / 1'000'000, Qt::UTC);
    return date.isValid() ? date.toString(QStringLiteral("d MMM yyyy, HH:mm 'UTC'")) : QString();
}

QString vsyncsText(qint64 count)
{
    return countText(count) + (std::abs(count) == 1 ? QStringLiteral(" vsync") : QStringLiteral(" vsyncs"));
}

QList<std::pair<QString, QString>> definitionsOfFigures()
{
    const auto entry = [](const char *name, const char *meaning) {
        return std::pair(QString::fromUtf8(name), QString::fromUtf8(meaning));
    };
    return {
        entry("Missed vsync",
              "A refresh of the display that passed with the old picture although a new one was owed. An idle or "
              "hidden window owes none."),
        entry("Frame time", "From the vsync at which a frame was wanted until it was shown."),
        entry("Hitch ratio",
              "Missed vsyncs as milliseconds, in each second in which frames were owed (after Apple: "
              "under 5 is good, over 10 is bad)."),
        entry("Percentiles, lows",
              "p99: 99 % of the frames took no longer. 1 % low: the rate over the slowest 1 % of "
              "the frames."),
        entry("Slow, frozen frame",
              "Both threads together worked longer than one interval, or longer than 700 ms (after Android)."),
        entry("Block, stall",
              "A time in which the event loop did not come back; a stall is one of over two intervals."),
        entry("Blocking time", "What blocks took beyond 50 ms each, added up: input that waited noticeably."),
    };
}

QString frameLegend(bool withStalls)
{
    const auto entry = [](const char *drawing, const char *name) {
        return QStringLiteral("<li><svg viewBox=\"0 0 16 12\" aria-hidden=\"true\">") + QString::fromUtf8(drawing)
            + QStringLiteral("</svg>") + QString::fromUtf8(name) + QStringLiteral("</li>");
    };
    QString items = entry("<path class=\"bar\" stroke-width=\"4\" d=\"M8 12V5\"/>", "on time")
        + entry("<path class=\"late\" stroke-width=\"4\" d=\"M8 12V3\"/>", "late, but no vsync missed")
        + entry("<path class=\"miss\" stroke-width=\"4\" d=\"M8 12V5\"/><path class=\"missmark\" d=\"M8 4l-3 -4h6z\"/>",
                "vsyncs missed (marked above)")
        + entry("<path class=\"deadline\" d=\"M0 6H16\"/>", "deadline: one interval");
    if (withStalls)
        items += entry("<rect class=\"stall\" x=\"2\" y=\"5\" width=\"12\" height=\"4\"/>", "stall of the event loop");
    return QStringLiteral("<ul class=\"legend\">") + items + QStringLiteral("</ul>\n");
}

} // namespace jank
