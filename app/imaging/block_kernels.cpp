#include "imaging/block_kernels.h"

#include "imaging/vector_types.h"

#include <cmath>
#include <numbers>

namespace steadyframe::imaging {
namespace {

constexpr float largestLevel = 1023;
constexpr float largestCoefficient = 32767;

/// JPEG's natural place (row by row) of the nth coefficient that it writes.
constexpr std::array<std::uint8_t, blockCoefficients> makeZigzag(bool columnsFirst)
{
    std::array<std::uint8_t, blockCoefficients> order{};
    int row = 0;
    int column = 0;
    for (auto &place : order) {
        place = static_cast<std::uint8_t>(columnsFirst ? column * blockSide + row : row * blockSide + column);
        const bool up = (row + column) % 2 == 0;
        int &forth = up ? column : row;
        int &back = up ? row : column;
        if (forth == blockSide - 1) {
            ++back;
        } else {
            ++forth;
            if (back > 0)
                --back;
        }
    }
    return order;
}

constexpr auto places = makeZigzag(true);

/// For each column of coefficients and each set of its non-zero ones: their bits in the order of writing.
struct MaskTable {
    std::uint64_t bits[blockSide][256] = {};

    constexpr MaskTable()
    {
        for (int n = 0; n < blockCoefficients; ++n) {
            const int vertical = places[static_cast<std::size_t>(n)] % blockSide;
            const int horizontal = places[static_cast<std::size_t>(n)] / blockSide;
            for (int set = 0; set < 256; ++set) {
                if (set >> horizontal & 1)
                    bits[vertical][set] |= std::uint64_t{1} << n;
            }
        }
    }
};
constexpr MaskTable maskTable;

/// cos(k pi / 16) / 2
constexpr float c1 = 0.49039264F;
constexpr float c2 = 0.46193977F;
constexpr float c3 = 0.41573481F;
constexpr float c4 = 0.35355339F;
constexpr float c5 = 0.27778512F;
constexpr float c6 = 0.19134172F;
constexpr float c7 = 0.09754516F;

[[gnu::always_inline]] inline void forward8(Floats (&v)[8])
{
    const Floats s0 = v[0] + v[7];
    const Floats s1 = v[1] + v[6];
    const Floats s2 = v[2] + v[5];
    const Floats s3 = v[3] + v[4];
    const Floats d0 = v[0] - v[7];
    const Floats d1 = v[1] - v[6];
    const Floats d2 = v[2] - v[5];
    const Floats d3 = v[3] - v[4];
    const Floats a = s0 + s3;
    const Floats b = s1 + s2;
    const Floats c = s0 - s3;
    const Floats d = s1 - s2;
    v[0] = (a + b) * c4;
    v[4] = (a - b) * c4;
    v[2] = c * c2 + d * c6;
    v[6] = c * c6 - d * c2;
    v[1] = (d0 * c1 + d1 * c3) + (d2 * c5 + d3 * c7);
    v[3] = (d0 * c3 - d1 * c7) - (d2 * c1 + d3 * c5);
    v[5] = (d0 * c5 - d1 * c1) + (d2 * c7 + d3 * c3);
    v[7] = (d0 * c7 - d1 * c5) + (d2 * c3 - d3 * c1);
}

[[gnu::always_inline]] inline void inverse8(Floats (&v)[8])
{
    const Floats a = (v[0] + v[4]) * c4;
    const Floats b = (v[0] - v[4]) * c4;
    const Floats c = v[2] * c2 + v[6] * c6;
    const Floats d = v[2] * c6 - v[6] * c2;
    const Floats e0 = a + c;
    const Floats e1 = b + d;
    const Floats e2 = b - d;
    const Floats e3 = a - c;
    const Floats o0 = (v[1] * c1 + v[3] * c3) + (v[5] * c5 + v[7] * c7);
    const Floats o1 = (v[1] * c3 - v[3] * c7) - (v[5] * c1 + v[7] * c5);
    const Floats o2 = (v[1] * c5 - v[3] * c1) + (v[5] * c7 + v[7] * c3);
    const Floats o3 = (v[1] * c7 - v[3] * c5) + (v[5] * c3 - v[7] * c1);
    v[0] = e0 + o0;
    v[7] = e0 - o0;
    v[1] = e1 + o1;
    v[6] = e1 - o1;
    v[2] = e2 + o2;
    v[5] = e2 - o2;
    v[3] = e3 + o3;
    v[4] = e3 - o3;
}

/// The inverse transforms of fewer points: only as many frequencies as there are samples.
struct ShortTransforms {
    float factor[blockSide][blockSide][blockSide] = {}; ///< [points - 1][sample][frequency]

