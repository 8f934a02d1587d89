#pragma once

#include "imaging/thumbnail.h"

#include <QImage>

namespace steadyframe::composition {

/// The pixels as an image, without a copy. @thread any
[[nodiscard]] QImage toImage(imaging::Thumbnail thumbnail);

} // namespace steadyframe::composition
