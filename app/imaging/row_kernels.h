#pragma once

#include <cstdint>

namespace steadyframe::imaging {

/// The arithmetic of resampling, on rows: the same to the last bit with and without AVX2. Widths are rounded up to
/// whole groups of 8, so rows need room for that. @thread any

void bytesToFloats(const std::uint8_t *from, int width, float *to);
/// The weighted sum of rows.
void blendRows(const float *const *rows, const float *weights, int count, int width, float *to);
/// Eight rows of floats to one of groups of eight: sample x of row y lies at 8 x + y.
void gatherColumns(const float *const *rows, int width, float *columns);

/// Which columns a new column is made of, and by which weights.
struct ColumnWeights {
    int first;
    int count;
    const float *weights;
};
/// `width` new columns of what `gatherColumns` made, as eight rows of bytes.
void blendColumns(const float *columns, const ColumnWeights *weights, int width, std::uint8_t *const *rows);

} // namespace steadyframe::imaging
