#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace steadyframe::library {

/// Identity of a photo for ever: it is never given to another one, not even after the photo was removed.
using PhotoId = std::int64_t;

/// How far a photo has come. The order is that of the work.
enum class PhotoState : std::uint8_t {
    queued, ///< Waits to be compressed.
    compressing, ///< Is being compressed.
    compressed, ///< Its result is in the application's folder and waits to be uploaded.
    uploading, ///< Its result is on the way; `acknowledgedBytes` says how far.
    uploaded, ///< The destination has all of it.
    failed, ///< Something went wrong: `lastError` says what.
    cancelled, ///< The person stopped it.
};
inline constexpr std::size_t photoStateCount = 7;

/// The state's name as it is stored and shown in logs. @thread any
[[nodiscard]] constexpr std::string_view nameOf(PhotoState state) noexcept
{
    constexpr std::array<std::string_view, photoStateCount> names{"queued",   "compressing", "compressed", "uploading",
                                                                  "uploaded", "failed",      "cancelled"};
    return names[static_cast<std::size_t>(state)];
}

using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// In pixels; zero when it isn't known.
struct PixelSize {
    std::int32_t width = 0;
    std::int32_t height = 0;
    friend bool operator==(const PixelSize &, const PixelSize &) = default;
};

/// A photo that was picked.
struct NewPhoto {
    std::filesystem::path sourcePath;
    std::uint64_t originalBytes = 0;
    PixelSize originalSize;
};

/// All that the library knows of a photo. Paths are the bytes of the file system, texts are UTF-8.
struct PhotoRecord {
    PhotoId id = 0;
    /// Its place in the list: greater is later; no two photos share one.
    std::int64_t position = 0;
    PhotoState state = PhotoState::queued;

    std::filesystem::path sourcePath;
    /// File and folder of the source, to be shown: bytes that are no UTF-8 are U+FFFD here.
    std::string name;
    std::string folder;
    std::uint64_t originalBytes = 0;
    PixelSize originalSize;

    /// The compressed file; empty when there is none.
    std::filesystem::path resultPath;
    std::uint64_t resultBytes = 0;
    PixelSize resultSize;
    /// Of the compressed file, in hex.
    std::string sha256;
    /// What the person should know of the result, in sentences: that the original's bytes were kept, that a target was
    /// not reached, warnings. Empty when there is nothing to say.
    std::string note;

    /// Where the destination takes the bytes; empty before the upload was created there.
    std::string uploadUrl;
    /// Names the destination that `uploadUrl` belongs to; empty before an upload was begun.
    std::string destination;
    std::uint64_t acknowledgedBytes = 0;
    /// How often an upload was begun since the photo was last queued.
    std::uint32_t attempts = 0;
    std::string lastError;

    /// Greater goes first; among equals the lower position.
    std::int32_t priority = 0;
    /// The person paused this one: nothing is begun with it.
    bool held = false;

    /// When it last came into each state.
    std::array<std::optional<UtcTime>, photoStateCount> enteredAt{};
};

/// A step in the life of a photo: its state from now on, and what became known with it. What is left out stays as it
/// was, apart from what the new state resets (see `transitions.h`).
struct PhotoChange {
    PhotoId id = 0;
    PhotoState state = PhotoState::queued;
    std::optional<std::uint64_t> originalBytes{};
    std::optional<PixelSize> originalSize{};
    std::optional<std::filesystem::path> resultPath{};
    std::optional<std::uint64_t> resultBytes{};
    std::optional<PixelSize> resultSize{};
    std::optional<std::string> sha256{};
    std::optional<std::string> note{};
    std::optional<std::string> uploadUrl{};
    std::optional<std::string> destination{};
    std::optional<std::uint64_t> acknowledgedBytes{};
    std::optional<std::string> lastError{};
};

/// What of a photo changes beside the work on it. What is left out stays as it was.
struct PhotoOrder {
    PhotoId id = 0;
    std::optional<std::int32_t> priority{};
    std::optional<bool> held{};
};

/// A content that a destination has.
struct Arrival {
    std::string destination;
    std::string sha256; ///< in hex
    std::uint64_t bytes = 0;
    std::string url;
};

/// What the photos of one state amount to.
struct StateTotals {
    std::uint64_t count = 0;
    std::uint64_t originalBytes = 0;
    std::uint64_t resultBytes = 0;
    friend bool operator==(const StateTotals &, const StateTotals &) = default;
};

/// The same for all states.
struct LibraryTotals {
    std::array<StateTotals, photoStateCount> byState{};

    [[nodiscard]] StateTotals &operator[](PhotoState state) { return byState[static_cast<std::size_t>(state)]; }
    [[nodiscard]] const StateTotals &operator[](PhotoState state) const
    {
        return byState[static_cast<std::size_t>(state)];
    }
    friend bool operator==(const LibraryTotals &, const LibraryTotals &) = default;
};

} // namespace steadyframe::library
