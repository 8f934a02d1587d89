#include "isolate_core/main_executor.h"

#include "runtime_parts.h"

#include <cstdio>
#include <cstdlib>

namespace isolate {

using namespace detail;

struct MainExecutor::Impl final : Executor {
    Impl(Runtime &r, std::function<void()> w) : runtime(r), wake(std::move(w)) {}

    void schedule(Cell &ready) override
    {
        std::lock_guard lock(mutex); // also while it wakes: after `stop` nothing does
        if (closed)
            return;
        queue.push(ready);
        if (!std::exchange(awake, true))
            wake();
    }
    void stop() override
    {
        std::lock_guard lock(mutex);
        closed = true;
    }
    bool drain(std::chrono::nanoseconds budget)
    {
        const auto until = laterBy(Clock::now(), budget);
        for (;;) {
            Ref<Cell> next;
            {
                std::lock_guard lock(mutex);
                next = Ref<Cell>(queue.pop());
                if (!next) {
                    awake = false;
                    return false;
                }
            }
            Clock::time_point now{};
            const bool outer = std::exchange(runs, true);
            const SliceEnd end = next->runSlice({UINT32_MAX, until}, now);
            runs = outer;
            if (end == SliceEnd::more) {
                std::lock_guard lock(mutex);
                queue.push(*next);
            }
            if (until != Clock::time_point::max() && Clock::now() >= until) {
                std::lock_guard lock(mutex);
                awake = !queue.empty();
                return awake;
            }
        }
    }

    Runtime &runtime;
    std::function<void()> wake;
    Ref<Cell> cell;
    std::mutex mutex;
    ReadyQueue queue; ///< under the mutex
    bool runs = false; ///< an event, at this moment; the main thread's
    bool closed = false; ///< under the mutex
    bool awake = false; ///< a wake-up was asked for, or a drain is under way; under the mutex
};

MainExecutor::MainExecutor(Runtime &runtime, std::function<void()> wake, std::string name)
    : m_impl(makeRef<Impl>(runtime, std::move(wake)))
{
    RuntimeParts &parts = runtime.parts();
    {
        std::lock_guard lock(parts.mutex);
        assert(!parts.mainExecutor && "a runtime has one main isolate");
        parts.mainExecutor = m_impl.get();
    }
    SpawnOptions options{.name = std::move(name), .placement = Placement::main, .errorsAreFatal = false};
    auto cell = parts.makeCell(options);
    assert(cell.ok());
    m_impl->cell = *cell;
    m_impl->cell->holdAlive();
    {
        std::lock_guard lock(parts.mutex);
        parts.mainCell = m_impl->cell;
    }
    Cell::exchangeCurrent(m_impl->cell.get());
    m_impl->cell->post(new CallEvent([] {})); // so that it is asleep, and not unborn, when the first message comes
}

MainExecutor::~MainExecutor()
{
    if (m_impl->runs) {
        std::fprintf(stderr,
                     "isolate_core: the main executor was destroyed within an event that it runs. Leave the "
                     "event loop first.\n");
        std::abort();
    }
    RuntimeParts &parts = m_impl->runtime.parts();
    {
        std::lock_guard lock(parts.mutex);
        parts.mainExecutor = nullptr;
        parts.mainCell.reset();
    }
    parts.endAllOn(*m_impl);
    m_impl->stop();
    m_impl->cell.reset(); // the two hold each other
    Cell::exchangeCurrent(nullptr);
}

bool MainExecutor::drain(std::chrono::nanoseconds budget)
{
    return m_impl->drain(budget);
}

Isolate MainExecutor::isolate() const
{
    return Isolate(m_impl->cell);
}

void Runtime::runMainEvent(UniqueFunction<void()> firstEvent)
{
    std::mutex mutex;
    std::condition_variable condition;
    bool woken = false;
    MainExecutor executor(*this, [&] {
        std::lock_guard lock(mutex);
        woken = true;
        condition.notify_one();
    });
    Cell &cell = Cell::expectCurrent("runMain");
    cell.post(new CallEvent(std::move(firstEvent)));
    for (;;) {
        executor.drain(std::chrono::nanoseconds::max());
        if (cell.ended() || cell.alive() == 1) // what the executor itself holds
            break;
        std::unique_lock lock(mutex);
        condition.wait(lock, [&] { return woken; });
        woken = false;
    }
}

} // namespace isolate
