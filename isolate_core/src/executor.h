#pragma once

#include "isolate_core/detail/cell.h"

#include <optional>

namespace isolate::detail {

/// Runs cells that have something to do. A cell is scheduled once until its slice has ended. It lives as long as one of
/// its cells: who posts to a cell may still be about to schedule it when the owner is done with the executor.
class Executor : public RefCounted {
public:
    /// After `stop` it does nothing. @thread any
    virtual void schedule(Cell &cell) = 0;
    /// Ends and joins its threads. Idempotent. @thread the owner's
    virtual void stop() {}
};

/// Cells in line, first in first out, linked through themselves. Has no lock of its own.
class ReadyQueue {
public:
    void push(Cell &cell) noexcept
    {
        cell.nextReady = nullptr;
        (m_last ? m_last->nextReady : m_first) = &cell;
        m_last = &cell;
        ++m_size;
    }
    Cell *pop() noexcept
    {
        Cell *cell = m_first;
        if (cell) {
            m_first = cell->nextReady;
            if (!m_first)
                m_last = nullptr;
            --m_size;
        }
        return cell;
    }
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    [[nodiscard]] bool empty() const noexcept { return m_size == 0; }

private:
    Cell *m_first = nullptr;
    Cell *m_last = nullptr;
    std::size_t m_size = 0;
};

/// What a send runs. The linker lays these together: after a large message was made caches are cold, and each further
/// page of code costs a few hundred nanoseconds.
#define ISOLATE_CORE_SENDS [[gnu::hot]]

/// This thread as the system numbers it; 0 where it doesn't. @thread any
std::uint64_t threadNumber() noexcept;
/// What a thread did since it began.
struct ThreadTimes {
    std::chrono::nanoseconds ran{0}; ///< on a core
    std::chrono::nanoseconds waited{0}; ///< for a core, ready to run
};
/// Those of this thread, where the system tells. Costs a few microseconds. @thread any
std::optional<ThreadTimes> threadTimes() noexcept;
/// Names this thread for debuggers and gives it a nice value, where the platform can. @thread any
void prepareThread(const char *name, int nice) noexcept;

} // namespace isolate::detail
