#pragma once

#include <QList>
#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

namespace steadyframe::ui {

/// One way of the comparison, as figures and as a plot. Times in milliseconds.
struct ComparisonRun {
    Q_GADGET
    QML_VALUE_TYPE(comparisonRun)
    Q_PROPERTY(int framesDrawn MEMBER framesDrawn FINAL)
    Q_PROPERTY(int framesMissed MEMBER framesMissed FINAL)
    Q_PROPERTY(double longestStall MEMBER longestStallMs FINAL)
    Q_PROPERTY(double stallTime MEMBER stallMs FINAL)
    Q_PROPERTY(double hitchRatio MEMBER hitchRatio FINAL)
    Q_PROPERTY(double p99 MEMBER p99Ms FINAL)
    Q_PROPERTY(double duration MEMBER durationMs FINAL)
    Q_PROPERTY(int photos MEMBER photos FINAL)
    Q_PROPERTY(double megabytes MEMBER megabytes FINAL)
    Q_PROPERTY(QList<qreal> times MEMBER times FINAL)
    Q_PROPERTY(QList<qreal> frameTimes MEMBER frameTimes FINAL)
    Q_PROPERTY(QList<int> missed MEMBER missed FINAL)
public:
    int framesDrawn = 0;
    int framesMissed = 0;
    double longestStallMs = 0;
    double stallMs = 0;
    double hitchRatio = 0; ///< milliseconds a second
    double p99Ms = 0;
    double durationMs = 0;
    int photos = 0;
    double megabytes = 0;
    QList<qreal> times; ///< when each frame was shown, from the beginning
    QList<qreal> frameTimes;
    QList<int> missed;
};

/// What the comparison page shows. All members: @thread ui
class ComparisonModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(State state READ state NOTIFY changed FINAL)
    /// What it is doing, or why it failed.
    Q_PROPERTY(QString text READ text NOTIFY changed FINAL)
    Q_PROPERTY(steadyframe::ui::ComparisonRun isolates READ isolates NOTIFY changed FINAL)
    Q_PROPERTY(steadyframe::ui::ComparisonRun mainIsolate READ mainIsolate NOTIFY changed FINAL)
    /// The display's interval.
    Q_PROPERTY(double deadline READ deadline NOTIFY changed FINAL)
    /// Frames that the work of the first run would have cost a single thread.
    Q_PROPERTY(int predictedMissed READ predictedMissed NOTIFY changed FINAL)
    /// Frames that the second run really missed.
    Q_PROPERTY(int measuredMissed READ measuredMissed NOTIFY changed FINAL)
    /// How far the prediction was off, in percent of what was measured; -1 when nothing was missed.
    Q_PROPERTY(double predictionError READ predictionError NOTIFY changed FINAL)

public:
    enum State { Idle, Running, Done, Failed };
    Q_ENUM(State)

    explicit ComparisonModel(QObject *parent = nullptr);

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] QString text() const { return m_text; }
    [[nodiscard]] const ComparisonRun &isolates() const { return m_isolates; }
    [[nodiscard]] const ComparisonRun &mainIsolate() const { return m_mainIsolate; }
    [[nodiscard]] double deadline() const { return m_deadline; }
    [[nodiscard]] int predictedMissed() const { return m_predictedMissed; }
    [[nodiscard]] int measuredMissed() const { return m_mainIsolate.framesMissed; }
    [[nodiscard]] double predictionError() const;

    Q_INVOKABLE void start() { emit startWanted(); }

public slots:
    void setRunning(const QString &text);
    void setFailed(const QString &message);
    void setResult(const steadyframe::ui::ComparisonRun &isolates, const steadyframe::ui::ComparisonRun &mainIsolate,
                   double deadlineMs, int predictedMissed);

signals:
    void changed();
    void startWanted();

private:
    State m_state = Idle;
    QString m_text;
    ComparisonRun m_isolates;
    ComparisonRun m_mainIsolate;
    double m_deadline = 1000.0 / 60;
    int m_predictedMissed = 0;
};

} // namespace steadyframe::ui
