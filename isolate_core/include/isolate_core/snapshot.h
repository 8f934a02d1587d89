#pragma once

#include "isolate_core/isolate.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace isolate {

/// What an isolate is doing at a moment.
enum class IsolateState : std::uint8_t {
    idle, ///< has nothing to do, or was woken and has not begun
    ready, ///< gave way to others with events left
    running, ///< on a thread, also while it blocks
    paused, ///< by a pause that was not resumed
    ended, ///< has run its last
};

/// English name of a state; it lives for ever. @thread any
[[nodiscard]] std::string_view toString(IsolateState state) noexcept;
/// English name of a placement; it lives for ever. @thread any
[[nodiscard]] std::string_view toString(Placement placement) noexcept;

/// What one isolate is doing at a moment. Counters are read while it runs, each by itself.
struct IsolateInfo {
    IsolateId id = 0; ///< as `Isolate::id`
    std::string name; ///< as in its `SpawnOptions`
    std::string activity; ///< what it last said by `setActivity`
    Placement placement = Placement::pooled; ///< as in its `SpawnOptions`
    IsolateState state = IsolateState::idle; ///< as it was last noted
    std::uint64_t waiting = 0; ///< events in its mailbox: messages, timers, continuations, wake-ups for control
    std::uint64_t sent = 0; ///< messages, to ports that were open, since it was spawned
    std::uint64_t received = 0; ///< events run, since it was spawned
    std::chrono::nanoseconds busy{0}; ///< time that it ran, blocked or not, up to its last slice that ended
    std::chrono::nanoseconds sinceCheckpoint{0}; ///< of one that runs: since its last checkpoint or turn; else 0
};

/// One stretch of time in which an isolate ran, from its first event until it slept or gave way.
struct TraceSlice {
    IsolateId isolate = 0; ///< the one that ran
    std::string name; ///< its name
    std::string activity; ///< what it had last said by `setActivity` when the slice ended
    Placement placement = Placement::pooled; ///< where it ran
    std::chrono::steady_clock::time_point start; ///< when it began, of the real clock
    std::chrono::steady_clock::time_point end; ///< when it slept, gave way or ended
    /// What it would have taken of a core of its own: its length less the time for which it was ready and had to wait
    /// for one. 0 where that is not known: for slices of less than a millisecond, and on systems that don't tell.
    std::chrono::nanoseconds undelayed{0};
    std::uint64_t thread = 0; ///< that it ran on, as the system numbers it; 0 where it doesn't
    std::string spawner; ///< name of the isolate that spawned it; empty when a thread without one did
};

} // namespace isolate
