#include "composition/app_folders.h"

#include <cstdlib>
#include <string_view>

namespace steadyframe::composition {

namespace {

std::filesystem::path folderOf(const char *variable)
{
    const char *value = std::getenv(variable);
    // The specification has relative paths ignored.
    return value && *value == '/' ? value : "";
}

std::filesystem::path baseFolder(const char *variable, const std::filesystem::path &inHome)
{
    std::filesystem::path base = folderOf(variable);
    if (base.empty()) {
        const auto home = folderOf("HOME");
        base = home.empty() ? std::filesystem::temp_directory_path() : home / inHome;
    }
    return base;
}

} // namespace

AppFolders AppFolders::standard()
{
    return {baseFolder("XDG_DATA_HOME", std::filesystem::path(".local") / "share") / "steadyframe",
            baseFolder("XDG_CACHE_HOME", ".cache") / "steadyframe"};
}

} // namespace steadyframe::composition
