#include "limited_disk.h"

#include <sqlite3.h>

#include <limits>

namespace {

constexpr std::int64_t unlimited = std::numeric_limits<std::int64_t>::max();

std::int64_t room = unlimited;
sqlite3_vfs *systemVfs = nullptr;
sqlite3_vfs limitedVfs;
sqlite3_io_methods systemMethods;
sqlite3_io_methods limitedMethods;

int writeLimited(sqlite3_file *file, const void *data, int bytes, sqlite3_int64 offset)
{
    if (room != unlimited && room < bytes)
        return SQLITE_FULL;
    if (room != unlimited)
        room -= bytes;
    return systemMethods.xWrite(file, data, bytes, offset);
}

int openLimited(sqlite3_vfs *, const char *name, sqlite3_file *file, int flags, int *outFlags)
{
    const int result = systemVfs->xOpen(systemVfs, name, file, flags, outFlags);
    if (result != SQLITE_OK || !file->pMethods)
        return result;
    systemMethods = *file->pMethods;
    limitedMethods = systemMethods;
    limitedMethods.xWrite = writeLimited;
    file->pMethods = &limitedMethods;
    return result;
}

} // namespace

LimitedDisk::LimitedDisk()
{
    sqlite3_initialize();
    systemVfs = sqlite3_vfs_find(nullptr);
    limitedVfs = *systemVfs;
    limitedVfs.zName = "limited";
    limitedVfs.xOpen = openLimited;
    limitedVfs.pNext = nullptr;
    sqlite3_vfs_register(&limitedVfs, 1);
}

LimitedDisk::~LimitedDisk()
{
    setUnlimited();
    sqlite3_vfs_unregister(&limitedVfs);
    sqlite3_vfs_register(systemVfs, 1);
}

void LimitedDisk::setRoom(std::int64_t bytes)
{
    room = bytes;
}

void LimitedDisk::setUnlimited()
{
    room = unlimited;
}
