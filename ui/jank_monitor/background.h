#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace jank {

/// Runs jobs one after another on a thread that exists only while there are any, and that steps back behind all others
/// (nice 15 on Linux). @thread any
class Background {
public:
    /// At most `capacity` jobs wait, over 0: with one more the oldest of them is dropped.
    explicit Background(std::size_t capacity) : m_capacity(capacity) {}
    /// Drops the jobs that wait, and waits for the end of the one that runs.
    ~Background();
    Background(const Background &) = delete;
    Background &operator=(const Background &) = delete;

    /// A job is destroyed on the background thread once it has run, a dropped one by whoever called.
    void run(std::function<void()> job);
    /// Waits until there is nothing to do.
    void wait();

private:
    void work();

    const std::size_t m_capacity;
    std::mutex m_mutex;
    std::condition_variable m_idle;
    std::deque<std::function<void()>> m_jobs;
    bool m_running = false;
    std::thread m_thread;
};

/// Lets go of `value` on a background thread that the program shares: freeing a million strings takes longer than a
/// frame. What still waits at the end of the program is freed there. @thread any
void freeOnBackground(std::shared_ptr<const void> value);

template <class T>
void freeLater(T value)
{
    freeOnBackground(std::make_shared<const T>(std::move(value)));
}

} // namespace jank
