#pragma once

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace isolate::detail {

template <class Signature>
class UniqueFunction;

/// A callable that is moved, not copied, so that it may own what can only be moved (C++23 has one in the standard
/// library; C++20 does not).
template <class R, class... Args>
class UniqueFunction<R(Args...)> {
    struct Base {
        virtual ~Base() = default;
        virtual R call(Args... args) = 0;
    };
    template <class F>
    struct Holder final : Base {
        explicit Holder(F f) : function(std::move(f)) {}
        R call(Args... args) override { return std::invoke(function, std::forward<Args>(args)...); }
        F function;
    };

public:
    UniqueFunction() noexcept = default;
    UniqueFunction(std::nullptr_t) noexcept {}
    template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>,
                             UniqueFunction> && std::is_invocable_r_v<R, std::remove_cvref_t<F> &, Args...>)
        UniqueFunction(F &&f)
        : m_callable(std::make_unique<Holder<std::remove_cvref_t<F>>>(std::forward<F>(f)))
    {
    }

    R operator()(Args... args) { return m_callable->call(std::forward<Args>(args)...); }
    explicit operator bool() const noexcept { return m_callable != nullptr; }

private:
    std::unique_ptr<Base> m_callable;
};

} // namespace isolate::detail
