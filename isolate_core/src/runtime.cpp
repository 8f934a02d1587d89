#include "isolate_core/runtime.h"

#include "isolate_core/main_executor.h"
#include "runtime_parts.h"

#include <atomic>

namespace isolate {

using namespace detail;

Capability Capability::create() noexcept
{
    static std::atomic<std::uint64_t> last{0};
    return Capability(++last);
}

std::string_view toString(ExitReason reason) noexcept
{
    switch (reason) {
    case ExitReason::finished:
        return "finished";
    case ExitReason::error:
        return "error";
    case ExitReason::killed:
        return "killed";
    case ExitReason::exited:
        return "exited";
    }
    return "unknown";
}

std::string_view toString(IsolateState state) noexcept
{
    switch (state) {
    case IsolateState::idle:
        return "idle";
    case IsolateState::ready:
        return "ready";
    case IsolateState::running:
        return "running";
    case IsolateState::paused:
        return "paused";
    case IsolateState::ended:
        return "ended";
    }
    return "unknown";
}

std::string_view toString(Placement placement) noexcept
{
    switch (placement) {
    case Placement::pooled:
        return "pooled";
    case Placement::dedicated:
        return "dedicated";
    case Placement::main:
        return "main";
    }
    return "unknown";
}

Runtime &Runtime::instance()
{
    static Runtime runtime;
    return runtime;
}

Runtime &Runtime::current()
{
    Cell *cell = Cell::current();
    return cell ? cell->runtime() : instance();
}

Runtime::Runtime(const RuntimeOptions &options)
    : m_parts(
        std::make_unique<RuntimeParts>(*this, options, makePoolExecutor(options), std::make_unique<Timers>(false)))
{
}

Runtime::Runtime(std::unique_ptr<RuntimeParts> parts) : m_parts(std::move(parts)) {}

Runtime::~Runtime()
{
    static_cast<void>(shutdown());
}

ShutdownReport Runtime::shutdown(std::chrono::milliseconds patience)
{
    return m_parts->shutdown(patience);
}

void Runtime::setExecutionMode(ExecutionMode mode) noexcept
{
    m_parts->mode.store(mode, std::memory_order_relaxed);
}
ExecutionMode Runtime::executionMode() const noexcept
{
    return m_parts->mode.load(std::memory_order_relaxed);
}

void Runtime::setErrorSink(std::function<void(const ErrorNotice &)> sink)
{
    std::lock_guard lock(m_parts->mutex);
    m_parts->errorSink = std::move(sink);
}

std::vector<IsolateInfo> Runtime::snapshot() const
{
    std::vector<Ref<Cell>> cells;
    {
        std::lock_guard lock(m_parts->mutex);
        cells.reserve(m_parts->cells.size());
        for (Cell *cell : m_parts->cells)
            cells.emplace_back(cell);
    }
    const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch());
    std::vector<IsolateInfo> infos;
    infos.reserve(cells.size());
    for (const auto &cell : cells) {
        const auto &c = cell->counters();
        IsolateInfo info{cell->id(), cell->name(), cell->what(), cell->placement()};
        info.state = static_cast<IsolateState>(c.state.load(std::memory_order_relaxed));
        info.waiting = cell->waiting();
        info.sent = c.sent.load(std::memory_order_relaxed);
        info.received = c.received.load(std::memory_order_relaxed);
        info.busy = std::chrono::nanoseconds(c.busyNanoseconds.load(std::memory_order_relaxed));
        if (info.state == IsolateState::running) {
            info.sinceCheckpoint = now - std::chrono::nanoseconds(c.lastCheckpoint.load(std::memory_order_relaxed));
            info.sinceCheckpoint = std::max(info.sinceCheckpoint, std::chrono::nanoseconds(0));
        }
        infos.push_back(std::move(info));
    }
    return infos;
}

std::size_t Runtime::isolateCount() const
{
    std::lock_guard lock(m_parts->mutex);
    return m_parts->cells.size();
}

std::vector<TraceSlice> Runtime::traceAfter(std::uint64_t &serial) const
{
    return m_parts->trace.after(serial);
}

std::vector<TraceSlice> Runtime::trace(std::chrono::steady_clock::time_point since) const
{
    return m_parts->trace.since(since);
}

unsigned Runtime::poolThreadCount() const
{
    return poolThreadsOf(*m_parts->pool);
}

namespace detail {

bool postToMainInMainMode(Runtime *runtime, UniqueFunction<void()> &work)
{
    RuntimeParts &parts = (runtime ? *runtime : Runtime::current()).parts();
    if (parts.mode.load(std::memory_order_relaxed) != ExecutionMode::mainIsolate)
        return false;
    Ref<Cell> main;
    {
        std::lock_guard lock(parts.mutex);
        main = parts.mainCell;
    }
    if (!main)
        return false;
    main->post(new CallEvent(std::move(work)));
    return true;
}

Result<Ref<Cell>, SpawnError> makeCell(const SpawnOptions &options)
{
    return (options.runtime ? *options.runtime : Runtime::current()).parts().makeCell(options);
}

void startCell(Cell &cell, UniqueFunction<void()> firstEvent)
{
    cell.post(new CallEvent(std::move(firstEvent)));
}

Result<Isolate, SpawnError> spawnCell(const SpawnOptions &options, UniqueFunction<void()> firstEvent)
{
    auto cell = makeCell(options);
    if (!cell)
        return std::move(cell).error();
    startCell(**cell, std::move(firstEvent));
    return Isolate(*cell);
}

bool registerName(Runtime &runtime, const std::string &name, NamedPort port)
{
    return runtime.parts().names.add(name, std::move(port));
}
std::optional<NamedPort> lookUpName(Runtime &runtime, const std::string &name, const std::type_info &type)
{
    return runtime.parts().names.find(name, type);
}
void watchName(Runtime &runtime, const std::string &name, const SendPort<NameEvent> &watcher)
{
    runtime.parts().names.watch(name, watcher);
}
bool unwatchName(Runtime &runtime, const std::string &name, const SendPort<NameEvent> &watcher)
{
    return runtime.parts().names.unwatch(name, watcher);
}
bool removeName(Runtime &runtime, const std::string &name)
{
    return runtime.parts().names.remove(name);
}
NamedPort lookUpOrMake(Runtime &runtime, const std::string &name, const std::type_info &type,
                       UniqueFunction<NamedPort()> make)
{
    return runtime.parts().names.findOrMake(name, type, std::move(make));
}

} // namespace detail

} // namespace isolate
