#include "isolate_core/timer.h"

#include "runtime_parts.h"

namespace isolate {

using namespace detail;

namespace {

struct DelayJob final : TimerJob {
    void fire() override { completer.complete(); }
    Completer<void> completer;
};

} // namespace

Future<void> delay(std::chrono::nanoseconds duration)
{
    Timers &timers = *Cell::expectCurrent("delay").runtime().parts().timers;
    auto job = makeRef<DelayJob>();
    auto future = job->completer.future();
    const auto key = timers.add(timers.after(duration), job);
    // Nobody may come to wait for it, or stop to: then nothing has to wake for it.
    job->completer.state()->setOnDropped([&timers, key] { timers.cancel(key); });
    return future;
}

struct Timer::State final : TimerJob {
    /// @thread the timers'
    void fire() override
    {
        cell->post(new CallEvent([self = Ref<State>(this)] { self->call(); }));
    }
    /// @thread isolate
    void call()
    {
        if (!active)
            return;
        if (interval.count() > 0) {
            const auto now = timers->now();
            const auto missed = now > due ? (now - due) / interval : 0;
            due += interval * (missed + 1);
            key = timers->add(due, Ref<State>(this));
        } else {
            end();
        }
        // Not called from its place: the function may cancel the timer, which empties that.
        struct Call {
            State &state;
            UniqueFunction<void()> function;
            ~Call()
            {
                if (state.active)
                    state.function = std::move(function);
            }
        } called{*this, std::move(function)};
        called.function();
    }
    void end() noexcept
    {
        active = false;
        cell->letGo();
    }
    /// The function goes here, on its isolate, though the timers' thread may hold the rest for a moment.
    void cancel() noexcept
    {
        end();
        timers->cancel(key);
        function = nullptr;
    }

    Ref<Cell> cell;
    Timers *timers = nullptr;
    Timers::Key key;
    Clock::time_point due;
    std::chrono::nanoseconds interval{0};
    bool active = true;
    UniqueFunction<void()> function;
};

Timer::Timer() noexcept = default;
Timer::Timer(Timer &&other) noexcept = default;
Timer::Timer(Ref<State> state) noexcept : m_state(std::move(state)) {}

namespace {

template <class State>
Ref<State> startTimer(std::chrono::nanoseconds first, std::chrono::nanoseconds interval, UniqueFunction<void()> f)
{
    Cell &cell = Cell::expectCurrent("Timer");
    auto state = makeRef<State>();
    state->cell = Ref<Cell>(&cell);
    state->timers = cell.runtime().parts().timers.get();
    state->interval = interval;
    state->function = std::move(f);
    state->due = state->timers->after(first);
    cell.holdAlive();
    state->key = state->timers->add(state->due, state);
    return state;
}

} // namespace

Timer Timer::once(std::chrono::nanoseconds duration, UniqueFunction<void()> f)
{
    return Timer(startTimer<State>(duration, std::chrono::nanoseconds(0), std::move(f)));
}

Timer Timer::periodic(std::chrono::nanoseconds interval, UniqueFunction<void()> f)
{
    return Timer(startTimer<State>(interval, interval, std::move(f)));
}

Timer &Timer::operator=(Timer &&other) noexcept
{
    cancel();
    m_state = std::move(other.m_state);
    return *this;
}

Timer::~Timer()
{
    cancel();
}

void Timer::cancel() noexcept
{
    if (!m_state || !m_state->active)
        return;
    m_state->cancel();
}

bool Timer::active() const noexcept
{
    return m_state && m_state->active;
}

} // namespace isolate
