#pragma once

#include "isolate_core/runtime.h"

#include <functional>

namespace isolate {

/// Makes the thread of some other event loop the main isolate: of Qt, of a game, of a test. One for each runtime.
///
/// The loop calls `drain` after each call of `wake`; nothing polls. The thread that made it counts as the main isolate
/// for as long as it lives: ports may be opened there, futures awaited. @thread the loop's, unless said otherwise
class MainExecutor {
public:
    /// `wake` is called on any thread, at most once until the next `drain`, and must make the loop call `drain` soon.
    MainExecutor(Runtime &runtime, std::function<void()> wake, std::string name = "main");
    /// Ends what ran here; messages that come later find nobody.
    ~MainExecutor();
    MainExecutor(const MainExecutor &) = delete;
    MainExecutor &operator=(const MainExecutor &) = delete;

    /// Runs what waits, for about `budget` at most: the last event is not cut short. True when something still waits;
    /// then `wake` is not called for it, and the loop calls again after it has let frames and input through.
    bool drain(std::chrono::nanoseconds budget);

    /// The main isolate itself. @thread any
    [[nodiscard]] Isolate isolate() const;

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

} // namespace isolate
