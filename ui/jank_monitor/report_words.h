#pragma once

#include "jank_monitor/frame_statistics.h"
#include "jank_monitor/report_page.h"

#include <QtCore/qstring.h>

namespace jank {

/// What a hitch ratio (milliseconds a second) is worth, by Apple's bounds.
struct Verdict {
    const char *tone; ///< "good", "fair" or "bad"
    QString words;
};
[[nodiscard]] Verdict verdictOn(double hitchRatio);

/// "1.2 ms/s"
[[nodiscard]] QString ratioText(double hitchRatio);
/// The date and time (UTC) of a moment, nanoseconds since 1970; empty for 0.
[[nodiscard]] QString dateText(std::int64_t wallClock);
/// "1 vsync", "3 vsyncs"
[[nodiscard]] QString vsyncsText(qint64 count);
/// What each figure means, in a few words; DEFINITIONS.md has the whole.
[[nodiscard]] QList<std::pair<QString, QString>> definitionsOfFigures();
/// The key to the marks in a plot of frame times, as markup.
[[nodiscard]] QString frameLegend(bool withStalls);

} // namespace jank
