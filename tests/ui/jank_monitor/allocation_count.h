#pragma once

// Counts what the program allocates by operator new. For one source file of a test program alone.

#include <cstddef>
#include <cstdlib>
#include <new>

/// Those of this thread, since it began.
inline thread_local std::size_t allocations = 0;

void *operator new(std::size_t size)
{
    ++allocations;
    if (void *memory = std::malloc(size))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void *memory) noexcept
{
    std::free(memory);
}
void operator delete(void *memory, std::size_t) noexcept
{
    std::free(memory);
}
