#pragma once

#include <cstddef>
#include <cstdint>

namespace isolate {

/// What a bounded port does with a message when it is full.
enum class Overflow : std::uint8_t {
    fail, ///< the message is dropped, and `send` answers false
    /// The sender's thread blocks until there is room, or its isolate is killed: then it fails. It fails at once where
    /// nobody would make room: on the main isolate, which never waits, to a port of its own, under a
    /// `DeterministicRuntime`.
    wait,
    dropOldest, ///< the oldest waiting message makes room
    dropNewest, ///< the message is dropped, and `send` answers true
};

/// How to open a port.
struct PortOptions {
    /// How many messages may wait until the isolate gets to them; 0 is no bound. 1 with `dropOldest` keeps only the
    /// latest value, so that a flood of progress costs its receiver one message for each time that it looks. What a
    /// `ReceivePort` has taken into its buffer, because nobody asked for it yet, waits no more and is not bounded. A
    /// bounded port has a lock, which each send takes.
    std::size_t capacity = 0;
    Overflow overflow = Overflow::fail; ///< what happens when that many wait; of no meaning without a bound
    bool keepIsolateAlive = true; ///< whether its isolate waits for messages as long as the port is open

    /// A port that keeps only the newest message.
    static PortOptions latest() noexcept { return {1, Overflow::dropOldest, true}; }
};

} // namespace isolate
