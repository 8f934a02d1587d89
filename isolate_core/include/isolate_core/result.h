#pragma once

#include <cassert>
#include <type_traits>
#include <utility>
#include <variant>

namespace isolate {

/// A value of type `T`, or the reason `E` why there is none. `T` may be void.
///
/// Neither is ever dropped by accident: the type is `[[nodiscard]]`. Reading the side that is not there is a
/// programming error and ends the process in debug builds. @thread any; a `Result` has no lock of its own.
template <class T, class E>
class [[nodiscard]] Result {
    using Stored = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

public:
    using Value = T;
    using Error = E;

    /// A success without a value; for `Result<void, E>` alone.
    Result() requires std::is_void_v<T> : m_state(std::in_place_index<0>) {}
    /// A success.
    template <class U>
    requires(
        !std::is_void_v<
            T> && std::is_convertible_v<U &&, Stored> && !std::is_same_v<std::remove_cvref_t<U>, Result> && !std::is_same_v<std::remove_cvref_t<U>, E>)
        Result(U &&value)
        : m_state(std::in_place_index<0>, std::forward<U>(value))
    {
    }
    /// A failure.
    Result(E error) : m_state(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const noexcept { return m_state.index() == 0; }
    [[nodiscard]] explicit operator bool() const noexcept { return ok(); }

    [[nodiscard]] Stored &value() & { return expectOk(), *std::get_if<0>(&m_state); }
    [[nodiscard]] const Stored &value() const & { return expectOk(), *std::get_if<0>(&m_state); }
    [[nodiscard]] Stored &&value() && { return expectOk(), std::move(*std::get_if<0>(&m_state)); }

    [[nodiscard]] E &error() & { return expectError(), *std::get_if<1>(&m_state); }
    [[nodiscard]] const E &error() const & { return expectError(), *std::get_if<1>(&m_state); }
    [[nodiscard]] E &&error() && { return expectError(), std::move(*std::get_if<1>(&m_state)); }

    Stored *operator->() { return &value(); }
    const Stored *operator->() const { return &value(); }
    Stored &operator*() & { return value(); }
    const Stored &operator*() const & { return value(); }

private:
    void expectOk() const { assert(ok() && "Result: there is no value, only an error"); }
    void expectError() const { assert(!ok() && "Result: there is no error"); }

    std::variant<Stored, E> m_state;
};

} // namespace isolate
