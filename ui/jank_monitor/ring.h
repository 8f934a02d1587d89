#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <vector>

namespace jank {

/// The last `capacity` values, in one allocation made at the start. Not thread-safe.
template <class T>
class Ring {
public:
    explicit Ring(std::size_t capacity) : m_values(capacity) {}

    /// Adds a value in place of the oldest when full. Never allocates.
    void push(const T &value) noexcept
    {
        m_values[m_next] = value;
        m_next = (m_next + 1) % m_values.size();
        if (m_size < m_values.size())
            ++m_size;
    }

    /// Value number `index`, 0 being the oldest; `index` must be below size().
    [[nodiscard]] const T &operator[](std::size_t index) const noexcept
    {
        return m_values[(m_next + m_values.size() - m_size + index) % m_values.size()];
    }

    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    [[nodiscard]] bool isEmpty() const noexcept { return m_size == 0; }
    [[nodiscard]] std::size_t capacity() const noexcept { return m_values.size(); }
    void clear() noexcept { m_size = m_next = 0; }

private:
    std::vector<T> m_values;
    std::size_t m_next = 0;
    std::size_t m_size = 0;
};

/// Hands values from exactly one thread to exactly one other without a lock or an allocation.
template <class T, std::size_t Capacity>
class HandOff {
public:
    /// False when full: the value is dropped. @thread the writer's
    bool push(const T &value) noexcept
    {
        const std::size_t head = m_head.load(std::memory_order_relaxed);
        if (head - m_tail.load(std::memory_order_acquire) == Capacity)
            return false;
        m_values[head % Capacity] = value;
        m_head.store(head + 1, std::memory_order_release);
        return true;
    }

    /// False when empty. @thread the reader's
    bool pop(T &value) noexcept
    {
        const std::size_t tail = m_tail.load(std::memory_order_relaxed);
        if (tail == m_head.load(std::memory_order_acquire))
            return false;
        value = m_values[tail % Capacity];
        m_tail.store(tail + 1, std::memory_order_release);
        return true;
    }

private:
    std::array<T, Capacity> m_values{};
    std::atomic<std::size_t> m_head{0};
    std::atomic<std::size_t> m_tail{0};
};

} // namespace jank
