#pragma once

#include "feed/feed_error.h"
#include "feed/text_place.h"
#include "models/feed/feed_table.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string_view>
#include <utility>
#include <vector>

namespace steadyframe::feed {

/// A part of the text with the index of its tokens. Begins where an entry does, or a comma after one.
struct Window {
    std::size_t start = 0;
    std::size_t end = 0;
    /// Offsets of the tokens, from `start`.
    std::span<const std::uint32_t> tokens;
    /// False when no string of this part has an escape, which spares looking for them.
    bool hasBackslash = true;
};

/// Something wrong in the text at a byte offset.
struct Fault {
    std::size_t offset = 0;
    FeedErrorCode code = FeedErrorCode::malformed;
    const char *message = nullptr;
};

/// Reads the entries of a feed, window by window, from the tokens of each: the grammar of JSON for all of it, and the
/// fields of photos. An entry that goes on behind its window is left for the next one.
class RowWalker {
public:
    enum class Step {
        wholeWindow, ///< Everything in the window was read.
        needsMore, ///< The entry at `resumeAt()` has no end in this window, or the walk was stopped.
        fault, ///< The text is no feed, see `fault()`.
    };

    /// @p text is changed where an entry that was read has escapes in it: they are decoded in place. @p start is behind
    /// a byte order mark; of the issues the first @p issueLimit are kept. Once @p stop is triggered, walks end early.
    RowWalker(char *text, std::size_t start, std::size_t issueLimit, std::stop_token stop = {})
        : m_text(text), m_resumeAt(start), m_issueLimit(issueLimit), m_cursor(text, start), m_stop(std::move(stop))
    {
    }

    [[nodiscard]] Step walk(const Window &window);

    /// Where the next window begins.
    [[nodiscard]] std::size_t resumeAt() const { return m_resumeAt; }
    /// The array has been closed: nothing but blanks may follow.
    [[nodiscard]] bool finished() const { return m_state == State::finished; }
    [[nodiscard]] const Fault &fault() const { return m_fault; }

    /// The place of a byte that is not before `resumeAt()`.
    [[nodiscard]] TextPlace placeOf(std::size_t offset) { return m_cursor.advanceTo(offset); }

    /// The photos read so far.
    [[nodiscard]] ui::FeedRows &rows() { return m_rows; }
    /// Adds what was left out, and why.
    void reportTo(ui::FeedFacts &facts) &&;

private:
    enum class State { start, firstEntry, entry, afterEntry, finished };
    enum class Outcome { done, needsMore, fault };
    enum class FieldState : std::uint8_t { missing, good, wrong };
    static constexpr std::size_t fieldCount = 5;
    static constexpr std::size_t tokensBetweenLooks = std::size_t{64} << 10;
    /// What is known of the entry that is being read.
    struct Entry {
        ui::FeedRow row{};
        std::array<FieldState, fieldCount> states{};
        std::array<Fault, fieldCount> faults{};
        bool hasEscapes = false;
    };

    Outcome readEntry(std::size_t &token);
    Outcome readPhoto(std::size_t &token);
    Outcome readField(std::string_view name, std::size_t &token, Entry &entry);
    Outcome readText(std::size_t field, std::size_t &token, Entry &entry);
    Outcome readWhole(std::size_t field, std::size_t &token, Entry &entry);
    Outcome skipValue(std::size_t &token);
    Outcome skipNested(std::size_t &token);
    void finishEntry(Entry &entry, std::size_t start, std::size_t end);
    void addIssue(const Fault &fault);

    /// Looks now and then, since a window may be as long as the text.
    [[nodiscard]] bool isStopped(std::size_t token)
    {
        if (token < m_nextLook)
            return false;
        m_nextLook = token + tokensBetweenLooks;
        return m_stop.stop_requested();
    }
    [[nodiscard]] bool hasToken(std::size_t token) const { return token < m_window.tokens.size(); }
    [[nodiscard]] std::size_t offsetOf(std::size_t token) const { return m_window.start + m_window.tokens[token]; }
    [[nodiscard]] char signOf(std::size_t token) const { return m_text[offsetOf(token)]; }
    [[nodiscard]] std::string_view restFrom(std::size_t token) const;
    /// The inside of the string that begins at a token; ends the walk when it is none.
    Outcome readString(std::size_t token, std::string_view &inside);
    [[nodiscard]] Outcome fail(std::size_t offset, const char *message, FeedErrorCode code = FeedErrorCode::malformed);

    char *m_text;
    Window m_window;
    State m_state = State::start;
    std::size_t m_resumeAt;
    std::size_t m_issueLimit;
    PlaceCursor m_cursor;
    std::stop_token m_stop;
    std::size_t m_nextLook = tokensBetweenLooks;
    Fault m_fault;
    ui::FeedRows m_rows;
    std::uint64_t m_entries = 0;
    std::uint64_t m_leftOut = 0;
    std::uint64_t m_issueCount = 0;
    std::vector<ui::FeedIssue> m_issues;
    std::vector<char> m_open;
};

} // namespace steadyframe::feed
