#pragma once

#include "isolate_core/capability.h"
#include "isolate_core/detail/members.h"
#include "isolate_core/result.h"

#include <array>
#include <chrono>
#include <concepts>
#include <deque>
#include <exception>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

namespace isolate {

/// Says of a class that is no aggregate that its values may be sent: that a copy, or what it was moved from, shares
/// nothing with it that can change. Specialise it as `std::true_type` for such a class of your own, in namespace
/// `isolate`, before it is first sent. Nothing checks that it is so.
template <class T>
struct IsSendableClass : std::false_type {
};

namespace detail {

template <class T>
constexpr bool sendable();

template <class... Ts>
constexpr bool allSendable = (sendable<Ts>() && ...);

/// What a type is made of, where that decides; the primary template is "nothing known".
template <class T>
struct PartsSendable : IsSendableClass<T> {
};

template <class... Ts>
struct TypeList {
};

template <class... Ts>
struct AllOf : std::bool_constant<allSendable<Ts...>> {
    using Parts = TypeList<Ts...>;
};

template <class T, class A>
struct PartsSendable<std::vector<T, A>> : AllOf<T> {
};
template <class T, class A>
struct PartsSendable<std::deque<T, A>> : AllOf<T> {
};
template <class T, class A>
struct PartsSendable<std::list<T, A>> : AllOf<T> {
};
template <class T, std::size_t N>
struct PartsSendable<std::array<T, N>> : AllOf<T> {
};
template <class T>
struct PartsSendable<std::optional<T>> : AllOf<T> {
};
template <class A, class B>
struct PartsSendable<std::pair<A, B>> : AllOf<A, B> {
};
template <class... Ts>
struct PartsSendable<std::tuple<Ts...>> : AllOf<Ts...> {
};
template <class... Ts>
struct PartsSendable<std::variant<Ts...>> : AllOf<Ts...> {
};
template <class K, class C, class A>
struct PartsSendable<std::set<K, C, A>> : AllOf<K> {
};
template <class K, class V, class C, class A>
struct PartsSendable<std::map<K, V, C, A>> : AllOf<K, V> {
};
template <class K, class H, class E, class A>
struct PartsSendable<std::unordered_set<K, H, E, A>> : AllOf<K> {
};
template <class K, class V, class H, class E, class A>
struct PartsSendable<std::unordered_map<K, V, H, E, A>> : AllOf<K, V> {
};
template <class C, class Tr, class A>
struct PartsSendable<std::basic_string<C, Tr, A>> : std::true_type {
};
template <class R, class P>
struct PartsSendable<std::chrono::duration<R, P>> : std::true_type {
};
template <class C, class D>
struct PartsSendable<std::chrono::time_point<C, D>> : std::true_type {
};
template <>
struct PartsSendable<std::filesystem::path> : std::true_type {
};
template <>
struct PartsSendable<std::monostate> : std::true_type {
};
template <>
struct PartsSendable<std::exception_ptr> : std::true_type {
};
template <>
struct PartsSendable<std::stop_token> : std::true_type {
};
template <>
struct PartsSendable<Capability> : std::true_type {
};
template <class T, class E>
struct PartsSendable<Result<T, E>> : AllOf<std::conditional_t<std::is_void_v<T>, std::monostate, T>, E> {
};
/// Moved, never shared.
template <class T, class D>
struct PartsSendable<std::unique_ptr<T, D>> : AllOf<T> {
};
/// Shared by reference because nobody changes it.
template <class T>
struct PartsSendable<std::shared_ptr<const T>> : AllOf<T> {
};

template <class Tuple>
struct MembersSendable;
template <class... Ts>
struct MembersSendable<std::tuple<Ts &...>> : AllOf<std::remove_cv_t<Ts>...> {
};

/// An aggregate whose members can be looked at.
template <class T>
constexpr bool isOpenAggregate()
{
    if constexpr (std::is_aggregate_v<T> && !std::is_array_v<T> && !std::is_empty_v<T>) {
        if constexpr (!HasBase<T>)
            return memberCount<T>() > 0;
    }
    return false;
}

template <class T>
constexpr bool sendable()
{
    if constexpr (
        std::is_arithmetic_v<
            T> || std::is_enum_v<T> || std::is_null_pointer_v<T> || (std::is_pointer_v<T> && std::is_function_v<std::remove_pointer_t<T>>))
        return true;
    else if constexpr (std::is_bounded_array_v<T>)
        return sendable<std::remove_all_extents_t<T>>();
    else if constexpr (
        std::is_pointer_v<
            T> || std::is_reference_v<T> || std::is_array_v<T> || std::is_member_pointer_v<T> || std::is_function_v<T> || std::is_void_v<T>)
        return false;
    else if constexpr (PartsSendable<T>::value)
        return true;
    else if constexpr (std::is_empty_v<T>)
        return std::is_trivially_copyable_v<T>;
    else if constexpr (isOpenAggregate<T>())
        return MembersSendable<MemberTypes<T>>::value;
    else
        return false;
}

} // namespace detail

/// A value that can cross from one isolate to another: copied, or moved, or immutable. Numbers, enums, strings, paths,
/// times, ports, capabilities, containers and aggregates of these, `std::unique_ptr` to one, and `std::shared_ptr` to a
/// constant one, which whoever made it must not change either. Not: raw pointers, references, views, receive ports,
/// pointers to shared mutable data. Decided when it is compiled; costs nothing at run time.
template <class T>
concept Sendable = std::movable<std::remove_cvref_t<T>> && detail::sendable<std::remove_cvref_t<T>>();

/// A function pointer, or a lambda that captures nothing: it can't carry a reference into another isolate. What it
/// works on comes as arguments, which are checked.
template <class F>
concept SendableEntry = std::is_pointer_v<std::decay_t<F>> || std::is_empty_v<std::remove_cvref_t<F>>;

} // namespace isolate
