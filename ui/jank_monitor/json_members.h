#pragma once

#include "jank_monitor/json_reader.h"

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jank {

/// The members of a JSON object, those of objects in it with a dot between: "args.after_wanted_ns.deadline". The first
/// thing that is wrong with a value that was asked for is kept, so that many can be asked for and checked once. Keeps
/// its memory from one object to the next. Belongs to one thread.
class JsonMembers {
public:
    /// Reads the object that comes next; false as JsonReader says why.
    [[nodiscard]] bool read(JsonReader &reader);
    /// The byte at which it began.
    [[nodiscard]] std::uint64_t at() const noexcept { return m_at; }
    /// What was wrong with a value that was asked for; empty when nothing was.
    [[nodiscard]] const QString &problem() const noexcept { return m_problem; }

    [[nodiscard]] bool has(std::string_view key) const noexcept { return find(key) != nullptr; }
    /// The string of that name; empty when there is none.
    [[nodiscard]] std::string_view text(std::string_view key) const noexcept;
    /// A string whose bytes may stand beside it in hexadecimal, as KEY_hex, where they were not UTF-8.
    [[nodiscard]] std::string bytes(std::string_view key);
    /// The strings of an array, likewise.
    [[nodiscard]] std::vector<std::string> list(std::string_view key);
    /// Whether it is the literal true.
    [[nodiscard]] bool flag(std::string_view key) const noexcept;
    /// A whole number between the two bounds. Large ones are written as strings, so those are taken too. When there is
    /// none, `otherwise`, or it is wrong.
    template <std::integral Integer = std::int64_t>
    [[nodiscard]] Integer number(std::string_view key, Integer least, Integer most,
                                 std::optional<Integer> otherwise = std::nullopt);

    /// Notes that the value of that name is wrong.
    void complain(std::string_view key, const QString &what);

private:
    using Kind = JsonReader::Kind;

    struct Member {
        std::string key;
        Kind kind = Kind::Nothing;
        std::string text; // of a string, number or literal
        std::vector<std::string> items; // of an array of strings
    };
    enum class Fault : std::uint8_t { Missing, NoNumber, OutOfBounds };

    [[nodiscard]] const Member *find(std::string_view key) const noexcept;
    Member &add(const std::string &key);
    bool readObject(JsonReader &reader, const std::string &prefix, int depth);
    void complain(std::string_view key, Fault fault, std::string_view value);

    std::vector<Member> m_members;
    std::size_t m_size = 0;
    std::uint64_t m_at = 0;
    QString m_problem;
};

template <std::integral Integer>
Integer JsonMembers::number(std::string_view key, Integer least, Integer most, std::optional<Integer> otherwise)
{
    const Member *member = find(key);
    if (member == nullptr) {
        if (!otherwise)
            complain(key, Fault::Missing, {});
        return otherwise.value_or(Integer(0));
    }
    Integer value = 0;
    const char *end = member->text.data() + member->text.size();
    const auto [stopped, error] = std::from_chars(member->text.data(), end, value);
    const bool kindFits = member->kind == Kind::Number || member->kind == Kind::String;
    if (!kindFits || error == std::errc::invalid_argument || stopped != end)
        complain(key, Fault::NoNumber, member->text);
    else if (error != std::errc() || value < least || value > most)
        complain(key, Fault::OutOfBounds, member->text);
    else
        return value;
    return Integer(0);
}

} // namespace jank
