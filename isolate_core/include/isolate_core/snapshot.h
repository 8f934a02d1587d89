#pragma once

#include "isolate_core/isolate.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace isolate {

enum class IsolateState : std::uint8_t { idle, ready, running, paused, ended };

/// English name of a state. @thread any
[[nodiscard]] std::string_view toString(IsolateState state) noexcept;
[[nodiscard]] std::string_view toString(Placement placement) noexcept;

/// What one isolate is doing at a moment. Counters are read while it runs, each by itself.
struct IsolateInfo {
    IsolateId id = 0;
    std::string name;
    std::string activity; ///< what it last said by `setActivity`
    Placement placement = Placement::pooled;
    IsolateState state = IsolateState::idle;
    std::uint64_t waiting = 0; ///< events in its mailbox
    std::uint64_t sent = 0; ///< messages
    std::uint64_t received = 0; ///< events run
    std::chrono::nanoseconds busy{0};
    std::chrono::nanoseconds sinceCheckpoint{0}; ///< of one that runs; else 0
};

/// One stretch of time in which an isolate ran, from its first event until it slept or gave way.
struct TraceSlice {
    IsolateId isolate = 0;
    std::string name;
    std::string activity;
    Placement placement = Placement::pooled;
    std::chrono::steady_clock::time_point start;
    std::chrono::steady_clock::time_point end;
};

} // namespace isolate
