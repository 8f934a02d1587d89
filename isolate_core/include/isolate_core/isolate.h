#pragma once

#include "isolate_core/result.h"
#include "isolate_core/send_port.h"
#include "isolate_core/task.h"

#include <string>

/// Isolates: each has state of its own and a mailbox, and shares nothing but the messages that it sends.
///
/// `@thread` says where a name may be used. `any`: everywhere, by several threads at once. `isolate`: where an isolate
/// runs, the main one included; an object by the isolate that made it alone. `main`: on the main isolate. Where no
/// isolate runs, the makers of receive ports and timers, awaiting a future, `Local` and the functions of `isolate` end
/// the process with a line on the standard error.
namespace isolate {

class Runtime;
template <class T>
class Stream;

/// Where an isolate runs.
enum class Placement : std::uint8_t {
    pooled, ///< on whichever thread of the pool is free: light, a hundred thousand cost little
    dedicated, ///< on a thread of its own, for calls that block
    main, ///< on the thread of the main isolate, between its own events
};

/// How soon a control message acts.
enum class Priority : std::uint8_t {
    immediate, ///< at the next `checkpoint()`, or before the next event
    beforeNextEvent, ///< before the next event
};

/// How to start an isolate.
struct SpawnOptions {
    std::string name = {}; ///< for people; need not be unique. Linux shows 15 bytes of it as a dedicated thread's name
    Placement placement = Placement::pooled; ///< where it runs, for as long as it lives
    bool paused = false; ///< the entry waits until the isolate's own pause capability is resumed
    bool errorsAreFatal = true; ///< whether the first error that nothing catches ends it; else it goes on
    SendPort<ExitNotice> onExit = {}; ///< hears of its end, from the first moment; null: nobody
    SendPort<ErrorNotice> onError = {}; ///< hears of errors that nothing catches; null: the runtime's error sink
    /// `Runtime::shutdown` does not kill it at once, but asks it to stop, by its stop token, and waits for its end
    /// while all others go on.
    bool mustFinish = false;
    SendPort<Notice> onNotice = {}; ///< hears of both, on one port, in their order; null: nobody
    Runtime *runtime = nullptr; ///< null: that of the isolate that spawns, else the process's
};

/// Why an isolate could not be started.
struct SpawnError {
    std::string message; ///< in English, for logs; names the isolate
};

/// A handle to an isolate, which lives without it, and may be used after its end: what asks something of the isolate
/// then does nothing. Copies are equal handles. What asks something takes a lock of the isolate and wakes it, does not
/// wait for it, and is done in the order in which one thread asked it. @thread any
class Isolate {
public:
    /// Of the implementation; see `spawn` and `current`.
    explicit Isolate(detail::Ref<detail::Cell> cell) : m_cell(std::move(cell)) {}

    /// The isolate that runs on this thread. @thread isolate
    static Isolate current();

    /// Unique in the process, over 0, and never used again.
    [[nodiscard]] IsolateId id() const noexcept { return m_cell->id(); }
    /// As in `SpawnOptions`; lives as long as this handle or a copy of it.
    [[nodiscard]] const std::string &name() const noexcept { return m_cell->name(); }
    /// The right to `pause`, and what resumes an isolate that was spawned `paused`; null of a handle without it.
    [[nodiscard]] Capability pauseCapability() const noexcept
    {
        return m_mayPause ? m_cell->pauseCapability() : Capability();
    }
    /// The right to `kill` and to `setErrorsFatal`; null of a handle without it.
    [[nodiscard]] Capability terminateCapability() const noexcept
    {
        return m_mayTerminate ? m_cell->terminateCapability() : Capability();
    }
    /// A handle to the same isolate for others, without the rights to pause and to end it: what asks for that does
    /// nothing.
    [[nodiscard]] Isolate restricted() const
    {
        Isolate handle(m_cell);
        handle.m_mayPause = handle.m_mayTerminate = false;
        return handle;
    }
    /// A handle with those rights, of this one's and those that the capabilities give. A wrong one gives none.
    [[nodiscard]] Isolate withCapabilities(Capability pause, Capability terminate) const
    {
        Isolate handle(*this);
        handle.m_mayPause |= pause == m_cell->pauseCapability();
        handle.m_mayTerminate |= terminate == m_cell->terminateCapability();
        return handle;
    }
    /// Whether it has run its last; false can be out of date at once.
    [[nodiscard]] bool ended() const noexcept { return m_cell->ended(); }

