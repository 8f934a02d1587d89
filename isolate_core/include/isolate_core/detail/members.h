#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace isolate::detail {

/// Converts to whatever a member of an aggregate is, so that members can be counted. Never evaluated.
struct AnyMember {
    template <class T>
    operator T() const;
};

/// Converts to the bases of `T` alone.
template <class T>
struct AnyBase {
    template <class U>
    requires(std::is_base_of_v<U, T> && !std::is_same_v<U, T>) operator U() const;
};

template <class T>
concept HasBase = requires
{
    T{AnyBase<T>{}};
}
|| requires
{
    T{AnyBase<T>{}, AnyMember{}};
};

template <class T, std::size_t... I>
constexpr bool initialisableWith(std::index_sequence<I...>)
{
    return requires
    {
        T{(static_cast<void>(I), AnyMember{})...};
    };
}
/// Whether what stands between can be left empty, with that many values after it.
template <class T, std::size_t... Before, std::size_t... After>
constexpr bool initialisableAround(std::index_sequence<Before...>, std::index_sequence<After...>)
{
    return requires
    {
        T{(static_cast<void>(Before), AnyMember{})..., {}, (static_cast<void>(After), AnyMember{})...};
    };
}

/// The largest number of members that is looked into, array elements counted.
inline constexpr std::size_t maxMembers = 32;

/// How many values initialise it: an array takes one for each element.
template <class T, std::size_t N = maxMembers>
constexpr std::size_t initialiserCount()
{
    if constexpr (initialisableWith<T>(std::make_index_sequence<N>{}))
        return N;
    else if constexpr (N == 0)
        return 0;
    else
        return initialiserCount<T, N - 1>();
}

/// Of `Total` values, how many the member that begins at `Position` takes: more than one if it is an array. `After` is
/// the number of values that are tried for what follows it.
template <class T, std::size_t Total, std::size_t Position, std::size_t After = Total - Position - 1>
constexpr std::size_t valuesTaken()
{
    if constexpr (initialisableAround<T>(std::make_index_sequence<Position>{}, std::make_index_sequence<After>{}))
        return Total - Position - After;
    else if constexpr (After == 0)
        return 1; // can't be left empty, so it is no array of what can
    else
        return valuesTaken<T, Total, Position, After - 1>();
}

template <class T, std::size_t Total, std::size_t Position = 0>
constexpr std::size_t membersFrom()
{
    if constexpr (Position >= Total)
        return 0;
    else
        return 1 + membersFrom<T, Total, Position + valuesTaken<T, Total, Position>()>();
}

/// The number of members of an aggregate; 0 where it can't be told: reference members, more than `maxMembers`.
template <class T>
constexpr std::size_t memberCount()
{
    return membersFrom<T, initialiserCount<T>()>();
}

/// References to the members of an aggregate, in their order.
template <class T>
constexpr auto tieMembers(T &object)
{
    constexpr std::size_t count = memberCount<std::remove_const_t<T>>();
    if constexpr (count == 0) {
        return std::tie();
    } else if constexpr (count == 1) {
        auto &[m0] = object;
        return std::tie(m0);
    } else if constexpr (count == 2) {
        auto &[m0, m1] = object;
        return std::tie(m0, m1);
    } else if constexpr (count == 3) {
        auto &[m0, m1, m2] = object;
        return std::tie(m0, m1, m2);
    } else if constexpr (count == 4) {
        auto &[m0, m1, m2, m3] = object;
        return std::tie(m0, m1, m2, m3);
    } else if constexpr (count == 5) {
        auto &[m0, m1, m2, m3, m4] = object;
        return std::tie(m0, m1, m2, m3, m4);
    } else if constexpr (count == 6) {
        auto &[m0, m1, m2, m3, m4, m5] = object;
        return std::tie(m0, m1, m2, m3, m4, m5);
    } else if constexpr (count == 7) {
        auto &[m0, m1, m2, m3, m4, m5, m6] = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6);
    } else if constexpr (count == 8) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7] = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7);
    } else if constexpr (count == 9) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8] = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8);
    } else if constexpr (count == 10) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9] = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9);
    } else if constexpr (count == 11) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10] = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10);
    } else if constexpr (count == 12) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11] = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11);
    } else if constexpr (count == 13) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12] = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12);
    } else if constexpr (count == 14) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13] = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13);
    } else if constexpr (count == 15) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14] = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14);
    } else if constexpr (count == 16) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15] = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15);
    } else if constexpr (count == 17) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16] = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16);
    } else if constexpr (count == 18) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17] = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17);
    } else if constexpr (count == 19) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18] = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18);
    } else if constexpr (count == 20) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19] = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19);
    } else if constexpr (count == 21) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20] = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20);
    } else if constexpr (count == 22) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21]
            = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20,
                        m21);
    } else if constexpr (count == 23) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21, m22]
            = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20,
                        m21, m22);
    } else if constexpr (count == 24) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21, m22,
               m23]
            = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20,
                        m21, m22, m23);
    } else if constexpr (count == 25) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21, m22,
               m23, m24]
            = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20,
                        m21, m22, m23, m24);
    } else if constexpr (count == 26) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21, m22,
               m23, m24, m25]
            = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20,
                        m21, m22, m23, m24, m25);
    } else if constexpr (count == 27) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21, m22,
               m23, m24, m25, m26]
            = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20,
                        m21, m22, m23, m24, m25, m26);
    } else if constexpr (count == 28) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21, m22,
               m23, m24, m25, m26, m27]
            = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20,
                        m21, m22, m23, m24, m25, m26, m27);
    } else if constexpr (count == 29) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21, m22,
               m23, m24, m25, m26, m27, m28]
            = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20,
                        m21, m22, m23, m24, m25, m26, m27, m28);
    } else if constexpr (count == 30) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21, m22,
               m23, m24, m25, m26, m27, m28, m29]
            = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20,
                        m21, m22, m23, m24, m25, m26, m27, m28, m29);
    } else if constexpr (count == 31) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21, m22,
               m23, m24, m25, m26, m27, m28, m29, m30]
            = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20,
                        m21, m22, m23, m24, m25, m26, m27, m28, m29, m30);
    } else if constexpr (count == 32) {
        auto &[m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21, m22,
               m23, m24, m25, m26, m27, m28, m29, m30, m31]
            = object;
        return std::tie(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20,
                        m21, m22, m23, m24, m25, m26, m27, m28, m29, m30, m31);
    }
}

template <class T>
using MemberTypes = decltype(tieMembers(std::declval<T &>()));

} // namespace isolate::detail
