#include "models/comparison_model.h"

#include <cmath>

namespace steadyframe::ui {

ComparisonModel::ComparisonModel(QObject *parent) : QObject(parent) {}

double ComparisonModel::predictionError() const
{
    if (measuredMissed() == 0)
        return -1;
    return 100.0 * std::abs(m_predictedMissed - measuredMissed()) / measuredMissed();
}

void ComparisonModel::setRunning(const QString &text)
{
    m_state = Running;
    m_text = text;
    emit changed();
}

void ComparisonModel::setFailed(const QString &message)
{
    m_state = Failed;
    m_text = message;
    emit changed();
}

void ComparisonModel::setResult(const ComparisonRun &isolates, const ComparisonRun &mainIsolate, double deadlineMs,
                                int predictedMissed)
{
    m_state = Done;
    m_text.clear();
    m_isolates = isolates;
    m_mainIsolate = mainIsolate;
    m_deadline = deadlineMs;
    m_predictedMissed = predictedMissed;
    emit changed();
}

} // namespace steadyframe::ui
