#pragma once

#include <cstdio>
#include <malloc.h>
#include <unistd.h>

/// Bytes of this process that are in memory. Linux.
inline double residentBytes()
{
    long total = 0, resident = 0;
    if (FILE *file = std::fopen("/proc/self/statm", "r")) {
        if (std::fscanf(file, "%ld %ld", &total, &resident) != 2)
            resident = 0;
        std::fclose(file);
    }
    return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

/// Bytes that this process has from its heap. glibc.
inline double allocatedBytes()
{
    const auto heap = mallinfo2();
    return static_cast<double>(heap.uordblks + heap.hblkhd);
}
