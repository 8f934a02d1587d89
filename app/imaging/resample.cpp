#include "imaging/resample.h"

#include "imaging/row_kernels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numbers>
#include <vector>

namespace steadyframe::imaging {
namespace {

constexpr int lobes = 3;
constexpr int rowsAtOnce = 8;
constexpr int tableSteps = 1024; ///< for each lobe; what is between two is interpolated

double lanczos(double x)
{
    if (x == 0)
        return 1;
    if (std::abs(x) >= lobes)
        return 0;
    const double angle = std::numbers::pi * x;
    return lobes * std::sin(angle) * std::sin(angle / lobes) / (angle * angle);
}

/// The filter, right of its middle.
class Kernel {
public:
    Kernel()
    {
        for (std::size_t i = 0; i < m_values.size(); ++i)
            m_values[i] = lanczos(static_cast<double>(i) / tableSteps);
    }
    [[nodiscard]] double at(double x) const
    {
        const double place = std::abs(x) * tableSteps;
        const auto index = static_cast<std::size_t>(place);
        if (index + 1 >= m_values.size())
            return 0;
        const double part = place - static_cast<double>(index);
        return m_values[index] * (1 - part) + m_values[index + 1] * part;
    }

private:
    std::array<double, lobes * tableSteps + 1> m_values{};
};

const Kernel &kernel()
{
    static const Kernel table;
    return table;
}

/// A place outside of 0 to `length` - 1, mirrored into it.
int mirrored(int place, int length)
{
    while (place < 0 || place >= length)
        place = place < 0 ? -1 - place : 2 * length - 1 - place;
    return place;
}

/// What each of `count` new samples is made of.
class Weights {
public:
    Weights(int length, double start, double covered, int count)
    {
        const double step = covered / count;
        const double widening = std::max(1.0, step);
        const double reach = lobes * widening;
        std::vector<double> sums;
        for (int i = 0; i < count; ++i) {
            const double middle = start + (i + 0.5) * step - 0.5;
            const int from = static_cast<int>(std::ceil(middle - reach));
            const int to = static_cast<int>(std::floor(middle + reach));
            int first = length;
            int last = 0;
            for (int place = from; place <= to; ++place) {
                first = std::min(first, mirrored(place, length));
                last = std::max(last, mirrored(place, length));
            }
            sums.assign(static_cast<std::size_t>(last - first + 1), 0);
            double total = 0;
            for (int place = from; place <= to; ++place) {
                const double weight = kernel().at((place - middle) / widening);
                sums[static_cast<std::size_t>(mirrored(place, length) - first)] += weight;
                total += weight;
            }
            m_parts.push_back({first, last - first + 1, nullptr});
            for (const double sum : sums)
                m_values.push_back(static_cast<float>(sum / total));
        }
        const float *at = m_values.data();
        for (ColumnWeights &part : m_parts) {
            part.weights = at;
            at += part.count;
        }
    }
    [[nodiscard]] const std::vector<ColumnWeights> &parts() const noexcept { return m_parts; }
    /// How many samples have to be kept, when each part is made as soon as what it needs is there.
    [[nodiscard]] int held() const
    {
        int end = 0;
        int most = 0;
        for (const ColumnWeights &part : m_parts) {
            end = std::max(end, part.first + part.count);
            most = std::max(most, end - part.first);
        }
        return most;
    }

private:
    std::vector<ColumnWeights> m_parts;
    std::vector<float> m_values;
};

std::size_t roundedUp(int width)
{
    return (static_cast<std::size_t>(width) + rowsAtOnce - 1) / rowsAtOnce * rowsAtOnce;
}

} // namespace

struct RowResampler::State {
    int sourceWidth;
    int width;
    int height;
    Weights across;
    Weights down;
    int held; ///< rows of the source
    std::size_t stride;
    std::vector<float> ring;
    std::vector<float> blended; ///< rows of the new height, as wide as the source
    std::vector<float> columns;
    std::vector<std::uint8_t> finished;
    std::vector<const float *> window;
    int rowsIn = 0;
    int rowsBlended = 0;

    float *ringRow(int row) { return ring.data() + static_cast<std::size_t>(row % held) * stride; }
    bool giveOut(int count, const Take &take);
};

RowResampler::RowResampler(int sourceWidth, int sourceHeight, const Region &region, int width, int height)
    : m_state(new State{sourceWidth,
                        width,
                        height,
                        Weights(sourceWidth, region.left, region.width, width),
                        Weights(sourceHeight, region.top, region.height, height),
                        0,
                        roundedUp(sourceWidth),
                        {},
                        {},
                        {},
                        {},
                        {}})
{
    State &s = *m_state;
    s.held = s.down.held();
    s.ring.resize(s.stride * static_cast<std::size_t>(s.held));
    s.blended.resize(s.stride * rowsAtOnce);
    s.columns.resize(s.stride * rowsAtOnce);
    s.finished.resize(roundedUp(width) * rowsAtOnce);
}

RowResampler::RowResampler(RowResampler &&other) noexcept = default;

RowResampler::~RowResampler() = default;

bool RowResampler::State::giveOut(int count, const Take &take)
{
    std::array<const float *, rowsAtOnce> from{};
    std::array<std::uint8_t *, rowsAtOnce> to{};
    for (std::size_t y = 0; y < rowsAtOnce; ++y) {
        from[y] = blended.data() + y * stride;
        to[y] = finished.data() + y * roundedUp(width);
    }
    gatherColumns(from.data(), sourceWidth, columns.data());
    blendColumns(columns.data(), across.parts().data(), width, to.data());
    for (int y = 0; y < count; ++y) {
        if (!take(to[static_cast<std::size_t>(y)]))
            return false;
    }
    return true;
}

bool RowResampler::put(const std::uint8_t *row, const Take &take)
{
    State &s = *m_state;
    bytesToFloats(row, s.sourceWidth, s.ringRow(s.rowsIn++));
    for (; s.rowsBlended < s.height; ++s.rowsBlended) {
        const ColumnWeights &part = s.down.parts()[static_cast<std::size_t>(s.rowsBlended)];
        if (part.first + part.count > s.rowsIn)
            break;
        s.window.clear();
        for (int i = 0; i < part.count; ++i)
            s.window.push_back(s.ringRow(part.first + i));
        const int slot = s.rowsBlended % rowsAtOnce;
        blendRows(s.window.data(), part.weights, part.count, s.sourceWidth,
                  s.blended.data() + static_cast<std::size_t>(slot) * s.stride);
        const bool last = s.rowsBlended + 1 == s.height;
        if ((slot + 1 == rowsAtOnce || last) && !s.giveOut(slot + 1, take)) {
            ++s.rowsBlended;
            return false;
        }
    }
    return true;
}

isolate::Result<Plane, ImagingError> resample(const Plane &source, const Region &region, int width, int height,
                                              const std::stop_token &stop)
{
    Plane result(width, height);
    RowResampler resampler(source.width(), source.height(), region, width, height);
    int y = 0;
    const RowResampler::Take take = [&](const std::uint8_t *row) {
        std::memcpy(result.row(y++), row, static_cast<std::size_t>(width));
        return !stop.stop_requested();
    };
    for (int row = 0; row < source.height(); ++row) {
        if (!resampler.put(source.row(row), take) || stop.stop_requested())
            return cancelledError();
    }
    return result;
}

} // namespace steadyframe::imaging
