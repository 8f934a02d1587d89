#pragma once

#include "jank_monitor/stack_unwinder.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace jank {

/// The stacks that a watchdog takes during one stall, spread evenly over it, however long it lasts: when all places are
/// taken, every second one is given up and the others come half as often.
class StallSamples {
public:
    static constexpr std::size_t Capacity = 8;

    void add(CallStack stack);
    /// Whether the watchdog's look number `look`, from 0, is one at which a stack is to be taken.
    [[nodiscard]] bool wants(std::size_t look) const noexcept { return look % m_stride == 0; }
    [[nodiscard]] const std::vector<CallStack> &stacks() const noexcept { return m_stacks; }
    /// The stack that stands for the stall: the one that has most in common with all the others, counted from the
    /// outermost function inwards; the first of those that have the same. So a single look that met an errand on the
    /// way does not speak for what held the loop. Null when there is none.
    [[nodiscard]] const CallStack *typical() const;

private:
    std::vector<CallStack> m_stacks;
    std::size_t m_stride = 1;
};

/// The named stacks of the last stalls, each found by when its block began. Naming is done by a background thread that
/// the program's monitors share, which runs only while there is something to name; when more than Capacity wait, the
/// oldest stay without a name.
/// @thread any
class StallStacks : public std::enable_shared_from_this<StallStacks> {
public:
    static constexpr std::size_t Capacity = 256;

    /// Names the typical stack and keeps it; nothing when there are no samples.
    void add(std::int64_t blockStart, const StallSamples &samples);
    /// Empty when there is none, or none yet.
    [[nodiscard]] std::vector<std::string> of(std::int64_t blockStart) const;

private:
    struct Named {
        std::int64_t blockStart = 0;
        std::vector<std::string> lines;
    };

    void keep(std::int64_t blockStart, std::vector<std::string> lines);

    mutable std::mutex m_mutex;
    std::deque<Named> m_named;
};

} // namespace jank
