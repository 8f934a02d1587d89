#include "feed/title_search.h"

#include "feed/case_folding.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace steadyframe::feed {

namespace {

constexpr std::string_view blanks = " \t\r\n";
constexpr std::ptrdiff_t blockBytes = 32;

std::vector<std::string_view> wordsOf(std::string_view text)
{
    std::vector<std::string_view> words;
    for (std::size_t begin = text.find_first_not_of(blanks); begin != std::string_view::npos;) {
        const std::size_t end = std::min(text.find_first_of(blanks, begin), text.size());
        words.push_back(text.substr(begin, end - begin));
        begin = text.find_first_not_of(blanks, end);
    }
    return words;
}

/// Two bytes that have to stand at fixed places of a word, each or its alternative.
struct TwoBytes {
    std::size_t nearOffset;
    std::size_t farOffset;
    char nearBytes[2];
    char farBytes[2];
};

#if defined(__x86_64__)
/// In which of the 32 places from @p text on the word may begin, a bit each. Reads 32 bytes behind either offset.
[[gnu::target("avx2")]] std::uint32_t candidates(const char *text, const TwoBytes &bytes)
{
    const __m256i near = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(text + bytes.nearOffset));
    const __m256i far = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(text + bytes.farOffset));
    const __m256i nearFits = _mm256_or_si256(_mm256_cmpeq_epi8(near, _mm256_set1_epi8(bytes.nearBytes[0])),
                                             _mm256_cmpeq_epi8(near, _mm256_set1_epi8(bytes.nearBytes[1])));
    const __m256i farFits = _mm256_or_si256(_mm256_cmpeq_epi8(far, _mm256_set1_epi8(bytes.farBytes[0])),
                                            _mm256_cmpeq_epi8(far, _mm256_set1_epi8(bytes.farBytes[1])));
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_and_si256(nearFits, farFits)));
}

bool hasWideRegisters()
{
    static const bool has = __builtin_cpu_supports("avx2");
    return has;
}
#else
std::uint32_t candidates(const char *, const TwoBytes &)
{
    return 0;
}
constexpr bool hasWideRegisters()
{
    return false;
}
#endif

} // namespace

TitlePattern::TitlePattern(std::string_view word)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error == std::errc() && end == word.data() + word.size())
        m_number = number;

    while (!word.empty()) {
        const Character character = firstCharacter(word);
        word.remove_prefix(character.bytes);
        Unit unit;
        for (const char32_t code : caseVariants(character.code))
            appendCharacter(unit.variants.emplace_back(), code);
        // Letters are mostly as long in both cases; the folded one, which is first, decides.
        unit.bytes = unit.variants.front().size();
        const auto rare = std::stable_partition(unit.variants.begin(), unit.variants.end(),
                                                [&](const std::string &v) { return v.size() == unit.bytes; });
        m_rare.insert(m_rare.end(), rare, unit.variants.end());
        if (const auto anchor = anchorOf(unit, m_bytes)) {
            m_near = m_near ? m_near : anchor;
            m_far = *anchor;
        }
        m_bytes += unit.bytes;
        m_units.push_back(std::move(unit));
    }
}

std::optional<TitlePattern::Anchor> TitlePattern::anchorOf(const Unit &unit, std::size_t offset) const
{
    // The last byte: those before are the same in most characters of a script.
    const std::size_t last = unit.bytes - 1;
    Anchor anchor{offset + last, unit.variants.front()[last], unit.variants.front()[last]};
    for (const std::string &variant : unit.variants) {
        if (variant.size() != unit.bytes || variant[last] == anchor.first || variant[last] == anchor.second)
            continue;
        if (anchor.second != anchor.first)
            return std::nullopt;
        anchor.second = variant[last];
    }
    return anchor;
}

bool TitlePattern::isIn(std::string_view title, const char *readable) const
{
    return isPlainlyIn(title, readable) || (!m_rare.empty() && isRareIn(title) && isWideIn(title));
}

bool TitlePattern::isPlainlyIn(std::string_view title, const char *readable) const
{
    if (title.size() < m_bytes)
        return false;
    const char *at = title.data();
    std::size_t places = title.size() - m_bytes + 1;
    if (m_near && hasWideRegisters()) {
        const TwoBytes bytes{
            m_near->offset, m_far.offset, {m_near->first, m_near->second}, {m_far.first, m_far.second}};
        while (places > 0 && readable - at >= static_cast<std::ptrdiff_t>(m_far.offset) + blockBytes) {
            std::uint32_t mask = candidates(at, bytes);
            if (places < blockBytes)
                mask &= (std::uint32_t{1} << places) - 1;
            for (; mask != 0; mask &= mask - 1) {
                if (isPlainlyAt(at + std::countr_zero(mask)))
                    return true;
            }
            const std::size_t done = std::min<std::size_t>(places, blockBytes);
            at += done;
            places -= done;
        }
    }
    for (; places > 0; --places, ++at) {
        if (m_near && at[m_near->offset] != m_near->first && at[m_near->offset] != m_near->second)
            continue;
        if (isPlainlyAt(at))
            return true;
    }
    return false;
}

bool TitlePattern::isPlainlyAt(const char *text) const
{
    for (const Unit &unit : m_units) {
        const bool fits = std::any_of(unit.variants.begin(), unit.variants.end(), [&](const std::string &variant) {
            return variant.size() == unit.bytes && std::memcmp(text, variant.data(), unit.bytes) == 0;
        });
        if (!fits)
            return false;
        text += unit.bytes;
    }
    return true;
}

bool TitlePattern::isRareIn(std::string_view title) const
{
    return std::any_of(m_rare.begin(), m_rare.end(),
                       [&](const std::string &variant) { return title.find(variant) != std::string_view::npos; });
}

bool TitlePattern::isWideIn(std::string_view title) const
{
    for (; !title.empty(); title.remove_prefix(1)) {
        if (lengthAt(title) > 0)
            return true;
    }
    return false;
}

std::size_t TitlePattern::lengthAt(std::string_view text) const
{
    std::size_t length = 0;
    for (const Unit &unit : m_units) {
        // No variant begins with another one: each is a character.
        const auto fits = std::find_if(unit.variants.begin(), unit.variants.end(),
                                       [&](const std::string &v) { return text.substr(length).starts_with(v); });
        if (fits == unit.variants.end())
            return 0;
        length += fits->size();
    }
    return length;
}

std::vector<TitlePattern> patternsOf(std::string_view text)
{
    std::vector<TitlePattern> patterns;
    for (const std::string_view word : wordsOf(text))
        patterns.emplace_back(word);
    return patterns;
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> matchesIn(std::string_view title, std::string_view text)
{
    std::vector<std::pair<std::uint32_t, std::uint32_t>> found;
    for (const TitlePattern &pattern : patternsOf(text)) {
        for (std::size_t at = 0; at < title.size(); ++at) {
            if (const std::size_t length = pattern.lengthAt(title.substr(at)))
                found.emplace_back(static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(length));
        }
    }
    std::sort(found.begin(), found.end());
    std::size_t kept = 0;
    for (std::size_t i = 1; i < found.size(); ++i) {
        const auto end = found[kept].first + found[kept].second;
        if (found[i].first <= end)
            found[kept].second = std::max(end, found[i].first + found[i].second) - found[kept].first;
        else
            found[++kept] = found[i];
    }
    if (!found.empty())
        found.resize(kept + 1);
    return found;
}

} // namespace steadyframe::feed
