#pragma once

#include "isolate_core/capability.h"
#include "isolate_core/detail/event.h"
#include "isolate_core/detail/ref.h"
#include "isolate_core/notices.h"

#include <atomic>
#include <chrono>
#include <coroutine>
#include <exception>
#include <list>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

namespace isolate {
class Runtime;
template <class T>
class SendPort;
enum class Placement : std::uint8_t;
} // namespace isolate

namespace isolate::detail {

class Executor;
class PortCore;
using Clock = std::chrono::steady_clock;

/// When a slice must end: after so many events, or at that time, whichever is first.
struct SliceBudget {
    std::uint32_t events = 0;
    Clock::time_point until = Clock::time_point::max();
};

/// Adds one to what one thread alone writes, and others read.
inline void countUp(std::atomic<std::uint64_t> &counter, std::uint64_t by = 1) noexcept
{
    counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

enum class SliceEnd : std::uint8_t { asleep, more, ended };

/// One isolate: a mailbox, a control lane, and what its own thread alone may touch. Everything else of the library is a
/// handle to one of these. Methods marked `isolate` are called by the isolate itself while it runs.
class Cell final : public RefCounted {
public:
    Cell(Runtime &runtime, Ref<Executor> executor, Placement placement, std::string name, bool errorsAreFatal);
    ~Cell() override;

    /// The isolate that runs on this thread, or null. @thread any
    [[nodiscard]] static Cell *current() noexcept;
    /// The one that runs on this thread; ends the process where there is none, naming `what` was called. @thread
    /// isolate
    static Cell &expectCurrent(const char *what);
    /// Makes `cell` the one that runs on this thread until it is set back. @thread any
    static Cell *exchangeCurrent(Cell *cell) noexcept;

    /// Puts an ordinary event into the mailbox. False, and the event is deleted, when the isolate has ended. @thread
    /// any
    bool post(Event *event) noexcept;
    /// A post comes soon. @thread any
    void prefetchMailbox() const noexcept { __builtin_prefetch(&m_mailbox, 1); }
    /// One of its ports was given a name, which must be freed when it ends. @thread any
    void noteNamed() noexcept { m_named.exchange(true, std::memory_order_acq_rel); }
    /// Puts a control action into its lane, which is served before events and while paused. @thread any
    void control(bool immediate, UniqueFunction<void(Cell &)> action);

    /// Runs events until the budget is used up or there are none. `now`, when the caller knows it, is the time at
    /// which it begins; set to that at which it ended. The cell may be gone when this returns anything but `more`.
    /// @thread the executor's, one at a time
    SliceEnd runSlice(const SliceBudget &budget, Clock::time_point &now);
    /// Serves immediate control messages; throws when the isolate was killed. @thread isolate
    void checkpoint();

    // All of these: @thread isolate
    void attachPort(PortCore &port);
    void detachPort(PortCore &port) noexcept;
    void holdAlive() noexcept { ++m_alive; }
    void letGo() noexcept { --m_alive; }
    void adoptRoot(std::coroutine_handle<> root) { m_roots.push_back(root); }
    void requestEnd(ExitReason reason) noexcept;
    void pauseBy(Capability capability);
    void resumeBy(Capability capability);
    void reportError(std::exception_ptr error);
    void setErrorsFatal(bool fatal) noexcept { m_errorsAreFatal = fatal; }
    /// Tells its end, its errors, or both to a port; again for the same port replaces the first.
    void listen(const SendPort<ExitNotice> &port);
    void listen(const SendPort<ErrorNotice> &port);
    void listen(const SendPort<Notice> &port);
    void addExitListener(const void *port, UniqueFunction<bool(const ExitNotice &)> send);
    void removeExitListener(const void *port);
    void addErrorListener(const void *port, UniqueFunction<bool(const ErrorNotice &)> send);
    void removeErrorListener(const void *port);
    void setWhat(std::string what);
    /// The value of a `Local`, or null.
    [[nodiscard]] void *findLocal(const void *key) const noexcept;
    void addLocal(const void *key, void *value, void (*destroy)(void *));
    [[nodiscard]] bool ended() const noexcept { return m_endedFlag.load(std::memory_order_acquire); }

    /// Ends it here and now, while it does not run. @thread the executor's
    void endNow(ExitReason reason);
    /// Ports, timers and futures that it waits for. @thread isolate
    [[nodiscard]] std::uint32_t alive() const noexcept { return m_alive; }
    /// Before it is scheduled.
    void setMustFinish() noexcept { m_mustFinish = true; }
    [[nodiscard]] bool mustFinish() const noexcept { return m_mustFinish; }
    /// A pause that was there before the first event. Before it is scheduled.
    void startPaused() { m_pauses.push_back(m_pauseCapability); }

    [[nodiscard]] Runtime &runtime() const noexcept { return m_runtime; }
    [[nodiscard]] Executor &executor() const noexcept { return *m_executor; }
    [[nodiscard]] Placement placement() const noexcept { return m_placement; }
    [[nodiscard]] IsolateId id() const noexcept { return m_id; }
    [[nodiscard]] const std::string &name() const noexcept { return m_name; }
    /// The name of the isolate that spawned it; empty when none did.
    [[nodiscard]] const std::string &spawner() const noexcept { return m_spawner; }
    [[nodiscard]] std::stop_source &stopSource() noexcept { return m_stop; }
    [[nodiscard]] Capability pauseCapability() const noexcept { return m_pauseCapability; }
    [[nodiscard]] Capability terminateCapability() const noexcept { return m_terminateCapability; }

    /// What it counts of itself, for any thread to read while it runs.
    struct Counters {
        std::atomic<std::uint64_t> sent{0}, received{0}, busyNanoseconds{0};
        std::atomic<std::int64_t> lastCheckpoint{0}; ///< of `Clock`, nanoseconds
        std::atomic<std::uint8_t> state{0}; ///< an `IsolateState`
    };
    [[nodiscard]] const Counters &counters() const noexcept { return m_counters; }
    void countSent() noexcept { countUp(m_counters.sent); }
    /// Events that it has not run yet. @thread any
    [[nodiscard]] std::uint64_t waiting() const noexcept;
    [[nodiscard]] std::string what() const;

    Cell *nextReady = nullptr; ///< the executor's queue link; touched by it alone
    std::list<Cell *>::iterator registryPlace{}; ///< the runtime's

private:
    struct ControlMessage {
        bool immediate;
        UniqueFunction<void(Cell &)> action;
    };
    /// `send` tells whether there was still somebody to hear it.
    template <class Notice>
    struct Listener {
        const void *port;
        UniqueFunction<bool(const Notice &)> send;
    };

    struct LocalValue {
        const void *key;
        void *value;
        void (*destroy)(void *);
    };

    void destroyLocals() noexcept;
    void serveControl(bool immediateOnly);
    void deliver(Event &event);
    void destroyFinishedRoots();
    void closePorts();
    void noteSlice(Clock::time_point start, Clock::time_point finish);
    void end();

    // What senders write comes first, and what the isolate writes at each event last: as far from each other as can be,
    // so that they don't share cache lines.
    Mailbox m_mailbox;
    std::atomic<std::uint64_t> m_posted{0};
    std::atomic<bool> m_endedFlag{false};
    std::atomic<bool> m_controlPending{false};
    std::atomic<bool> m_named{false};
    const Placement m_placement;
    Runtime &m_runtime;
    const Ref<Executor> m_executor;
    const IsolateId m_id;
    const std::string m_name;
    const std::string m_spawner;
    const Capability m_pauseCapability = Capability::create();
    const Capability m_terminateCapability = Capability::create();
    mutable std::mutex m_mutex; ///< guards m_control, m_what
    std::vector<ControlMessage> m_control;
    std::string m_what;
    std::stop_source m_stop;
    bool m_errorsAreFatal;
    bool m_endRequested = false;
    bool m_running = false; ///< a slice: false also on the main thread between its drains
    bool m_mustFinish = false;
    ExitReason m_exitReason = ExitReason::finished;
    std::uint32_t m_alive = 0;
    Clock::time_point m_notedUntil{};
    Event *m_batch = nullptr; ///< taken from the mailbox, oldest first
    Event *m_batchEnd = nullptr;
    PortCore *m_ports = nullptr;
    std::vector<std::coroutine_handle<>> m_roots;
    std::vector<Capability> m_pauses;
    std::vector<Listener<ExitNotice>> m_exitListeners;
    std::vector<Listener<ErrorNotice>> m_errorListeners;
    std::vector<LocalValue> m_locals;
    Counters m_counters;
};

/// Thrown by `checkpoint` and `exit` to unwind an isolate; not derived from std::exception, so that handlers of errors
/// let it pass.
struct Unwind {};

} // namespace isolate::detail
