#pragma once

#include "isolate_core/sendable.h"

#include <atomic>
#include <cstddef>
#include <stdexcept>

namespace isolate {

/// Data that changes hands: made once, sent in a time that does not depend on its size, and taken out exactly once,
/// by whichever isolate does so first. A copy is a handle to the same data; a send that fails leaves it usable.
/// @thread any
template <class T = std::vector<std::byte>>
class Transferable {
    static_assert(Sendable<T>, "isolate: what a Transferable holds must be sendable itself");

public:
    /// Takes the data over, moved. Cost: an allocation.
    explicit Transferable(T data) : m_state(std::make_shared<State>(std::move(data))) {}

    /// The data, moved out. The second call, on any handle, is a `std::logic_error`. Cost: one atomic exchange.
    [[nodiscard]] T materialize() const
    {
        if (m_state->taken.exchange(true, std::memory_order_acq_rel))
            throw std::logic_error("a transferable is materialised once, and this one was");
        return std::move(m_state->data);
    }
    /// Whether it was taken; false can be out of date at once.
    [[nodiscard]] bool materialized() const noexcept { return m_state->taken.load(std::memory_order_acquire); }

private:
    struct State {
        explicit State(T d) : data(std::move(d)) {}
        std::atomic<bool> taken{false};
        T data;
    };
    std::shared_ptr<State> m_state;
};

template <class T>
struct IsSendableClass<Transferable<T>> : std::true_type {
};

/// One transferable of several pieces, ranges of `std::byte`, joined in order. Cost: one copy and two allocations.
/// @thread any
template <class Pieces>
[[nodiscard]] Transferable<> transferableOf(const Pieces &pieces)
{
    std::vector<std::byte> bytes;
    std::size_t size = 0;
    for (const auto &piece : pieces)
        size += piece.size();
    bytes.reserve(size);
    for (const auto &piece : pieces)
        bytes.insert(bytes.end(), piece.begin(), piece.end());
    return Transferable<>(std::move(bytes));
}

} // namespace isolate
