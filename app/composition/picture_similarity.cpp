#include "composition/picture_similarity.h"

#include "imaging/similarity.h"

#include <limits>
#include <vector>

namespace steadyframe::composition {
namespace {

void readBrightness(const imaging::Thumbnail &picture, int y, std::vector<std::uint8_t> &to)
{
    const std::uint8_t *rgba
        = picture.rgba.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) * 4;
    for (std::uint8_t &sample : to) {
        sample = static_cast<std::uint8_t>((19595 * rgba[0] + 38470 * rgba[1] + 7471 * rgba[2] + 32768) >> 16);
        rgba += 4;
    }
}

} // namespace

double similarityOf(const imaging::Thumbnail &a, const imaging::Thumbnail &b, const std::stop_token &stop)
{
    if (a.width != b.width || a.height != b.height)
        return std::numeric_limits<double>::quiet_NaN();
    imaging::SimilarityMeter meter(a.width);
    std::vector<std::uint8_t> rowOfA(static_cast<std::size_t>(a.width)), rowOfB(rowOfA.size());
    for (int y = 0; y < a.height; ++y) {
        if (stop.stop_requested())
            return std::numeric_limits<double>::quiet_NaN();
        readBrightness(a, y, rowOfA);
        readBrightness(b, y, rowOfB);
        meter.put(rowOfA.data(), rowOfB.data());
    }
    return meter.mean();
}

} // namespace steadyframe::composition
