#pragma once

#include "jank_monitor/trace.h"

#include <QtCore/qstring.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace jank {

/// "none", "ui" or "render". @thread any
[[nodiscard]] std::string_view causeName(Cause cause) noexcept;
/// The cause of that name; false for another name, `cause` is then unchanged. @thread any
[[nodiscard]] bool causeFromName(std::string_view name, Cause &cause) noexcept;

/// The text in one of a block's fixed fields: up to the first 0, or all of it. @thread any
template <std::size_t Size>
[[nodiscard]] std::string_view fixedText(const char (&field)[Size]) noexcept
{
    const std::string_view all(field, Size - 1);
    return all.substr(0, all.find('\0'));
}

/// "UpdateRequest"; "User1234" for a type that has no name. @thread any
[[nodiscard]] QString eventName(int type);

/// What held the loop: "MouseButtonPress → PhotoDelegate “third”"; empty when it is not known. @thread any
[[nodiscard]] QString culpritText(const LoopBlock &block);

/// Finds the labels of a span of time, however many there are. Belongs to one thread.
class LabelFinder {
public:
    /// `labels` in the order of their starts, and must outlive it.
    explicit LabelFinder(const std::vector<LabelSpan> &labels);

    /// The states that held at some time within `span`, in the order in which they began, each text once.
    [[nodiscard]] std::vector<std::string_view> during(Interval span) const;
    /// The same of a frame: from when it was wanted until it was shown.
    [[nodiscard]] std::vector<std::string_view> during(const FrameSample &frame) const
    {
        return during(Interval{frame.wanted, frame.swapEnd});
    }

private:
    const std::vector<LabelSpan> &m_labels;
    std::vector<std::int64_t> m_latestEnd; // of each label and those before it
};

} // namespace jank
