#include "composition/app_folders.h"

#include <cstdlib>
#include <string_view>

namespace steadyframe::composition {

AppFolders AppFolders::standard()
{
    const auto folderOf = [](const char *variable) -> std::filesystem::path {
        const char *value = std::getenv(variable);
        // The specification has relative paths ignored.
        return value && *value == '/' ? value : "";
    };
    std::filesystem::path data = folderOf("XDG_DATA_HOME");
    if (data.empty()) {
        const auto home = folderOf("HOME");
        data = home.empty() ? std::filesystem::temp_directory_path() : home / ".local" / "share";
    }
    return {data / "steadyframe"};
}

} // namespace steadyframe::composition
