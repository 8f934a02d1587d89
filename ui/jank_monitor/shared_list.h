#pragma once

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace jank {

/// A list whose copies share their values: copying one copies a pointer a value. A value is never changed in place;
/// change() puts another in its place, which other copies do not see. Copies may belong to different threads.
template <class T>
class SharedList {
public:
    using value_type = T;

    class const_iterator {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        using pointer = const T *;
        using reference = const T &;

        const_iterator() = default;
        explicit const_iterator(const std::shared_ptr<const T> *place) noexcept : m_place(place) {}
        [[nodiscard]] reference operator*() const noexcept { return **m_place; }
        [[nodiscard]] pointer operator->() const noexcept { return m_place->get(); }
        const_iterator &operator++() noexcept
        {
            ++m_place;
            return *this;
        }
        const_iterator operator++(int) noexcept { return const_iterator(m_place++); }
        [[nodiscard]] bool operator==(const const_iterator &) const = default;

    private:
        const std::shared_ptr<const T> *m_place = nullptr;
    };

    SharedList() = default;
    SharedList(std::initializer_list<T> values)
    {
        for (const T &value : values)
            push_back(value);
    }

    [[nodiscard]] std::size_t size() const noexcept { return m_values.size(); }
    [[nodiscard]] bool empty() const noexcept { return m_values.empty(); }
    /// `index` must be below size(). The value stays where it is as long as a copy of the list has it.
    [[nodiscard]] const T &operator[](std::size_t index) const noexcept { return *m_values[index]; }
    [[nodiscard]] const T &front() const noexcept { return *m_values.front(); }
    [[nodiscard]] const T &back() const noexcept { return *m_values.back(); }
    [[nodiscard]] const_iterator begin() const noexcept { return const_iterator(m_values.data()); }
    [[nodiscard]] const_iterator end() const noexcept { return const_iterator(m_values.data() + m_values.size()); }

    void push_back(T value) { m_values.push_back(std::make_shared<const T>(std::move(value))); }
    /// Calls `edit(value)` with a copy of value number `index`, which takes its place.
    template <class Edit>
    void change(std::size_t index, Edit &&edit)
    {
        T value = *m_values[index];
        edit(value);
        m_values[index] = std::make_shared<const T>(std::move(value));
    }
    /// Takes the first `count` out, at most size().
    void dropFirst(std::size_t count)
    {
        m_values.erase(m_values.begin(), m_values.begin() + static_cast<std::ptrdiff_t>(count));
    }
    void clear() noexcept { m_values.clear(); }

private:
    std::vector<std::shared_ptr<const T>> m_values;
};

} // namespace jank
