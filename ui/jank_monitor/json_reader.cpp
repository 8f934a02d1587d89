#include "jank_monitor/json_reader.h"

#include <QtCore/qcoreapplication.h>

#include <algorithm>

namespace jank {

namespace {

constexpr std::size_t PieceSize = 256 * 1024;
constexpr std::size_t DeepestNesting = 64;
constexpr std::size_t LongestString = 1024 * 1024;
constexpr std::size_t LongestNumber = 64;
constexpr double ProgressStep = 0.01;

QString translated(const char *text)
{
    return QCoreApplication::translate("jank::TraceIo", text);
}

bool isDigit(int c)
{
    return c >= '0' && c <= '9';
}

void appendUtf8(std::string &text, unsigned code)
{
    const auto add = [&text](unsigned byte) { text.push_back(static_cast<char>(byte)); };
    if (code < 0x80) {
        add(code);
    } else if (code < 0x800) {
        add(0xc0U | (code >> 6U));
        add(0x80U | (code & 0x3fU));
    } else if (code < 0x10000) {
        add(0xe0U | (code >> 12U));
        add(0x80U | ((code >> 6U) & 0x3fU));
        add(0x80U | (code & 0x3fU));
    } else {
        add(0xf0U | (code >> 18U));
        add(0x80U | ((code >> 12U) & 0x3fU));
        add(0x80U | ((code >> 6U) & 0x3fU));
        add(0x80U | (code & 0x3fU));
    }
}

} // namespace

JsonReader::JsonReader(QIODevice &device, const IoControl &control) : m_device(device), m_control(control) {}

bool JsonReader::fail(Failure failure, const QString &reason, std::uint64_t at)
{
    if (!failed()) {
        m_failure = failure;
        m_why = failure == Failure::Cancelled || failure == Failure::Device
            ? reason
            : translated("%1 (at byte %2)").arg(reason).arg(at);
    }
    return false;
}

bool JsonReader::refuse(const QString &reason, std::uint64_t at)
{
    return fail(Failure::Broken, reason, at);
}

bool JsonReader::refill()
{
    if (failed())
        return false;
    if (m_control.stop.stop_requested())
        return fail(Failure::Cancelled, translated("Cancelled."), offset());
    m_before += m_buffer.size();
    m_position = 0;
    m_buffer.resize(PieceSize);
    qint64 read = m_device.read(m_buffer.data(), static_cast<qint64>(PieceSize));
    // A sequential device may have nothing yet.
    while (read == 0 && m_device.isSequential() && m_device.waitForReadyRead(-1))
        read = m_device.read(m_buffer.data(), static_cast<qint64>(PieceSize));
    m_buffer.resize(static_cast<std::size_t>(std::max<qint64>(read, 0)));
    if (read < 0 && !m_device.isSequential())
        return fail(Failure::Device, translated("Reading failed: %1").arg(m_device.errorString()), offset());
    const double size = static_cast<double>(m_device.size());
    const double done = size > 0 ? std::min(1.0, static_cast<double>(m_before) / size) : 0;
    if (m_control.progress && done >= m_reported + ProgressStep)
        m_control.progress(m_reported = done);
    return !m_buffer.empty();
}

int JsonReader::look()
{
    if (m_position == m_buffer.size() && !refill())
        return End;
    return failed() ? End : static_cast<unsigned char>(m_buffer[m_position]);
}

int JsonReader::take()
{
    const int c = look();
    m_position += c == End ? 0 : 1;
    return c;
}

int JsonReader::lookPastSpace()
{
    int c = look();
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
        ++m_position;
        c = look();
    }
    return c;
}

bool JsonReader::expectedBut(const QString &wanted)
{
    const int c = look();
    if (c == End)
        return fail(Failure::Truncated, translated("The file ends in the middle"), offset());
    const QString found = c > 0x20 && c < 0x7f ? QString(QLatin1Char(static_cast<char>(c)))
                                               : QStringLiteral("0x%1").arg(c, 2, 16, QLatin1Char('0'));
    return fail(Failure::Broken, translated("%1 was expected, not “%2”").arg(wanted, found), offset());
}

JsonReader::Kind JsonReader::peek()
{
    const int c = lookPastSpace();
    switch (c) {
    case '{':
        return Kind::Object;
    case '[':
        return Kind::Array;
    case '"':
        return Kind::String;
    case 't':
    case 'f':
    case 'n':
        return Kind::Literal;
    default:
        return c == '-' || isDigit(c) ? Kind::Number : Kind::Nothing;
    }
}

bool JsonReader::enter(char bracket)
{
    if (lookPastSpace() != bracket)
        return expectedBut(QString(QLatin1Char(bracket)));
    if (m_levels.size() == DeepestNesting)
        return fail(Failure::Broken, translated("Nested too deeply"), offset());
    ++m_position;
    m_levels.push_back({bracket == '{' ? '}' : ']', true});
    return true;
}

bool JsonReader::nextMember(char closing)
{
    const int c = lookPastSpace();
    if (c == closing) {
        ++m_position;
        m_levels.pop_back();
        return false;
    }
    if (std::exchange(m_levels.back().first, false))
        return c != End || expectedBut(QString(QLatin1Char(closing)));
    if (c != ',')
        return expectedBut(translated("“,” or “%1”").arg(QLatin1Char(closing)));
    ++m_position;
    return true;
}

bool JsonReader::nextKey(std::string &key)
{
    if (!nextMember('}') || !readString(key))
        return false;
    if (lookPastSpace() != ':')
        return expectedBut(QStringLiteral(":"));
    ++m_position;
    return true;
}

