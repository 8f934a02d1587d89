#include "feed/growing_text.h"

#include <algorithm>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

namespace steadyframe::feed {

namespace {

// Pages of two megabytes spare nine in ten page faults of a big text; a small one would waste most of a page.
constexpr std::size_t bigPage = std::size_t{2} << 20;
constexpr std::size_t smallText = 2 * bigPage;
constexpr std::size_t growth = 16 * bigPage;

std::size_t roundedUp(std::size_t bytes, std::size_t unit)
{
    return (bytes + unit - 1) / unit * unit;
}

void adviseBigPages([[maybe_unused]] char *text, [[maybe_unused]] std::size_t bytes)
{
#ifdef MADV_HUGEPAGE
    ::madvise(text, bytes, MADV_HUGEPAGE);
#endif
}

void unmap(char *text, std::size_t bytes)
{
    ::munmap(text, bytes);
}

} // namespace

ui::FeedText allocateText(std::size_t bytes)
{
    if (bytes < smallText)
        return ui::FeedText(static_cast<char *>(std::malloc(std::max<std::size_t>(bytes, 1))));
    const std::size_t rounded = roundedUp(bytes, bigPage);
    ui::FeedText text(static_cast<char *>(std::aligned_alloc(bigPage, rounded)));
    if (text)
        adviseBigPages(text.get(), rounded);
    return text;
}

GrowingText::GrowingText(std::uint64_t limit) : m_limit(limit)
{
    const std::size_t wanted = roundedUp(std::max<std::size_t>(limit, 1), bigPage);
    void *reserved = ::mmap(nullptr, wanted, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (reserved == MAP_FAILED)
        return;
    m_text = static_cast<char *>(reserved);
    m_reserved = wanted;
    if (m_reserved > smallText)
        adviseBigPages(m_text + smallText, m_reserved - smallText);
}

GrowingText::~GrowingText()
{
    if (m_text)
        unmap(m_text, m_reserved);
}

bool GrowingText::makeRoom(std::size_t bytes)
{
    if (m_size + bytes <= m_usable)
        return true;
    const std::size_t usable = std::min(roundedUp(m_size + bytes, growth), m_reserved);
    if (usable < m_size + bytes || ::mprotect(m_text, usable, PROT_READ | PROT_WRITE) != 0)
        return false;
    m_usable = usable;
    return true;
}

ui::FeedText GrowingText::take() &&
{
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t kept = std::min(roundedUp(std::max<std::size_t>(m_size, 1), page), m_reserved);
    if (kept < m_reserved)
        unmap(m_text + kept, m_reserved - kept);
    return {std::exchange(m_text, nullptr), ui::FreeText{unmap, kept}};
}

} // namespace steadyframe::feed
