#include "jank_monitor/stall_stacks.h"

#include "jank_monitor/background.h"
#include "jank_monitor/symbols.h"

#include <algorithm>

namespace jank {

namespace {

/// Names stacks. What waits is bounded by what is kept of the results.
Background &naming()
{
    static Background background(StallStacks::Capacity);
    return background;
}

/// Frames that two stacks share, from the outermost inwards.
std::size_t inCommon(const std::vector<std::uintptr_t> &a, const std::vector<std::uintptr_t> &b) noexcept
{
    const std::size_t most = std::min(a.size(), b.size());
    std::size_t count = 0;
    while (count < most && a[a.size() - 1 - count] == b[b.size() - 1 - count])
        ++count;
    return count;
}

} // namespace

void StallSamples::add(CallStack stack)
{
    if (m_stacks.size() == Capacity) {
        for (std::size_t i = 1; i < Capacity / 2; ++i)
            m_stacks[i] = std::move(m_stacks[2 * i]);
        m_stacks.resize(Capacity / 2);
        m_stride *= 2;
    }
    m_stacks.push_back(std::move(stack));
}

const CallStack *StallSamples::typical() const
{
    const CallStack *best = nullptr;
    std::size_t bestScore = 0;
    // The functions instead of the addresses: a loop is at another instruction each time.
    std::vector<std::vector<std::uintptr_t>> functions;
    for (const CallStack &stack : m_stacks) {
        auto &starts = functions.emplace_back();
        for (std::size_t i = 0; i < stack.addresses.size(); ++i) {
            const std::uintptr_t start = functionAt(stack.lookup(i));
            starts.push_back(start != 0 ? start : stack.addresses[i]);
        }
    }
    for (std::size_t i = 0; i < m_stacks.size(); ++i) {
        std::size_t score = 1;
        for (std::size_t j = 0; j < m_stacks.size(); ++j)
            score += i == j ? 0 : inCommon(functions[i], functions[j]);
        if (score > bestScore) {
            bestScore = score;
            best = &m_stacks[i];
        }
    }
    return best;
}

void StallStacks::add(std::int64_t blockStart, const StallSamples &samples)
{
    if (samples.stacks().empty())
        return;
    naming().run([self = shared_from_this(), blockStart, samples] {
        if (const CallStack *stack = samples.typical())
            self->keep(blockStart, describe(*stack));
    });
}

std::vector<std::string> StallStacks::of(std::int64_t blockStart) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = std::find_if(m_named.rbegin(), m_named.rend(),
                                    [blockStart](const Named &named) { return named.blockStart == blockStart; });
    return found != m_named.rend() ? found->lines : std::vector<std::string>();
}

void StallStacks::keep(std::int64_t blockStart, std::vector<std::string> lines)
{
    const std::lock_guard lock(m_mutex);
    m_named.push_back({blockStart, std::move(lines)});
    if (m_named.size() > Capacity)
        m_named.pop_front();
}

} // namespace jank
