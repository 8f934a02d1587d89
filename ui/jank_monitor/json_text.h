#pragma once

#include "jank_monitor/trace_io.h"

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace jank {

/// Whether `text` is well-formed UTF-8: no broken, overlong or surrogate sequence. @thread any
[[nodiscard]] bool isValidUtf8(std::string_view text) noexcept;
/// `text` with U+FFFD in the place of each byte that is not well-formed UTF-8. @thread any
[[nodiscard]] std::string withoutBrokenUtf8(std::string_view text);

/// Collects text and writes it to a device in large pieces, looking at the stop token as it does. Belongs to one
/// thread.
class TextSink {
public:
    /// Both must outlive it. `items`: how many calls of itemDone() make the whole, for the progress.
    TextSink(QIODevice &device, const IoControl &control, std::size_t items);

    void append(std::string_view text) { m_text.append(text); }
    void append(char c) { m_text.push_back(c); }
    void appendNumber(std::integral auto value) { m_text.append(std::to_string(value)); }
    /// A time in units of `unit` nanoseconds (a power of ten), with all its decimals: 1234567 in 1000 is "1234.567".
    void appendDecimal(std::int64_t nanoseconds, std::int64_t unit);
    /// A JSON string with its quotes; broken UTF-8 becomes U+FFFD.
    void appendJsonString(std::string_view text);

    /// One more item is complete: writes what has gathered, if that is much. False when there is no use in going on.
    bool itemDone();
    /// Writes the rest, and tells how it went.
    [[nodiscard]] IoResult finish();

private:
    bool flush();
    void appendEscaped(std::string_view wellFormed);

    QIODevice &m_device;
    const IoControl &m_control;
    std::string m_text;
    std::size_t m_items;
    std::size_t m_done = 0;
    std::size_t m_nextReport = 0;
    IoResult m_result;
};

} // namespace jank
