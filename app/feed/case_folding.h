#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace steadyframe::feed {

/// A character of a text, and how many bytes it takes there.
struct Character {
    char32_t code = 0;
    std::size_t bytes = 1;
};

/// The character that @p text begins with, which must not be empty. Of bytes that are no UTF-8 each is a character of
/// its own, beyond those of Unicode. @thread any, as all of these
[[nodiscard]] Character firstCharacter(std::string_view text);

/// Appends a character as UTF-8, or the byte that firstCharacter() made one of.
void appendCharacter(std::string &text, char32_t code);

/// Unicode's simple case folding: what differs only in case folds to the same character. One character stays one, so
/// that `ß` is not `ss`; nothing depends on a language.
[[nodiscard]] char32_t foldCase(char32_t code);

/// All characters that fold to what @p code folds to, itself included.
[[nodiscard]] std::vector<char32_t> caseVariants(char32_t code);

} // namespace steadyframe::feed
