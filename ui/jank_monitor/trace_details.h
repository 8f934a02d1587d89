#pragma once

#include "jank_monitor/timeline_picture.h"

#include <QtCore/qstring.h>
#include <QtCore/qvariant.h>

namespace jank {

/// A length of time: "850 µs", "16.7 ms", "1.25 s".
[[nodiscard]] QString lengthText(std::int64_t nanoseconds);

/// All that is known of what lies at `hit`, for a panel: a map with
/// `kind` ("frame", "stall", "block", "work" or "label"), `title`, `summary` (a sentence), `bad` (bool), `start` and
/// `length` (ms; from the beginning of the recording), `rows` (maps of `label`, `value`), `parts` (of a frame: maps of
/// `name`, `length` in ms, `color`), `labels` (strings), `stack` (strings, innermost first). Empty for no hit.
[[nodiscard]] QVariantMap describe(const Trace &trace, const TimelineHit &hit, const TimelineColors &colors);

} // namespace jank
