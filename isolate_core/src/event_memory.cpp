#include "isolate_core/detail/event_memory.h"

#include "executor.h"

#include <array>
#include <cstdint>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

// The address sanitizer wants to see each event come and go.
#if defined(__SANITIZE_ADDRESS__)
#define EVENTS_FROM_HEAP 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define EVENTS_FROM_HEAP 1
#endif
#endif

namespace isolate::detail {

#ifdef EVENTS_FROM_HEAP

void *takeEventMemory(std::size_t size)
{
    return ::operator new(size);
}

void returnEventMemory(void *memory, std::size_t) noexcept
{
    ::operator delete(memory);
}

#else

namespace {

constexpr std::size_t step = 32; ///< bytes; sizes are multiples of it
constexpr std::size_t sizes = 4;
constexpr std::uint32_t batch = 64; ///< blocks that change hands at once
constexpr std::size_t bytesKept = 8 << 20; ///< of each size, for whoever wants them

struct Block {
    Block *next;
};
/// Blocks of one size that this thread holds.
struct Shelf {
    Block *first;
    std::uint32_t count;
};
constinit thread_local std::array<Shelf, sizes> shelves{};

constexpr std::size_t shelfOf(std::size_t size) noexcept
{
    return (size - 1) / step;
}

void freeAll(Block *first) noexcept
{
    while (first)
        ::operator delete(std::exchange(first, first->next));
}

/// What no thread holds. Full batches only.
class Store {
public:
    Block *take() noexcept
    {
        std::lock_guard lock(m_mutex);
        if (m_batches.empty())
            return nullptr;
        Block *const full = m_batches.back();
        m_batches.pop_back();
        return full;
    }
    /// False when it has enough.
    bool give(Block *full) noexcept
    {
        std::lock_guard lock(m_mutex);
        if (m_batches.size() >= m_most)
            return false;
        m_batches.push_back(full); // within what was reserved
        return true;
    }
    explicit Store(std::size_t size) : m_most(bytesKept / (size * batch)) { m_batches.reserve(m_most); }

private:
    const std::size_t m_most;
    std::mutex m_mutex;
    std::vector<Block *> m_batches;
};

/// Never destroyed: a thread may end after the statics.
Store &store(std::size_t shelf)
{
    static auto *const stores
        = new std::array<Store, sizes>{Store(step), Store(2 * step), Store(3 * step), Store(4 * step)};
    return (*stores)[shelf];
}

/// Frees what a thread holds when it ends.
struct Leaver {
    bool left = false;
    ~Leaver()
    {
        left = true;
        for (std::size_t shelf = 0; shelf < sizes; ++shelf)
            freeAll(std::exchange(shelves[shelf].first, nullptr));
        // What other thread-local destructors delete from here on goes to `giveAway` at once.
        for (Shelf &shelf : shelves)
            shelf.count = 2 * batch;
    }
};
thread_local Leaver leaver;

/// So that a thread that only gives back is tidied up after, too.
[[gnu::noinline]] void arrive() noexcept
{
    static_cast<void>(leaver.left);
}

void *takeSlowly(std::size_t shelf)
{
    const std::size_t size = (shelf + 1) * step;
    if (leaver.left)
        return ::operator new(size);
    Shelf &own = shelves[shelf];
    if (Block *taken = store(shelf).take()) {
        own = {taken->next, batch - 1};
        return taken;
    }
    // Neighbours in memory, in the order in which they will be used.
    std::array<void *, batch> fresh{};
    std::size_t made = 0;
    try {
        for (; made < batch; ++made)
            fresh[made] = ::operator new(size);
    } catch (const std::bad_alloc &) {
        if (made == 0)
            throw;
    }
    Block *first = nullptr;
    for (std::size_t i = made; i-- > 1;)
        first = new (fresh[i]) Block{first};
    own = {first, static_cast<std::uint32_t>(made - 1)};
    return fresh[0];
}

void giveAway(std::size_t shelf) noexcept
{
    Shelf &own = shelves[shelf];
    if (leaver.left) {
        freeAll(std::exchange(own.first, nullptr));
        return;
    }
    Block *const given = own.first;
    Block *last = given;
    for (std::uint32_t i = 1; i < batch; ++i)
        last = last->next;
    own = {std::exchange(last->next, nullptr), own.count - batch};
    if (!store(shelf).give(given))
        freeAll(given);
}

} // namespace

ISOLATE_CORE_SENDS void *takeEventMemory(std::size_t size)
{
    const std::size_t shelf = shelfOf(size);
    if (shelf >= sizes)
        return ::operator new(size);
    auto &[first, count] = shelves[shelf];
    if (!first)
        return takeSlowly(shelf);
    --count;
    return std::exchange(first, first->next);
}

void returnEventMemory(void *memory, std::size_t size) noexcept
{
    const std::size_t shelf = shelfOf(size);
    if (shelf >= sizes)
        return ::operator delete(memory);
    auto &[first, count] = shelves[shelf];
    if (!first)
        arrive();
    first = new (memory) Block{first};
    if (++count >= 2 * batch)
        giveAway(shelf);
}

#endif

} // namespace isolate::detail
