#include "imaging/file_name.h"

#include <algorithm>

namespace steadyframe::imaging {
namespace {

bool continuesACharacter(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

} // namespace

std::string fileName(std::string stem, std::string_view ending)
{
    std::replace(stem.begin(), stem.end(), '/', '_');
    const std::size_t longest = longestFileName - ending.size();
    if (stem.size() > longest) {
        // The end is kept, because that is where callers put what makes a name unique.
        std::size_t tail = stem.size() - 40;
        while (tail < stem.size() && continuesACharacter(stem[tail]))
            ++tail;
        std::size_t head = longest - (stem.size() - tail);
        while (head > 0 && continuesACharacter(stem[head]))
            --head;
        stem = stem.substr(0, head) + stem.substr(tail);
    }
    return stem.append(ending);
}

} // namespace steadyframe::imaging
