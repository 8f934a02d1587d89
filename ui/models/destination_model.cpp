#include "models/destination_model.h"

namespace steadyframe::ui {

void DestinationModel::setChosen(Entry chosen, const QString &secretText)
{
    chosen.secret.clear();
    m_chosen = std::move(chosen);
    m_secretText = secretText;
    emit chosenChanged();
}

void DestinationModel::setUploads(int atOnce, int kilobytesPerSecond)
{
    m_atOnce = atOnce;
    m_kilobytesPerSecond = kilobytesPerSecond;
    emit uploadsChanged();
}

void DestinationModel::setTesting()
{
    m_testing = true;
    m_testText.clear();
    emit testChanged();
}

void DestinationModel::setTestResult(bool good, const QString &text)
{
    m_testing = false;
    m_testGood = good;
    m_testText = text;
    emit testChanged();
}

} // namespace steadyframe::ui
