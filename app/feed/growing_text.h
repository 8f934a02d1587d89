#pragma once

#include "models/feed/feed_table.h"

#include <cstddef>
#include <cstdint>

namespace steadyframe::feed {

/// Memory for a text of so many bytes; null when there is none.
[[nodiscard]] ui::FeedText allocateText(std::size_t bytes);

/// A text whose size nobody knows before its end. It never moves: addresses are reserved for the longest one, and
/// memory is taken as it grows. One thread may append while another one reads what it was told of.
class GrowingText {
public:
    /// Reserves addresses for @p limit bytes; without them makeRoom() fails.
    explicit GrowingText(std::uint64_t limit);
    ~GrowingText();
    GrowingText(const GrowingText &) = delete;
    GrowingText &operator=(const GrowingText &) = delete;

    [[nodiscard]] char *text() { return m_text; }
    [[nodiscard]] std::size_t size() const { return m_size; }
    /// How much more may come.
    [[nodiscard]] std::size_t left() const { return m_limit - m_size; }
    /// Takes memory for @p bytes more, at most `left()`. False when there is none.
    [[nodiscard]] bool makeRoom(std::size_t bytes);
    /// So many bytes were written at the end, for which there was room.
    void grew(std::size_t bytes) { m_size += bytes; }
    /// The text; what was reserved beyond it is given back.
    [[nodiscard]] ui::FeedText take() &&;

private:
    char *m_text = nullptr;
    std::size_t m_limit;
    std::size_t m_reserved = 0;
    std::size_t m_usable = 0;
    std::size_t m_size = 0;
};

} // namespace steadyframe::feed
