#include "imaging/huffman_code.h"

#include <algorithm>
#include <queue>

namespace steadyframe::imaging {
namespace {

constexpr std::size_t longest = 16;
/// Stands for the code of all ones, which no symbol may have: it occurs once, so that no code is longer.
constexpr std::size_t reserved = 256;

struct Node {
    std::uint64_t count;
    std::size_t index; ///< decides between equal counts, so that the same counts give the same code
    friend bool operator>(const Node &a, const Node &b)
    {
        return a.count != b.count ? a.count > b.count : a.index > b.index;
    }
};

/// How many leaves of the Huffman tree of `leaves` lie at each depth.
std::vector<int> leavesByDepth(const std::vector<Node> &leaves)
{
    std::priority_queue<Node, std::vector<Node>, std::greater<>> heap(std::greater<>(), leaves);
    std::vector<std::size_t> parents(leaves.size() * 2, 0);
    std::size_t next = leaves.size();
    while (heap.size() > 1) {
        const Node a = heap.top();
        heap.pop();
        const Node b = heap.top();
        heap.pop();
        parents[a.index] = parents[b.index] = next;
        heap.push({a.count + b.count, next++});
    }
    std::vector<int> depths(next, 0);
    std::vector<int> byDepth(leaves.size() + longest + 1, 0);
    for (std::size_t node = next - 1; node-- > 0;) {
        depths[node] = depths[parents[node]] + 1;
        if (node < leaves.size())
            ++byDepth[static_cast<std::size_t>(depths[node])];
    }
    return byDepth;
}

/// Moves leaves up until none is deeper than `longest`, as JPEG's annex K.2 does: two that share a parent give up one
/// of their places, and the next shorter code that is free to be split takes the other.
void limitDepth(std::vector<int> &byDepth)
{
    for (std::size_t depth = byDepth.size() - 1; depth > longest; --depth) {
        while (byDepth[depth] > 0) {
            std::size_t above = depth - 2;
            while (byDepth[above] == 0)
                --above;
            byDepth[depth] -= 2;
            ++byDepth[depth - 1];
            byDepth[above + 1] += 2;
            --byDepth[above];
        }
    }
}

} // namespace

HuffmanCode::HuffmanCode(const SymbolCounts &counts)
{
    std::vector<std::uint16_t> used;
    for (std::size_t symbol = 0; symbol < counts.size(); ++symbol) {
        if (counts[symbol] > 0)
            used.push_back(static_cast<std::uint16_t>(symbol));
    }
    // A table without a code is not allowed.
    if (used.empty())
        used.push_back(0);
    std::stable_sort(used.begin(), used.end(), [&](auto a, auto b) { return counts[a] > counts[b]; });

    std::vector<Node> leaves;
    for (const std::uint16_t symbol : used)
        leaves.push_back({std::max<std::uint64_t>(2, counts[symbol] * 2), leaves.size()});
    static_assert(reserved == std::tuple_size_v<SymbolCounts>);
    leaves.push_back({1, leaves.size()});
    std::vector<int> byDepth = leavesByDepth(leaves);
    limitDepth(byDepth);
    std::size_t deepest = longest;
    while (byDepth[deepest] == 0)
        --deepest;
    --byDepth[deepest]; // the reserved one

    std::uint32_t code = 0;
    std::size_t next = 0;
    for (std::size_t length = 1; length <= longest; ++length, code <<= 1) {
        m_codesOfLength[length - 1] = static_cast<std::uint8_t>(byDepth[length]);
        for (int i = 0; i < byDepth[length]; ++i, ++code) {
            const auto symbol = static_cast<std::uint8_t>(used[next++]);
            m_symbols.push_back(symbol);
            m_lengths[symbol] = static_cast<std::uint8_t>(length);
            m_codes[symbol] = static_cast<std::uint16_t>(code);
        }
    }
}

std::uint64_t HuffmanCode::bits(const SymbolCounts &counts) const noexcept
{
    std::uint64_t sum = 0;
    for (std::size_t symbol = 0; symbol < counts.size(); ++symbol)
        sum += counts[symbol] * (m_lengths[symbol] + (symbol & 15));
    return sum;
}

} // namespace steadyframe::imaging
