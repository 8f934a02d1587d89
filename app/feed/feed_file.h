#pragma once

#include "feed/feed_error.h"
#include "models/feed/feed_table.h"

#include <isolate_core/result.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <utility>

namespace steadyframe::feed {

/// A file that is read into memory bit by bit, so that what was read is parsed while it is in the processor's cache.
class FeedFile {
public:
    /// Opens the file; reads nothing yet.
    [[nodiscard]] static isolate::Result<FeedFile, FeedError> open(const std::filesystem::path &path);

    FeedFile(FeedFile &&other) noexcept;
    FeedFile &operator=(FeedFile &&) = delete;
    ~FeedFile();

    /// Whether gzip has compressed it.
    [[nodiscard]] bool isCompressed() const;
    /// Size of the file when it was opened, or less if it has been cut since.
    [[nodiscard]] std::size_t size() const { return m_size; }

    /// Reads the next bytes, at most @p count; 0 at the end. Blocks, as all that reads.
    [[nodiscard]] isolate::Result<std::size_t, FeedError> read(char *target, std::size_t count);

    /// Gets memory for all of it, if it has at most @p limit bytes. Then it is a source of text.
    [[nodiscard]] isolate::Result<void, FeedError> makeText(std::uint64_t limit);
    [[nodiscard]] char *text() { return m_text.get(); }
    [[nodiscard]] std::size_t available() const { return m_available; }
    [[nodiscard]] bool isComplete() const { return m_available == m_size; }
    /// Reads on until at least @p wanted bytes are there, or all.
    [[nodiscard]] isolate::Result<void, FeedError> readUpTo(std::size_t wanted);
    [[nodiscard]] std::uint64_t bytesRead() const { return m_available; }
    [[nodiscard]] std::uint64_t bytesTotal() const { return m_size; }
    [[nodiscard]] ui::FeedText takeText() { return std::move(m_text); }

private:
    FeedFile(int descriptor, std::size_t size) : m_descriptor(descriptor), m_size(size) {}

    int m_descriptor;
    ui::FeedText m_text;
    std::size_t m_size;
    std::size_t m_available = 0;
};

} // namespace steadyframe::feed
