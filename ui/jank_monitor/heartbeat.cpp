#include "jank_monitor/heartbeat.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>

#include <chrono>

namespace jank {

namespace {

const QEvent::Type BeatType = static_cast<QEvent::Type>(QEvent::registerEventType());

class Beat final : public QEvent {
public:
    explicit Beat(std::int64_t when) : QEvent(BeatType), sent(when) {}
    const std::int64_t sent;
};

} // namespace

Heartbeat::Heartbeat(const FrameClock &clock, LoopTracker &tracker, QObject *parent)
    : QObject(parent), m_clock(clock), m_tracker(tracker)
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
    std::int64_t reported = 0; // the block that was already called a stall
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        const std::int64_t patience = 2 * m_interval.load();
        // First say that we sleep, then look: the loop does it the other way round, so a wake-up is never lost.
        m_parked.store(true);
        if (m_tracker.busySince() == 0) {
            m_changed.wait(lock, [this] { return m_stopping || !m_parked.load(); });
            continue;
        }
        m_parked.store(false);
        m_changed.wait_for(lock, std::chrono::nanoseconds(patience), [this] { return m_stopping; });
        const std::int64_t since = m_tracker.busySince();
        if (since == 0 || m_stopping)
            continue;
        lock.unlock();
        if (!m_beatUnderWay.exchange(true))
            QCoreApplication::postEvent(this, new Beat(m_clock.now()));
        if (since != reported && m_clock.now() - since > patience) {
            reported = since;
            m_stallsSeen.fetch_add(1);
            emit stuck(since);
        }
        lock.lock();
    }
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
