#include "imaging/processor.h"

#include <atomic>

namespace steadyframe::imaging {
namespace {

bool hasAvx2() noexcept
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") != 0;
#else
    return false;
#endif
}

std::atomic<bool> &chosen() noexcept
{
    static std::atomic<bool> avx2 = hasAvx2();
    return avx2;
}

} // namespace

bool usesAvx2() noexcept
{
    return chosen().load(std::memory_order_relaxed);
}

void allowAvx2(bool allowed) noexcept
{
    chosen().store(allowed && hasAvx2(), std::memory_order_relaxed);
}

} // namespace steadyframe::imaging
