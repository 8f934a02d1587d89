#include "jank_monitor/loop_probe.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qstring.h>

#include <utility>

#if defined(_MSC_VER)
#include <intrin.h>
#endif

// Exported by QtCore since 6.2; no public header declares it.
namespace QtPrivate {
Q_CORE_EXPORT bool isAnyBindingEvaluating();
}

namespace jank {

namespace {

constexpr unsigned CostSample = 64; // every so many events, the filter's own time is taken

// Where on the stack the caller of this macro is; a local variable's address would not do under sanitizers, which keep
// variables elsewhere.
#if defined(_MSC_VER)
#define JANK_STACK_DEPTH reinterpret_cast<std::uintptr_t>(_AddressOfReturnAddress())
#else
#define JANK_STACK_DEPTH reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0))
#endif

} // namespace

LoopProbe::LoopProbe(const FrameClock &clock, LoopTracker &tracker, QObject *parent)
    : QObject(parent), m_clock(clock), m_tracker(tracker)
{
    QCoreApplication::instance()->installEventFilter(this);
    if (auto *dispatcher = QAbstractEventDispatcher::instance()) {
        connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this,
                [this] { m_tracker.waiting(m_clock.now(), JANK_STACK_DEPTH); });
        connect(dispatcher, &QAbstractEventDispatcher::awake, this,
                [this] { m_tracker.awake(m_clock.now(), JANK_STACK_DEPTH); });
    }
}

LoopProbe::~LoopProbe()
{
    if (auto *application = QCoreApplication::instance())
        application->removeEventFilter(this);
}

std::int64_t LoopProbe::takeCost() noexcept
{
    return std::exchange(m_cost, 0);
}

bool LoopProbe::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_ignored)
        return false;
    const std::int64_t now = m_clock.now();
    // Reading a name while a bindable property is computed would make it depend on the name.
    const QString name = QtPrivate::isAnyBindingEvaluating() ? QString() : watched->objectName();
    m_tracker.event(
        now, event->type(), watched->metaObject()->className(),
        std::u16string_view(reinterpret_cast<const char16_t *>(name.utf16()), static_cast<std::size_t>(name.size())),
        JANK_STACK_DEPTH);
    if (++m_events % CostSample == 0)
        m_cost += (m_clock.now() - now) * CostSample;
    return false;
}

} // namespace jank
