#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace steadyframe::feed {

/// A word to look for in titles, whatever the case: Unicode's simple case folding, on the text as it is written, so
/// that `é` of one and of two characters differ. @thread any once it is made
class TitlePattern {
public:
    /// @p word is UTF-8, and not empty.
    explicit TitlePattern(std::string_view word);

    /// Whether the word is in the title. All bytes up to @p readable may be read; the more lie behind the title, the
    /// faster it is.
    [[nodiscard]] bool isIn(std::string_view title, const char *readable) const;
    /// How many bytes the word takes at the start of @p text; 0 when it is not there.
    [[nodiscard]] std::size_t lengthAt(std::string_view text) const;
    /// The number that the word is.
    [[nodiscard]] std::optional<std::int64_t> number() const { return m_number; }

private:
    /// One character of the word: all that it may be written as.
    struct Unit {
        std::vector<std::string> variants; ///< those of the most common length come first
        std::size_t bytes = 0; ///< of the most common length
    };
    /// A byte that has to stand so far behind the start of the word, and the one it may be instead.
    struct Anchor {
        std::size_t offset = 0;
        char first = 0;
        char second = 0;
    };

    [[nodiscard]] std::optional<Anchor> anchorOf(const Unit &unit, std::size_t offset) const;
    [[nodiscard]] bool isPlainlyIn(std::string_view title, const char *readable) const;
    [[nodiscard]] bool isWideIn(std::string_view title) const;
    [[nodiscard]] bool isRareIn(std::string_view title) const;
    [[nodiscard]] bool isPlainlyAt(const char *text) const;

    std::vector<Unit> m_units;
    std::size_t m_bytes = 0; ///< of the word, each unit in its most common length
    std::optional<Anchor> m_near; ///< of the first unit that has one
    Anchor m_far; ///< of the last
    std::vector<std::string> m_rare; ///< variants of other lengths
    std::optional<std::int64_t> m_number;
};

/// What the person looks for: words, each of which has to be found.
[[nodiscard]] std::vector<TitlePattern> patternsOf(std::string_view text);

/// Where the words of @p text stand in a title, to mark them: first byte and number of bytes, in order, none touching
/// another. Costs about a microsecond. @thread any
[[nodiscard]] std::vector<std::pair<std::uint32_t, std::uint32_t>> matchesIn(std::string_view title,
                                                                             std::string_view text);

} // namespace steadyframe::feed
