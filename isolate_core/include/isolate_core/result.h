#pragma once

#include <cassert>
#include <type_traits>
#include <utility>
#include <variant>

namespace isolate {

/// A value of type `T`, or the reason `E` why there is none. `T` may be void.
///
/// Neither is ever dropped by accident: the type is `[[nodiscard]]`. Reading the side that is not there is a
/// programming error: it ends the process in debug builds and is undefined in others. @thread any; a `Result` has no
/// lock of its own.
template <class T, class E>
class [[nodiscard]] Result {
    using Stored = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

public:
    using Value = T; ///< Of a success; may be void.
    using Error = E; ///< Of a failure.

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

    /// Whether there is a value, or for void a success.
    [[nodiscard]] bool ok() const noexcept { return m_state.index() == 0; }
    [[nodiscard]] explicit operator bool() const noexcept { return ok(); } ///< `ok()`.

    /// The value, which must be there; `std::monostate` for void. Of an rvalue it is moved out.
    [[nodiscard]] Stored &value() & { return expectOk(), *std::get_if<0>(&m_state); }
    /// @copydoc value()
    [[nodiscard]] const Stored &value() const & { return expectOk(), *std::get_if<0>(&m_state); }
    /// @copydoc value()
    [[nodiscard]] Stored &&value() && { return expectOk(), std::move(*std::get_if<0>(&m_state)); }

    /// The error, which must be there. Of an rvalue it is moved out.
    [[nodiscard]] E &error() & { return expectError(), *std::get_if<1>(&m_state); }
    /// @copydoc error()
    [[nodiscard]] const E &error() const & { return expectError(), *std::get_if<1>(&m_state); }
    /// @copydoc error()
    [[nodiscard]] E &&error() && { return expectError(), std::move(*std::get_if<1>(&m_state)); }

    Stored *operator->() { return &value(); } ///< `value()`, which must be there.
    const Stored *operator->() const { return &value(); } ///< `value()`, which must be there.
    Stored &operator*() & { return value(); } ///< `value()`, which must be there.
    const Stored &operator*() const & { return value(); } ///< `value()`, which must be there.

private:
    void expectOk() const { assert(ok() && "Result: there is no value, only an error"); }
    void expectError() const { assert(!ok() && "Result: there is no error"); }

    std::variant<Stored, E> m_state;
};

} // namespace isolate
