#include "isolate_core/qt/main_isolate.h"

#include <QCoreApplication>
#include <QEvent>
#include <QTimerEvent>

#include <mutex>

namespace isolate::qt {

namespace {

QEvent::Type drainEvent()
{
    static const auto type = static_cast<QEvent::Type>(QEvent::registerEventType());
    return type;
}

} // namespace

/// Reaches the object from any thread for as long as it lives, and nobody after.
struct MainIsolate::Wake {
    std::mutex mutex;
    MainIsolate *target = nullptr;

    void operator()()
    {
        std::lock_guard lock(mutex);
        // A normal priority: higher would go before the window system's events, lower might never come.
        if (target)
            QCoreApplication::postEvent(target, new QEvent(drainEvent()));
    }
};

MainIsolate::MainIsolate(Runtime &runtime, std::chrono::microseconds budget, QObject *parent)
    : QObject(parent), m_budget(budget), m_wake(std::make_shared<Wake>())
{
    m_wake->target = this;
    m_executor = std::make_unique<MainExecutor>(runtime, [wake = m_wake] { (*wake)(); });
}

MainIsolate::~MainIsolate()
{
    {
        std::lock_guard lock(m_wake->mutex);
        m_wake->target = nullptr;
    }
    m_executor.reset();
}

bool MainIsolate::event(QEvent *event)
{
    if (event->type() != drainEvent())
        return QObject::event(event);
    if (!m_timer)
        drain();
    return true;
}

void MainIsolate::timerEvent(QTimerEvent *event)
{
    if (event->timerId() == m_timer)
        drain();
}

void MainIsolate::drain()
{
    const bool more = m_executor->drain(m_budget);
    // A posted event would be served before frames are; a timer of no time comes round once in each turn of the loop.
    if (more && !m_timer) {
        m_timer = startTimer(0);
    } else if (!more && m_timer) {
        killTimer(m_timer);
        m_timer = 0;
    }
}

} // namespace isolate::qt
