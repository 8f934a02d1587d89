#include "executor.h"

#ifdef __linux__
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <cstring>

namespace isolate::detail {

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
