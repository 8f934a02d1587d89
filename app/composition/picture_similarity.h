#pragma once

#include "imaging/thumbnail.h"

#include <stop_token>

namespace steadyframe::composition {

/// Structural similarity (0 to 1) of the brightness of two pictures of one size; not a number when their sizes differ
/// or `stop` was triggered. @thread any
[[nodiscard]] double similarityOf(const imaging::Thumbnail &a, const imaging::Thumbnail &b,
                                  const std::stop_token &stop);

} // namespace steadyframe::composition
