#pragma once

#include "jank_monitor/trace_io.h"

#include <QtCore/qiodevice.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jank {

/// Reads JSON from a device piece by piece, from front to back, in bounded memory.
///
/// Every function that reads returns false when it can't; why() then says why, and nothing more is read. Belongs to one
/// thread.
class JsonReader {
public:
    enum class Kind : std::uint8_t { Object, Array, String, Number, Literal, Nothing };
    enum class Failure : std::uint8_t {
        None,
        Truncated, ///< the text ended where more had to follow
        Broken, ///< not JSON, or a value that the caller did not want here
        Device, ///< the device could not be read
        Cancelled,
    };

    /// Both must outlive it.
    JsonReader(QIODevice &device, const IoControl &control);

    /// What the next value is; Nothing when there is none.
    [[nodiscard]] Kind peek();
    /// Goes into an object; nextKey() then gives its keys one by one, and false once it is closed.
    [[nodiscard]] bool enterObject() { return enter('{'); }
    [[nodiscard]] bool nextKey(std::string &key);
    /// Goes into an array; nextItem() is true while another value follows, and false once it is closed.
    [[nodiscard]] bool enterArray() { return enter('['); }
    [[nodiscard]] bool nextItem() { return nextMember(']'); }
    /// A string as UTF-8. Bytes that are not UTF-8 are left as they are; half a surrogate pair becomes U+FFFD.
    [[nodiscard]] bool readString(std::string &value);
    /// The text of a number, unchanged: what it means is for the caller to say.
    [[nodiscard]] bool readNumber(std::string &text);
    /// true, false or null.
    [[nodiscard]] bool readLiteral(std::string &text);
    /// Passes over a value of any kind.
    [[nodiscard]] bool skip();
    /// Whether nothing but space follows.
    [[nodiscard]] bool atEnd();

    /// Bytes read so far.
    [[nodiscard]] std::uint64_t offset() const noexcept { return m_before + m_position; }
    [[nodiscard]] Failure failure() const noexcept { return m_failure; }
    [[nodiscard]] bool failed() const noexcept { return m_failure != Failure::None; }
    /// A sentence with the byte at which it happened.
    [[nodiscard]] QString why() const { return m_why; }
    /// Gives up because of what was read. Always false.
    bool refuse(const QString &reason, std::uint64_t at);

private:
    static constexpr int End = -1;

    bool refill();
    int look();
    int take();
    int lookPastSpace();
    bool enter(char bracket);
    bool nextMember(char closing);
    bool expectedBut(const QString &wanted);
    bool fail(Failure failure, const QString &reason, std::uint64_t at);
    bool readEscape(std::string &value);
    bool readHex4(unsigned &unit);
    bool takeDigits(std::string &text);

    QIODevice &m_device;
    const IoControl &m_control;
    std::string m_buffer;
    std::size_t m_position = 0;
    std::uint64_t m_before = 0; // bytes before the buffer
    double m_reported = 0;
    struct Level {
        char closing;
        bool first;
    };
    std::vector<Level> m_levels;
    std::string m_skipped;
    Failure m_failure = Failure::None;
    QString m_why;
};

} // namespace jank
