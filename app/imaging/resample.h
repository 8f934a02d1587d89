#pragma once

#include "imaging/imaging_error.h"
#include "imaging/plane.h"

#include <isolate_core/result.h>

#include <stop_token>

namespace steadyframe::imaging {

/// A part of a plane in samples, which need not be whole; it may reach over the edges, where the plane is mirrored.
struct Region {
    double left = 0;
    double top = 0;
    double width = 0;
    double height = 0;
};

/// `region` of `source` at another size, by Lanczos with three lobes. Looks at `stop` every few rows.
[[nodiscard]] isolate::Result<Plane, ImagingError> resample(const Plane &source, const Region &region, int width,
                                                            int height, const std::stop_token &stop);

} // namespace steadyframe::imaging
