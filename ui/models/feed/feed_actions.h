#pragma once

#include <QObject>
#include <QString>
#include <QUrl>
#include <QtQml/qqmlregistration.h>

namespace steadyframe::ui {

/// What a person does with a feed as a whole, and how far the work is that it set off: fetching photos or writing a
/// file, one at a time. Wishes are methods that QML calls; each emits the signal of its name. All members: @thread ui
class FeedActions : public QObject {
    Q_OBJECT
    QML_ELEMENT
    /// Photos are shown as a grid, else as a list. Remembered.
    Q_PROPERTY(bool grid READ grid WRITE setGrid NOTIFY gridChanged FINAL)
    /// What is being done, in words; empty: nothing.
    Q_PROPERTY(QString jobText READ jobText NOTIFY jobChanged FINAL)
    /// How much of it is done, 0 to 1.
    Q_PROPERTY(double jobProgress READ jobProgress NOTIFY jobProgressChanged FINAL)

public:
    /// The form of a file that is written; the order is that of the save dialog's filters.
    enum ExportFormat : int { Json, JsonGzip, Csv, CsvGzip };
    Q_ENUM(ExportFormat)

    explicit FeedActions(QObject *parent = nullptr) : QObject(parent) {}

    [[nodiscard]] bool grid() const { return m_grid; }
    void setGrid(bool grid);
    [[nodiscard]] QString jobText() const { return m_jobText; }
    [[nodiscard]] double jobProgress() const { return m_jobProgress; }

    // Facts.
    void setJob(const QString &text);
    void setJobProgress(double progress);
    void endJob() { setJob({}); }

    // Wishes.
    /// Opens what is at an address that was typed or pasted; one without a scheme is taken for https. Empty when it is
    /// being opened, else why it can't be.
    Q_INVOKABLE QString openAddress(const QString &text);
    /// What is on the clipboard: an address, or a file. False when it is neither.
    Q_INVOKABLE bool paste();
    Q_INVOKABLE void cancelOpening() { emit cancelOpeningWanted(); }
    /// Writes what is shown, or what is selected. The form is that of the file's name, or else `format`, whose ending
    /// the name then gets. A number that is no form stands for `Json`.
    Q_INVOKABLE void exportTo(const QUrl &file, steadyframe::ui::FeedActions::ExportFormat format, bool selection)
    {
        emit exportWanted(file, format, selection);
    }
    /// Fetches what is selected, compresses and uploads it.
    Q_INVOKABLE void send() { emit sendWanted(); }
    Q_INVOKABLE void cancelJob() { emit cancelJobWanted(); }

signals:
    void gridChanged();
    void jobChanged();
    void jobProgressChanged();

    void openWanted(const QUrl &url);
    void cancelOpeningWanted();
    void exportWanted(const QUrl &file, steadyframe::ui::FeedActions::ExportFormat format, bool selection);
    void sendWanted();
    void cancelJobWanted();

private:
    bool m_grid = false;
    QString m_jobText;
    double m_jobProgress = 0;
};

} // namespace steadyframe::ui
