#pragma once

#include "isolate_core/detail/cell.h"

namespace isolate::detail {

/// The part of a port that its senders and its receiver share. The receiver's isolate alone opens, closes and
/// dispatches; any thread may ask whether it is open and post to it.
class PortCore : public RefCounted {
public:
    explicit PortCore(Cell &cell) : m_cell(&cell) {}

    [[nodiscard]] bool isOpen() const noexcept { return m_open.load(std::memory_order_acquire); }
    [[nodiscard]] Cell &cell() const noexcept { return *m_cell; }

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

private:
    struct Monitor {
        std::uint64_t key;
        UniqueFunction<void()> down;
    };
    void tellMonitors() noexcept;

    const Ref<Cell> m_cell;
    std::atomic<bool> m_open{false};
    bool m_keepsAlive = true;
    std::unique_ptr<std::vector<Monitor>> m_monitors; ///< mostly none; under a mutex that many ports share
};

} // namespace isolate::detail
