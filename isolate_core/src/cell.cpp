#include "isolate_core/detail/cell.h"

#include "executor.h"
#include "isolate_core/detail/port_core.h"
#include "isolate_core/snapshot.h"
#include "isolate_core/task.h"
#include "runtime_parts.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cxxabi.h>

namespace isolate::detail {

namespace {

thread_local Cell *currentCell = nullptr;
std::atomic<IsolateId> lastId{0};

std::string textOf(const std::exception_ptr &error)
{
    try {
        std::rethrow_exception(error);
    } catch (const std::exception &e) {
        return e.what() ? e.what() : "an error whose text is null";
    } catch (const std::string &text) {
        return text;
    } catch (const char *text) {
        return text ? text : "(null)";
    } catch (...) {
        const std::type_info *type = abi::__cxa_current_exception_type();
        const std::unique_ptr<char, void (*)(void *)> name(
            type ? abi::__cxa_demangle(type->name(), nullptr, nullptr, nullptr) : nullptr, std::free);
        return std::string("an error that has no text, of type ") + (name ? name.get() : "unknown");
    }
}

/// A listener that hands its notices on to a port which takes them.
template <class T>
auto sendTo(const SendPort<T> &port)
{
    return [port](const auto &notice) { return port.send(notice); };
}

std::int64_t nanoseconds(Clock::time_point time) noexcept
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

} // namespace

Cell::Cell(Runtime &runtime, Ref<Executor> executor, Placement placement, std::string name, bool errorsAreFatal)
    : m_placement(placement), m_runtime(runtime), m_executor(std::move(executor)), m_id(++lastId),
      m_name(std::move(name)), m_spawner(currentCell ? currentCell->m_name : std::string()),
      m_errorsAreFatal(errorsAreFatal)
{
}

Cell::~Cell()
{
    Mailbox::drop(m_batch);
}

ISOLATE_CORE_SENDS Cell *Cell::current() noexcept
{
    return currentCell;
}

Cell &Cell::expectCurrent(const char *what)
{
    if (!currentCell) {
        std::fprintf(stderr,
                     "isolate_core: %s needs an isolate, and this thread runs none. Spawn one, use runMain, or "
                     "make this thread the main isolate with a MainExecutor.\n",
                     what);
        std::abort();
    }
    return *currentCell;
}

Cell *Cell::exchangeCurrent(Cell *cell) noexcept
{
    return std::exchange(currentCell, cell);
}

ISOLATE_CORE_SENDS bool Cell::post(Event *event) noexcept
{
    if (ended()) {
        delete event;
        return false;
    }
    m_posted.fetch_add(1, std::memory_order_relaxed);
    if (m_mailbox.push(event))
        m_executor->schedule(*this);
    else if (ended())
        Mailbox::drop(m_mailbox.close());
    return true;
}

std::uint64_t Cell::waiting() const noexcept
{
    const auto run = m_counters.received.load(std::memory_order_acquire);
    const auto posted = m_posted.load(std::memory_order_relaxed);
    return posted > run ? posted - run : 0;
}

void Cell::control(bool immediate, UniqueFunction<void(Cell &)> action)
{
    {
        std::lock_guard lock(m_mutex);
        if (ended())
            return;
        m_control.push_back({immediate, std::move(action)});
        m_controlPending.store(true, std::memory_order_release);
    }
    if (currentCell == this && m_running)
        return; // served before its next event
    post(new CallEvent([] {}));
}

void Cell::serveControl(bool immediateOnly)
{
    std::vector<ControlMessage> messages;
    {
        std::lock_guard lock(m_mutex);
        auto end = m_control.end();
        if (immediateOnly) {
            end = std::find_if(m_control.rbegin(), m_control.rend(), [](auto &m) { return m.immediate; }).base();
        }
        std::move(m_control.begin(), end, std::back_inserter(messages));
        m_control.erase(m_control.begin(), end);
        m_controlPending.store(!m_control.empty(), std::memory_order_release);
    }
    for (ControlMessage &message : messages)
        message.action(*this);
}

void Cell::checkpoint()
{
    const auto now = nanoseconds(Clock::now());
    m_counters.lastCheckpoint.store(now, std::memory_order_relaxed);
    runSlot().checkpoint.store(now, std::memory_order_relaxed);
    if (!m_running)
        return; // the main thread between its drains, or an isolate that ends
    if (m_controlPending.load(std::memory_order_acquire))
        serveControl(true);
    // A destructor that runs meanwhile must not throw.
    if (m_endRequested && std::uncaught_exceptions() == 0)
        throw Unwind{};
}

SliceEnd Cell::runSlice(const SliceBudget &budget, Clock::time_point &now)
{
    Cell *const before = exchangeCurrent(this);
    RunSlot &slot = runSlot();
    struct Restore {
        Cell *cell;
        RunSlot &slot;
        ~Restore() // touches nothing of this cell: it may be gone, or run on another thread
        {
            slot.isolate.store(0, std::memory_order_relaxed);
            exchangeCurrent(cell);
        }
    } restore{before, slot};
    m_running = true;
    const auto start = now == Clock::time_point() ? Clock::now() : now;
    m_counters.lastCheckpoint.store(nanoseconds(start), std::memory_order_relaxed);
    slot.runtime.store(&m_runtime, std::memory_order_relaxed);
    slot.checkpoint.store(nanoseconds(start), std::memory_order_relaxed);
    slot.isolate.store(m_id, std::memory_order_relaxed);
    m_runtime.parts().bell.ring();
    m_counters.state.store(static_cast<std::uint8_t>(IsolateState::running), std::memory_order_relaxed);

    SliceEnd result = SliceEnd::more;
    std::uint32_t run = 0;
    for (;;) {
        if (m_controlPending.load(std::memory_order_acquire))
            serveControl(false);
        if (m_endRequested) {
            now = Clock::now();
            noteSlice(start, now);
            end(); // and this may be gone
            result = SliceEnd::ended;
            break;
        }
        if (!m_batch || !m_pauses.empty()) {
            if (const auto taken = m_mailbox.takeAll(); taken.oldest) {
                (m_batch ? m_batchEnd->next : m_batch) = taken.oldest;
                m_batchEnd = taken.newest;
            }
        }
        if (!m_batch || !m_pauses.empty()) {
            if (!m_batch && m_pauses.empty() && m_alive == 0) {
                m_endRequested = true; // nothing can come that it waits for
                continue;
            }
            m_counters.state.store(
                static_cast<std::uint8_t>(m_pauses.empty() ? IsolateState::idle : IsolateState::paused),
                std::memory_order_relaxed);
            now = Clock::now();
            noteSlice(start, now);
            m_running = false;
            if (m_mailbox.trySleep())
                return SliceEnd::asleep; // from here on another thread may run it
            m_running = true;
            m_counters.state.store(static_cast<std::uint8_t>(IsolateState::running), std::memory_order_relaxed);
            continue;
        }
        Event *event = m_batch;
        m_batch = event->next;
        deliver(*event);
        if (++run >= budget.events || (budget.until != Clock::time_point::max() && Clock::now() >= budget.until)) {
            if (m_endRequested || m_controlPending.load(std::memory_order_acquire))
                continue;
            m_counters.state.store(static_cast<std::uint8_t>(IsolateState::ready), std::memory_order_relaxed);
            break;
        }
    }
    if (result == SliceEnd::more) {
        m_running = false;
        now = Clock::now();
        noteSlice(start, now);
    }
    return result;
}

void Cell::noteSlice(Clock::time_point start, Clock::time_point finish)
{
    const auto busy = std::chrono::duration_cast<std::chrono::nanoseconds>(finish - start);
    // A slice that found mail when it was about to sleep is noted in two parts, and counted from where it was.
    const auto from = std::max(start, m_notedUntil);
    m_notedUntil = finish;
    countUp(m_counters.busyNanoseconds, static_cast<std::uint64_t>((finish - from).count()));
    if (busy >= m_runtime.parts().options.traceAtLeast)
        m_runtime.parts().trace.add(*this, from, finish);
}

void Cell::deliver(Event &event)
{
    std::unique_ptr<Event> owner(&event);
    countUp(m_counters.received);
    try {
        event.deliver(*this);
    } catch (const Unwind &) {
    } catch (...) {
        reportError(std::current_exception());
    }
    owner.reset();
    if (!m_roots.empty())
        destroyFinishedRoots();
}

void Cell::destroyFinishedRoots()
{
    // Out of the list first: a destructor may start another.
    std::vector<std::coroutine_handle<>> finished;
    std::erase_if(m_roots, [&finished](std::coroutine_handle<> root) {
        if (root.done())
            finished.push_back(root);
        return root.done();
    });
    for (auto root : finished)
        root.destroy();
}

void Cell::requestEnd(ExitReason reason) noexcept
{
    if (m_endRequested)
        return;
    m_endRequested = true;
    m_exitReason = reason;
}

void Cell::closePorts()
{
    while (m_ports)
        m_ports->close();
    if (m_named.exchange(false, std::memory_order_acq_rel))
        m_runtime.parts().names.forgetPortsOf(*this);
}

void Cell::end()
{
    m_running = false;
    m_stop.request_stop();
    closePorts();
    while (!m_roots.empty()) { // a destructor may start another
        for (auto root : std::exchange(m_roots, {}))
            root.destroy();
    }
    closePorts(); // those that a destructor opened
    Mailbox::drop(std::exchange(m_batch, nullptr));
    destroyLocals();
    std::vector<ControlMessage> control;
    {
        std::lock_guard lock(m_mutex);
        m_endedFlag.store(true, std::memory_order_release);
        control.swap(m_control);
    }
    // Listeners that were asked for before the end still hear of it.
    for (ControlMessage &message : control)
        message.action(*this);
    control.clear();
    Mailbox::drop(m_mailbox.close());
    m_counters.state.store(static_cast<std::uint8_t>(IsolateState::ended), std::memory_order_relaxed);
    m_errorListeners.clear();
    const ExitNotice notice{m_id, m_name, m_exitReason};
    for (auto &listener : std::exchange(m_exitListeners, {}))
        listener.send(notice);
    m_runtime.parts().forget(*this);
}

void Cell::endNow(ExitReason reason)
{
    Cell *const before = exchangeCurrent(this);
    requestEnd(reason);
    end();
    exchangeCurrent(before == this ? nullptr : before);
}

void Cell::attachPort(PortCore &port)
{
    port.retain();
    port.nextOfCell = m_ports;
    port.previousOfCell = nullptr;
    if (m_ports)
        m_ports->previousOfCell = &port;
    m_ports = &port;
}

void Cell::detachPort(PortCore &port) noexcept
{
    (port.previousOfCell ? port.previousOfCell->nextOfCell : m_ports) = port.nextOfCell;
    if (port.nextOfCell)
        port.nextOfCell->previousOfCell = port.previousOfCell;
    port.nextOfCell = port.previousOfCell = nullptr;
}

void Cell::pauseBy(Capability capability)
{
    if (std::find(m_pauses.begin(), m_pauses.end(), capability) == m_pauses.end())
        m_pauses.push_back(capability);
}

void Cell::resumeBy(Capability capability)
{
    std::erase(m_pauses, capability);
}

void Cell::reportError(std::exception_ptr error)
{
    const ErrorNotice notice{m_id, m_name, textOf(error), {}};
    bool heard = false;
    std::erase_if(m_errorListeners, [&](auto &listener) {
        const bool hears = listener.send(notice);
        heard |= hears;
        return !hears;
    });
    if (!heard)
        m_runtime.parts().reportUnheard(notice);
    if (m_errorsAreFatal)
        requestEnd(ExitReason::error);
}

void Cell::addExitListener(const void *port, UniqueFunction<bool(const ExitNotice &)> send)
{
    removeExitListener(port);
    m_exitListeners.push_back({port, std::move(send)});
}

void Cell::removeExitListener(const void *port)
{
    std::erase_if(m_exitListeners, [port](auto &listener) { return listener.port == port; });
}

void Cell::addErrorListener(const void *port, UniqueFunction<bool(const ErrorNotice &)> send)
{
    removeErrorListener(port);
    m_errorListeners.push_back({port, std::move(send)});
}

void Cell::removeErrorListener(const void *port)
{
    std::erase_if(m_errorListeners, [port](auto &listener) { return listener.port == port; });
}

void Cell::listen(const SendPort<ExitNotice> &port)
{
    addExitListener(PortAccess::state(port).get(), sendTo(port));
}

void Cell::listen(const SendPort<ErrorNotice> &port)
{
    addErrorListener(PortAccess::state(port).get(), sendTo(port));
}

void Cell::listen(const SendPort<Notice> &port)
{
    const void *key = PortAccess::state(port).get();
    addErrorListener(key, sendTo(port));
    addExitListener(key, sendTo(port));
}

void *Cell::findLocal(const void *key) const noexcept
{
    for (const LocalValue &local : m_locals) {
        if (local.key == key)
            return local.value;
    }
    return nullptr;
}

void Cell::addLocal(const void *key, void *value, void (*destroy)(void *))
{
    m_locals.push_back({key, value, destroy});
}

void Cell::destroyLocals() noexcept
{
    while (!m_locals.empty()) { // a destructor may use, and so make, another
        const LocalValue last = m_locals.back();
        m_locals.pop_back();
        last.destroy(last.value);
    }
}

void Cell::setWhat(std::string what)
{
    std::lock_guard lock(m_mutex);
    m_what = std::move(what);
}

std::string Cell::what() const
{
    std::lock_guard lock(m_mutex);
    return m_what;
}

void reportUnheardError(const std::exception_ptr &error) noexcept
{
    try {
        const Cell *cell = currentCell;
        const ErrorNotice notice{cell ? cell->id() : 0,
                                 cell ? cell->name() : "",
                                 "of a future that nobody waited for: " + textOf(error),
                                 {}};
        (cell ? cell->runtime() : Runtime::instance()).parts().reportUnheard(notice);
    } catch (...) { // no memory for the text: nothing is left to say it with
    }
}

void startRoot(Task<void> task)
{
    Cell &cell = Cell::expectCurrent("start");
    Root root = [](Task<void> t) -> Root { co_await std::move(t); }(std::move(task));
    cell.adoptRoot(root.handle);
    root.handle.resume();
}

bool mayWait(const Cell &receiver) noexcept
{
    const Cell *sender = currentCell;
    return !sender
        || (sender != &receiver && sender->placement() != Placement::main && !sender->runtime().parts().deterministic);
}

std::stop_token stopTokenOfSender() noexcept
{
    return currentCell ? currentCell->stopSource().get_token() : std::stop_token();
}

} // namespace isolate::detail
