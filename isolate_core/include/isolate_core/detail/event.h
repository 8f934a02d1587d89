#pragma once

#include "isolate_core/detail/event_memory.h"
#include "isolate_core/detail/unique_function.h"

#include <atomic>
#include <cstdint>

namespace isolate::detail {

class Cell;

/// What waits in a mailbox: a message for a port, a timer that fired, a continuation. The mailbox owns it from the
/// push until it was delivered or dropped.
struct Event {
    Event() = default;
    Event(const Event &) = delete;
    Event &operator=(const Event &) = delete;
    virtual ~Event() = default;

    /// @thread isolate; may throw, which is an error of that isolate.
    virtual void deliver(Cell &cell) = 0;

    static void *operator new(std::size_t size) { return takeEventMemory(size); }
    static void operator delete(void *memory, std::size_t size) noexcept { returnEventMemory(memory, size); }
    static void *operator new(std::size_t size, std::align_val_t alignment) { return ::operator new(size, alignment); }
    static void operator delete(void *memory, std::size_t, std::align_val_t alignment) noexcept
    {
        ::operator delete(memory, alignment);
    }

    Event *next = nullptr;
};

/// An event that calls a function.
struct CallEvent final : Event {
    explicit CallEvent(UniqueFunction<void()> f) : function(std::move(f)) {}
    void deliver(Cell &) override { function(); }
    UniqueFunction<void()> function;
};

/// Any number of senders, one reader, no lock. A single word holds the newest event and the reader's sleep, so a send
/// is one compare-and-swap, and tells in the same step whether the reader has to be woken.
class Mailbox {
public:
    Mailbox() = default;
    Mailbox(const Mailbox &) = delete;
    Mailbox &operator=(const Mailbox &) = delete;
    ~Mailbox() { drop(takeAll().oldest); }

    /// Whether the reader slept and must now be scheduled. @thread any
    bool push(Event *event) noexcept
    {
        Event *newest = m_newest.load(std::memory_order_relaxed);
        do {
            event->next = newest == asleep() ? nullptr : newest;
        } while (!m_newest.compare_exchange_weak(newest, event, std::memory_order_acq_rel, std::memory_order_relaxed));
        return newest == asleep();
    }

    /// A linked list, oldest first; both null when there is nothing.
    struct Taken {
        Event *oldest = nullptr;
        Event *newest = nullptr;
    };
    /// Everything that was sent. @thread reader
    Taken takeAll() noexcept
    {
        Event *newest = m_newest.load(std::memory_order_relaxed);
        if (newest == nullptr || newest == asleep())
            return {};
        newest = m_newest.exchange(nullptr, std::memory_order_acq_rel);
        return {reversed(newest), newest};
    }

    /// Goes to sleep unless something came; the next push then answers true. @thread reader
    bool trySleep() noexcept
    {
        Event *expected = nullptr;
        return m_newest.compare_exchange_strong(expected, asleep(), std::memory_order_acq_rel);
    }

    /// Everything that was sent; nobody is asked to wake the reader after this. @thread any
    Event *close() noexcept { return reversed(m_newest.exchange(nullptr, std::memory_order_acq_rel)); }

    static void drop(Event *list) noexcept
    {
        while (list) {
            Event *next = list->next;
            delete list;
            list = next;
        }
    }

private:
    static Event *reversed(Event *newest) noexcept
    {
        if (newest == asleep())
            return nullptr;
        Event *oldest = nullptr;
        while (newest) {
            Event *before = newest->next;
            newest->next = oldest;
            oldest = newest;
            newest = before;
        }
        return oldest;
    }
    /// A value that no event has as its address.
    static Event *asleep() noexcept { return reinterpret_cast<Event *>(std::uintptr_t{1}); }

    std::atomic<Event *> m_newest{asleep()};
};

} // namespace isolate::detail
