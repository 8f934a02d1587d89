#pragma once

#include "models/comparison_figures.h"

namespace steadyframe::ui {

/// What the comparison page shows and wishes. All members: @thread ui
class ComparisonModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(State state READ state NOTIFY changed FINAL)
    /// What it is doing, why it failed, or that it was cancelled.
    Q_PROPERTY(QString text READ text NOTIFY changed FINAL)
    /// How far it has come, 0 to 1.
    Q_PROPERTY(double progress READ progress NOTIFY changed FINAL)
    Q_PROPERTY(Kind kind READ kind NOTIFY chosen FINAL)
    Q_PROPERTY(int rounds READ rounds NOTIFY chosen FINAL)
    Q_PROPERTY(bool busy READ isBusy NOTIFY changed FINAL)

    /// There are figures of a comparison; they stay while another runs, and if it fails.
    Q_PROPERTY(bool hasResult READ hasResult NOTIFY resultChanged FINAL)
    /// What was compared: "6 photos and 4 feeds each way, 3 rounds".
    Q_PROPERTY(QString summary READ summary NOTIFY resultChanged FINAL)
    /// What the figures mean, in a sentence, and what is to be said about them.
    Q_PROPERTY(QString verdict READ verdict NOTIFY resultChanged FINAL)
    Q_PROPERTY(QString remark READ remark NOTIFY resultChanged FINAL)
    Q_PROPERTY(Outcome outcome READ outcome NOTIFY resultChanged FINAL)
    Q_PROPERTY(steadyframe::ui::ComparisonRun idle READ idle NOTIFY resultChanged FINAL)
    Q_PROPERTY(steadyframe::ui::ComparisonRun isolates READ isolates NOTIFY resultChanged FINAL)
    Q_PROPERTY(steadyframe::ui::ComparisonRun mainIsolate READ mainIsolate NOTIFY resultChanged FINAL)
    /// The display's interval in milliseconds.
    Q_PROPERTY(double deadline READ deadline NOTIFY resultChanged FINAL)
    /// Frames that the work in isolates would have cost a single thread, and what the main isolate really missed.
    Q_PROPERTY(steadyframe::ui::Spread predictedMissed READ predictedMissed NOTIFY resultChanged FINAL)
    Q_PROPERTY(steadyframe::ui::Spread measuredMissed READ measuredMissed NOTIFY resultChanged FINAL)
    Q_PROPERTY(steadyframe::ui::Spread predictedStallTime READ predictedStallTime NOTIFY resultChanged FINAL)
    Q_PROPERTY(steadyframe::ui::Spread predictedLongestStall READ predictedLongestStall NOTIFY resultChanged FINAL)
    /// The same less what was missed while isolates worked; negative when they cost more frames than they spared.
    Q_PROPERTY(steadyframe::ui::Spread predictedAvoided READ predictedAvoided NOTIFY resultChanged FINAL)
    Q_PROPERTY(steadyframe::ui::Spread measuredAvoided READ measuredAvoided NOTIFY resultChanged FINAL)
    /// How far the prediction was off, in percent of what was measured; over 0: too many. NaN when nothing was missed.
    Q_PROPERTY(double predictionError READ predictionError NOTIFY resultChanged FINAL)
    /// Where the report was written, or why it was not; empty before.
    Q_PROPERTY(QString reportText READ reportText NOTIFY reportChanged FINAL)
    Q_PROPERTY(bool reportFailed READ reportFailed NOTIFY reportChanged FINAL)

public:
    enum State { Idle, Running, Cancelling, Done, Failed, Cancelled };
    Q_ENUM(State)
    enum Kind { Mix, Compression, Parsing };
    Q_ENUM(Kind)
    enum Step { Prepare, WarmUp, IdleBaseline, InIsolates, OnMainIsolate, TidyUp };
    Q_ENUM(Step)
    enum Outcome { NoResult, Kept, NoDifference, Lost };
    Q_ENUM(Outcome)

    explicit ComparisonModel(QObject *parent = nullptr);

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] QString text() const { return m_text; }
    [[nodiscard]] double progress() const { return m_progress; }
    [[nodiscard]] Kind kind() const { return m_kind; }
    [[nodiscard]] int rounds() const { return m_rounds; }
    [[nodiscard]] bool isBusy() const { return m_state == Running || m_state == Cancelling; }

    [[nodiscard]] bool hasResult() const { return m_figures.rounds > 0; }
    [[nodiscard]] const ComparisonFigures &figures() const { return m_figures; }
    [[nodiscard]] QString summary() const;
    [[nodiscard]] QString verdict() const;
    [[nodiscard]] QString remark() const;
    [[nodiscard]] Outcome outcome() const;
    [[nodiscard]] const ComparisonRun &idle() const { return m_figures.idle; }
    [[nodiscard]] const ComparisonRun &isolates() const { return m_figures.isolates; }
    [[nodiscard]] const ComparisonRun &mainIsolate() const { return m_figures.mainIsolate; }
    [[nodiscard]] double deadline() const { return m_figures.intervalMs; }
    [[nodiscard]] Spread predictedMissed() const { return m_figures.predictedMissed; }
    [[nodiscard]] Spread measuredMissed() const { return m_figures.mainIsolate.missed; }
    [[nodiscard]] Spread predictedStallTime() const { return m_figures.predictedStallTime; }
    [[nodiscard]] Spread predictedLongestStall() const { return m_figures.predictedLongestStall; }
    [[nodiscard]] Spread predictedAvoided() const { return m_figures.predictedAvoided; }
    [[nodiscard]] Spread measuredAvoided() const { return m_figures.measuredAvoided; }
    [[nodiscard]] double predictionError() const;
    [[nodiscard]] QString reportText() const { return m_reportText; }
    [[nodiscard]] bool reportFailed() const { return m_reportFailed; }

    /// What the next comparison works on, and how often (1 to 9). Not while one runs.
    Q_INVOKABLE void chooseKind(steadyframe::ui::ComparisonModel::Kind kind);
    Q_INVOKABLE void chooseRounds(int rounds);
    Q_INVOKABLE void start();
    Q_INVOKABLE void cancel();
    /// Asks for a report of the figures that are shown.
    Q_INVOKABLE void saveReport();

public slots:
    /// `round` from 1, 0 for what belongs to none; `done` 0 to 1.
    void setProgress(steadyframe::ui::ComparisonModel::Step step, int round, int rounds, double done);
    void setFailed(const QString &message);
    void setCancelled();
    void setResult(const steadyframe::ui::ComparisonFigures &figures);
    /// `message`: where it is, or why it could not be written.
    void setReport(const QString &message, bool failed);

signals:
    void changed();
    void chosen();
    void resultChanged();
    void reportChanged();
    void startWanted(steadyframe::ui::ComparisonModel::Kind kind, int rounds);
    void cancelWanted();
    void reportWanted();

private:
    void setState(State state, const QString &text);

    State m_state = Idle;
    QString m_text;
    double m_progress = 0;
    Kind m_kind = Mix;
    int m_rounds = 3;
    ComparisonFigures m_figures;
    QString m_reportText;
    bool m_reportFailed = false;
};

} // namespace steadyframe::ui
