#include "imaging/row_kernels.h"

#include "imaging/vector_types.h"

#include <algorithm>

namespace steadyframe::imaging {
namespace {

constexpr int lanes = 8;

[[gnu::always_inline]] inline void bytesToFloatsBody(const std::uint8_t *from, int width, float *to)
{
    for (int x = 0; x < width; x += lanes)
        store(loadBytes(from + x), to + x);
}

[[gnu::always_inline]] inline void blendRowsBody(const float *const *rows, const float *weights, int count, int width,
                                                 float *to)
{
    int x = 0;
    for (; x + 4 * lanes <= width; x += 4 * lanes) {
        Floats sums[4] = {};
        for (int i = 0; i < count; ++i) {
            for (int part = 0; part < 4; ++part)
                sums[part] += load<Floats>(rows[i] + x + part * lanes) * weights[i];
        }
        for (int part = 0; part < 4; ++part)
            store(sums[part], to + x + part * lanes);
    }
    for (; x < width; x += lanes) {
        Floats sum{};
        for (int i = 0; i < count; ++i)
            sum += load<Floats>(rows[i] + x) * weights[i];
        store(sum, to + x);
    }
}

[[gnu::always_inline]] inline void gatherColumnsBody(const float *const *rows, int width, float *columns)
{
    for (int x = 0; x < width; x += lanes) {
        Floats v[lanes];
        for (int y = 0; y < lanes; ++y)
            v[y] = load<Floats>(rows[y] + x);
        transpose(v);
        for (int i = 0; i < lanes; ++i)
            store(v[i], columns + (x + i) * lanes);
    }
}

[[gnu::always_inline]] inline Floats blendColumn(const float *columns, const ColumnWeights &weights)
{
    const float *from = columns + static_cast<std::ptrdiff_t>(weights.first) * lanes;
    Floats even{};
    Floats odd{};
    int i = 0;
    for (; i + 2 <= weights.count; i += 2) {
        even += load<Floats>(from + i * lanes) * weights.weights[i];
        odd += load<Floats>(from + (i + 1) * lanes) * weights.weights[i + 1];
    }
    if (i < weights.count)
        even += load<Floats>(from + i * lanes) * weights.weights[i];
    return even + odd;
}

[[gnu::always_inline]] inline void blendColumnsBody(const float *columns, const ColumnWeights *weights, int width,
                                                    std::uint8_t *const *rows)
{
    for (int x = 0; x < width; x += lanes) {
        const int count = std::min(lanes, width - x);
        Floats v[lanes] = {};
        for (int i = 0; i < count; ++i)
            v[i] = blendColumn(columns, weights[x + i]);
        transpose(v);
        for (int y = 0; y < lanes; ++y)
            storeBytes(v[y], rows[y] + x);
    }
}

} // namespace

STEADYFRAME_KERNEL(bytesToFloats, (const std::uint8_t *from, int width, float *to), (from, width, to))
STEADYFRAME_KERNEL(blendRows, (const float *const *rows, const float *weights, int count, int width, float *to),
                   (rows, weights, count, width, to))
STEADYFRAME_KERNEL(gatherColumns, (const float *const *rows, int width, float *columns), (rows, width, columns))
STEADYFRAME_KERNEL(blendColumns,
                   (const float *columns, const ColumnWeights *weights, int width, std::uint8_t *const *rows),
                   (columns, weights, width, rows))

} // namespace steadyframe::imaging
