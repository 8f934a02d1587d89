#pragma once

#include "jank_monitor/trace.h"

#include <QtCore/qstring.h>

#include <functional>
#include <stop_token>

class QIODevice;

namespace jank {

/// How far a long reading or writing may go, and who hears of it.
struct IoControl {
    std::stop_token stop; ///< asked at least at each megabyte; the result is then `cancelled`
    /// How much is done, from 0 to 1, about a hundred times a file, on the thread that works. May be empty.
    std::function<void(double done)> progress;
};

/// What became of a writing: nothing to say, or why not.
struct [[nodiscard]] IoResult {
    QString error; ///< a sentence for the person; empty when all went well
    bool cancelled = false; ///< stopped by the stop token; `error` says so too

    /// Whether all was written.
    [[nodiscard]] bool ok() const noexcept { return error.isEmpty(); }
};

/// What was read, or why not.
struct [[nodiscard]] TraceReading {
    Trace trace; ///< complete when ok(), empty otherwise
    QString error; ///< a sentence for the person, with where in the file it went wrong; empty when all went well
    bool cancelled = false; ///< stopped by the stop token; `error` says so too
    bool truncated = false; ///< the file ends in the middle: `trace` holds all that came before
    QString loss; ///< what a file of this format can't hold, in a sentence; empty for the Chrome trace format

    [[nodiscard]] bool ok() const noexcept { return error.isEmpty(); }
};

/// The formats of a recording; FORMATS.md describes them.
enum class TraceFormat {
    ChromeTrace, ///< all that was recorded; Perfetto and chrome://tracing open it
    Csv, ///< one row a frame in the file itself, and beside it NAME.work.csv and NAME.stalls.csv
};

/// Writes `trace` to the file `path`, which is replaced only when everything was written: there is never half a file.
/// Of TraceFormat::Csv each of the three files is. The folder must exist. @thread any, but not the UI thread: an hour
/// takes seconds
[[nodiscard]] IoResult saveTrace(const Trace &trace, const QString &path, TraceFormat format,
                                 const IoControl &control = {});

/// Reads a file that saveTrace() wrote; which format it is, is found out from its beginning. @thread as saveTrace()
[[nodiscard]] TraceReading loadTrace(const QString &path, const IoControl &control = {});

/// Writes through `write(device)` to the file `path`, which is replaced only when `write` returned an ok result and
/// all of it is on the disk. Errors name the file and the reason (no space, no permission). @thread any
[[nodiscard]] IoResult saveThrough(const QString &path, const std::function<IoResult(QIODevice &)> &write);

} // namespace jank
