#pragma once

#include "feed/feed_error.h"
#include "models/feed/feed_table.h"

#include <isolate_core/result.h>

#include <cstddef>
#include <filesystem>
#include <optional>

namespace steadyframe::feed {

/// Memory for a text of so many bytes; null when there is none.
[[nodiscard]] ui::FeedText allocateText(std::size_t bytes);

/// A file that is read into memory bit by bit, so that what was read is parsed while it is in the processor's cache.
class FeedFile {
public:
    /// Opens the file and reserves memory for all of it; reads nothing yet. One that gzip has compressed is read as a
    /// whole.
    [[nodiscard]] static isolate::Result<FeedFile, FeedError> open(const std::filesystem::path &path);

    FeedFile(FeedFile &&other) noexcept;
    FeedFile &operator=(FeedFile &&) = delete;
    ~FeedFile();

    /// Size of the text: that of the file when it was opened, or less if the file has been cut since.
    [[nodiscard]] std::size_t size() const { return m_size; }
    /// How much of it is in memory.
    [[nodiscard]] std::size_t available() const { return m_available; }
    [[nodiscard]] char *text() { return m_text.get(); }
    /// Reads on until at least @p wanted bytes are there, or all. Blocks.
    [[nodiscard]] isolate::Result<void, FeedError> readUpTo(std::size_t wanted);
    [[nodiscard]] ui::FeedText takeText() && { return std::move(m_text); }

private:
    FeedFile(int descriptor, ui::FeedText text, std::size_t size);

    int m_descriptor;
    ui::FeedText m_text;
    std::size_t m_size;
    std::size_t m_available = 0;
};

} // namespace steadyframe::feed
