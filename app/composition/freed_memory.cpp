#include "composition/freed_memory.h"

#include <cstdlib> // tells which library it is

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace steadyframe::composition {

void keepFreedMemory() noexcept
{
#ifdef __GLIBC__
    constexpr int large = 1 << 30; // bytes: nothing that the application allocates is larger
    mallopt(M_MMAP_THRESHOLD, large);
    mallopt(M_TRIM_THRESHOLD, large);
#endif
}

void giveBackFreedMemory() noexcept
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

} // namespace steadyframe::composition
