#include "jank_monitor/trace_names.h"

#include <QtCore/qcoreevent.h>
#include <QtCore/qmetaobject.h>

#include <algorithm>
#include <utility>

namespace jank {

namespace {

constexpr std::pair<Cause, std::string_view> Causes[]{
    {Cause::None, "none"}, {Cause::Ui, "ui"}, {Cause::Render, "render"}};

} // namespace

std::string_view causeName(Cause cause) noexcept
{
    const auto *found = std::find_if(std::begin(Causes), std::end(Causes),
                                     [cause](const auto &entry) { return entry.first == cause; });
    return found != std::end(Causes) ? found->second : Causes[0].second;
}

bool causeFromName(std::string_view name, Cause &cause) noexcept
{
    const auto *found = std::find_if(std::begin(Causes), std::end(Causes),
                                     [name](const auto &entry) { return entry.second == name; });
    if (found == std::end(Causes))
        return false;
    cause = found->first;
    return true;
}

QString eventName(int type)
{
    const char *name = QMetaEnum::fromType<QEvent::Type>().valueToKey(type);
    return name != nullptr ? QString::fromLatin1(name) : QStringLiteral("User%1").arg(type);
}

QString culpritText(const LoopBlock &block)
{
    QString text = block.eventType != 0 ? eventName(block.eventType) : QString();
    const std::string_view receiver = fixedText(block.receiver);
    const std::string_view name = fixedText(block.name);
    if (!receiver.empty()) {
        if (!text.isEmpty())
            text += QStringLiteral(" → ");
        text += QString::fromUtf8(receiver.data(), static_cast<qsizetype>(receiver.size()));
    }
    if (!name.empty())
        text += QStringLiteral(" “%1”").arg(QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())));
    return text.trimmed();
}

LabelFinder::LabelFinder(const std::vector<LabelSpan> &labels) : m_labels(labels)
{
    m_latestEnd.reserve(labels.size());
    for (const LabelSpan &label : labels)
        m_latestEnd.push_back(m_latestEnd.empty() ? label.span.end : std::max(m_latestEnd.back(), label.span.end));
}

std::vector<std::string_view> LabelFinder::during(Interval span) const
{
    const auto after
        = std::lower_bound(m_labels.begin(), m_labels.end(), span.end,
                           [](const LabelSpan &label, std::int64_t end) { return label.span.start < end; });
    std::vector<std::string_view> found;
    for (auto i = static_cast<std::size_t>(after - m_labels.begin()); i > 0 && m_latestEnd[i - 1] > span.start; --i) {
        if (m_labels[i - 1].span.end > span.start)
            found.push_back(m_labels[i - 1].text);
    }
    std::reverse(found.begin(), found.end());
    std::vector<std::string_view> once;
    for (const std::string_view text : found) {
        if (std::find(once.begin(), once.end(), text) == once.end())
            once.push_back(text);
    }
    return once;
}

} // namespace jank
