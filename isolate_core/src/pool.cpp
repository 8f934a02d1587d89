#include "isolate_core/pool.h"

#include "runtime_parts.h"

#include <map>
#include <thread>

namespace isolate {

using namespace detail;

struct Pool::Impl : std::enable_shared_from_this<Impl> {
    /// The most urgent first; equals in the order in which they came.
    using Key = std::pair<int, std::uint64_t>;

    struct Cancel {
        std::weak_ptr<Impl> pool;
        Key key;
        void operator()() const
        {
            if (auto p = pool.lock())
                p->cancel(key);
        }
    };
    struct Queued {
        Job job;
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
        queued->onStop.emplace(queued->job.stop, Cancel{weak_from_this(), key});
        startWhatCan();
    }

    void cancel(const Key &key)
    {
        std::shared_ptr<Queued> cancelled;
        {
            std::lock_guard lock(mutex);
            const auto found = queue.find(key);
            if (found == queue.end())
                return;
            cancelled = std::move(found->second);
            queue.erase(found);
        }
        cancelled->job.cancel();
    }

    void startWhatCan()
    {
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
        (*cell)->addExitListener(this, [busy](const ExitNotice &) {});
        (*cell)->post(new CallEvent(std::move(work)));
    }

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
