#include "composition/demo_report.h"

#include "models/photo_row.h"

#include <QFile>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QScreen>
#include <QSysInfo>
#include <QThread>

namespace steadyframe::composition {

QJsonObject phaseToJson(const QString &name, const jank::PhaseSummary &phase)
{
    const auto &s = phase.statistics;
    return {{QStringLiteral("name"), name},
            {QStringLiteral("duration_ms"), s.duration},
            {QStringLiteral("frames_drawn"), s.framesDrawn},
            {QStringLiteral("frames_missed"), s.framesMissed},
            {QStringLiteral("longest_stall_ms"), s.longestStall},
            {QStringLiteral("stall_time_ms"), s.stallTime},
            {QStringLiteral("hitch_ratio_ms_per_s"), s.hitchRatio},
            {QStringLiteral("frame_time_p99_ms"), s.p99}};
}

QString writeReport(const std::filesystem::path &folder, const DemoFacts &facts, const QQuickWindow &window)
{
    QString processor;
    QFile cpuinfo(QStringLiteral("/proc/cpuinfo"));
    if (cpuinfo.open(QIODevice::ReadOnly)) {
        for (const QByteArray &line : cpuinfo.readAll().split('\n')) {
            if (line.startsWith("model name"))
                processor = QString::fromUtf8(line.mid(line.indexOf(':') + 1).trimmed());
        }
    }
    const QJsonObject report{
        {QStringLiteral("photos"),
         QJsonObject{{QStringLiteral("picked"), facts.photos},
                     {QStringLiteral("arrived"), facts.arrived},
                     {QStringLiteral("bytes_before"), facts.bytesBefore},
                     {QStringLiteral("bytes_after"), facts.bytesAfter}}},
        {QStringLiteral("feed"),
         QJsonObject{{QStringLiteral("rows"), facts.feedRows}, {QStringLiteral("parse_ms"), facts.feedMilliseconds}}},
        {QStringLiteral("jank_avoided"),
         QJsonObject{{QStringLiteral("rounds"), facts.comparisonRounds},
                     {QStringLiteral("predicted_missed"), facts.predictedMissed},
                     {QStringLiteral("measured_missed"), facts.measuredMissed},
                     {QStringLiteral("missed_in_isolates"), facts.missedInIsolates}}},
        {QStringLiteral("phases"), facts.phases},
        {QStringLiteral("seconds"), facts.seconds},
        {QStringLiteral("problems"), QJsonArray::fromStringList(facts.problems)},
        {QStringLiteral("versions"),
         QJsonObject{{QStringLiteral("steadyframe"), QCoreApplication::applicationVersion()},
                     {QStringLiteral("qt"), QString::fromLatin1(qVersion())}}},
        {QStringLiteral("machine"),
         QJsonObject{{QStringLiteral("system"), QSysInfo::prettyProductName()},
                     {QStringLiteral("kernel"), QSysInfo::kernelVersion()},
                     {QStringLiteral("processor"), processor},
                     {QStringLiteral("cores"), QThread::idealThreadCount()},
                     {QStringLiteral("platform"), QGuiApplication::platformName()},
                     {QStringLiteral("refresh_rate_hz"), window.screen() ? window.screen()->refreshRate() : 0},
                     {QStringLiteral("window"), QStringLiteral("%1x%2").arg(window.width()).arg(window.height())}}}};
    QSaveFile file(QFile::decodeName((folder / "report.json").c_str()));
    if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(report).toJson()) < 0 || !file.commit())
        return QStringLiteral("report.json could not be written: ") + file.errorString();
    return {};
}

QString summaryOf(const DemoFacts &facts)
{
    QString text = QStringLiteral("\n%1 of %2 photos arrived, %3 became %4\n")
                       .arg(facts.arrived)
                       .arg(facts.photos)
                       .arg(ui::readableBytes(static_cast<double>(facts.bytesBefore)),
                            ui::readableBytes(static_cast<double>(facts.bytesAfter)));
    text += QStringLiteral("%1 feed rows parsed in %2 ms\n\n")
                .arg(facts.feedRows)
                .arg(facts.feedMilliseconds, 0, 'f', 0);
    text += QStringLiteral("phase                             frames  missed  longest stall  stalled in all\n");
    for (const auto &value : facts.phases) {
        const QJsonObject phase = value.toObject();
        text += QStringLiteral("%1  %2  %3  %4 ms  %5 ms\n")
                    .arg(phase[QStringLiteral("name")].toString(), -32)
                    .arg(phase[QStringLiteral("frames_drawn")].toInt(), 6)
                    .arg(phase[QStringLiteral("frames_missed")].toInt(), 6)
                    .arg(phase[QStringLiteral("longest_stall_ms")].toDouble(), 10, 'f', 1)
                    .arg(phase[QStringLiteral("stall_time_ms")].toDouble(), 11, 'f', 1);
    }
    text += QStringLiteral(
                "\nJank avoided: %1 missed frames predicted, %2 measured on the main isolate, %3 in isolates\n")
                .arg(facts.predictedMissed)
                .arg(facts.measuredMissed)
                .arg(facts.missedInIsolates);
    return text;
}

} // namespace steadyframe::composition