    ShortTransforms()
    {
        for (int points = 1; points <= blockSide; ++points) {
            for (int sample = 0; sample < points; ++sample) {
                for (int frequency = 0; frequency < points; ++frequency) {
                    const double size = frequency == 0 ? std::numbers::sqrt2 / 4 : 0.5;
                    factor[points - 1][sample][frequency] = static_cast<float>(
                        size * std::cos((2 * sample + 1) * frequency * std::numbers::pi / (2 * points)));
                }
            }
        }
    }
};

const ShortTransforms &shortTransforms()
{
    static const ShortTransforms transforms;
    return transforms;
}

template <int Points, std::size_t Size>
[[gnu::always_inline]] inline void inverseShort(Floats (&v)[Size], const float (&factor)[blockSide][blockSide])
{
    Floats out[Points];
    for (int sample = 0; sample < Points; ++sample) {
        out[sample] = v[0] * factor[sample][0];
        for (int frequency = 1; frequency < Points; ++frequency)
            out[sample] += v[frequency] * factor[sample][frequency];
    }
    for (int sample = 0; sample < Points; ++sample)
        v[sample] = out[sample];
}

[[gnu::always_inline]] inline void forwardBlocksBody(const std::uint8_t *const *rows, int count, std::int16_t *blocks)
{
    for (int i = 0; i < count; ++i, blocks += blockCoefficients) {
        Floats v[8];
        for (int y = 0; y < blockSide; ++y)
            v[y] = loadBytes(rows[y] + i * blockSide) - 128.0F;
        forward8(v);
        transpose(v);
        forward8(v);
        for (int u = 0; u < blockSide; ++u) {
            const Floats scaled = v[u] * static_cast<float>(coefficientScale);
            const Floats rounded = scaled + (scaled < 0.0F ? broadcast(-0.5F) : broadcast(0.5F));
            store(__builtin_convertvector(__builtin_convertvector(rounded, Ints), Shorts), blocks + u * blockSide);
        }
    }
}

template <int Points>
[[gnu::always_inline]] inline void inverseBody(const std::int16_t *blocks, int count, std::uint8_t *const *rows,
                                               const ShortTransforms &transforms)
{
    for (int i = 0; i < count; ++i, blocks += blockCoefficients) {
        Floats v[8];
        for (int u = 0; u < Points; ++u)
            v[u] = __builtin_convertvector(__builtin_convertvector(load<Shorts>(blocks + u * blockSide), Ints), Floats)
                * (1.0F / coefficientScale);
        for (int u = Points; u < blockSide; ++u)
            v[u] = Floats{};
        if constexpr (Points == blockSide)
            inverse8(v);
        else
            inverseShort<Points>(v, transforms.factor[Points - 1]);
        transpose(v);
        if constexpr (Points == blockSide)
            inverse8(v);
        else
            inverseShort<Points>(v, transforms.factor[Points - 1]);
        for (int y = 0; y < Points; ++y)
            storeBytes<Points>(v[y] + 128.0F, rows[y] + i * Points);
    }
}

/// Half the size is what most pictures are decoded at, and two of its blocks fit into one: the same result.
[[gnu::always_inline]] inline int inversePairs(const std::int16_t *blocks, int count, std::uint8_t *const *rows,
                                               const ShortTransforms &transforms)
{
    constexpr int points = 4;
    int i = 0;
    for (; i + 2 <= count; i += 2, blocks += 2 * blockCoefficients) {
        Floats v[points];
        for (int u = 0; u < points; ++u) {
            std::int16_t both[blockSide];
            std::memcpy(both, blocks + u * blockSide, points * sizeof *both);
            std::memcpy(both + points, blocks + blockCoefficients + u * blockSide, points * sizeof *both);
            v[u] = __builtin_convertvector(__builtin_convertvector(load<Shorts>(both), Ints), Floats)
                * (1.0F / coefficientScale);
        }
        inverseShort<points>(v, transforms.factor[points - 1]);
        transposeHalves(v);
        inverseShort<points>(v, transforms.factor[points - 1]);
        for (int y = 0; y < points; ++y)
            storeBytes(v[y] + 128.0F, rows[y] + i * points);
    }
    return i;
}

[[gnu::always_inline]] inline void inverseBlocksBody(const std::int16_t *blocks, int count, int eighths,
                                                     std::uint8_t *const *rows)
{
    const ShortTransforms &transforms = shortTransforms();
    switch (eighths) {
    case 1:
        return inverseBody<1>(blocks, count, rows, transforms);
    case 2:
        return inverseBody<2>(blocks, count, rows, transforms);
    case 3:
        return inverseBody<3>(blocks, count, rows, transforms);
    case 4: {
        const int done = inversePairs(blocks, count, rows, transforms);
        std::uint8_t *rest[] = {rows[0] + done * 4, rows[1] + done * 4, rows[2] + done * 4, rows[3] + done * 4};
        return inverseBody<4>(blocks + done * blockCoefficients, count - done, rest, transforms);
    }
    case 5:
        return inverseBody<5>(blocks, count, rows, transforms);
    case 6:
        return inverseBody<6>(blocks, count, rows, transforms);
    case 7:
        return inverseBody<7>(blocks, count, rows, transforms);
    default:
        return inverseBody<8>(blocks, count, rows, transforms);
    }
}

[[gnu::always_inline]] inline void quantiseBlocksBody(const std::int16_t *blocks, int count, const Quantiser &quantiser,
                                                      std::int16_t *levels, std::uint64_t *masks)
{
    for (int i = 0; i < count; ++i, blocks += blockCoefficients, levels += blockCoefficients) {
        Shorts sets{};
        for (int u = 0; u < blockSide; ++u) {
            const Ints value = __builtin_convertvector(load<Shorts>(blocks + u * blockSide), Ints);
            const Ints sign = value >> 31;
            const Floats size = __builtin_convertvector((value ^ sign) - sign, Floats);
            const Floats level = size * load<Floats>(quantiser.factor.data() + u * blockSide)
                + load<Floats>(quantiser.bias.data() + u * blockSide);
            const Floats capped = level < largestLevel ? level : broadcast(largestLevel);
            const Ints whole = __builtin_convertvector(capped, Ints);
            const Shorts signedLevel = __builtin_convertvector((whole ^ sign) - sign, Shorts);
            store(signedLevel, levels + u * blockSide);
            const auto bit = static_cast<std::int16_t>(1 << u);
            sets |= (signedLevel != 0) & Shorts{bit, bit, bit, bit, bit, bit, bit, bit};
        }
        std::uint16_t set[blockSide];
        store(sets, set);
        std::uint64_t mask = 0;
        for (int v = 0; v < blockSide; ++v)
            mask |= maskTable.bits[v][set[v]];
        masks[i] = mask;
    }
}

[[gnu::always_inline]] inline void
dequantiseBlocksBody(const std::int16_t *levels, int count,
                     const std::array<std::uint16_t, blockCoefficients> &stepsByPlace, std::int16_t *blocks)
{
    for (int i = 0; i < count; ++i, levels += blockCoefficients, blocks += blockCoefficients) {
        for (int u = 0; u < blockCoefficients; u += blockSide) {
            const Ints step = __builtin_convertvector(load<Shorts>(stepsByPlace.data() + u), Ints) & 0xFFFF;
            const Floats value = __builtin_convertvector(
                __builtin_convertvector(load<Shorts>(levels + u), Ints) * step * coefficientScale, Floats);
            const Floats high = value < largestCoefficient ? value : broadcast(largestCoefficient);
            const Floats both = high > -largestCoefficient ? high : broadcast(-largestCoefficient);
            store(__builtin_convertvector(__builtin_convertvector(both, Ints), Shorts), blocks + u);
        }
    }
}

} // namespace

const std::array<std::uint8_t, blockCoefficients> &zigzag()
{
    return places;
}

Quantiser::Quantiser(const std::array<std::uint16_t, blockCoefficients> &steps)
{
    for (std::size_t row = 0; row < blockSide; ++row) {
        for (std::size_t column = 0; column < blockSide; ++column) {
            const auto step = static_cast<float>(steps[row * blockSide + column] * coefficientScale);
            // Just less than a half: halves, of which there are many where a picture was rounded before to half the
            // step, become smaller, which is as near and takes fewer bits.
            factor[column * blockSide + row] = 1 / step;
            bias[column * blockSide + row] = 0.5F - 0.25F / step;
        }
    }
}

STEADYFRAME_KERNEL(forwardBlocks, (const std::uint8_t *const *rows, int count, std::int16_t *blocks),
                   (rows, count, blocks))
STEADYFRAME_KERNEL(inverseBlocks, (const std::int16_t *blocks, int count, int eighths, std::uint8_t *const *rows),
                   (blocks, count, eighths, rows))
STEADYFRAME_KERNEL(quantiseBlocks,
                   (const std::int16_t *blocks, int count, const Quantiser &quantiser, std::int16_t *levels,
                    std::uint64_t *masks),
                   (blocks, count, quantiser, levels, masks))
STEADYFRAME_KERNEL(dequantiseBlocks,
                   (const std::int16_t *levels, int count,
                    const std::array<std::uint16_t, blockCoefficients> &stepsByPlace, std::int16_t *blocks),
                   (levels, count, stepsByPlace, blocks))

} // namespace steadyframe::imaging
