#pragma once

// Recordings as the text of a Chrome trace, and back.

#include "jank_monitor/trace_json.h"

#include <QtCore/qbuffer.h>

namespace fixtures {

/// Empty when it could not be written.
inline QByteArray written(const jank::Trace &trace)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    const jank::IoResult result = jank::writeChromeTrace(trace, buffer);
    return result.ok() ? buffer.data() : QByteArray();
}

inline jank::TraceReading readBack(QByteArray file)
{
    QBuffer buffer(&file);
    buffer.open(QIODevice::ReadOnly);
    return jank::readChromeTrace(buffer);
}

} // namespace fixtures
