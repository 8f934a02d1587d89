#include "models/comparison_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace steadyframe::ui {

namespace {

constexpr int mostRounds = 9;
constexpr double busyMachine = 0.05; // of the time; from here on the figures suffer

QString stepText(ComparisonModel::Step step)
{
    switch (step) {
    case ComparisonModel::Prepare:
        return ComparisonModel::tr("Preparing photos and a feed");
    case ComparisonModel::WarmUp:
        return ComparisonModel::tr("Warming up, not measured");
    case ComparisonModel::IdleBaseline:
        return ComparisonModel::tr("idle, for the baseline");
    case ComparisonModel::InIsolates:
        return ComparisonModel::tr("working in isolates");
    case ComparisonModel::OnMainIsolate:
        return ComparisonModel::tr("the same work on the main isolate");
    case ComparisonModel::TidyUp:
        return ComparisonModel::tr("Tidying up");
    }
    return {};
}

QString frames(double count)
{
    const auto whole = static_cast<qlonglong>(std::llround(count));
    return whole == 1 ? ComparisonModel::tr("1 frame") : ComparisonModel::tr("%1 frames").arg(whole);
}

} // namespace

ComparisonModel::ComparisonModel(QObject *parent) : QObject(parent) {}

double ComparisonModel::predictionError() const
{
    const double measured = measuredMissed().median;
    if (measured <= 0)
        return std::numeric_limits<double>::quiet_NaN();
    return 100.0 * (predictedMissed().median - measured) / measured;
}

ComparisonModel::Outcome ComparisonModel::outcome() const
{
    if (!hasResult())
        return NoResult;
    const Spread &avoided = m_figures.measuredAvoided;
    // Rounds that disagree on the sign show no difference.
    if (avoided.median > 0 && avoided.least >= 0)
        return Kept;
    if (avoided.median < 0 && avoided.most <= 0)
        return Lost;
    return NoDifference;
}

QString ComparisonModel::summary() const
{
    if (!hasResult())
        return {};
    QStringList parts;
    if (m_figures.photos > 0)
        parts.append(m_figures.photos == 1 ? tr("1 photo compressed")
                                           : tr("%1 photos compressed").arg(m_figures.photos));
    if (m_figures.feeds > 0)
        parts.append(m_figures.feeds == 1 ? tr("1 feed parsed") : tr("%1 feeds parsed").arg(m_figures.feeds));
    const QString rounds = m_figures.rounds == 1 ? tr("1 round") : tr("%1 rounds").arg(m_figures.rounds);
    return tr("%1: %2 MB each way, %3").arg(parts.join(tr(", "))).arg(m_figures.megabytes, 0, 'f', 0).arg(rounds);
}

QString ComparisonModel::verdict() const
{
    const double avoided = m_figures.measuredAvoided.median;
    switch (outcome()) {
    case NoResult:
        return {};
    case Kept:
        return tr("Isolates kept %1 that the main isolate missed with the same work.").arg(frames(avoided));
    case Lost:
        return tr("Isolates lost %1: more were missed beside them than with the work on the main isolate.")
            .arg(frames(-avoided));
    case NoDifference:
        return tr("It made no difference: with this work as many frames were missed either way.");
    }
    return {};
}

QString ComparisonModel::remark() const
{
    if (!hasResult())
        return {};
    QStringList remarks;
    const double error = predictionError();
    if (!std::isnan(error) && std::abs(error) > 10)
        remarks.append(tr("The prediction is off by more than a tenth."));
    if (m_figures.idle.missed.median > 0)
        remarks.append(tr("Even idle, %1 missed; they are counted against the isolates.")
                           .arg(m_figures.idle.missed.median == 1
                                    ? tr("1 frame was")
                                    : tr("%1 were").arg(frames(m_figures.idle.missed.median))));
    if (m_figures.waitedShare > busyMachine)
        remarks.append(tr("Other programs held the main isolate up for %1 % of its time: quieter, the figures would be "
                          "truer.")
                           .arg(100 * m_figures.waitedShare, 0, 'f', 0));
    return remarks.join(QLatin1Char(' '));
}

void ComparisonModel::chooseKind(Kind kind)
{
    if (isBusy() || kind == m_kind || kind < Mix || kind > Parsing)
        return;
    m_kind = kind;
    emit chosen();
}

void ComparisonModel::chooseRounds(int rounds)
{
    rounds = std::clamp(rounds, 1, mostRounds);
    if (isBusy() || rounds == m_rounds)
        return;
    m_rounds = rounds;
    emit chosen();
}

void ComparisonModel::start()
{
    if (!isBusy())
        emit startWanted(m_kind, m_rounds);
}

void ComparisonModel::cancel()
{
    if (m_state != Running)
        return;
    setState(Cancelling, tr("Cancelling"));
    emit cancelWanted();
}

void ComparisonModel::saveReport()
{
    if (hasResult())
        emit reportWanted();
}

void ComparisonModel::setProgress(Step step, int round, int rounds, double done)
{
    m_progress = std::clamp(done, 0.0, 1.0);
    if (m_state == Cancelling)
        return emit changed();
    setState(Running, round > 0 ? tr("Round %1 of %2: %3").arg(round).arg(rounds).arg(stepText(step)) : stepText(step));
}

void ComparisonModel::setFailed(const QString &message)
{
    setState(Failed, message);
}

void ComparisonModel::setCancelled()
{
    setState(Cancelled, tr("Cancelled. What it had measured was dropped."));
}

void ComparisonModel::setResult(const ComparisonFigures &figures)
{
    m_figures = figures;
    emit resultChanged();
    setReport({}, false);
    setState(Done, {});
}

void ComparisonModel::setReport(const QString &message, bool failed)
{
    m_reportText = message;
    m_reportFailed = failed;
    emit reportChanged();
}

void ComparisonModel::setState(State state, const QString &text)
{
    m_state = state;
    m_text = text;
    emit changed();
}

} // namespace steadyframe::ui
