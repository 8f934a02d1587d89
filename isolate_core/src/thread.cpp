#include "executor.h"

#ifdef __linux__
#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <cstdio>
#include <cstring>
#include <ctime>

namespace isolate::detail {

std::uint64_t threadNumber() noexcept
{
#ifdef __linux__
    thread_local const auto number = static_cast<std::uint64_t>(syscall(SYS_gettid));
    return number;
#else
    return 0;
#endif
}

std::optional<ThreadTimes> threadTimes() noexcept
{
#ifdef __linux__
    // Not kept open: there may be as many threads as a process may have files.
    const int file = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return std::nullopt;
    char text[96];
    const auto length = read(file, text, sizeof text - 1);
    close(file);
    if (length > 0) {
        text[length] = 0;
        long long waited = 0;
        timespec ran{};
        // The time that it ran stands there too, but as of the last tick.
        if (std::sscanf(text, "%*d %lld", &waited) == 1 && clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ran) == 0)
            return ThreadTimes{std::chrono::seconds(ran.tv_sec) + std::chrono::nanoseconds(ran.tv_nsec),
                               std::chrono::nanoseconds(waited)};
    }
#endif
    return std::nullopt;
}

void prepareThread(const char *name, int nice) noexcept
{
#ifdef __linux__
    char shortName[16] = {};
    std::strncpy(shortName, name, sizeof shortName - 1);
    pthread_setname_np(pthread_self(), shortName);
    // A nice value belongs to a thread on Linux. Lowering priority needs no right, so a failure leaves only the
    // default.
    if (nice > 0)
        static_cast<void>(setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), nice));
#else
    static_cast<void>(name);
    static_cast<void>(nice);
#endif
}

} // namespace isolate::detail
