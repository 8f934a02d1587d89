#include "composition/comparison_report.h"

#include <QCoreApplication>
#include <QFile>

namespace steadyframe::composition {

namespace {

QString text(const char *words)
{
    return QCoreApplication::translate("ComparisonReport", words);
}

QString nameOf(WorkKind kind)
{
    switch (kind) {
    case WorkKind::mix:
        return text("a mix");
    case WorkKind::compression:
        return text("compression");
    case WorkKind::parsing:
        return text("parsing");
    }
    return {};
}

jank::ReportRun runOf(const ComparisonRun &run)
{
    jank::ReportRun result;
    result.phase = run.phase;
    result.throughput = run.throughput();
    return result;
}

} // namespace

jank::ReportComparison reportOf(const ComparisonResult &result)
{
    jank::ReportComparison report;
    report.program = QCoreApplication::applicationName() + QLatin1Char(' ') + QCoreApplication::applicationVersion();
    report.throughputUnit = QStringLiteral("MB/s");
    if (!result.empty()) {
        const ComparisonRun &first = result.rounds.front().isolates;
        QStringList work;
        if (first.photos > 0)
            work.append(text("%1 photos of 12 megapixels compressed").arg(first.photos));
        if (first.feeds > 0)
            work.append(text("%1 feeds of 35 MB parsed").arg(first.feeds));
        report.work = nameOf(result.kind) + text(": ") + work.join(text(", "));
    }
    for (const ComparisonRound &round : result.rounds) {
        jank::ReportRound &row = report.rounds.emplace_back();
        row.idle = runOf(round.idle);
        row.isolates = runOf(round.isolates);
        row.isolates->predictedMissed = round.predicted.framesMissed;
        row.isolates->predictedStallTime = round.predicted.stallTime;
        row.isolates->predictedLongestStall = round.predicted.longestStall;
        row.mainIsolate = runOf(round.mainIsolate);
    }
    return report;
}

std::string saveReport(ReportParcel parcel, std::filesystem::path path)
{
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    const jank::IoResult written = jank::saveReport(parcel.report(), QFile::decodeName(path.c_str()));
    return written.error.toStdString();
}

} // namespace steadyframe::composition
