#pragma once

#include "imaging/processor.h"

#include <cstdint>
#include <cstring>

/// Eight numbers at a time, in the compiler's own vector types: it makes AVX2, SSE2, NEON or plain code of them, which
/// all give the same bits as long as multiplications and additions are not fused (the build turns that off).
namespace steadyframe::imaging {

using Floats = float __attribute__((vector_size(32)));
using Ints = std::int32_t __attribute__((vector_size(32)));
using Shorts = std::int16_t __attribute__((vector_size(16)));
using Bytes = std::uint8_t __attribute__((vector_size(16)));

template <class Vector, class Element>
[[gnu::always_inline]] inline Vector load(const Element *from)
{
    Vector vector;
    std::memcpy(&vector, from, sizeof vector);
    return vector;
}

template <class Vector, class Element>
[[gnu::always_inline]] inline void store(const Vector &vector, Element *to)
{
    std::memcpy(to, &vector, sizeof vector);
}

[[gnu::always_inline]] inline Floats broadcast(float value)
{
    return Floats{} + value;
}

/// Eight bytes.
[[gnu::always_inline]] inline Floats loadBytes(const std::uint8_t *from)
{
    std::uint64_t eight = 0;
    std::memcpy(&eight, from, sizeof eight);
    using Pair = std::uint64_t __attribute__((vector_size(16)));
    const Bytes bytes = reinterpret_cast<Bytes>(Pair{eight, 0});
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    const Bytes wide = __builtin_shufflevector(bytes, Bytes{}, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
#else
    const Bytes wide = __builtin_shufflevector(bytes, Bytes{}, 16, 0, 17, 1, 18, 2, 19, 3, 20, 4, 21, 5, 22, 6, 23, 7);
#endif
    return __builtin_convertvector(__builtin_convertvector(reinterpret_cast<Shorts>(wide), Ints), Floats);
}

/// Eight numbers to `Count` bytes: rounded to the nearest, halves upwards, and clamped to 0 to 255.
template <int Count = 8>
[[gnu::always_inline]] inline void storeBytes(const Floats &values, std::uint8_t *to)
{
    const Floats raised = values + 0.5F;
    const Floats low = raised > 0.0F ? raised : broadcast(0);
    const Floats clamped = low < 255.0F ? low : broadcast(255);
    const Shorts wide = __builtin_convertvector(__builtin_convertvector(clamped, Ints), Shorts);
    const Bytes both = reinterpret_cast<Bytes>(wide);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    const Bytes bytes = __builtin_shufflevector(both, both, 0, 2, 4, 6, 8, 10, 12, 14, 0, 2, 4, 6, 8, 10, 12, 14);
#else
    const Bytes bytes = __builtin_shufflevector(both, both, 1, 3, 5, 7, 9, 11, 13, 15, 1, 3, 5, 7, 9, 11, 13, 15);
#endif
    std::memcpy(to, &bytes, Count);
}

/// Rows become columns.
[[gnu::always_inline]] inline void transpose(Floats (&v)[8])
{
    Floats a[8];
    Floats b[8];
    for (int i = 0; i < 8; i += 2) {
        a[i] = __builtin_shufflevector(v[i], v[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        a[i + 1] = __builtin_shufflevector(v[i], v[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    for (int i = 0; i < 8; i += 4) {
        b[i] = __builtin_shufflevector(a[i], a[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        b[i + 1] = __builtin_shufflevector(a[i], a[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        b[i + 2] = __builtin_shufflevector(a[i + 1], a[i + 3], 0, 1, 8, 9, 4, 5, 12, 13);
        b[i + 3] = __builtin_shufflevector(a[i + 1], a[i + 3], 2, 3, 10, 11, 6, 7, 14, 15);
    }
    for (int i = 0; i < 4; ++i) {
        v[i] = __builtin_shufflevector(b[i], b[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        v[i + 4] = __builtin_shufflevector(b[i], b[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

/// The same for the four rows and columns of each half.
[[gnu::always_inline]] inline void transposeHalves(Floats (&v)[4])
{
    const Floats a = __builtin_shufflevector(v[0], v[1], 0, 8, 1, 9, 4, 12, 5, 13);
    const Floats b = __builtin_shufflevector(v[0], v[1], 2, 10, 3, 11, 6, 14, 7, 15);
    const Floats c = __builtin_shufflevector(v[2], v[3], 0, 8, 1, 9, 4, 12, 5, 13);
    const Floats d = __builtin_shufflevector(v[2], v[3], 2, 10, 3, 11, 6, 14, 7, 15);
    v[0] = __builtin_shufflevector(a, c, 0, 1, 8, 9, 4, 5, 12, 13);
    v[1] = __builtin_shufflevector(a, c, 2, 3, 10, 11, 6, 7, 14, 15);
    v[2] = __builtin_shufflevector(b, d, 0, 1, 8, 9, 4, 5, 12, 13);
    v[3] = __builtin_shufflevector(b, d, 2, 3, 10, 11, 6, 7, 14, 15);
}

} // namespace steadyframe::imaging

/// Defines the function `name`, which does what the always inlined `name`Body does: compiled once for any machine of
/// the architecture and once for those with AVX2.
#if defined(__x86_64__)
#define STEADYFRAME_KERNEL(name, parameters, arguments)                                                                \
    [[gnu::target("avx2")]] static void name##Avx2 parameters                                                          \
    {                                                                                                                  \
        name##Body arguments;                                                                                          \
    }                                                                                                                  \
    static void name##Plain parameters                                                                                 \
    {                                                                                                                  \
        name##Body arguments;                                                                                          \
    }                                                                                                                  \
    void name parameters                                                                                               \
    {                                                                                                                  \
        if (usesAvx2())                                                                                                \
            name##Avx2 arguments;                                                                                      \
        else                                                                                                           \
            name##Plain arguments;                                                                                     \
    }
#else
#define STEADYFRAME_KERNEL(name, parameters, arguments)                                                                \
    void name parameters                                                                                               \
    {                                                                                                                  \
        name##Body arguments;                                                                                          \
    }
#endif