    /// Stops the dispatch of events, not running code, until `resume` with the returned capability. One capability is
    /// one pause however often it is given; of several pauses each must be resumed. It can still be killed and pinged.
    /// Needs the right to pause.
    Capability pause(Capability resumeWith = Capability::create()) const;
    /// Takes back a pause; an unknown capability does nothing.
    void resume(Capability capability) const;
    /// Ends the isolate, as soon as `priority` says, and asks its work to stop by the stop token, whose callbacks run
    /// on this thread. Code that runs and looks at neither the token nor `checkpoint` is not cut short. What waits in
    /// its mailbox is not run. Does not wait for the end: listen for it. Killing oneself immediately does not return.
    /// Needs the right to terminate.
    void kill(Priority priority = Priority::beforeNextEvent) const;
    /// Sends `response` to `port` when the isolate gets to it, as `priority` says; also while it is paused. After the
    /// end nothing is sent.
    template <class R>
    void ping(SendPort<R> port, R response, Priority priority = Priority::immediate) const
    {
        m_cell->control(
            priority == Priority::immediate,
            [port, response = std::move(response)](detail::Cell &) mutable { port.send(std::move(response)); });
    }
    /// `port` hears of the end, as the last act of the isolate. The same port twice is one notice; after the end, none.
    void addOnExitListener(const SendPort<ExitNotice> &port) const;
    /// As above, with an answer of your own; the same port again replaces it.
    template <class R>
    void addOnExitListener(SendPort<R> port, R response) const
    {
        const void *key = detail::PortAccess::state(port).get();
        m_cell->control(true, [key, port, response = std::move(response)](detail::Cell &cell) mutable {
            cell.addExitListener(key, [port, response = std::move(response)](const ExitNotice &) mutable {
                return port.send(std::move(response));
            });
        });
    }
    /// `port` hears of the end no more. It still may, if the isolate ends before it gets to this.
    template <class R>
    void removeOnExitListener(const SendPort<R> &port) const
    {
        const void *key = detail::PortAccess::state(port).get();
        m_cell->control(true, [key](detail::Cell &cell) { cell.removeExitListener(key); });
    }
    /// `port` hears of both errors and the end, in their order. The same port twice hears once.
    void addListener(const SendPort<Notice> &port) const;
    /// Takes `port` off again.
    void removeListener(const SendPort<Notice> &port) const;
    /// `port` hears of each error that nothing in the isolate catches, fatal or not. The same port twice hears once.
    void addErrorListener(const SendPort<ErrorNotice> &port) const;
    /// Takes `port` off again; with no listener left errors go to the runtime's error sink.
    void removeErrorListener(const SendPort<ErrorNotice> &port) const;
    /// The errors that nothing in the isolate catches, as a broadcast stream of the isolate that asks; include
    /// <isolate_core/stream.h>. It never ends by itself, and does not keep that isolate alive. @thread isolate
    [[nodiscard]] Stream<ErrorNotice> errors() const;
    /// Changes whether an error that nothing catches ends the isolate, at its next `checkpoint` or event. Needs the
    /// isolate's terminate capability; without it nothing happens.
    void setErrorsFatal(bool fatal, Capability terminate) const;

    /// Whether both are handles to the same isolate, whatever their rights.
    friend bool operator==(const Isolate &a, const Isolate &b) noexcept { return a.m_cell == b.m_cell; }

private:
    detail::Ref<detail::Cell> m_cell;
    bool m_mayPause = true;
    bool m_mayTerminate = true;
};

template <>
struct IsSendableClass<Isolate> : std::true_type {
};

/// Serves control messages that can't wait, and ends the isolate here if it was killed: by throwing what is no
/// `std::exception`, which a `catch (...)` must throw on; so not in a destructor or a `noexcept` function. Long work
/// calls it often; it reads the clock, and takes a lock only when a control message waits. Does nothing on a thread
/// that is no isolate. @thread any
void checkpoint();
/// Stops when this isolate is killed or ends; never, on a thread that is no isolate. Its callbacks run on the thread
/// that kills. @thread any
[[nodiscard]] std::stop_token stopToken();
/// Says in a few words what this isolate is doing, for snapshots and traces; until the next call. Takes a lock of the
/// isolate. @thread isolate
void setActivity(std::string what);
/// Ends the isolate now; its destructors run, its exit listeners hear of it. Throws as `checkpoint` does, and so is not
/// called in a destructor. What waits in the mailbox is not run. @thread isolate
[[noreturn]] void exit();
/// The same, with a last message, handed over without a copy; dropped when `port` is closed. @thread isolate
template <class T>
[[noreturn]] void exit(const SendPort<T> &port, T message)
{
    port.send(std::move(message));
    exit();
}

} // namespace isolate
