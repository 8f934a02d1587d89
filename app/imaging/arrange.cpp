#include "imaging/arrange.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace steadyframe::imaging {
namespace {

/// `regionUnder` in one direction, for `count` new samples.
struct Span {
    double start;
    double length;
};
Span spanUnder(int count, int step, int pixels, double covered, bool reversed)
{
    const double overhang = reversed ? static_cast<double>(pixels) - static_cast<double>(count) * step : 0.0;
    return {overhang * covered / pixels, static_cast<double>(count) * step * covered / pixels};
}

bool isWhole(const Region &region, const Plane &plane)
{
    return region.left == 0 && region.top == 0 && region.width == plane.width() && region.height == plane.height();
}

} // namespace

PictureSize turned(PictureSize size, Orientation orientation)
{
    if (swapsSides(orientation))
        std::swap(size.width, size.height);
    return size;
}

PictureSize fitted(PictureSize size, int longestSide)
{
    return resized(size, ResizeRule::toLongestSide(longestSide));
}

PictureSize resized(PictureSize size, const ResizeRule &rule)
{
    // The side that decides comes out exactly, hence a fraction and not a factor.
    const auto scaled = [size](double to, double from) -> PictureSize {
        if (to >= from)
            return size;
        const auto side = [&](int length) { return std::max(1, static_cast<int>(std::lround(length * to / from))); };
        return {side(size.width), side(size.height)};
    };
    switch (rule.kind) {
    case ResizeKind::keep:
        return size;
    case ResizeKind::longestSide:
        return scaled(rule.width, std::max(size.width, size.height));
    case ResizeKind::width:
        return scaled(rule.width, size.width);
    case ResizeKind::height:
        return scaled(rule.height, size.height);
    case ResizeKind::percent:
        return scaled(rule.percent, 100);
    case ResizeKind::box:
        if (static_cast<std::int64_t>(rule.width) * size.height < static_cast<std::int64_t>(rule.height) * size.width)
            return scaled(rule.width, size.width);
        return scaled(rule.height, size.height);
    }
    return size;
}

int decodeScale(PictureSize from, PictureSize to, double factor)
{
    const int longestFrom = std::max(from.width, from.height);
    const int longestTo = std::max(to.width, to.height);
    for (int eighths = 1; eighths < 8; ++eighths) {
        if (static_cast<double>(longestFrom) * eighths / 8 >= factor * longestTo)
            return eighths;
    }
    return 8;
}

int fastScale(int eighths)
{
    return static_cast<int>(std::bit_ceil(static_cast<unsigned>(eighths)));
}

Region regionUnder(PictureSize picture, PictureSize to, ChromaStep step, double coveredWidth, double coveredHeight,
                   Orientation orientation)
{
    const Span x = spanUnder(to.width, step.x, picture.width, coveredWidth, reversesColumns(orientation));
    const Span y = spanUnder(to.height, step.y, picture.height, coveredHeight, reversesRows(orientation));
    return {x.start, y.start, x.length, y.length};
}

isolate::Result<std::vector<Plane>, ImagingError> arrange(Picture picture, const Arrangement &arrangement,
                                                          const std::stop_token &stop)
{
    const Orientation orientation = arrangement.orientation;
    const PictureSize stored = turned(arrangement.size, orientation);
    std::vector<Plane> planes;
    for (std::size_t c = 0; c < picture.channels.size(); ++c) {
        Channel &channel = picture.channels[c];
        ChromaStep step = c == 0 ? ChromaStep{} : arrangement.chroma;
        if (swapsSides(orientation))
            std::swap(step.x, step.y);
        const int width = (stored.width + step.x - 1) / step.x;
        const int height = (stored.height + step.y - 1) / step.y;
        const Region region
            = regionUnder(stored, {width, height}, step, channel.coveredWidth, channel.coveredHeight, orientation);
        Plane plane = std::move(channel.plane);
        if (plane.width() != width || plane.height() != height || !isWhole(region, plane)) {
            auto resized = resample(plane, region, width, height, stop);
            if (!resized)
                return std::move(resized).error();
            plane = std::move(*resized);
        }
        if (stop.stop_requested())
            return cancelledError();
        planes.push_back(orientation == Orientation::upright ? std::move(plane) : turned(plane, orientation));
    }
    return planes;
}

} // namespace steadyframe::imaging
