#include "jank_monitor/heartbeat.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>

#include <algorithm>
#include <chrono>

#if JANK_STACKS
#include <dlfcn.h>
#endif

namespace jank {

namespace {

const QEvent::Type BeatType = static_cast<QEvent::Type>(QEvent::registerEventType());

class Beat final : public QEvent {
public:
    explicit Beat(std::int64_t when) : QEvent(BeatType), sent(when) {}
    const std::int64_t sent;
};

/// Where QCoreApplication's delivery of one event begins, which each event in delivery has on the stack once; 0 if it
/// can't be found (a Qt that was built with a namespace of its own).
std::uintptr_t deliveryFunction() noexcept
{
#if JANK_STACKS
    static const auto address = reinterpret_cast<std::uintptr_t>(
        ::dlsym(RTLD_DEFAULT, "_ZN16QCoreApplication15notifyInternal2EP7QObjectP6QEvent"));
    return address != 0 ? functionAt(address) : 0;
#else
    return 0;
#endif
}

/// How many events were being delivered, one in another; -1 if the stack does not tell.
std::ptrdiff_t deliveriesOn(const CallStack &stack) noexcept
{
    const std::uintptr_t delivery = deliveryFunction();
    if (delivery == 0 || !stack.complete)
        return -1;
    std::ptrdiff_t count = 0;
    for (std::size_t i = 0; i < stack.addresses.size(); ++i)
        count += functionAt(stack.lookup(i)) == delivery ? 1 : 0;
    return count;
}

} // namespace

Heartbeat::Heartbeat(const FrameClock &clock, LoopTracker &tracker, std::shared_ptr<StallStacks> stacks,
                     QObject *parent)
    : QObject(parent), m_clock(clock), m_tracker(tracker), m_stacks(std::move(stacks))
{
}

Heartbeat::~Heartbeat()
{
    stop();
}

void Heartbeat::start()
{
    if (isRunning())
        return;
    m_stopping = false;
    m_beatUnderWay.store(false);
    m_sampler.emplace();
    m_tracker.setBusySink([](void *self) { static_cast<Heartbeat *>(self)->wake(); }, this);
    m_thread = std::thread([this] { watch(); });
}

void Heartbeat::stop()
{
    if (!isRunning())
        return;
    m_tracker.setBusySink(nullptr, nullptr);
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_one();
    m_thread.join();
    m_sampler.reset();
    QCoreApplication::removePostedEvents(this, BeatType);
}

bool Heartbeat::event(QEvent *event)
{
    if (event->type() != BeatType)
        return QObject::event(event);
    const std::int64_t delay = m_clock.now() - static_cast<Beat *>(event)->sent;
    if (delay > m_worstDelay.load())
        m_worstDelay.store(delay);
    m_answered.fetch_add(1);
    m_beatUnderWay.store(false);
    return true;
}

void Heartbeat::watch()
{
    Sight sight;
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        const std::int64_t patience = 2 * m_interval.load();
        // First say that we sleep, then look: the loop does it the other way round, so a wake-up is never lost.
        m_parked.store(true);
        const std::int64_t before = m_tracker.busySince();
        if (before == 0) {
            over(sight);
            m_changed.wait(lock, [this] { return m_stopping || !m_parked.load(); });
            continue;
        }
        m_parked.store(false);
        // The first look at a block comes when it is just old enough, the next ones follow evenly.
        const std::int64_t age = m_clock.now() - before;
        const std::int64_t rest = age >= 0 && age <= patience ? patience - age + 1 : patience;
        m_changed.wait_for(lock, std::chrono::nanoseconds(rest), [this] { return m_stopping; });
        const std::int64_t since = m_tracker.busySince();
        if (since != sight.since)
            over(sight);
        if (since == 0 || m_stopping)
            continue;
        lock.unlock();
        if (!m_beatUnderWay.exchange(true))
            QCoreApplication::postEvent(this, new Beat(m_clock.now()));
        if (m_clock.now() - since > patience)
            look(sight, since);
        lock.lock();
    }
    over(sight);
}

void Heartbeat::look(Sight &sight, std::int64_t since)
{
    const bool isNew = sight.since != since;
    sight.since = since;
    if (m_stacks && m_stacksWanted.load() && sight.samples.wants(sight.looks++)) {
        const std::int64_t now = m_clock.now();
        const auto remember = [](void *self) {
            auto *heartbeat = static_cast<Heartbeat *>(self);
            heartbeat->m_sampledStep.store(heartbeat->m_tracker.step());
        };
        std::optional<CallStack> stack = m_sampler->sample(remember, this);
        if (stack && m_tracker.busySince() == since) {
            if (const std::ptrdiff_t deliveries = deliveriesOn(*stack); deliveries >= 0)
                m_tracker.sampled(m_sampledStep.load(), now, static_cast<std::size_t>(deliveries));
            sight.samples.add(std::move(*stack));
            m_stacksTaken.fetch_add(1);
        }
    }
    if (!isNew)
        return;
    m_stallsSeen.fetch_add(1);
    emit stuck(since);
}

/// What was looked at is no stall any more.
void Heartbeat::over(Sight &sight)
{
    if (sight.since != 0 && m_stacks)
        m_stacks->add(sight.since, sight.samples);
    sight = {};
}

void Heartbeat::wake() noexcept
{
    if (!m_parked.load())
        return;
    {
        const std::lock_guard lock(m_mutex);
        m_parked.store(false);
    }
    m_changed.notify_one();
}

} // namespace jank
