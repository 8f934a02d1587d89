#pragma once

#include "isolate_core/detail/cell.h"

#include <condition_variable>
#include <optional>
#include <variant>

namespace isolate::detail {

template <class T>
using StoredValue = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

/// Tells the error sink of an error that was thrown where nobody waits for it. @thread any
void reportUnheardError(const std::exception_ptr &error) noexcept;

/// What a completer and its future share: a value or an error, once, and who waits for it.
template <class T>
class FutureState final : public RefCounted {
public:
    using Stored = StoredValue<T>;
    using Outcome = std::variant<std::monostate, Stored, std::exception_ptr>;

    ~FutureState() override
    {
        if (m_thrown && !m_heard)
            reportUnheardError(std::get<2>(m_outcome));
    }

    /// False when there was an outcome already. @thread any
    bool settle(Outcome outcome)
    {
        UniqueFunction<void()> continuation;
        {
            std::lock_guard lock(m_mutex);
            if (m_settled)
                return false;
            m_outcome = std::move(outcome);
            m_settled = true;
            continuation = std::move(m_continuation);
        }
        m_condition.notify_all();
        if (continuation)
            continuation();
        return true;
    }
    bool complete(Stored value) { return settle(Outcome(std::in_place_index<1>, std::move(value))); }
    /// `fail` with what a computation threw: an error of its own, which must not be lost when nobody waits for it.
    bool failThrown(std::exception_ptr error)
    {
        const bool failed = fail(std::move(error));
        m_thrown = failed;
        return failed;
    }
    bool fail(std::exception_ptr error) { return settle(Outcome(std::in_place_index<2>, std::move(error))); }

    /// Calls `f` once there is an outcome: now, or on the thread that settles it. @thread any
    void whenSettled(UniqueFunction<void()> f)
    {
        m_heard = true;
        {
            std::lock_guard lock(m_mutex);
            if (!m_settled) {
                m_continuation = std::move(f);
                return;
            }
        }
        f();
    }
    /// Called when the future is dropped with no outcome; before the future is handed out.
    void setOnDropped(UniqueFunction<void()> f) { m_onDropped = std::move(f); }
    /// Nobody waits for it any more. @thread the future's
    void dropped() noexcept
    {
        if (m_onDropped && !settled())
            std::exchange(m_onDropped, {})();
    }
    [[nodiscard]] bool settled() const
    {
        std::lock_guard lock(m_mutex);
        return m_settled;
    }
    /// Blocks the thread. @thread any but an isolate of the pool or the main one
    void wait()
    {
        std::unique_lock lock(m_mutex);
        m_condition.wait(lock, [this] { return m_settled; });
    }
    /// The value, moved out, or throws the error. Once, after it was settled.
    Stored take()
    {
        m_heard = true;
        if (auto *error = std::get_if<2>(&m_outcome))
            std::rethrow_exception(std::exchange(*error, nullptr));
        return std::move(std::get<1>(m_outcome));
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_condition;
    bool m_settled = false;
    bool m_thrown = false; ///< the completer's, until the last reference goes
    bool m_heard = false; ///< the future's, likewise
    UniqueFunction<void()> m_onDropped; ///< the side of the future alone
    Outcome m_outcome;
    UniqueFunction<void()> m_continuation;
};

} // namespace isolate::detail
