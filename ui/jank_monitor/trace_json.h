#pragma once

#include "jank_monitor/trace_io.h"

namespace jank {

/// What stands in otherData.format of a trace that this module wrote.
inline constexpr char ChromeTraceFormatName[] = "org.jankmonitor.trace";
/// The version that is written; a higher one is refused.
inline constexpr int ChromeTraceFormatVersion = 1;

/// Writes everything in `trace` as a Chrome trace (a JSON object with traceEvents), as FORMATS.md describes: events for
/// people to look at, and with them the exact figures for readChromeTrace(). Needs no more memory than a few numbers
/// for each piece of work. `device` must be open for writing. @thread any
[[nodiscard]] IoResult writeChromeTrace(const Trace &trace, QIODevice &device, const IoControl &control = {});

/// Reads what writeChromeTrace() wrote: equal to the nanosecond and to the byte, whatever the names hold. A file that
/// was cut off gives what came before the cut, with `truncated`. Errors say at which byte: not JSON, a Chrome trace of
/// another program, a later version, a value that no recording has (FORMATS.md lists the bounds). Never needs more
/// memory than the trace itself and a buffer. `device` must be open for reading, and may be sequential. @thread any
[[nodiscard]] TraceReading readChromeTrace(QIODevice &device, const IoControl &control = {});

} // namespace jank
