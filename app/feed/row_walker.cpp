#include "feed/row_walker.h"

#include "feed/json_scalar.h"
#include "feed/json_string.h"

#include <algorithm>

namespace steadyframe::feed {

namespace {

constexpr std::size_t deepestNesting = 1024;

enum Field : std::size_t { albumIdField, idField, titleField, urlField, thumbnailUrlField, noField };

struct FieldWords {
    std::string_view name;
    const char *missing;
    const char *wrong;
};
constexpr std::array<FieldWords, noField> fields{{
    {"albumId", "\"albumId\" is missing.", "\"albumId\" has to be a whole number."},
    {"id", "\"id\" is missing.", "\"id\" has to be a whole number."},
    {"title", "\"title\" is missing.", "\"title\" has to be a text in quotes."},
    {"url", "\"url\" is missing.", "\"url\" has to be a text in quotes."},
    {"thumbnailUrl", "\"thumbnailUrl\" is missing.", "\"thumbnailUrl\" has to be a text in quotes."},
}};

constexpr const char *tooLargeNumber = "This number is too large: a feed's numbers have at most 64 bits.";

Field fieldNamed(std::string_view name)
{
    // Each field has a length of its own.
    switch (name.size()) {
    case 2:
        return name == fields[idField].name ? idField : noField;
    case 3:
        return name == fields[urlField].name ? urlField : noField;
    case 5:
        return name == fields[titleField].name ? titleField : noField;
    case 7:
        return name == fields[albumIdField].name ? albumIdField : noField;
    case 12:
        return name == fields[thumbnailUrlField].name ? thumbnailUrlField : noField;
    default:
        return noField;
    }
}

/// The field that a name with escapes in it stands for.
Field fieldNamedWithEscapes(std::string_view name)
{
    constexpr std::size_t longestEscaped = 12 * 6;
    if (name.size() > longestEscaped)
        return noField;
    std::string decoded(name);
    decoded.resize(unescapeInPlace(decoded.data(), decoded.size()));
    return fieldNamed(decoded);
}

bool isBlank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

bool beginsNumber(char c)
{
    return c == '-' || (c >= '0' && c <= '9');
}

} // namespace

RowWalker::Step RowWalker::walk(const Window &window)
{
    m_window = window;
    m_resumeAt = window.start;
    m_nextLook = tokensBetweenLooks;
    std::size_t token = 0;
    const auto stop = [&](Outcome outcome) { return outcome == Outcome::fault ? Step::fault : Step::needsMore; };
    while (hasToken(token)) {
        if (isStopped(token))
            return Step::needsMore;
        const char sign = signOf(token);
        switch (m_state) {
        case State::start:
            if (sign != '[') {
                const bool isJson = sign == '{' || sign == '"' || beginsNumber(sign) || isLiteral(restFrom(token));
                return stop(isJson
                                ? fail(offsetOf(token),
                                       "A photo feed is an array: the text has to begin with a square bracket.",
                                       FeedErrorCode::notAnArray)
                                : fail(offsetOf(token), "This is no JSON: a photo feed begins with a square bracket."));
            }
            m_state = State::firstEntry;
            ++token;
            break;
        case State::firstEntry:
        case State::entry:
            if (sign == ']' && m_state == State::firstEntry) {
                m_state = State::finished;
                ++token;
                break;
            }
            if (const Outcome outcome = readEntry(token); outcome != Outcome::done)
                return stop(outcome);
            m_state = State::afterEntry;
            break;
        case State::afterEntry:
            if (sign != ',' && sign != ']')
                return stop(fail(offsetOf(token), "A comma or a closing square bracket has to stand here."));
            m_state = sign == ',' ? State::entry : State::finished;
            ++token;
            break;
        case State::finished:
            return stop(
                fail(offsetOf(token), "The feed has ended before this: nothing may follow the closing bracket."));
        }
        m_resumeAt = hasToken(token) ? offsetOf(token) : window.end;
    }
    m_resumeAt = window.end;
    return Step::wholeWindow;
}

RowWalker::Outcome RowWalker::readEntry(std::size_t &token)
{
    const std::size_t start = offsetOf(token);
    if (signOf(token) == '{')
        return readPhoto(token);
    const Outcome outcome = skipValue(token);
    if (outcome != Outcome::done)
        return outcome;
    // A number or a word may go on behind the window.
    if (!hasToken(token))
        return Outcome::needsMore;
    ++m_entries;
    ++m_leftOut;
    addIssue({start, FeedErrorCode::malformed, "This entry is no photo: it has to be an object in curly brackets."});
    return Outcome::done;
}

RowWalker::Outcome RowWalker::readPhoto(std::size_t &token)
{
    Entry entry;
    const std::size_t start = offsetOf(token);
    ++token;
    if (!hasToken(token))
        return Outcome::needsMore;
    if (signOf(token) != '}') {
        for (;;) {
            std::string_view name;
            if (!hasToken(token + 1)) {
                if (hasToken(token) && signOf(token) != '"')
                    return fail(offsetOf(token), "The name of a field, in quotes, has to stand here.");
                return Outcome::needsMore;
            }
            if (signOf(token) != '"')
                return fail(offsetOf(token), "The name of a field, in quotes, has to stand here.");
            if (const Outcome outcome = readString(token, name); outcome != Outcome::done)
                return outcome;
            ++token;
            if (signOf(token) != ':')
                return fail(offsetOf(token), "A colon has to stand here.");
            ++token;
            if (!hasToken(token))
                return Outcome::needsMore;
            if (const Outcome outcome = readField(name, token, entry); outcome != Outcome::done)
                return outcome;
            if (!hasToken(token) || isStopped(token))
                return Outcome::needsMore;
            const char sign = signOf(token);
            if (sign == '}')
                break;
            if (sign != ',')
                return fail(offsetOf(token), "A comma or a closing curly bracket has to stand here.");
            ++token;
        }
    }
    finishEntry(entry, start, offsetOf(token) + 1);
    ++token;
    return Outcome::done;
}

RowWalker::Outcome RowWalker::readField(std::string_view name, std::size_t &token, Entry &entry)
{
    Field field = fieldNamed(name);
    if (field == noField && m_window.hasBackslash && name.find('\\') != std::string_view::npos)
        field = fieldNamedWithEscapes(name);
    switch (field) {
    case albumIdField:
    case idField:
        return readWhole(field, token, entry);
    case titleField:
    case urlField:
    case thumbnailUrlField:
        return readText(field, token, entry);
    case noField:
        break;
    }
    return skipValue(token);
}

RowWalker::Outcome RowWalker::readText(std::size_t field, std::size_t &token, Entry &entry)
{
    const std::size_t offset = offsetOf(token);
    if (m_text[offset] != '"') {
        entry.states[field] = FieldState::wrong;
        entry.faults[field] = {offset, FeedErrorCode::malformed, fields[field].wrong};
        return skipValue(token);
    }
    std::string_view inside;
    if (const Outcome outcome = readString(token, inside); outcome != Outcome::done)
        return outcome;
    entry.states[field] = FieldState::good;
    entry.hasEscapes |= m_window.hasBackslash && inside.find('\\') != std::string_view::npos;
    const auto length = static_cast<std::uint32_t>(inside.size());
    const auto begin = static_cast<std::uint32_t>(offset + 1);
    switch (field) {
    case titleField:
        entry.row.titleOffset = begin;
        entry.row.titleLength = length;
        break;
    case urlField:
        entry.row.urlOffset = begin;
        entry.row.urlLength = length;
        break;
    default:
        entry.row.thumbnailUrlOffset = begin;
        entry.row.thumbnailUrlLength = length;
        break;
    }
    ++token;
    return Outcome::done;
}

RowWalker::Outcome RowWalker::readWhole(std::size_t field, std::size_t &token, Entry &entry)
{
    const std::size_t offset = offsetOf(token);
    const Number number = beginsNumber(m_text[offset]) ? readNumber(restFrom(token)) : Number{};
    if (number.kind != NumberKind::whole) {
        entry.states[field] = FieldState::wrong;
        entry.faults[field] = {offset, FeedErrorCode::malformed,
                               number.kind == NumberKind::outOfRange ? tooLargeNumber : fields[field].wrong};
        return skipValue(token);
    }
    entry.states[field] = FieldState::good;
    (field == idField ? entry.row.id : entry.row.albumId) = number.value;
    ++token;
    return Outcome::done;
}

RowWalker::Outcome RowWalker::skipValue(std::size_t &token)
{
    std::string_view inside;
    const char sign = signOf(token);
    switch (sign) {
    case '{':
    case '[':
        return skipNested(token);
    case '"':
        if (const Outcome outcome = readString(token, inside); outcome != Outcome::done)
            return outcome;
        break;
    default:
        if (beginsNumber(sign)) {
            if (readNumber(restFrom(token)).kind == NumberKind::malformed)
                return fail(offsetOf(token), "This is no number that JSON has.");
        } else if (!isLiteral(restFrom(token))) {
            return fail(offsetOf(token),
                        "A value has to stand here: a text in quotes, a number, true, false, null, "
                        "an object or an array.");
        }
        break;
    }
    ++token;
    return Outcome::done;
}

RowWalker::Outcome RowWalker::skipNested(std::size_t &token)
{
    // Iterates, with the open brackets in a list: the depth of the text must not become the depth of the stack.
    m_open.clear();
    bool valueExpected = true;
    bool closingAllowed = false;
    for (;;) {
        if (!hasToken(token) || isStopped(token))
            return Outcome::needsMore;
        const char sign = signOf(token);
        const bool inObject = !m_open.empty() && m_open.back() == '{';
        if (closingAllowed && sign == (inObject ? '}' : ']')) {
            m_open.pop_back();
            ++token;
            if (m_open.empty())
                return Outcome::done;
            valueExpected = false;
            closingAllowed = true;
            continue;
        }
        if (!valueExpected) {
            if (sign != ',')
                return fail(offsetOf(token),
                            inObject ? "A comma or a closing curly bracket has to stand here."
                                     : "A comma or a closing square bracket has to stand here.");
            ++token;
            valueExpected = true;
            closingAllowed = false;
            continue;
        }
        if (inObject) {
            std::string_view name;
            if (sign != '"')
                return fail(offsetOf(token), "The name of a field, in quotes, has to stand here.");
            if (const Outcome outcome = readString(token, name); outcome != Outcome::done)
                return outcome;
            if (!hasToken(token + 1))
                return Outcome::needsMore;
            if (signOf(token + 1) != ':')
                return fail(offsetOf(token + 1), "A colon has to stand here.");
            token += 2;
            if (!hasToken(token))
                return Outcome::needsMore;
        }
        const char value = signOf(token);
        if (value == '{' || value == '[') {
            if (m_open.size() == deepestNesting)
                return fail(offsetOf(token), "Values are nested more than 1024 deep here, which no photo feed is.");
            m_open.push_back(value);
            ++token;
            valueExpected = true;
            closingAllowed = true;
            continue;
        }
        if (const Outcome outcome = skipValue(token); outcome != Outcome::done)
            return outcome;
        valueExpected = false;
        closingAllowed = true;
    }
}

void RowWalker::finishEntry(Entry &entry, std::size_t start, std::size_t end)
{
    ++m_entries;
    bool complete = true;
    for (std::size_t field = 0; field < fields.size(); ++field) {
        if (entry.states[field] == FieldState::missing)
            entry.faults[field] = {start, FeedErrorCode::malformed, fields[field].missing};
        else if (entry.states[field] == FieldState::good)
            entry.faults[field].message = nullptr; // Of an earlier field with the same name.
        complete = complete && entry.states[field] == FieldState::good;
    }
    if (!complete) {
        ++m_leftOut;
        std::stable_sort(entry.faults.begin(), entry.faults.end(),
                         [](const Fault &a, const Fault &b) { return a.offset < b.offset; });
        for (const Fault &fault : entry.faults) {
            if (fault.message)
                addIssue(fault);
        }
        return;
    }
    if (entry.hasEscapes) {
        // Lines are counted in the text as it was written.
        m_cursor.advanceTo(end);
        ui::FeedRow &row = entry.row;
        row.titleLength = static_cast<std::uint32_t>(unescapeInPlace(m_text + row.titleOffset, row.titleLength));
        row.urlLength = static_cast<std::uint32_t>(unescapeInPlace(m_text + row.urlOffset, row.urlLength));
        row.thumbnailUrlLength
            = static_cast<std::uint32_t>(unescapeInPlace(m_text + row.thumbnailUrlOffset, row.thumbnailUrlLength));
    }
    m_rows.append(entry.row);
}

void RowWalker::addIssue(const Fault &fault)
{
    ++m_issueCount;
    if (m_issues.size() >= m_issueLimit)
        return;
    const TextPlace place = m_cursor.advanceTo(fault.offset);
    m_issues.push_back({m_entries, place.line, place.column, fault.message});
}

void RowWalker::reportTo(ui::FeedFacts &facts) &&
{
    facts.issues = std::move(m_issues);
    facts.issueCount = m_issueCount;
    facts.leftOut = m_leftOut;
}

std::string_view RowWalker::restFrom(std::size_t token) const
{
    const std::size_t offset = offsetOf(token);
    return {m_text + offset, m_window.end - offset};
}

RowWalker::Outcome RowWalker::readString(std::size_t token, std::string_view &inside)
{
    // Only blanks stand between a string's closing quote and the next token, so the quote is found from there.
    const std::size_t begin = offsetOf(token) + 1;
    std::size_t end = hasToken(token + 1) ? offsetOf(token + 1) : m_window.end;
    while (end > begin && isBlank(m_text[end - 1]))
        --end;
    if (end <= begin || m_text[end - 1] != '"')
        return fail(begin - 1, "This text has no closing quote.");
    inside = {m_text + begin, end - 1 - begin};
    if (m_window.hasBackslash) {
        if (const std::size_t bad = firstBadEscape(inside); bad < inside.size())
            return fail(begin + bad, "JSON has no such escape. A backslash itself is written as two.");
    }
    return Outcome::done;
}

RowWalker::Outcome RowWalker::fail(std::size_t offset, const char *message, FeedErrorCode code)
{
    m_fault = {offset, code, message};
    return Outcome::fault;
}

} // namespace steadyframe::feed
