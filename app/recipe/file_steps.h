#pragma once

#include <filesystem>
#include <string>
#include <sys/stat.h>

/// Steps on files of which none loses a file that it was not told to lose; for this room alone. @thread any
namespace steadyframe::recipe {

/// A name that nobody sees and nobody has.
[[nodiscard]] std::string hiddenName();

/// Gives a file another name; 0, or errno; EEXIST when the name is taken. Never replaces anything.
[[nodiscard]] int renameToFree(const std::filesystem::path &from, const std::filesystem::path &to);

/// Makes a folder's entries durable, where the file system can.
void flushFolder(const std::filesystem::path &folder);

/// Whether this name leads to that file, however it is written.
[[nodiscard]] bool sameFile(const std::filesystem::path &path, const struct stat &file);

/// What lies behind symbolic links.
[[nodiscard]] std::filesystem::path realPath(const std::filesystem::path &path);

} // namespace steadyframe::recipe
