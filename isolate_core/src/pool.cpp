#include "isolate_core/pool.h"

#include "runtime_parts.h"

#include <map>
#include <thread>

namespace isolate {

using namespace detail;

struct Pool::Impl : std::enable_shared_from_this<Impl> {
    /// The most urgent first; equals in the order in which they came.
    using Key = std::pair<int, std::uint64_t>;

    struct Queued;
    struct Cancel {
        std::weak_ptr<Impl> pool;
        std::weak_ptr<Queued> queued;
        Key key;
        void operator()() const
        {
            const auto p = pool.lock();
            const auto q = queued.lock();
            if (p && q)
                p->cancel(key, q);
        }
    };
    struct Queued {
        Job job;
        Ref<Cell> cell; ///< once it runs; under the pool's mutex
        std::optional<std::stop_callback<Cancel>> onStop;
    };

    void enqueue(Job job)
    {
        Key key;
        auto queued = std::make_shared<Queued>();
        queued->job = std::move(job);
        {
            std::lock_guard lock(mutex);
            key = {-queued->job.priority, ++lastNumber};
            queue.emplace(key, queued);
        }
        // Made with no lock held: where the stop was requested before, it calls back here and now.
        queued->onStop.emplace(queued->job.stop, Cancel{weak_from_this(), queued, key});
        startWhatCan();
    }

    void cancel(const Key &key, const std::shared_ptr<Queued> &cancelled)
    {
        Ref<Cell> running;
        bool waited = false;
        {
            std::lock_guard lock(mutex);
            waited = queue.erase(key) > 0;
            running = cancelled->cell;
        }
        if (waited)
            return cancelled->job.cancel();
        // One that is about to run looks at its token first.
        if (!running || cancelled->job.looksAtStop)
            return;
        running->control(true, [cancelled](Cell &cell) {
            cancelled->job.cancel();
            cell.requestEnd(ExitReason::killed);
        });
        running->stopSource().request_stop();
    }

    void startWhatCan()
    {
        // A start that fails gives its slot back at once, from within: this loop sees it.
        if (t_starting == this)
            return;
        struct Starting {
            const Impl *before;
            ~Starting() { t_starting = before; }
        } starting{std::exchange(t_starting, this)};
        for (;;) {
            std::shared_ptr<Queued> queued;
            unsigned slot = 0;
            {
                std::lock_guard lock(mutex);
                if (queue.empty() || freeSlots.empty())
                    return;
                queued = std::move(queue.begin()->second);
                queue.erase(queue.begin());
                slot = *freeSlots.begin();
                freeSlots.erase(freeSlots.begin());
            }
            start(std::move(queued), slot);
        }
    }

    void start(std::shared_ptr<Queued> queued, unsigned slot)
    {
        // The slot comes back when the last copy goes: after the work, however it ended.
        std::shared_ptr<void> busy(nullptr, [self = shared_from_this(), slot](void *) {
            {
                std::lock_guard lock(self->mutex);
                self->freeSlots.insert(slot);
            }
            self->startWhatCan();
        });
        UniqueFunction<void()> work = [queued, busy] {
            if (queued->job.stop.stop_requested())
                queued->job.cancel();
            else
                queued->job.work();
        };
        Runtime *runtime = options.runtime;
        if (postToMainInMainMode(runtime, work))
            return;
        SpawnOptions spawnOptions{.name = options.name + " " + std::to_string(slot + 1)};
        spawnOptions.runtime = runtime;
        auto cell = (runtime ? *runtime : Runtime::current()).parts().makeCell(spawnOptions);
        if (!cell)
            return; // dropping the work fails its future
        // A coroutine goes on after the first event: the slot stays taken until the isolate has ended.
        (*cell)->addExitListener(this, [busy, queued](const ExitNotice &) { return true; });
        {
            std::lock_guard lock(mutex);
            queued->cell = *cell;
        }
        (*cell)->post(new CallEvent(std::move(work)));
    }

    static thread_local const Impl *t_starting; ///< whose `startWhatCan` this thread is in

    const PoolOptions options;
    mutable std::mutex mutex; ///< guards what follows
    std::map<Key, std::shared_ptr<Queued>> queue;
    std::set<unsigned> freeSlots;
    std::uint64_t lastNumber = 0;
    std::size_t slots = 0;

    explicit Impl(const PoolOptions &o) : options(o)
    {
        slots = o.workers ? o.workers : std::max(1u, std::thread::hardware_concurrency());
        for (unsigned i = 0; i < slots; ++i)
            freeSlots.insert(i);
    }
};

thread_local const Pool::Impl *Pool::Impl::t_starting = nullptr;

Pool::Pool(const PoolOptions &options) : m_impl(std::make_shared<Impl>(options)) {}

void Pool::enqueue(Job job)
{
    m_impl->enqueue(std::move(job));
}

std::size_t Pool::waiting() const
{
    std::lock_guard lock(m_impl->mutex);
    return m_impl->queue.size();
}

std::size_t Pool::running() const
{
    std::lock_guard lock(m_impl->mutex);
    return m_impl->slots - m_impl->freeSlots.size();
}

} // namespace isolate
