#pragma once

#include "isolate_core/detail/cell.h"

namespace isolate::detail {

/// The part of a port that its senders and its receiver share. The receiver's isolate alone opens, closes and
/// dispatches; any thread may ask whether it is open and post to it.
///
/// A message in the mailbox names its port without counting as a reference, which would have sender and receiver fight
/// for the count at each message. Instead the port, when nothing refers to it any more, goes through the mailbox
/// itself, behind every message that was sent to it, and is deleted there.
class PortCore : public RefCounted, public Event {
public:
    PortCore(Cell &cell, bool bounded) : m_cell(&cell), m_isBounded(bounded) {}

    [[nodiscard]] bool isOpen() const noexcept { return m_open.load(std::memory_order_acquire); }
    [[nodiscard]] Cell &cell() const noexcept { return *m_cell; }
    /// Whether messages wait in a queue of its own. @thread any
    [[nodiscard]] bool isBounded() const noexcept { return m_isBounded; }

    /// @thread isolate
    void setKeepIsolateAlive(bool keep) noexcept
    {
        if (keep == m_keepsAlive)
            return;
        m_keepsAlive = keep;
        if (isOpen())
            keep ? m_cell->holdAlive() : m_cell->letGo();
    }
    [[nodiscard]] bool keepsIsolateAlive() const noexcept { return m_keepsAlive; }

    /// @thread isolate
    void open()
    {
        m_cell->attachPort(*this);
        m_open.store(true, std::memory_order_release);
        if (m_keepsAlive)
            m_cell->holdAlive();
    }
    /// Idempotent. @thread isolate
    void close() noexcept
    {
        if (!m_open.exchange(false, std::memory_order_acq_rel))
            return;
        if (m_keepsAlive)
            m_cell->letGo();
        m_cell->detachPort(*this);
        closed();
        tellMonitors();
        release(); // what `attachPort` held; this may be the end of the port
    }

    /// Calls `down` once, when the port is closed or its isolate ends: now, if that was before. `key` names it for
    /// `forgetMonitor`. `down` posts, and does nothing else. @thread any
    void addMonitor(std::uint64_t key, UniqueFunction<void()> down);
    void forgetMonitor(std::uint64_t key);

    PortCore *nextOfCell = nullptr, *previousOfCell = nullptr;

protected:
    /// The port was just closed: forget the handler, end the waiters. @thread isolate
    virtual void closed() noexcept = 0;
    /// A message for it is about to be posted. @thread any
    void noteSentTo() noexcept
    {
        if (!m_sentTo.load(std::memory_order_relaxed))
            m_sentTo.store(true, std::memory_order_relaxed);
    }

private:
    void unreferenced() const noexcept final;
    void deliver(Cell &) final {}

    struct Monitor {
        std::uint64_t key;
        UniqueFunction<void()> down;
    };
    void tellMonitors() noexcept;

    // All that a send reads, side by side.
    const Ref<Cell> m_cell;
    std::atomic<bool> m_open{false};
    std::atomic<bool> m_sentTo{false};
    const bool m_isBounded;
    bool m_keepsAlive = true;
    std::unique_ptr<std::vector<Monitor>> m_monitors; ///< mostly none; under a mutex that many ports share
};

} // namespace isolate::detail
