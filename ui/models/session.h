#pragma once

#include "models/destination_model.h"
#include "models/photo_row.h"

#include <QImage>
#include <QList>
#include <QObject>
#include <QUrl>
#include <QtQml/qqmlregistration.h>

namespace steadyframe::ui {

/// How many photos there are in which state, and what they weigh.
struct Totals {
    qint64 total = 0, queued = 0, compressing = 0, compressed = 0, uploading = 0, uploaded = 0, failed = 0,
           cancelled = 0;
    qint64 held = 0; ///< of those not done: paused one by one
    qint64 bytesBefore = 0; ///< of the originals that have a result
    qint64 bytesAfter = 0; ///< of these results

    [[nodiscard]] qint64 left() const { return queued + compressing + compressed + uploading; }
    /// What is done with nobody asking for more.
    [[nodiscard]] qint64 goingOn() const { return left() > held ? left() - held : 0; }
    bool operator==(const Totals &) const = default;
};

/// How fast it goes.
struct Pace {
    double uploadBytesPerSecond = 0;
    double photosPerSecond = 0;
    double secondsLeft = -1; ///< -1: can't be told yet
    bool operator==(const Pace &) const = default;
};

/// What the window knows of the work as a whole, and where the person's wishes leave it. Wishes are methods that QML
/// calls; each emits the signal of its name. All members: @thread ui
class Session : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(int total READ total NOTIFY totalsChanged FINAL)
    Q_PROPERTY(int left READ left NOTIFY totalsChanged FINAL)
    Q_PROPERTY(int uploaded READ uploaded NOTIFY totalsChanged FINAL)
    Q_PROPERTY(int failed READ failed NOTIFY totalsChanged FINAL)
    Q_PROPERTY(int cancelled READ cancelled NOTIFY totalsChanged FINAL)
    /// How much of the work is done, 0 to 1.
    Q_PROPERTY(double fraction READ fraction NOTIFY totalsChanged FINAL)
    Q_PROPERTY(QString savedText READ savedText NOTIFY totalsChanged FINAL)
    Q_PROPERTY(QString paceText READ paceText NOTIFY paceChanged FINAL)
    Q_PROPERTY(QString timeLeftText READ timeLeftText NOTIFY paceChanged FINAL)
    Q_PROPERTY(bool paused READ paused NOTIFY pausedChanged FINAL)
    /// Why no photo can be taken; empty while all is well.
    Q_PROPERTY(QString obstacle READ obstacle NOTIFY obstacleChanged FINAL)
    /// What uploads wait for the person to do.
    Q_PROPERTY(Attention attention READ attention NOTIFY attentionChanged FINAL)
    Q_PROPERTY(QString attentionText READ attentionText NOTIFY attentionChanged FINAL)
    Q_PROPERTY(steadyframe::ui::DestinationModel *destination READ destination CONSTANT FINAL)
    Q_PROPERTY(ExecutionMode executionMode READ executionMode NOTIFY executionModeChanged FINAL)
    Q_PROPERTY(QString resultFolder READ resultFolder NOTIFY foldersChanged FINAL)
    Q_PROPERTY(QString receiverFolder READ receiverFolder NOTIFY foldersChanged FINAL)
    Q_PROPERTY(QString receiverAddress READ receiverAddress NOTIFY foldersChanged FINAL)

public:
    enum ExecutionMode { Isolates, MainIsolate };
    Q_ENUM(ExecutionMode)
    enum Attention { NoAttention, Credentials, Certificate, NameExists };
    Q_ENUM(Attention)
    /// What to do with a file whose name the destination has already.
    enum NameAnswer { KeepBoth, Replace, Skip };
    Q_ENUM(NameAnswer)
    enum NoticeKind { Info, Warning, Error };
    Q_ENUM(NoticeKind)

    explicit Session(QObject *parent = nullptr);

    [[nodiscard]] int total() const { return static_cast<int>(m_totals.total); }
    [[nodiscard]] int left() const { return static_cast<int>(m_totals.left()); }
    [[nodiscard]] int goingOn() const { return static_cast<int>(m_totals.goingOn()); }
    [[nodiscard]] int uploaded() const { return static_cast<int>(m_totals.uploaded); }
    [[nodiscard]] int failed() const { return static_cast<int>(m_totals.failed); }
    [[nodiscard]] int cancelled() const { return static_cast<int>(m_totals.cancelled); }
    [[nodiscard]] double fraction() const;
    [[nodiscard]] QString savedText() const;
    [[nodiscard]] QString paceText() const;
    [[nodiscard]] QString timeLeftText() const;
    [[nodiscard]] bool paused() const { return m_paused; }
    [[nodiscard]] QString obstacle() const { return m_obstacle; }
    [[nodiscard]] Attention attention() const { return m_attention; }
    [[nodiscard]] QString attentionText() const { return m_attentionText; }
    [[nodiscard]] DestinationModel *destination() { return &m_destination; }
    [[nodiscard]] ExecutionMode executionMode() const { return m_mode; }
    [[nodiscard]] QString resultFolder() const { return m_resultFolder; }
    [[nodiscard]] QString receiverFolder() const { return m_receiverFolder; }
    [[nodiscard]] QString receiverAddress() const { return m_receiverAddress; }
    [[nodiscard]] const Totals &totals() const { return m_totals; }