bool JsonReader::readString(std::string &value)
{
    value.clear();
    if (lookPastSpace() != '"')
        return expectedBut(translated("A string"));
    ++m_position;
    while (true) {
        if (look() == End)
            return expectedBut(translated("A string"));
        const std::size_t from = m_position;
        while (m_position < m_buffer.size() && m_buffer[m_position] != '"' && m_buffer[m_position] != '\\'
               && static_cast<unsigned char>(m_buffer[m_position]) >= 0x20)
            ++m_position;
        value.append(m_buffer, from, m_position - from);
        if (value.size() > LongestString)
            return fail(Failure::Broken, translated("A string is longer than a megabyte"), offset());
        if (m_position == m_buffer.size())
            continue;
        const char c = m_buffer[m_position];
        if (c != '"' && c != '\\')
            return fail(Failure::Broken, translated("A control character in a string"), offset());
        ++m_position;
        if (c == '"')
            return true;
        if (!readEscape(value))
            return false;
    }
}

bool JsonReader::readEscape(std::string &value)
{
    static constexpr std::string_view Letters = "\"\\/bfnrt";
    static constexpr std::string_view Meanings = "\"\\/\b\f\n\r\t";
    const int c = look();
    if (const auto at = Letters.find(static_cast<char>(c)); c != End && at != std::string_view::npos) {
        ++m_position;
        value.push_back(Meanings[at]);
        return true;
    }
    if (c != 'u')
        return expectedBut(translated("An escaped character"));
    ++m_position;
    unsigned unit = 0;
    if (!readHex4(unit))
        return false;
    constexpr unsigned Replacement = 0xfffd;
    while (unit >= 0xd800 && unit < 0xdc00) {
        // The second half must follow at once; another first half begins anew.
        if (look() != '\\') {
            unit = failed() || look() == End ? unit : Replacement;
            break;
        }
        ++m_position;
        if (look() != 'u') {
            appendUtf8(value, Replacement);
            return readEscape(value);
        }
        ++m_position;
        unsigned second = 0;
        if (!readHex4(second))
            return false;
        if (second >= 0xdc00 && second < 0xe000) {
            appendUtf8(value, 0x10000 + ((unit - 0xd800) << 10U) + (second - 0xdc00));
            return true;
        }
        appendUtf8(value, Replacement);
        unit = second;
    }
    appendUtf8(value, unit >= 0xd800 && unit < 0xe000 ? Replacement : unit);
    return true;
}

bool JsonReader::readHex4(unsigned &unit)
{
    unit = 0;
    for (int i = 0; i < 4; ++i) {
        const int c = look();
        unsigned digit = 0;
        if (isDigit(c))
            digit = static_cast<unsigned>(c - '0');
        else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
            digit = static_cast<unsigned>((c | 0x20) - 'a') + 10;
        else
            return expectedBut(translated("A hexadecimal digit"));
        ++m_position;
        unit = unit * 16 + digit;
    }
    return true;
}

bool JsonReader::takeDigits(std::string &text)
{
    if (!isDigit(look()))
        return expectedBut(translated("A digit"));
    while (isDigit(look()) && text.size() <= LongestNumber)
        text.push_back(static_cast<char>(take()));
    return text.size() <= LongestNumber || fail(Failure::Broken, translated("A number is too long"), offset());
}

bool JsonReader::readNumber(std::string &text)
{
    text.clear();
    if (lookPastSpace() == '-')
        text.push_back(static_cast<char>(take()));
    if (!takeDigits(text))
        return false;
    if (look() == '.') {
        text.push_back(static_cast<char>(take()));
        if (!takeDigits(text))
            return false;
    }
    if (const int c = look(); c == 'e' || c == 'E') {
        text.push_back(static_cast<char>(take()));
        if (const int sign = look(); sign == '+' || sign == '-')
            text.push_back(static_cast<char>(take()));
        return takeDigits(text);
    }
    return !failed();
}

bool JsonReader::readLiteral(std::string &text)
{
    text.clear();
    (void)lookPastSpace();
    for (int c = look(); c >= 'a' && c <= 'z' && text.size() < 8; c = look())
        text.push_back(static_cast<char>(take()));
    if (text == "true" || text == "false" || text == "null")
        return true;
    if (look() == End && text.size() < 5)
        return expectedBut({});
    return fail(Failure::Broken, translated("A value was expected"), offset());
}

bool JsonReader::skip()
{
    const std::size_t depth = m_levels.size();
    do {
        if (m_levels.size() > depth) {
            const bool object = m_levels.back().closing == '}';
            const bool more = object ? nextKey(m_skipped) : nextItem();
            if (failed())
                return false;
            if (!more)
                continue;
        }
        bool fine = false;
        switch (peek()) {
        case Kind::Object:
            fine = enterObject();
            break;
        case Kind::Array:
            fine = enterArray();
            break;
        case Kind::String:
            fine = readString(m_skipped);
            break;
        case Kind::Number:
            fine = readNumber(m_skipped);
            break;
        case Kind::Literal:
            fine = readLiteral(m_skipped);
            break;
        case Kind::Nothing:
            fine = expectedBut(translated("A value"));
            break;
        }
        if (!fine)
            return false;
    } while (m_levels.size() > depth);
    return true;
}

bool JsonReader::atEnd()
{
    return lookPastSpace() == End && !failed();
}

} // namespace jank
