#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace steadyframe::composition {

/// Pictures that were fetched, each in a file of its own in one folder, named by the address. Several isolates may use
/// the same folder. @thread any; all of it blocks
class ThumbnailFolder {
public:
    explicit ThumbnailFolder(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    /// Where the picture of an address is, or would be.
    [[nodiscard]] std::filesystem::path pathOf(std::string_view address) const;
    /// Says that it was used just now, so that others go first. False when it is not there.
    bool touch(const std::filesystem::path &path) const;
    /// Writes a picture, whole or not at all. False when it could not be written.
    bool store(const std::filesystem::path &path, std::string_view bytes) const;
    void remove(const std::filesystem::path &path) const;
    /// Makes room when the files have more bytes than `bound`: the longest unused go, until a tenth of the room is
    /// free. Also removes what a crash left half written. Gives the bytes that are left.
    std::uint64_t trim(std::uint64_t bound) const;

private:
    std::filesystem::path m_folder;
};

} // namespace steadyframe::composition
