#pragma once

#include "jank_monitor/phase.h"
#include "jank_monitor/trace_io.h"

#include <optional>
#include <vector>

namespace jank {

/// What a report says of the machine. Empty or 0: not known, and left out.
struct ReportMachine {
    QString system; ///< operating system and its version
    QString processor; ///< its model
    int cores = 0;
    QString display; ///< the screen's name
    double refreshRate = 0; ///< hertz
    QString renderer; ///< graphics API and device, as the scene graph has it
    QString renderLoop; ///< threaded, basic, ...

    /// What Qt says of this machine; the display and the renderer are left to who knows the window. @thread any
    [[nodiscard]] static ReportMachine current();
};

/// What the monitor itself took, in nanoseconds a frame; negative: not measured.
struct ReportCost {
    double ui = -1;
    double render = -1;
};

/// The report of a session: all that was recorded, and where.
struct ReportSession {
    QString title; ///< a heading; empty: the program's name and "session"
    Trace trace;
    ReportMachine machine;
    ReportCost cost;
};

/// One way of doing the same work, in one round.
struct ReportRun {
    PhaseSummary phase;
    std::optional<std::int64_t> predictedMissed; ///< where the work ran elsewhere: what it would have missed here
    double throughput = 0; ///< units of work a second; 0: not measured
    std::optional<std::int64_t> predictedStallTime = {}; ///< nanoseconds; as predictedMissed
    std::optional<std::int64_t> predictedLongestStall = {};
};

/// One round: the same work done in each way. A way that was not tried is empty.
struct ReportRound {
    std::optional<ReportRun> idle; ///< nothing ran
    std::optional<ReportRun> isolates; ///< the work ran elsewhere
    std::optional<ReportRun> mainIsolate; ///< the work ran on the thread that draws
};

/// The report of a comparison: the same work in each way, in alternation.
struct ReportComparison {
    QString title; ///< a heading; empty: the program's name and "comparison"
    QString program; ///< name and version
    QString work; ///< what was done, in a few words: "compress 40 photos"
    QString throughputUnit; ///< "photos/s"
    std::int64_t wallClock = 0; ///< nanoseconds since 1970 (UTC) when it began; 0: not known
    std::vector<ReportRound> rounds; ///< in the order in which they ran
    ReportMachine machine;
    ReportCost cost;
};

/// Writes one HTML file (UTF-8) with its plots in it: no network, no scripts, light and dark, fit for print. Whatever
/// comes from data is escaped. Of plots no spike is lost: a column shows the worst of its time. `device` must be open
/// for writing. @thread any, but not the UI thread: an hour takes about a second
[[nodiscard]] IoResult writeReport(const ReportSession &session, QIODevice &device, const IoControl &control = {});
[[nodiscard]] IoResult writeReport(const ReportComparison &comparison, QIODevice &device,
                                   const IoControl &control = {});

/// The same to the file `path`, as saveTrace() does.
[[nodiscard]] IoResult saveReport(const ReportSession &session, const QString &path, const IoControl &control = {});
[[nodiscard]] IoResult saveReport(const ReportComparison &comparison, const QString &path,
                                  const IoControl &control = {});

} // namespace jank
