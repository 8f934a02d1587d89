#include "jank_monitor/json_text.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qiodevice.h>

#include <array>

namespace jank {

namespace {

constexpr std::size_t PieceSize = 256 * 1024;
constexpr std::size_t Reports = 100;

/// Length of the well-formed UTF-8 sequence that `text` (not empty) begins with; 0 when it begins with none.
std::size_t sequenceLength(std::string_view text) noexcept
{
    const auto byte = [text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const auto follows = [&byte](std::size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
    const unsigned first = byte(0);
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return follows(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        const bool overlong = first == 0xe0 && byte(1) < 0xa0;
        const bool surrogate = first == 0xed && byte(1) > 0x9f;
        return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        const bool overlong = first == 0xf0 && byte(1) < 0x90;
        const bool beyond = first == 0xf4 && byte(1) > 0x8f;
        return follows(1) && follows(2) && follows(3) && !overlong && !beyond ? 4 : 0;
    }
    return 0;
}

} // namespace

bool isValidUtf8(std::string_view text) noexcept
{
    while (!text.empty()) {
        const std::size_t length = sequenceLength(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string withoutBrokenUtf8(std::string_view text)
{
    std::string result;
    while (!text.empty()) {
        const std::size_t length = sequenceLength(text);
        if (length == 0)
            result.append("\xef\xbf\xbd");
        else
            result.append(text.substr(0, length));
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result;
}

TextSink::TextSink(QIODevice &device, const IoControl &control, std::size_t items)
    : m_device(device), m_control(control), m_items(items)
{
    m_text.reserve(PieceSize + PieceSize / 4);
    if (!device.isWritable())
        m_result.error = QCoreApplication::translate("jank::TraceIo", "The device is not open for writing.");
}

void TextSink::appendDecimal(std::int64_t nanoseconds, std::int64_t unit)
{
    // The magnitude as unsigned, so that the lowest number has one too.
    auto magnitude = static_cast<std::uint64_t>(nanoseconds);
    if (nanoseconds < 0) {
        append('-');
        magnitude = 0 - magnitude;
    }
    const auto divisor = static_cast<std::uint64_t>(unit);
    appendNumber(magnitude / divisor);
    append('.');
    std::uint64_t rest = magnitude % divisor;
    for (std::uint64_t place = divisor / 10; place > 0; place /= 10) {
        append(static_cast<char>('0' + rest / place));
        rest %= place;
    }
}

void TextSink::appendJsonString(std::string_view text)
{
    append('"');
    if (isValidUtf8(text))
        appendEscaped(text);
    else
        appendEscaped(withoutBrokenUtf8(text));
    append('"');
}

void TextSink::appendEscaped(std::string_view wellFormed)
{
    static constexpr std::array Digits{'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    for (const char c : wellFormed) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            append('\\');
            append(c);
        } else if (c == '\n') {
            append("\\n");
        } else if (c == '\t') {
            append("\\t");
        } else if (byte < 0x20 || byte == 0x7f) {
            append("\\u00");
            append(Digits[byte >> 4U]);
            append(Digits[byte & 0xfU]);
        } else {
            append(c);
        }
    }
}

bool TextSink::itemDone()
{
    ++m_done;
    if (m_done >= m_nextReport && m_control.progress) {
        m_control.progress(static_cast<double>(m_done) / static_cast<double>(std::max(m_items, m_done)));
        m_nextReport = m_done + std::max<std::size_t>(m_items / Reports, 1);
    }
    if (m_text.size() >= PieceSize)
        flush();
    return m_result.ok();
}

bool TextSink::flush()
{
    if (m_result.ok() && m_control.stop.stop_requested()) {
        m_result.cancelled = true;
        m_result.error = QCoreApplication::translate("jank::TraceIo", "Cancelled.");
    }
    std::string_view rest = m_text;
    while (m_result.ok() && !rest.empty()) {
        const qint64 written = m_device.write(rest.data(), static_cast<qint64>(rest.size()));
        if (written <= 0)
            m_result.error
                = QCoreApplication::translate("jank::TraceIo", "Writing failed: %1").arg(m_device.errorString());
        else
            rest.remove_prefix(static_cast<std::size_t>(written));
    }
    m_text.clear();
    return m_result.ok();
}

IoResult TextSink::finish()
{
    if (flush() && m_control.progress)
        m_control.progress(1);
    return m_result;
}

} // namespace jank
