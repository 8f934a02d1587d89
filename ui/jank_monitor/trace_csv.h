#pragma once

#include "jank_monitor/trace_io.h"

#include <QtCore/qbytearray.h>

namespace jank {

/// Writes one row a frame (RFC 4180, UTF-8), with a row of names before. Times are milliseconds with six decimals, so
/// nothing is lost of the frames. FORMATS.md lists the columns. `device` must be open for writing. @thread any
[[nodiscard]] IoResult writeFramesCsv(const Trace &trace, QIODevice &device, const IoControl &control = {});
/// Likewise one row for each piece of work, with the lane's name.
[[nodiscard]] IoResult writeWorkCsv(const Trace &trace, QIODevice &device, const IoControl &control = {});
/// Likewise one row for each stall; the stack in one cell, a line a function.
[[nodiscard]] IoResult writeStallsCsv(const Trace &trace, QIODevice &device, const IoControl &control = {});

/// Whether a file that begins so is what writeFramesCsv() writes. @thread any
[[nodiscard]] bool isFramesCsv(const QByteArray &beginning);

/// Reads the frames back from what writeFramesCsv() wrote, to the nanosecond. Lossy: what is not a frame (blocks,
/// stalls, labels, work, the time of day) is not in the file; the span is that of the frames. Columns may stand in
/// another order and others between them. Errors say in which line. `device` must be open for reading. @thread any
[[nodiscard]] TraceReading readFramesCsv(QIODevice &device, const IoControl &control = {});

} // namespace jank
