#include "composition/picture_similarity.h"

#include <array>
#include <limits>
#include <vector>

namespace steadyframe::composition {
namespace {

constexpr int side = 8; ///< of the windows, which lie side by side

int brightness(const std::uint8_t *rgba)
{
    return (19595 * rgba[0] + 38470 * rgba[1] + 7471 * rgba[2] + 32768) >> 16;
}

struct Sums {
    int a = 0, b = 0, aa = 0, bb = 0, ab = 0;
};

double similarity(const Sums &sums)
{
    constexpr double n = side * side, c1 = 6.5025, c2 = 58.5225; // (0.01 * 255)^2 and (0.03 * 255)^2
    const double meanA = sums.a / n, meanB = sums.b / n;
    const double varianceA = sums.aa / n - meanA * meanA, varianceB = sums.bb / n - meanB * meanB;
    const double covariance = sums.ab / n - meanA * meanB;
    return (2 * meanA * meanB + c1) * (2 * covariance + c2)
        / ((meanA * meanA + meanB * meanB + c1) * (varianceA + varianceB + c2));
}

} // namespace

double similarityOf(const imaging::Thumbnail &a, const imaging::Thumbnail &b, const std::stop_token &stop)
{
    const double none = std::numeric_limits<double>::quiet_NaN();
    if (a.width != b.width || a.height != b.height || a.width < side || a.height < side)
        return none;
    const int columns = a.width / side, rows = a.height / side;
    const std::size_t stride = static_cast<std::size_t>(a.width) * 4;
    double total = 0;
    std::vector<Sums> windows(static_cast<std::size_t>(columns));
    for (int row = 0; row < rows; ++row) {
        if (stop.stop_requested())
            return none;
        windows.assign(windows.size(), {});
        for (int y = row * side; y < (row + 1) * side; ++y) {
            const std::uint8_t *p = a.rgba.data() + static_cast<std::size_t>(y) * stride;
            const std::uint8_t *q = b.rgba.data() + static_cast<std::size_t>(y) * stride;
            for (Sums &window : windows) {
                for (int x = 0; x < side; ++x, p += 4, q += 4) {
                    const int u = brightness(p), v = brightness(q);
                    window.a += u;
                    window.b += v;
                    window.aa += u * u;
                    window.bb += v * v;
                    window.ab += u * v;
                }
            }
        }
        for (const Sums &window : windows)
            total += similarity(window);
    }
    return total / (static_cast<double>(columns) * rows);
}

} // namespace steadyframe::composition
