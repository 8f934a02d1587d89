#pragma once

#include "isolate_core/sendable.h"

namespace isolate::detail {

/// Stands for "the value itself", where there is no member to name.
struct TheMessageItself;

/// The number of a member, from 0, for compilers that can't carry its name.
template <std::size_t Index>
struct MemberNumber {
};

template <class T>
struct NeverMade {
    T value;
};
/// Never defined and never used but by its address at compile time: a diagnostic prints the member that it belongs to.
template <class T>
extern const NeverMade<T> neverMade;

#if defined(__GNUC__) && !defined(__clang__)
template <class T, std::size_t Index>
constexpr auto *memberAddress()
{
    return &std::get<Index>(tieMembers(neverMade<T>.value));
}
template <auto *Address>
struct MemberAt {
};
template <class T, std::size_t Index>
using MemberName = MemberAt<memberAddress<T, Index>()>;
#else
template <class T, std::size_t Index>
using MemberName = MemberNumber<Index>;
#endif

template <class T>
inline constexpr bool isSharedPointer = false;
template <class T>
inline constexpr bool isSharedPointer<std::shared_ptr<T>> = true;

template <class>
inline constexpr bool never = false;

/// Fails to compile. Its arguments are printed: whose member, which one, and of what type.
template <class Owner, class Member, class Type>
struct CannotBeSent {
    static_assert(!std::is_pointer_v<Type> || never<Type>,
                  "isolate: a raw pointer can't be sent to another isolate. The member is named in the instantiation "
                  "CannotBeSent<owner, member, type>. Send the value, a unique_ptr, or a shared_ptr<const T>.");
    static_assert(!std::is_reference_v<Type> || never<Type>,
                  "isolate: a reference can't be sent to another isolate. Send the value.");
    static_assert(
        !isSharedPointer<Type> || never<Type>,
        "isolate: a shared_ptr to data that can change can't be sent to another isolate. The member is named in the "
        "instantiation CannotBeSent<owner, member, type>. Send a shared_ptr<const T>, or a unique_ptr.");
    static_assert(
        std::is_pointer_v<Type> || std::is_reference_v<Type> || isSharedPointer<Type> || never<Type>,
        "isolate: this type can't be sent to another isolate: a view, a receive port, or a class that does not say "
        "that its values share nothing. The member is named in the instantiation CannotBeSent<owner, member, type>. "
        "Send a value; for a class of your own, specialise isolate::IsSendableClass.");
};

template <class T>
concept HasParts = requires
{
    typename PartsSendable<T>::Parts;
};

template <class Owner, class Member, class T>
constexpr void explain();

template <class Owner, class Member, class... Ts>
constexpr void explainParts(TypeList<Ts...>)
{
    (explain<Owner, Member, std::remove_cv_t<Ts>>(), ...);
}
template <class T, std::size_t... I>
constexpr void explainMembers(std::index_sequence<I...>)
{
    (explain<T, MemberName<T, I>, std::remove_cvref_t<std::tuple_element_t<I, MemberTypes<T>>>>(), ...);
}

/// Descends to what can't be sent, and fails there.
template <class Owner, class Member, class T>
constexpr void explain()
{
    if constexpr (!sendable<T>()) {
        if constexpr (HasParts<T>)
            explainParts<Owner, Member>(typename PartsSendable<T>::Parts{});
        else if constexpr (std::is_bounded_array_v<T>)
            explain<Owner, Member, std::remove_all_extents_t<T>>();
        else if constexpr (isOpenAggregate<T>())
            explainMembers<T>(std::make_index_sequence<memberCount<T>()>{});
        else
            static_cast<void>(sizeof(CannotBeSent<Owner, Member, T>));
    }
}

/// Compiles if a `T` can be sent; else says what of it can't.
template <class T>
constexpr void requireSendable()
{
    if constexpr (!std::is_void_v<T>) {
        if constexpr (!sendable<std::remove_cv_t<T>>())
            explain<T, TheMessageItself, std::remove_cv_t<T>>();
        else
            static_assert(std::movable<std::remove_cv_t<T>>, "isolate: a message must be movable");
    }
}

} // namespace isolate::detail
