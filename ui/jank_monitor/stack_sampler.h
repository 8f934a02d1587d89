#pragma once

#include "jank_monitor/stack_unwinder.h"

#include <memory>
#include <optional>

namespace jank {

/// Takes the stack of one thread from another, while the first goes on with whatever it is stuck in.
///
/// The thread is interrupted by a real-time signal that nobody else had claimed. Its handler copies the registers and
/// the top of the stack into memory that was there before, and does nothing else: no lock, no allocation, no unwinder,
/// so it can't deadlock wherever it comes (in malloc, in the loader, in a destructor). The copy is walked afterwards,
/// on the thread that asked. Once claimed, the signal stays claimed until the program ends, since one that is still
/// under way would end it otherwise.
///
/// No stack is taken where the platform is not supported, when the thread blocks the signal or does not answer, while
/// a debugger is attached (it would stop at the signal), and after somebody else has claimed the signal too. System
/// calls are restarted (SA_RESTART), save those that never are (poll, nanosleep, ...): they end with EINTR, which a
/// thread must expect anyway.
class StackSampler {
public:
    static constexpr std::size_t FrameLimit = 192;

    /// For the thread that calls. @thread the one that is to be sampled
    StackSampler();
    /// Must not run during sample(). @thread any
    ~StackSampler();
    StackSampler(const StackSampler &) = delete;
    StackSampler &operator=(const StackSampler &) = delete;

    /// Whether stacks can be taken here.
    [[nodiscard]] static bool isSupported() noexcept;

    /// The thread's stack now. `mark` is called on it in the signal's handler, and must be as harmless as that is.
    /// Takes some tens of microseconds, and gives up after some milliseconds. @thread one, not the sampled
    [[nodiscard]] std::optional<CallStack> sample(void (*mark)(void *) = nullptr, void *context = nullptr);

    struct Shared;

private:
    std::shared_ptr<Shared> m_shared;
};

} // namespace jank
