#pragma once

#include <cstdint>

/// While one lives, databases that are opened write to a disk of limited room. @thread ui
class LimitedDisk {
public:
    LimitedDisk();
    ~LimitedDisk();
    LimitedDisk(const LimitedDisk &) = delete;
    LimitedDisk &operator=(const LimitedDisk &) = delete;

    /// So many bytes may be written from now on, then the disk is full.
    void setRoom(std::int64_t bytes);
    void setUnlimited();
};
