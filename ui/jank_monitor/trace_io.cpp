#include "jank_monitor/trace_io.h"

#include "jank_monitor/trace_csv.h"
#include "jank_monitor/trace_json.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qsavefile.h>

#include <array>
#include <memory>

namespace jank {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("jank::TraceIo", text);
}

IoResult failure(const char *sentence, const QString &path, const QString &reason)
{
    return {.error = translated(sentence).arg(QDir::toNativeSeparators(path), reason)};
}

/// A file that is being written and not yet there.
class PendingFile {
public:
    IoResult write(const QString &path, const std::function<IoResult(QIODevice &)> &write)
    {
        m_file.setFileName(path);
        if (!m_file.open(QIODevice::WriteOnly))
            return failure("“%1” can't be written: %2.", path, m_file.errorString());
        IoResult result = write(m_file);
        if (result.ok() || result.cancelled)
            return result;
        // The device knows better than the writer why it did not work.
        const bool deviceFailed = m_file.error() != QFileDevice::NoError;
        return failure("“%1” could not be written: %2.", path, deviceFailed ? m_file.errorString() : result.error);
    }
    IoResult commit()
    {
        if (m_file.commit())
            return {};
        return failure("“%1” could not be written: %2.", m_file.fileName(), m_file.errorString());
    }

private:
    QSaveFile m_file; // without commit() nothing of it stays
};

/// "/tmp/a.csv" and "work" give "/tmp/a.work.csv".
QString besidePath(const QString &path, const QString &table)
{
    const QFileInfo info(path);
    const QString name = info.suffix().isEmpty()
        ? QStringLiteral("%1.%2").arg(info.fileName(), table)
        : QStringLiteral("%1.%2.%3").arg(info.completeBaseName(), table, info.suffix());
    return info.dir().filePath(name);
}

/// Progress of one of several steps.
IoControl partOf(const IoControl &control, int step, int steps)
{
    IoControl part{.stop = control.stop, .progress = {}};
    if (control.progress)
        part.progress = [&control, step, steps](double done) { control.progress((step + done) / steps); };
    return part;
}

IoResult saveTables(const Trace &trace, const QString &path, const IoControl &control)
{
    using Writer = IoResult (*)(const Trace &, QIODevice &, const IoControl &);
    struct Table {
        QString path;
        Writer writer;
    };
    const std::array<Table, 3> tables{Table{path, writeFramesCsv},
                                      Table{besidePath(path, QStringLiteral("work")), writeWorkCsv},
                                      Table{besidePath(path, QStringLiteral("stalls")), writeStallsCsv}};
    // Named only once all are complete.
    std::array<PendingFile, 3> files;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const IoControl part = partOf(control, static_cast<int>(i), static_cast<int>(tables.size()));
        IoResult result
            = files[i].write(tables[i].path, [&](QIODevice &device) { return tables[i].writer(trace, device, part); });
        if (!result.ok())
            return result;
    }
    for (PendingFile &file : files) {
        IoResult result = file.commit();
        if (!result.ok())
            return result;
    }
    return {};
}

} // namespace

IoResult saveThrough(const QString &path, const std::function<IoResult(QIODevice &)> &write)
{
    PendingFile file;
    IoResult result = file.write(path, write);
    return result.ok() ? file.commit() : result;
}

IoResult saveTrace(const Trace &trace, const QString &path, TraceFormat format, const IoControl &control)
{
    if (format == TraceFormat::Csv)
        return saveTables(trace, path, control);
    return saveThrough(path, [&](QIODevice &device) { return writeChromeTrace(trace, device, control); });
}

TraceReading loadTrace(const QString &path, const IoControl &control)
{
    TraceReading result;
    const QString shown = QDir::toNativeSeparators(path);
    QFile file(path);
    if (QFileInfo(path).isDir()) {
        result.error = translated("“%1” is a folder.").arg(shown);
        return result;
    }
    if (!file.open(QIODevice::ReadOnly)) {
        result.error = translated("“%1” can't be read: %2.").arg(shown, file.errorString());
        return result;
    }
    const QByteArray beginning = file.peek(4096);
    const QByteArray text = beginning.startsWith("\xef\xbb\xbf") ? beginning.mid(3) : beginning;
    if (text.startsWith("\x1f\x8b"))
        result.error = translated("The file is compressed with gzip; unpack it first");
    else if (isFramesCsv(text))
        result = readFramesCsv(file, control);
    else
        result = readChromeTrace(file, control);
    if (!result.ok() && !result.cancelled)
        result.error = translated("“%1” can't be read: %2.").arg(shown, result.error);
    return result;
}

} // namespace jank
