#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <unistd.h>

namespace steadyframe::fuzz {

/// Ends the process, which is how a fuzzer is told of a mistake.
inline void require(bool condition)
{
    if (!condition)
        std::abort();
}

/// A folder in memory, if there is such a file system, that goes with the process.
class Scratch {
public:
    Scratch()
        : m_folder((std::filesystem::exists("/dev/shm") ? std::filesystem::path("/dev/shm")
                                                        : std::filesystem::temp_directory_path())
                   / ("steadyframe-fuzz-" + std::to_string(::getpid())))
    {
        std::filesystem::create_directories(results());
    }
    Scratch(const Scratch &) = delete;
    Scratch &operator=(const Scratch &) = delete;
    ~Scratch()
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

} // namespace steadyframe::fuzz
