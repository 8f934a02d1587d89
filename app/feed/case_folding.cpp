#include "feed/case_folding.h"

#include "feed/case_folding_table.h"

#include <algorithm>
#include <array>
#include <utility>

namespace steadyframe::feed {

namespace {

constexpr char32_t notUnicode = 0x0011'0000; // and the byte
constexpr char32_t firstRare = 0x0600; // Latin, Greek, Cyrillic and Armenian letters lie before

bool isContinuation(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

/// Each character that is not its own folding, by that folding. Those of ASCII are left to arithmetic.
using Folding = std::pair<char32_t, char32_t>;

constexpr char32_t foldedIn(const FoldingRun &run, char32_t code)
{
    return static_cast<char32_t>(static_cast<std::int32_t>(code) + run.distance);
}

std::vector<Folding> allFoldings()
{
    std::vector<Folding> foldings;
    for (const FoldingRun &run : foldingRuns) {
        for (char32_t code = run.first; code <= run.last; code += run.step)
            foldings.emplace_back(foldedIn(run, code), code);
    }
    std::sort(foldings.begin(), foldings.end());
    return foldings;
}

/// What each of the common characters folds to.
constexpr std::array<char32_t, firstRare> commonFoldings = [] {
    std::array<char32_t, firstRare> folded{};
    for (char32_t code = 0; code < firstRare; ++code)
        folded[code] = code >= U'A' && code <= U'Z' ? code + (U'a' - U'A') : code;
    for (const FoldingRun &run : foldingRuns) {
        for (char32_t code = run.first; code <= run.last && code < firstRare; code += run.step)
            folded[code] = foldedIn(run, code);
    }
    return folded;
}();

} // namespace

Character firstCharacter(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(text[i])); };
    const char32_t lead = byte(0);
    if (lead < 0x80)
        return {lead, 1};
    const std::size_t bytes = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (bytes == 0 || text.size() < bytes)
        return {notUnicode + lead, 1};
    char32_t code = lead & (0x7FU >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        if (!isContinuation(text[i]))
            return {notUnicode + lead, 1};
        code = code << 6 | (byte(i) & 0x3F);
    }
    return {code, bytes};
}

void appendCharacter(std::string &text, char32_t code)
{
    const auto put = [&](char32_t byte) { text += static_cast<char>(byte); };
    if (code >= notUnicode) {
        put(code - notUnicode);
    } else if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | code >> 6);
        put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    } else {
        put(0xF0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3F));
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    }
}

char32_t foldCase(char32_t code)
{
    if (code < firstRare)
        return commonFoldings[code];
    const auto run = std::lower_bound(foldingRuns.begin(), foldingRuns.end(), code,
                                      [](const FoldingRun &r, char32_t c) { return r.last < c; });
    const bool folds = run != foldingRuns.end() && code >= run->first && (code - run->first) % run->step == 0;
    return folds ? foldedIn(*run, code) : code;
}

std::vector<char32_t> caseVariants(char32_t code)
{
    static const std::vector<Folding> foldings = allFoldings();
    const char32_t folded = foldCase(code);
    std::vector<char32_t> variants{folded};
    if (folded >= U'a' && folded <= U'z')
        variants.push_back(folded - (U'a' - U'A'));
    const auto first = std::lower_bound(foldings.begin(), foldings.end(), Folding(folded, 0));
    for (auto folding = first; folding != foldings.end() && folding->first == folded; ++folding)
        variants.push_back(folding->second);
    return variants;
}

} // namespace steadyframe::feed
