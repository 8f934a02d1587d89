#include "jank_monitor/json_members.h"

#include <QtCore/qcoreapplication.h>

#include <algorithm>

namespace jank {

namespace {

constexpr int DeepestObject = 4;
constexpr std::size_t MostMembers = 256;

QString translated(const char *text)
{
    return QCoreApplication::translate("jank::TraceIo", text);
}

QString quoted(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

bool fromHex(std::string_view hex, std::string &bytes)
{
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        unsigned byte = 0;
        const auto [stopped, error] = std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
        if (error != std::errc() || stopped != hex.data() + i + 2)
            return false;
        bytes.push_back(static_cast<char>(byte));
    }
    return hex.size() % 2 == 0;
}

bool readArray(JsonReader &reader, std::vector<std::string> &items)
{
    if (!reader.enterArray())
        return false;
    while (reader.nextItem()) {
        const bool isText = reader.peek() == JsonReader::Kind::String;
        if (!(isText ? reader.readString(items.emplace_back()) : reader.skip()))
            return false;
    }
    return !reader.failed();
}

} // namespace

bool JsonMembers::read(JsonReader &reader)
{
    m_size = 0;
    m_at = reader.offset();
    m_problem.clear();
    return readObject(reader, {}, 0);
}

bool JsonMembers::readObject(JsonReader &reader, const std::string &prefix, int depth)
{
    if (!reader.enterObject())
        return false;
    std::string key;
    while (reader.nextKey(key)) {
        key.insert(0, prefix);
        const Kind kind = reader.peek();
        if (m_size >= MostMembers)
            return reader.refuse(translated("An object with more members than any of a recording has"),
                                 reader.offset());
        if (kind == Kind::Object && depth < DeepestObject) {
            if (!readObject(reader, key + '.', depth + 1))
                return false;
            continue;
        }
        Member &member = add(key);
        member.kind = kind;
        const bool fine = kind == Kind::String ? reader.readString(member.text)
            : kind == Kind::Number             ? reader.readNumber(member.text)
            : kind == Kind::Literal            ? reader.readLiteral(member.text)
            : kind == Kind::Array              ? readArray(reader, member.items)
                                               : reader.skip();
        if (!fine)
            return false;
    }
    return !reader.failed();
}

JsonMembers::Member &JsonMembers::add(const std::string &key)
{
    if (m_size == m_members.size())
        m_members.emplace_back();
    Member &member = m_members[m_size++];
    member.key = key;
    member.text.clear();
    member.items.clear();
    return member;
}

const JsonMembers::Member *JsonMembers::find(std::string_view key) const noexcept
{
    const auto end = m_members.begin() + static_cast<std::ptrdiff_t>(m_size);
    const auto found = std::find_if(m_members.begin(), end, [key](const Member &member) { return member.key == key; });
    return found != end ? &*found : nullptr;
}

std::string_view JsonMembers::text(std::string_view key) const noexcept
{
    const Member *member = find(key);
    return member != nullptr && member->kind == Kind::String ? std::string_view(member->text) : std::string_view();
}

std::string JsonMembers::bytes(std::string_view key)
{
    const std::string hexKey = std::string(key) + "_hex";
    if (!has(hexKey))
        return std::string(text(key));
    std::string result;
    if (!fromHex(text(hexKey), result))
        complain(hexKey, translated("is not hexadecimal"));
    return result;
}

std::vector<std::string> JsonMembers::list(std::string_view key)
{
    const std::string hexKey = std::string(key) + "_hex";
    const Member *hex = find(hexKey);
    const Member *plain = find(key);
    if (hex == nullptr)
        return plain != nullptr ? plain->items : std::vector<std::string>();
    std::vector<std::string> result;
    for (const std::string &item : hex->items) {
        if (!fromHex(item, result.emplace_back()))
            complain(hexKey, translated("is not hexadecimal"));
    }
    return result;
}

bool JsonMembers::flag(std::string_view key) const noexcept
{
    const Member *member = find(key);
    return member != nullptr && member->kind == Kind::Literal && member->text == "true";
}

void JsonMembers::complain(std::string_view key, Fault fault, std::string_view value)
{
    switch (fault) {
    case Fault::Missing:
        complain(key, translated("is missing"));
        break;
    case Fault::NoNumber:
        complain(key, translated("is not a whole number"));
        break;
    case Fault::OutOfBounds:
        complain(key, translated("is out of bounds: %1").arg(quoted(value)));
        break;
    }
}

void JsonMembers::complain(std::string_view key, const QString &what)
{
    if (m_problem.isEmpty())
        m_problem = translated("“%1” %2").arg(quoted(key), what);
}

} // namespace jank
