#include "runtime_parts.h"

#include <thread>

namespace isolate::detail {

namespace {

/// A thread for one cell, which may block it as it likes.
class DedicatedExecutor final : public Executor {
public:
    DedicatedExecutor(std::string name, int nice) : m_thread([this, name, nice] { loop(name, nice); }) {}
    void stop() override
    {
        {
            std::lock_guard lock(m_mutex);
            m_stopping = true;
            m_wake.notify_one();
        }
        if (m_thread.joinable())
            m_thread.join();
    }

    void schedule(Cell &cell) override
    {
        std::lock_guard lock(m_mutex);
        m_ready = &cell;
        m_wake.notify_one();
    }
    [[nodiscard]] bool ended() const noexcept { return m_ended.load(std::memory_order_acquire); }

private:
    void loop(const std::string &name, int nice)
    {
        prepareThread(name.c_str(), nice);
        for (;;) {
            Ref<Cell> cell;
            {
                std::unique_lock lock(m_mutex);
                m_wake.wait(lock, [this] { return m_ready || m_stopping; });
                if (!m_ready)
                    break;
                cell = Ref<Cell>(std::exchange(m_ready, nullptr));
            }
            SliceEnd ended = SliceEnd::more;
            Clock::time_point now{};
            while (ended == SliceEnd::more)
                ended = cell->runSlice({UINT32_MAX, Clock::time_point::max()}, now);
            if (ended == SliceEnd::ended)
                break;
        }
        m_ended.store(true, std::memory_order_release);
    }

    std::mutex m_mutex;
    std::condition_variable m_wake;
    Cell *m_ready = nullptr;
    bool m_stopping = false;
    std::atomic<bool> m_ended{false};
    std::thread m_thread;
};

} // namespace

Ref<Executor> makeDedicatedExecutor(const std::string &name, int nice)
{
    return makeRef<DedicatedExecutor>(name, nice);
}

bool dedicatedHasEnded(const Executor &executor)
{
    const auto *dedicated = dynamic_cast<const DedicatedExecutor *>(&executor);
    return dedicated && dedicated->ended();
}

} // namespace isolate::detail
