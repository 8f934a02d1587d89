#pragma once

#include "jank_monitor/phase.h"

#include <QJsonArray>
#include <QQuickWindow>
#include <QStringList>

#include <filesystem>

namespace steadyframe::composition {

/// What the demo did.
struct DemoFacts {
    int photos = 0;
    int arrived = 0; ///< stored by the receiver byte for byte
    qint64 bytesBefore = 0;
    qint64 bytesAfter = 0;
    int feedRows = 0;
    double feedMilliseconds = 0;
    int comparisonRounds = 0;
    int predictedMissed = 0; ///< frames, of the comparison: medians of its rounds
    int measuredMissed = 0;
    int missedInIsolates = 0; ///< counted against them
    double seconds = 0;
    QJsonArray phases;
    QStringList problems;
};

/// A phase as the report has it: frames drawn and missed, stalls in milliseconds.
[[nodiscard]] QJsonObject phaseToJson(const QString &name, const jank::PhaseSummary &phase);
/// Writes report.json, with the versions and the machine. Empty, or why it could not be written.
[[nodiscard]] QString writeReport(const std::filesystem::path &folder, const DemoFacts &facts,
                                  const QQuickWindow &window);
/// The same for the terminal, some lines.
[[nodiscard]] QString summaryOf(const DemoFacts &facts);

} // namespace steadyframe::composition
