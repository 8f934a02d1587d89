#pragma once

#include <string>
#include <vector>

namespace steadyframe::benchmarks {

/// The brightness of a picture.
struct Gray {
    int width = 0;
    int height = 0;
    std::vector<float> samples;
};

/// Of a JPEG, decoded by libjpeg alone, upright only when it is stored so; empty when it can't be read.
Gray readGray(const std::string &path);

/// The same picture in another size, by a Lanczos filter of three lobes in floating point: what results are held
/// against, so slow and plain on purpose.
Gray shrunk(const Gray &picture, int width, int height);

/// The mean structural similarity of two pictures of one size, in windows of 8 by 8: 1 is equal. 0 for other sizes.
double similarity(const Gray &a, const Gray &b);

/// Writes a JPEG's pixels as a PPM, for tools that take nothing else.
bool writePpm(const std::string &jpeg, const std::string &ppm);

} // namespace steadyframe::benchmarks
