#include "runtime_parts.h"

#include <algorithm>
#include <cstdio>

namespace isolate::detail {

namespace {

/// Of a slice that has just ended on this thread: its length less what it waited for a core; 0 where not known.
std::chrono::nanoseconds undelayed(Clock::time_point start, Clock::time_point end)
{
    const std::chrono::nanoseconds length = end - start;
    if (length < std::chrono::milliseconds(1))
        return {};
    // Also since the last slice that was measured: what the short ones between waited counts here too, so that this one
    // is held to be no shorter than what it ran.
    thread_local ThreadTimes before;
    const auto now = threadTimes();
    if (!now)
        return {};
    const ThreadTimes took{now->ran - before.ran, now->waited - before.waited};
    before = *now;
    return std::max({length - took.waited, std::min(length, took.ran), std::chrono::nanoseconds(1)});
}

} // namespace

void TraceRing::add(const Cell &cell, Clock::time_point start, Clock::time_point end)
{
    TraceSlice slice{cell.id(), cell.name(),           cell.what(),    cell.placement(), start,
                     end,       undelayed(start, end), threadNumber(), cell.spawner()};
    std::lock_guard lock(m_mutex);
    if (m_slices.size() < m_capacity)
        m_slices.push_back(std::move(slice));
    else
        std::swap(m_slices[m_next], slice);
    m_next = (m_next + 1) % m_capacity;
    ++m_added;
}

std::vector<TraceSlice> TraceRing::since(Clock::time_point time) const
{
    std::vector<TraceSlice> found;
    std::lock_guard lock(m_mutex);
    const std::size_t count = m_slices.size();
    const std::size_t oldest = count < m_capacity ? 0 : m_next;
    // All of them: a thread may be held up between the end of its slice and here.
    for (std::size_t i = 0; i < count; ++i) {
        if (const TraceSlice &slice = m_slices[(oldest + i) % count]; slice.end > time)
            found.push_back(slice);
    }
    return found;
}

std::vector<TraceSlice> TraceRing::after(std::uint64_t &serial) const
{
    std::vector<TraceSlice> found;
    std::lock_guard lock(m_mutex);
    const std::size_t count = m_slices.size();
    const std::size_t oldest = count < m_capacity ? 0 : m_next;
    const auto fresh = static_cast<std::size_t>(std::min<std::uint64_t>(m_added - std::min(serial, m_added), count));
    serial = m_added;
    found.reserve(fresh);
    for (std::size_t i = count - fresh; i < count; ++i)
        found.push_back(m_slices[(oldest + i) % count]);
    return found;
}

RuntimeParts::RuntimeParts(Runtime &owner, const RuntimeOptions &o, Ref<Executor> poolExecutor,
                           std::unique_ptr<Timers> timerQueue)
    : runtime(owner), options(o), trace(o.traceSlices), timers(std::move(timerQueue)), pool(std::move(poolExecutor))
{
}

RuntimeParts::~RuntimeParts()
{
    pool->stop();
    timers.reset();
    for (auto &executor : dedicated)
        executor->stop();
}

Result<Ref<Cell>, SpawnError> RuntimeParts::makeCell(const SpawnOptions &o)
{
    Ref<Executor> executor = pool;
    Ref<Executor> own;
    if (o.placement == Placement::main) {
        std::lock_guard lock(mutex);
        executor = Ref<Executor>(mainExecutor);
        if (!executor)
            return SpawnError{"isolate \"" + o.name
                              + "\": there is no main isolate to place it on. Make a MainExecutor first."};
    } else if (o.placement == Placement::dedicated && !deterministic) {
        try {
            own = makeDedicatedExecutor(o.name.empty() ? "isolate" : o.name, options.backgroundNice);
        } catch (const std::system_error &error) {
            return SpawnError{"isolate \"" + o.name + "\": no thread could be had: " + error.what()};
        }
        executor = own;
    }
    auto cell = makeRef<Cell>(runtime, std::move(executor), o.placement, o.name, o.errorsAreFatal);
    if (o.paused)
        cell->startPaused();
    if (o.mustFinish)
        cell->setMustFinish();
    if (o.onExit)
        cell->listen(o.onExit);
    if (o.onNotice)
        cell->listen(o.onNotice);
    if (o.onError)
        cell->listen(o.onError);

    std::vector<Ref<Executor>> finished; // joined with no lock held
    {
        std::unique_lock lock(mutex);
        if (closing) {
            lock.unlock();
            if (own)
                own->stop();
            return SpawnError{"isolate \"" + o.name + "\": its runtime is shutting down"};
        }
        if (own) {
            const auto alive = std::stable_partition(dedicated.begin(), dedicated.end(),
                                                     [](auto &e) { return !dedicatedHasEnded(*e); });
            std::move(alive, dedicated.end(), std::back_inserter(finished));
            dedicated.erase(alive, dedicated.end());
            dedicated.push_back(std::move(own));
        }
        cell->retain();
        cell->registryPlace = cells.insert(cells.end(), cell.get());
    }
    for (auto &thread : finished)
        thread->stop();
    return cell;
}

void RuntimeParts::forget(Cell &cell)
{
    {
        std::lock_guard lock(mutex);
        cells.erase(cell.registryPlace);
    }
    fewer.notify_all();
    cell.release();
}

void RuntimeParts::reportUnheard(const ErrorNotice &notice)
{
    std::function<void(const ErrorNotice &)> sink;
    {
        std::lock_guard lock(mutex);
        sink = errorSink;
    }
    try {
        if (sink)
            return sink(notice);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "isolate_core: the error sink failed: %s\n", error.what());
    } catch (...) {
        std::fprintf(stderr, "isolate_core: the error sink failed\n");
    }