    // Facts.
    void setTotals(const Totals &totals);
    void setPace(const Pace &pace);
    void setPaused(bool paused);
    void setObstacle(const QString &text);
    void setAttention(Attention attention, const QString &text);
    void setExecutionMode(ExecutionMode mode);
    void setFolders(const QString &results, const QString &received, const QString &address);
    /// Shows a sentence for some seconds.
    void notify(const QString &text, NoticeKind kind) { emit notice(text, kind); }

    // Wishes.
    /// Files and folders, from a dialog or a drop.
    Q_INVOKABLE void pick(const QList<QUrl> &urls) { emit picked(urls); }
    /// What is on the clipboard: files, or an image.
    Q_INVOKABLE void paste();
    Q_INVOKABLE void togglePause() { m_paused ? emit resumeWanted() : emit pauseWanted(); }
    /// A list of what was uploaded, which is uploaded, too, and opened on the feed page.
    Q_INVOKABLE void writeManifest() { emit manifestWanted(); }
    Q_INVOKABLE void resume() { emit resumeWanted(); }
    Q_INVOKABLE void answerName(steadyframe::ui::Session::NameAnswer answer) { emit nameAnswered(answer); }
    Q_INVOKABLE void cancel(double id) { emit cancelWanted(static_cast<qint64>(id)); }
    Q_INVOKABLE void cancelAll() { emit cancelAllWanted(); }
    Q_INVOKABLE void retry(double id) { emit retryWanted(static_cast<qint64>(id)); }
    Q_INVOKABLE void retryFailed() { emit retryFailedWanted(); }
    Q_INVOKABLE void retryCancelled() { emit retryCancelledWanted(); }
    /// Sends these once more; of no effect on those that are not uploaded.
    Q_INVOKABLE void uploadAgain(const QList<double> &ids);
    Q_INVOKABLE void remove(const QList<double> &ids);
    /// Pauses these alone, or lets them go on.
    Q_INVOKABLE void hold(const QList<double> &ids, bool held);
    /// Greater goes first; 0 is where all begin.
    Q_INVOKABLE void prioritize(const QList<double> &ids, int priority);
    Q_INVOKABLE void clearFinished() { emit clearFinishedWanted(); }
    Q_INVOKABLE void openResult(double id) { emit openResultWanted(static_cast<qint64>(id)); }
    Q_INVOKABLE void openResultFolder() { emit openResultFolderWanted(); }
    Q_INVOKABLE void openReceiverFolder() { emit openReceiverFolderWanted(); }
    Q_INVOKABLE void openFeed(const QUrl &url) { emit openFeedWanted(url); }
    /// Opens the first of several, and says so; of none nothing happens.
    Q_INVOKABLE void openFeeds(const QList<QUrl> &urls);
    Q_INVOKABLE void generateFeed() { emit generateFeedWanted(); }
    Q_INVOKABLE void chooseExecutionMode(ExecutionMode mode) { emit executionModeWanted(mode); }
    /// The list of isolates is on the screen, or no longer.
    Q_INVOKABLE void showIsolates(bool shown) { emit isolateListShown(shown); }

signals:
    void totalsChanged();
    void paceChanged();
    void pausedChanged();
    void obstacleChanged();
    void attentionChanged();
    void executionModeChanged();
    void foldersChanged();
    void notice(const QString &text, steadyframe::ui::Session::NoticeKind kind);

    void picked(const QList<QUrl> &urls);
    void imagePasted(const QImage &image);
    void pauseWanted();
    void resumeWanted();
    void manifestWanted();
    void nameAnswered(steadyframe::ui::Session::NameAnswer answer);
    void cancelWanted(qint64 id);
    void cancelAllWanted();
    void retryWanted(qint64 id);
    void retryFailedWanted();
    void retryCancelledWanted();
    void uploadAgainWanted(const QList<qint64> &ids);
    void holdWanted(const QList<qint64> &ids, bool held);
    void priorityWanted(const QList<qint64> &ids, int priority);
    void removeWanted(const QList<qint64> &ids);
    void clearFinishedWanted();
    void openResultWanted(qint64 id);
    void openResultFolderWanted();
    void openReceiverFolderWanted();
    void openFeedWanted(const QUrl &url);
    void generateFeedWanted();
    void executionModeWanted(steadyframe::ui::Session::ExecutionMode mode);
    void isolateListShown(bool shown);

private:
    Totals m_totals;
    Pace m_pace;
    bool m_paused = false;
    QString m_obstacle;
    Attention m_attention = NoAttention;
    QString m_attentionText;
    DestinationModel m_destination;
    ExecutionMode m_mode = Isolates;
    QString m_resultFolder;
    QString m_receiverFolder;
    QString m_receiverAddress;
};

} // namespace steadyframe::ui
