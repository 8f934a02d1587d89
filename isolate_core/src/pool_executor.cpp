#include "runtime_parts.h"

#include <algorithm>
#include <deque>
#include <system_error>
#include <thread>

namespace isolate::detail {

namespace {

using namespace std::chrono_literals;

/// How many events a cell may run before others get their turn.
constexpr std::uint32_t eventsInASlice = 1024;
/// How often in a row a worker may run what its own cells made ready before it looks at the common queue.
constexpr unsigned ownTurns = 64;
/// How long a cell may wait behind one that blocks or computes before the pool helps it to another thread.
constexpr auto sentryInterval = 500us;
/// How long it may wait where the sentry had to help nobody for so many looks: there each look takes more from those
/// who run than it gives.
constexpr auto sentryIntervalAtLeisure = 2ms;
constexpr unsigned sentryLeisure = 20;
/// How long a thread that was added is kept when it has nothing to do. Where others compute for long, one is needed
/// again and again, and to make it costs more than most of what it runs.
constexpr auto spareFor = 1s;
/// For how many intervals nothing waited behind another before the sentry sleeps.
constexpr unsigned sentryPatience = 40;

struct Worker {
    std::thread thread;
    std::condition_variable wake;
    bool woken = false; ///< under the pool's mutex
    std::atomic<Cell *> own{nullptr}; ///< what one of its cells just made ready: it runs next, with warm caches
    std::atomic<std::uint64_t> slices{0}; ///< counts up at the start of each
    std::atomic<bool> busy{false};
    std::uint64_t slicesSeen = 0; ///< the sentry's
    unsigned ownTurnsTaken = 0;
};

/// Threads that run cells: one for each core, and more for as long as others block. A worker's own ready cell needs no
/// lock; everything else goes through one queue. A sentry, awake only while cells wait, moves them away from workers
/// that are held up and adds threads.
class PoolExecutor final : public Executor {
public:
    explicit PoolExecutor(const RuntimeOptions &options)
        : m_target(options.poolThreads ? options.poolThreads : std::max(2u, std::thread::hardware_concurrency())),
          m_most(std::max(m_target, options.maxPoolThreads)), m_nice(options.backgroundNice)
    {
        std::lock_guard lock(m_mutex);
        for (unsigned i = 0; i < m_target && addWorker(); ++i) {}
        if (m_workers.empty())
            throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again),
                                    "isolate: no thread could be had for the pool");
        m_sentry = std::thread([this] { watch(); });
    }

    ~PoolExecutor() override { PoolExecutor::stop(); }

    void stop() override
    {
        std::deque<std::unique_ptr<Worker>> workers;
        {
            std::lock_guard lock(m_mutex);
            m_stopping = true;
            for (auto &worker : m_workers)
                wakeUp(*worker);
        }
        m_sentryWake.notify_all();
        if (m_sentry.joinable())
            m_sentry.join();
        for (;;) {
            {
                std::lock_guard lock(m_mutex);
                workers.swap(m_workers);
                std::move(m_left.begin(), m_left.end(), std::back_inserter(workers));
                m_left.clear();
            }
            if (workers.empty())
                break;
            for (auto &worker : workers)
                worker->thread.join();
            workers.clear();
        }
    }

    ISOLATE_CORE_SENDS void schedule(Cell &cell) override
    {
        Cell *next = &cell;
        if (t_worker && t_pool == this) {
            // In one order with the sentry's going to sleep: it sees this, or is seen here.
            next = t_worker->own.exchange(&cell, std::memory_order_seq_cst);
            if (!next) {
                if (m_sentryAsleep.load(std::memory_order_seq_cst)) {
                    std::lock_guard lock(m_mutex);
                    wakeSentry();
                }
                return;
            }
        }
        std::lock_guard lock(m_mutex);
        if (m_stopping)
            return;
        m_queue.push(*next);
        wakeOne();
    }