    std::fprintf(stderr, "isolate \"%s\": unhandled error: %s\n", notice.name.c_str(), notice.text.c_str());
}

void RuntimeParts::endAllOn(const Executor &executor)
{
    std::vector<Ref<Cell>> ending;
    {
        std::lock_guard lock(mutex);
        for (Cell *cell : cells) {
            if (&cell->executor() == &executor)
                ending.emplace_back(cell);
        }
    }
    // The main cell was the first; what was placed beside it goes before it.
    for (auto cell = ending.rbegin(); cell != ending.rend(); ++cell)
        (*cell)->endNow(ExitReason::killed);
}

void RuntimeParts::waitForThoseThatMustFinish(Clock::time_point until)
{
    const auto mustFinish = [](Cell *cell) { return cell->mustFinish() && cell->placement() != Placement::main; };
    std::vector<Ref<Cell>> asked;
    {
        std::lock_guard lock(mutex);
        for (Cell *cell : cells) {
            if (mustFinish(cell))
                asked.emplace_back(cell);
        }
    }
    for (auto &cell : asked)
        cell->stopSource().request_stop();
    asked.clear();
    if (deterministic)
        return;
    // The others go on meanwhile: these may need them.
    std::unique_lock lock(mutex);
    fewer.wait_until(lock, until, [&] { return std::none_of(cells.begin(), cells.end(), mustFinish); });
}

ShutdownReport RuntimeParts::shutdown(std::chrono::milliseconds patience)
{
    const auto until = laterBy(Clock::now(), patience);
    waitForThoseThatMustFinish(until);
    std::vector<Ref<Cell>> ending;
    {
        std::lock_guard lock(mutex);
        closing = true;
        for (Cell *cell : cells) {
            if (cell->placement() != Placement::main)
                ending.emplace_back(cell);
        }
    }
    for (auto &cell : ending)
        Isolate(cell).kill(Priority::immediate);
    ending.clear();
    if (deterministic)
        return {}; // the test drives what is left, or drops it

    const auto othersLeft = [this] {
        return std::count_if(cells.begin(), cells.end(), [](Cell *c) { return c->placement() != Placement::main; });
    };
    ShutdownReport report;
    std::unique_lock lock(mutex);
    if (!fewer.wait_until(lock, until, [&] { return othersLeft() == 0; })) {
        for (Cell *cell : cells) {
            if (cell->placement() != Placement::main)
                report.hung.push_back(cell->name());
        }
    }
    return report;
}

} // namespace isolate::detail
