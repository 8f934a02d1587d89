#pragma once

#include "isolate_core/runtime.h"

#include <functional>

namespace isolate {

/// Makes the thread of some other event loop the main isolate: of Qt, of a game, of a test. One for each runtime.
///
/// The loop calls `drain` after each call of `wake`; nothing polls. The thread that made it counts as the main isolate
/// for as long as it lives: ports may be opened there, futures awaited. Errors do not end the main isolate.
/// @thread main: the loop's, unless said otherwise
class MainExecutor {
public:
    /// `wake` is called on any thread, at most once until the next `drain`, the first time by this constructor, and
    /// must make the loop call `drain` soon, without calling it or anything else of this library. A second one for a
    /// runtime, or one after its shutdown, is a programming error, and ends the process in debug builds.
    MainExecutor(Runtime &runtime, std::function<void()> wake, std::string name = "main");
    /// Ends what ran here, with the reason `killed`; messages that come later find nobody. Before the runtime is
    /// destroyed, and not within an event that it runs: that ends the process.
    ~MainExecutor();
    MainExecutor(const MainExecutor &) = delete;
    MainExecutor &operator=(const MainExecutor &) = delete;

    /// Runs what waits, for about `budget` at most: the last event is not cut short. True when something still waits;
    /// then `wake` is not called for it, and the loop calls again after it has let frames and input through.
    /// `nanoseconds::max()`: until nothing waits.
    bool drain(std::chrono::nanoseconds budget);

    /// The main isolate itself, an equal handle at each call. @thread any
    [[nodiscard]] Isolate isolate() const;

private:
    struct Impl;
    detail::Ref<Impl> m_impl;
};

} // namespace isolate
