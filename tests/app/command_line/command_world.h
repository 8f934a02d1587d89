#pragma once

#include "imaging/jpeg_forge.h"
#include "imaging/photo_maker.h"

#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace steadyframe::tests {

/// What the program said and how it ended.
struct Run {
    int code = -1;
    QByteArray output;
    QByteArray errors;

    [[nodiscard]] QList<QJsonObject> lines() const
    {
        QList<QJsonObject> all;
        for (const QByteArray &line : output.trimmed().split('\n'))
            all.append(QJsonDocument::fromJson(line).object());
        return all;
    }
};

/// The program, called in a folder of its own.
class CommandWorld : public QObject {
protected:
    void makePhotos()
    {
        m_photo = m_originals.filePath("photo.jpg");
        m_large = m_originals.filePath("large.jpg");
        QVERIFY(imaging::makePhoto(m_photo.toStdString(), 400, 300, 1, 95).ok());
        QVERIFY(imaging::makePhoto(m_large.toStdString(), 3000, 2000, 2, 95).ok());
    }
    void begin() { m_folder = std::make_unique<QTemporaryDir>(); }
    [[nodiscard]] QString path(const QString &name) const { return m_folder->filePath(name); }
    void copyTo(const QString &name, const QString &from = {}) const
    {
        QDir().mkpath(QFileInfo(path(name)).path());
        QVERIFY(QFile::copy(from.isEmpty() ? m_photo : from, path(name)));
    }
    [[nodiscard]] QProcessEnvironment environment() const
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        for (const char *name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
            environment.remove(name);
        environment.insert("HOME", m_folder->path());
        environment.insert("XDG_DATA_HOME", path("data"));
        return environment;
    }

    void prepare(QProcess &process, const QStringList &arguments) const
    {
        process.setProgram(STEADYFRAME_PROGRAM);
        process.setArguments(QStringList{"compress"} + arguments);
        process.setWorkingDirectory(m_folder->path());
        process.setProcessEnvironment(environment());
    }

    [[nodiscard]] Run run(const QStringList &arguments, const QByteArray &input = {}) const
    {
        QProcess process;
        prepare(process, arguments);
        process.start();
        process.write(input);
        process.closeWriteChannel();
        Run run;
        if (process.waitForFinished(60'000) && process.exitStatus() == QProcess::NormalExit)
            run.code = process.exitCode();
        run.output = process.readAllStandardOutput();
        run.errors = process.readAllStandardError();
        return run;
    }

    /// Each file below a folder, hidden ones too, by its name from there.
    [[nodiscard]] QMap<QString, QByteArray> filesBelow(const QString &folder) const
    {
        QMap<QString, QByteArray> files;
        QDirIterator entries(path(folder), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (entries.hasNext()) {
            QFile file(entries.next());
            if (file.open(QFile::ReadOnly))
                files.insert(QDir(path(folder)).relativeFilePath(file.fileName()), file.readAll());
        }
        return files;
    }

    QTemporaryDir m_originals;
    QString m_photo; ///< small
    QString m_large; ///< takes long enough to be interrupted
    std::unique_ptr<QTemporaryDir> m_folder;
};

} // namespace steadyframe::tests
