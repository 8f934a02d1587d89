#include "models/compression_settings.h"

namespace steadyframe::ui {

void CompressionSettings::setValues(const CompressionValues &values)
{
    if (values == this->values())
        return;
    static_cast<CompressionValues &>(*this) = values;
    emit changed();
}

void CompressionSettings::setProblem(const QString &text)
{
    if (text == m_problem)
        return;
    m_problem = text;
    emit problemChanged();
}

void CompressionSettings::setPresets(const QStringList &names, int own)
{
    m_presets = names;
    m_ownPresets = own;
    emit presetsChanged();
}

void CompressionSettings::setCurrentPreset(int index)
{
    if (index == m_currentPreset)
        return;
    m_currentPreset = index;
    emit currentPresetChanged();
}

} // namespace steadyframe::ui
