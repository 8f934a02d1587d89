#pragma once

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <unistd.h>

namespace steadyframe::fuzz {

/// A folder in memory, if there is such a file system, that goes with the process; what one that was ended left goes
/// when the next begins.
class Scratch {
public:
    Scratch()
    {
        const std::string prefix = "steadyframe-fuzz-";
        const std::filesystem::path parent = std::filesystem::exists("/dev/shm")
            ? std::filesystem::path("/dev/shm")
            : std::filesystem::temp_directory_path();
        std::error_code ignored;
        for (const auto &entry : std::filesystem::directory_iterator(parent, ignored)) {
            const std::string name = entry.path().filename().native();
            if (!name.starts_with(prefix))
                continue;
            const pid_t owner = std::atoi(name.c_str() + prefix.size());
            if (owner > 0 && ::kill(owner, 0) != 0 && errno == ESRCH)
                std::filesystem::remove_all(entry.path(), ignored);
        }
        m_folder = parent / (prefix + std::to_string(::getpid()));
        std::filesystem::create_directories(results());
    }
    Scratch(const Scratch &) = delete;
    Scratch &operator=(const Scratch &) = delete;
    ~Scratch() { remove(); }

    void remove() const
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_folder, ignored);
    }
    [[nodiscard]] std::filesystem::path results() const { return m_folder / "results"; }
    [[nodiscard]] std::filesystem::path write(std::span<const std::uint8_t> bytes) const
    {
        std::ofstream file(m_folder / "input", std::ios::binary | std::ios::trunc);
        file.write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        return m_folder / "input";
    }

private:
    std::filesystem::path m_folder;
};

/// The one of this process.
inline const Scratch &scratch()
{
    static const Scratch one;
    return one;
}

/// Ends the process where something does not hold, which is how a fuzzer is told of a mistake.
inline void require(bool condition)
{
    if (condition)
        return;
    scratch().remove();
    std::abort();
}

} // namespace steadyframe::fuzz
