#include "jank_monitor/report.h"

#include "jank_monitor/report_page.h"

#include <QtCore/qfile.h>
#include <QtCore/qsysinfo.h>
#include <QtCore/qthread.h>

namespace jank {

namespace {

/// The processor's model, where the system has a file that says so.
QString processorModel()
{
    QFile file(QStringLiteral("/proc/cpuinfo"));
    if (file.open(QIODevice::ReadOnly | QIODevice::Text)) {
        // It has no size: read it to its end.
        const QList<QByteArray> lines = file.readAll().split('\n');
        for (const QByteArray &line : lines) {
            if (line.startsWith("model name"))
                return QString::fromUtf8(line.mid(line.indexOf(':') + 1)).trimmed();
        }
    }
    return QSysInfo::currentCpuArchitecture();
}

} // namespace

ReportMachine ReportMachine::current()
{
    ReportMachine machine;
    machine.system = QStringLiteral("%1, %2 %3")
                         .arg(QSysInfo::prettyProductName(), QSysInfo::kernelType(), QSysInfo::kernelVersion());
    machine.processor = processorModel();
    machine.cores = QThread::idealThreadCount();
    return machine;
}

IoResult saveReport(const ReportSession &session, const QString &path, const IoControl &control)
{
    return saveThrough(path, [&](QIODevice &device) { return writeReport(session, device, control); });
}

IoResult saveReport(const ReportComparison &comparison, const QString &path, const IoControl &control)
{
    return saveThrough(path, [&](QIODevice &device) { return writeReport(comparison, device, control); });
}

} // namespace jank
