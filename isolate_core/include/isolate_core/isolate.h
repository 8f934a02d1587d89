#pragma once

#include "isolate_core/result.h"
#include "isolate_core/send_port.h"
#include "isolate_core/task.h"

#include <string>

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

struct SpawnOptions {
    std::string name = {}; ///< for people; need not be unique
    Placement placement = Placement::pooled;
    bool paused = false; ///< the entry waits until the isolate's own pause capability is resumed
    bool errorsAreFatal = true;
    SendPort<ExitNotice> onExit = {};
    SendPort<ErrorNotice> onError = {};
    Runtime *runtime = nullptr; ///< null: that of the isolate that spawns, else the process's
};

/// Why an isolate could not be started.
struct SpawnError {
    std::string message;
};

/// A handle to an isolate, which lives without it. Copies are equal handles. @thread any
class Isolate {
public:
    explicit Isolate(detail::Ref<detail::Cell> cell) : m_cell(std::move(cell)) {}

    /// The isolate that runs on this thread. @thread isolate
    static Isolate current();

    [[nodiscard]] IsolateId id() const noexcept { return m_cell->id(); }
    [[nodiscard]] const std::string &name() const noexcept { return m_cell->name(); }
    [[nodiscard]] Capability pauseCapability() const noexcept { return m_cell->pauseCapability(); }
    [[nodiscard]] Capability terminateCapability() const noexcept { return m_cell->terminateCapability(); }
    /// Whether it has run its last; false can be out of date at once.
    [[nodiscard]] bool ended() const noexcept { return m_cell->ended(); }

    /// Stops the dispatch of events, not running code, until `resume` with the returned capability. One capability is
    /// one pause however often it is given.
    Capability pause(Capability resumeWith = Capability::create()) const;
    /// Takes back a pause; an unknown capability does nothing.
    void resume(Capability capability) const;
    /// Ends the isolate and asks its work to stop by the stop token. Killing oneself immediately does not return.
    void kill(Priority priority = Priority::beforeNextEvent) const;
    /// Sends `response` to `port` when the isolate gets to it; also while it is paused.
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
                port.send(std::move(response));
            });
        });
    }
    template <class R>
    void removeOnExitListener(const SendPort<R> &port) const
    {
        const void *key = detail::PortAccess::state(port).get();
        m_cell->control(true, [key](detail::Cell &cell) { cell.removeExitListener(key); });
    }
    void addErrorListener(const SendPort<ErrorNotice> &port) const;
    void removeErrorListener(const SendPort<ErrorNotice> &port) const;
    /// The errors that nothing in the isolate catches, as a broadcast stream of the isolate that asks; include
    /// <isolate_core/stream.h>. It never ends by itself, and does not keep that isolate alive. @thread isolate
    [[nodiscard]] Stream<ErrorNotice> errors() const;
    /// Needs the isolate's terminate capability; without it nothing happens.
    void setErrorsFatal(bool fatal, Capability terminate) const;

    friend bool operator==(const Isolate &a, const Isolate &b) noexcept = default;

private:
    detail::Ref<detail::Cell> m_cell;
};

template <>
struct IsSendableClass<Isolate> : std::true_type {
};

/// Serves control messages that can't wait, and ends the isolate here if it was killed. Long work calls it often; it
/// costs two loads. Does nothing on a thread that is no isolate. @thread any
void checkpoint();
/// Stops when this isolate is to end; never, on a thread that is no isolate. @thread any
[[nodiscard]] std::stop_token stopToken();
/// Says in a few words what this isolate is doing, for snapshots and traces. @thread isolate
void setActivity(std::string what);
/// Ends the isolate now; its destructors run, its exit listeners hear of it. @thread isolate
[[noreturn]] void exit();
/// The same, with a last message, handed over without a copy.
template <class T>
[[noreturn]] void exit(const SendPort<T> &port, T message)
{
    port.send(std::move(message));
    exit();
}

} // namespace isolate
