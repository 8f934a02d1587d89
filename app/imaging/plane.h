#pragma once

#include "imaging/orientation.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

namespace steadyframe::imaging {

/// One channel of a picture, 8 bits a sample, rows aligned for SIMD. Not initialised. Throws std::bad_alloc.
class Plane {
public:
    static constexpr std::size_t alignment = 64;

    Plane() = default;
    /// `allocatedRows` is at least `height`: codecs write whole blocks.
    Plane(int width, int height, int allocatedRows = 0);

    [[nodiscard]] int width() const noexcept { return m_width; }
    [[nodiscard]] int height() const noexcept { return m_height; }
    /// Bytes from a row to the next: the width rounded up to `alignment`.
    [[nodiscard]] std::size_t stride() const noexcept { return m_stride; }
    [[nodiscard]] std::uint8_t *row(int y) noexcept { return m_samples.get() + static_cast<std::size_t>(y) * m_stride; }
    [[nodiscard]] const std::uint8_t *row(int y) const noexcept
    {
        return m_samples.get() + static_cast<std::size_t>(y) * m_stride;
    }
    /// Fills what lies right of the picture with its last column, so that blocks there compress well.
    void extendRight() noexcept;

private:
    struct Free {
        void operator()(std::uint8_t *samples) const noexcept
        {
            ::operator delete[](samples, std::align_val_t(alignment));
        }
    };

    int m_width = 0;
    int m_height = 0;
    std::size_t m_stride = 0;
    std::unique_ptr<std::uint8_t[], Free> m_samples;
};

/// The plane as it is to be shown.
[[nodiscard]] Plane turned(const Plane &stored, Orientation orientation);

/// How many pixels one colour sample covers, in each direction.
struct ChromaStep {
    int x = 1;
    int y = 1;

    friend bool operator==(const ChromaStep &, const ChromaStep &) = default;
};

/// A channel, and which part of it is picture: the rest is the padding of codecs and of odd sizes.
struct Channel {
    Plane plane;
    double coveredWidth = 0; ///< in samples
    double coveredHeight = 0; ///< in samples
};

/// Brightness alone, or Y, Cb and Cr as JFIF defines them, as stored, before any turning.
struct Picture {
    std::vector<Channel> channels;
};

} // namespace steadyframe::imaging