    [[nodiscard]] unsigned threads() const
    {
        std::lock_guard lock(m_mutex);
        return static_cast<unsigned>(m_workers.size());
    }

private:
    // All of these: with the mutex held.
    /// False when the system gives no more threads.
    bool addWorker()
    {
        auto worker = std::make_unique<Worker>();
        Worker *raw = worker.get();
        try {
            raw->thread = std::thread([this, raw] { work(*raw); });
        } catch (const std::system_error &) {
            return false;
        }
        m_workers.push_back(std::move(worker));
        ++m_searching;
        return true;
    }
    void wakeUp(Worker &worker)
    {
        worker.woken = true;
        worker.wake.notify_one();
    }
    /// Wakes a worker, unless one is already on its way to the queue.
    void wakeOne()
    {
        if (m_searching == 0 && !m_idle.empty()) {
            Worker *worker = m_idle.back();
            m_idle.pop_back();
            ++m_searching;
            wakeUp(*worker);
        }
        wakeSentry();
    }
    void wakeSentry()
    {
        if (m_sentryAsleep.load(std::memory_order_relaxed)) {
            m_sentryAsleep.store(false, std::memory_order_relaxed);
            m_sentryWake.notify_one();
        }
    }

    void work(Worker &self)
    {
        prepareThread("isolate pool", m_nice);
        t_worker = &self;
        t_pool = this;
        bool searching = true;
        Clock::time_point now{};
        while (Cell *cell = next(self, searching, now)) {
            countUp(self.slices);
            const SliceEnd ended = cell->runSlice({eventsInASlice, Clock::time_point::max()}, now);
            if (ended == SliceEnd::more) {
                std::lock_guard lock(m_mutex);
                m_queue.push(*cell);
            }
        }
    }

    /// What to run next; null when the thread is to end. Time passes where it waits: then `now` is unset.
    Cell *next(Worker &self, bool &searching, Clock::time_point &now)
    {
        if (!searching && self.ownTurnsTaken < ownTurns) {
            if (Cell *cell = self.own.exchange(nullptr, std::memory_order_acq_rel)) {
                ++self.ownTurnsTaken;
                return cell;
            }
        }
        self.ownTurnsTaken = 0;
        now = {};
        std::unique_lock lock(m_mutex);
        for (;;) {
            if (Cell *own = self.own.exchange(nullptr, std::memory_order_acq_rel))
                m_queue.push(*own);
            Cell *cell = m_queue.pop();
            if (cell || m_stopping) {
                if (searching) {
                    searching = false;
                    --m_searching;
                }
                if (cell && !m_queue.empty())
                    wakeOne();
                if (cell)
                    ++m_taken;
                // With the mutex held: the sentry must not find nothing to do between this and the slice.
                self.busy.store(cell != nullptr, std::memory_order_relaxed);
                return cell;
            }
            if (searching) {
                searching = false;
                --m_searching;
            }
            self.busy.store(false, std::memory_order_relaxed);
            m_idle.push_back(&self);
            if (!waitUntilWoken(self, lock))
                return nullptr;
            self.woken = false;
            searching = !m_stopping;
        }
    }

    /// False when it was one too many for a while: then it is off the list, and its thread is joined later. Who waits
    /// longest is at the bottom of the stack of idle ones, so that what is needed now and then stays.
    bool waitUntilWoken(Worker &self, std::unique_lock<std::mutex> &lock)
    {
        const auto woken = [&] { return self.woken; };
        while (m_workers.size() > m_target) {
            if (self.wake.wait_for(lock, spareFor, woken))
                return true;
            if (m_workers.size() > m_target && leave(self, lock))
                return false;
        }
        self.wake.wait(lock, woken);
        return true;
    }
    /// Joins those that left before, so that no more than one waits for that, however long the sentry sleeps.
    bool leave(Worker &self, std::unique_lock<std::mutex> &lock)
    {
        const auto found = std::find_if(m_workers.begin(), m_workers.end(), [&](auto &w) { return w.get() == &self; });
        if (found == m_workers.end())
            return false;
        std::erase(m_idle, &self);
        auto before = std::exchange(m_left, {});
        m_left.push_back(std::move(*found));
        m_workers.erase(found);
        join(std::move(before), lock);
        return true;
    }

