#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

namespace jank {

/// A read-only look at a ChunkedLog as it was when it was taken. Copying one copies a pointer a chunk. @thread any
template <class T>
class ChunkedView {
public:
    static constexpr std::size_t ChunkSize = 1024;
    using Chunk = std::shared_ptr<const std::vector<T>>;

    ChunkedView() = default;
    /// Every chunk but the last must hold ChunkSize values.
    explicit ChunkedView(std::vector<Chunk> chunks) : m_chunks(std::move(chunks))
    {
        if (!m_chunks.empty())
            m_size = (m_chunks.size() - 1) * ChunkSize + m_chunks.back()->size();
    }
    /// The same values in chunks.
    [[nodiscard]] static ChunkedView of(const std::vector<T> &values)
    {
        std::vector<Chunk> chunks;
        for (std::size_t i = 0; i < values.size(); i += ChunkSize) {
            const auto begin = values.begin() + static_cast<std::ptrdiff_t>(i);
            const auto count = static_cast<std::ptrdiff_t>(std::min(ChunkSize, values.size() - i));
            chunks.push_back(std::make_shared<const std::vector<T>>(begin, begin + count));
        }
        return ChunkedView(std::move(chunks));
    }

    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    [[nodiscard]] bool empty() const noexcept { return m_size == 0; }
    /// Value number `index`, 0 being the oldest; `index` must be below size().
    [[nodiscard]] const T &operator[](std::size_t index) const noexcept
    {
        return (*m_chunks[index / ChunkSize])[index % ChunkSize];
    }
    [[nodiscard]] const std::vector<Chunk> &chunks() const noexcept { return m_chunks; }

    /// Calls `visit(value)` for each, the oldest first.
    template <class Visit>
    void forEach(Visit &&visit) const
    {
        for (const Chunk &chunk : m_chunks) {
            for (const T &value : *chunk)
                visit(value);
        }
    }

private:
    std::vector<Chunk> m_chunks;
    std::size_t m_size = 0;
};

/// The last values of a long sequence: full chunks are never changed again and shared with whoever looks at them, so
/// that looking at an hour costs no more than copying a pointer a chunk and the one chunk that is still open. Belongs
/// to one thread.
template <class T>
class ChunkedLog {
public:
    static constexpr std::size_t ChunkSize = ChunkedView<T>::ChunkSize;

    /// Keeps at least the last `capacity` values, and less than a chunk more.
    explicit ChunkedLog(std::size_t capacity) : m_capacity(capacity) {}

    void setCapacity(std::size_t capacity) noexcept
    {
        m_capacity = capacity;
        trim();
    }
    void push(T value)
    {
        if (m_open.capacity() < ChunkSize)
            m_open.reserve(ChunkSize);
        m_open.push_back(std::move(value));
        if (m_open.size() == ChunkSize)
            m_sealed.push_back(std::make_shared<const std::vector<T>>(std::exchange(m_open, {})));
        trim();
    }
    [[nodiscard]] std::size_t size() const noexcept { return m_sealed.size() * ChunkSize + m_open.size(); }
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    /// Value number `index`, 0 being the oldest; `index` must be below size().
    [[nodiscard]] const T &operator[](std::size_t index) const noexcept
    {
        const std::size_t chunk = index / ChunkSize;
        return chunk < m_sealed.size() ? (*m_sealed[chunk])[index % ChunkSize] : m_open[index % ChunkSize];
    }
    /// Calls `visit(value)` for each, the oldest first. Values stay where they are until the next push().
    template <class Visit>
    void forEach(Visit &&visit) const
    {
        for (const auto &chunk : m_sealed) {
            for (const T &value : *chunk)
                visit(value);
        }
        for (const T &value : m_open)
            visit(value);
    }
    [[nodiscard]] ChunkedView<T> view() const
    {
        std::vector<typename ChunkedView<T>::Chunk> chunks(m_sealed.begin(), m_sealed.end());
        if (!m_open.empty())
            chunks.push_back(std::make_shared<const std::vector<T>>(m_open));
        return ChunkedView<T>(std::move(chunks));
    }
    void clear() noexcept
    {
        m_sealed.clear();
        m_open.clear();
    }

private:
    void trim() noexcept
    {
        while (!m_sealed.empty() && size() >= m_capacity + ChunkSize)
            m_sealed.pop_front();
    }

    std::size_t m_capacity;
    std::deque<typename ChunkedView<T>::Chunk> m_sealed;
    std::vector<T> m_open;
};

} // namespace jank
