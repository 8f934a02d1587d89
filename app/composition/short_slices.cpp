#include "composition/short_slices.h"

#ifdef __linux__
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#endif

namespace steadyframe::composition {

namespace {

#ifdef __linux__
/// struct sched_attr of Linux, for which the C library has no header before version 2.41.
struct SchedulingAttributes {
    std::uint32_t size = sizeof(SchedulingAttributes);
    std::uint32_t policy = 0; // SCHED_OTHER
    std::uint64_t flags = 1; // SCHED_FLAG_RESET_ON_FORK
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime = 0; // of SCHED_OTHER: the slice, in nanoseconds
    std::uint64_t deadline = 0;
    std::uint64_t period = 0;
};
constexpr std::uint64_t shortest = 100'000; // that Linux grants
#endif

} // namespace

bool askForShortSlices() noexcept
{
#ifdef __linux__
    SchedulingAttributes attributes;
    attributes.nice = getpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)));
    attributes.runtime = shortest;
    return syscall(SYS_sched_setattr, 0, &attributes, 0) == 0;
#else
    return false;
#endif
}

void drawInShortSlices(QQuickWindow &window)
{
    QObject::connect(
        &window, &QQuickWindow::beforeRendering, &window,
        [] {
            [[maybe_unused]] thread_local const bool asked = askForShortSlices(); // once in each thread
        },
        Qt::DirectConnection);
}

} // namespace steadyframe::composition
