#include "isolate_core/deterministic.h"

#include "runtime_parts.h"

#include <random>

namespace isolate {

using namespace detail;

struct DeterministicRuntime::Impl final : Executor {
    explicit Impl(std::uint64_t seed) : random(seed) {}
    void schedule(Cell &cell) override { ready.push_back(&cell); }

    bool step()
    {
        if (ready.empty())
            return false;
        // Not std::uniform_int_distribution: its results differ between standard libraries.
        const std::size_t picked = random() % ready.size();
        const Ref<Cell> cell(ready[picked]);
        ready.erase(ready.begin() + static_cast<std::ptrdiff_t>(picked));
        Clock::time_point now{};
        if (cell->runSlice({1, Clock::time_point::max()}, now) == SliceEnd::more)
            ready.push_back(cell.get());
        return true;
    }

    std::mt19937_64 random;
    std::vector<Cell *> ready;
};

DeterministicRuntime::DeterministicRuntime(std::uint64_t seed)
{
    auto executor = makeRef<Impl>(seed);
    m_impl = executor.get();
    // The parts name the runtime, and the runtime owns the parts: storage first.
    auto *storage = static_cast<Runtime *>(::operator new(sizeof(Runtime)));
    auto parts = std::make_unique<RuntimeParts>(*storage, RuntimeOptions{}, std::move(executor),
                                                std::make_unique<Timers>(true));
    parts->deterministic = true;
    parts->mainExecutor = m_impl;
    RuntimeParts &p = *parts;
    m_runtime.reset(new (storage) Runtime(std::move(parts)));

    SpawnOptions options{.name = "main", .placement = Placement::main, .errorsAreFatal = false};
    m_main = std::move(p.makeCell(options)).value();
    m_main->holdAlive();
    p.mainCell = m_main;
    Cell::exchangeCurrent(m_main.get());
    m_main->post(new CallEvent([] {}));
    runUntilIdle();
}

DeterministicRuntime::~DeterministicRuntime()
{
    static_cast<void>(m_runtime->shutdown());
    runUntilIdle();
    RuntimeParts &parts = m_runtime->parts();
    parts.mainExecutor = nullptr;
    parts.mainCell.reset();
    parts.endAllOn(*m_impl);
    Cell::exchangeCurrent(nullptr);
    m_main.reset();
}

bool DeterministicRuntime::step()
{
    return m_impl->step();
}

std::size_t DeterministicRuntime::runUntilIdle()
{
    std::size_t steps = 0;
    while (step())
        ++steps;
    return steps;
}

void DeterministicRuntime::advance(std::chrono::nanoseconds duration)
{
    Timers &timers = *m_runtime->parts().timers;
    const auto until = timers.now() + duration;
    runUntilIdle();
    for (auto next = timers.earliest(); next && *next <= until; next = timers.earliest()) {
        timers.advanceTo(*next);
        runUntilIdle();
    }
    timers.advanceTo(until);
}

void DeterministicRuntime::runToEnd()
{
    Timers &timers = *m_runtime->parts().timers;
    runUntilIdle();
    for (auto next = timers.earliest(); next; next = timers.earliest()) {
        timers.advanceTo(*next);
        runUntilIdle();
    }
}

} // namespace isolate
