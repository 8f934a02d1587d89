#pragma once

#include "imaging/imaging_error.h"
#include "imaging/plane.h"

#include <isolate_core/result.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>

namespace steadyframe::imaging {

/// A part of a plane in samples, which need not be whole; it may reach over the edges, where the plane is mirrored.
struct Region {
    double left = 0;
    double top = 0;
    double width = 0;
    double height = 0;
};

/// One channel at another size by Lanczos with three lobes, row by row: rows go in as they are decoded and come out as
/// soon as all that they need is there, so that no more than a few dozen are ever held. @thread one at a time
class RowResampler {
public:
    /// `region` of a plane of `sourceWidth` by `sourceHeight` becomes `width` by `height`.
    RowResampler(int sourceWidth, int sourceHeight, const Region &region, int width, int height);
    RowResampler(RowResampler &&other) noexcept;
    ~RowResampler();

    /// Takes the next row and gives `take` every row that is ready now, of `width` samples; `take` returns false to
    /// give up, and then so does this.
    using Take = std::function<bool(const std::uint8_t *row)>;
    [[nodiscard]] bool put(const std::uint8_t *row, const Take &take);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// `region` of `source` at another size, by `RowResampler`. Looks at `stop` every few rows.
[[nodiscard]] isolate::Result<Plane, ImagingError> resample(const Plane &source, const Region &region, int width,
                                                            int height, const std::stop_token &stop);

} // namespace steadyframe::imaging
