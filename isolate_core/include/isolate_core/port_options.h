#pragma once

#include <cstddef>
#include <cstdint>

namespace isolate {

/// What a bounded port does with a message when it is full.
enum class Overflow : std::uint8_t {
    fail, ///< `send` answers false
    wait, ///< the sender waits for room; on the main isolate, which never waits, it fails
    dropOldest, ///< the oldest waiting message makes room
    dropNewest, ///< the message is dropped, and `send` answers true
};

struct PortOptions {
    /// How many messages may wait; 0 is no bound. 1 with `dropOldest` keeps only the latest value, so that a flood of
    /// progress costs its receiver one message for each time that it looks.
    std::size_t capacity = 0;
    Overflow overflow = Overflow::fail;
    /// Whether the open port keeps its isolate alive.
    bool keepIsolateAlive = true;

    /// A port that keeps only the newest message.
    static PortOptions latest() noexcept { return {1, Overflow::dropOldest, true}; }
};

} // namespace isolate