    /// Whether a cell is ready and not run: in the queue, or behind the cell that made it ready.
    [[nodiscard]] bool anythingWaits() const
    {
        return !m_queue.empty() || std::any_of(m_workers.begin(), m_workers.end(), [](const auto &worker) {
            return worker->own.load(std::memory_order_seq_cst) != nullptr;
        });
    }

    void watch()
    {
        // It helps those alone who run at this priority, and at a higher one would interrupt the frames that they
        // don't.
        prepareThread("isolate sentry", m_nice);
        std::unique_lock lock(m_mutex);
        unsigned quiet = 0; // how many looks in a row found nothing that waits
        unsigned unneeded = 0; // how many looks in a row helped nobody
        unsigned batch = 1;
        std::uint64_t takenSeen = 0;
        while (!m_stopping) {
            if (quiet >= sentryPatience) {
                join(std::exchange(m_left, {}), lock);
                if (m_stopping)
                    break;
                m_sentryAsleep.store(true, std::memory_order_seq_cst);
                if (anythingWaits())
                    m_sentryAsleep.store(false, std::memory_order_relaxed);
                m_sentryWake.wait(lock, [this] { return m_stopping || !m_sentryAsleep.load(); });
                quiet = unneeded = 0;
                continue;
            }
            m_sentryWake.wait_for(lock, unneeded < sentryLeisure ? sentryInterval : sentryIntervalAtLeisure);
            ++unneeded;
            quiet = anythingWaits() ? 0 : quiet + 1;
            for (auto &worker : m_workers) {
                const bool busy = worker->busy.load(std::memory_order_relaxed);
                const auto slices = worker->slices.load(std::memory_order_relaxed);
                const bool sameSlice = slices == std::exchange(worker->slicesSeen, slices);
                if (!busy || !sameSlice)
                    continue;
                if (Cell *stuck = worker->own.exchange(nullptr, std::memory_order_acq_rel)) {
                    unneeded = 0;
                    m_queue.push(*stuck);
                    wakeOne();
                }
            }
            const bool stuck = !m_queue.empty() && m_idle.empty() && m_searching == 0 && m_taken == takenSeen;
            takenSeen = m_taken;
            if (!stuck) {
                batch = 1;
                continue;
            }
            unneeded = 0;
            for (unsigned i = 0; i < batch && i < m_queue.size() && m_workers.size() < m_most; ++i) {
                if (!addWorker())
                    break;
            }
            batch = std::min(batch * 2, 64u);
        }
    }

    /// Lets go of the mutex meanwhile.
    static void join(std::deque<std::unique_ptr<Worker>> workers, std::unique_lock<std::mutex> &lock)
    {
        lock.unlock();
        for (auto &worker : workers)
            worker->thread.join();
        lock.lock();
    }

    const unsigned m_target;
    const unsigned m_most;
    const int m_nice;
    mutable std::mutex m_mutex;
    std::deque<std::unique_ptr<Worker>> m_workers;
    std::deque<std::unique_ptr<Worker>> m_left;
    std::vector<Worker *> m_idle;
    ReadyQueue m_queue;
    unsigned m_searching = 0; ///< workers that were woken and have not looked at the queue yet
    std::uint64_t m_taken = 0;
    bool m_stopping = false;
    std::atomic<bool> m_sentryAsleep{false}; ///< changed with the mutex held
    std::condition_variable m_sentryWake;
    std::thread m_sentry;

    static thread_local Worker *t_worker;
    static thread_local PoolExecutor *t_pool;
};

thread_local Worker *PoolExecutor::t_worker = nullptr;
thread_local PoolExecutor *PoolExecutor::t_pool = nullptr;

} // namespace

Ref<Executor> makePoolExecutor(const RuntimeOptions &options)
{
    return makeRef<PoolExecutor>(options);
}

unsigned poolThreadsOf(const Executor &executor)
{
    const auto *pool = dynamic_cast<const PoolExecutor *>(&executor);
    return pool ? pool->threads() : 0;
}

} // namespace isolate::detail
