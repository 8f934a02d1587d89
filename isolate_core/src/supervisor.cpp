#include "isolate_core/supervisor.h"

#include "runtime_parts.h"

#include <algorithm>
#include <fstream>

namespace isolate {

using namespace detail;

struct Supervisor::Impl : std::enable_shared_from_this<Impl> {
    struct Child {
        std::string name;
        Restart restart;
        Start start;
        std::optional<Isolate> isolate;
        bool wanted = false; ///< to run, now or after its back-off
        bool replaced = false; ///< is being ended by the strategy
        bool inGroup = false; ///< has ended, and starts again when all that the strategy ends have
        unsigned restartsInARow = 0;
        Clock::time_point lastStart{};
        Timer timer;
    };

    explicit Impl(SupervisorOptions o)
        : options(std::move(o)), events(StreamController<SupervisorEvent>::Kind::broadcast),
          timers(*Cell::expectCurrent("Supervisor").runtime().parts().timers)
    {
        std::ifstream in(options.record, std::ios::binary);
        for (std::string line; std::getline(in, line);)
            recorded.push_back(line);
    }

    void tell(SupervisorEvent event) { events.add(std::move(event)); }

    Child *find(const std::string &name)
    {
        const auto found = std::find_if(children.begin(), children.end(), [&](auto &c) { return c->name == name; });
        return found == children.end() ? nullptr : found->get();
    }

    void launch(Child &child, SupervisorEvent::Kind kind)
    {
        child.lastStart = timers.now();
        auto started = child.start(exits->sendPort());
        if (!started) {
            child.wanted = false;
            tell({SupervisorEvent::Kind::failedToStart, child.name, {}, started.error().message});
            return;
        }
        child.isolate = *started;
        child.wanted = true;
        tell({kind, child.name, {}, {}});
    }

    void childEnded(const ExitNotice &notice)
    {
        const auto found = std::find_if(children.begin(), children.end(),
                                        [&](auto &c) { return c->isolate && c->isolate->id() == notice.isolate; });
        if (found == children.end())
            return;
        Child &child = **found; // stays where it is, while listeners may add others
        child.isolate.reset();
        const bool replaced = std::exchange(child.replaced, false);
        tell({SupervisorEvent::Kind::ended, child.name, notice.reason, {}});
        if (hasGivenUp)
            return;
        if (!child.wanted || replaced) {
            child.inGroup = child.wanted;
            return restartGroup();
        }
        const bool failed = notice.reason == ExitReason::error || notice.reason == ExitReason::killed;
        if (child.restart == Restart::temporary || (child.restart == Restart::transient && !failed)) {
            child.wanted = false;
            writeRecord();
            return;
        }
        if (tooMany())
            return giveUp();
        if (options.strategy != RestartStrategy::oneForOne) {
            const auto first = options.strategy == RestartStrategy::oneForAll
                ? children.begin()
                : std::find_if(children.begin(), children.end(), [&](auto &c) { return c.get() == &child; });
            // The youngest end first, as they may depend on the older.
            for (auto other = children.end(); other != first;) {
                --other;
                if ((*other)->isolate) {
                    (*other)->replaced = true;
                    (*other)->isolate->kill();
                }
            }
        }
        child.inGroup = true;
        restartGroup();
    }

    /// Starts again, in the order in which they were added, what ended together: once all of it has.
    void restartGroup()
    {
        if (std::any_of(children.begin(), children.end(), [](auto &c) { return c->replaced; }))
            return;
        for (std::size_t i = 0; i < children.size(); ++i) { // listeners may add others
            if (std::exchange(children[i]->inGroup, false))
                restartLater(*children[i]);
        }
    }

    /// Whether one restart more is one too many.
    bool tooMany()
    {
        const auto now = timers.now();
        std::erase_if(restarts, [&](auto time) { return now - time > options.period; });
        restarts.push_back(now);
        return restarts.size() > options.maxRestarts;
    }

    void restartLater(Child &child)
    {
        if (timers.now() - child.lastStart > options.period)
            child.restartsInARow = 0;
        auto pause = options.backoff;
        for (unsigned i = 0; i < child.restartsInARow && pause < options.maxBackoff; ++i)
            pause *= 2;
        ++child.restartsInARow;
        pause = std::min(pause, std::max(options.maxBackoff, options.backoff));
        if (pause.count() <= 0)
            return launch(child, SupervisorEvent::Kind::restarted);
        child.timer = Timer::once(pause, [weak = weak_from_this(), name = child.name] {
            auto self = weak.lock();
            Child *waiting = self ? self->find(name) : nullptr;
            if (waiting && waiting->wanted && !waiting->isolate && !self->hasGivenUp)
                self->launch(*waiting, SupervisorEvent::Kind::restarted);
        });
    }

    void giveUp()
    {
        hasGivenUp = true;
        endAll();
        tell({SupervisorEvent::Kind::gaveUp, {}, {}, {}});
    }

    void endAll()
    {
        for (auto child = children.rbegin(); child != children.rend(); ++child) {
            (*child)->wanted = false;
            (*child)->timer.cancel();
            if ((*child)->isolate)
                (*child)->isolate->kill();
        }
    }

    void writeRecord() const
    {
        if (options.record.empty())
            return;
        auto fresh = options.record;
        fresh += ".new";
        {
            std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
            for (const auto &child : children) {
                if (child->wanted)
                    out << child->name << '\n';
            }
            for (const std::string &name : recorded)
                out << name << '\n';
            if (!out.flush())
                return reportRecord("could not be written");
        }
        std::error_code error;
        std::filesystem::rename(fresh, options.record, error);
        if (error)
            reportRecord(error.message());
    }
    void reportRecord(const std::string &why) const
    {
        Cell &cell = Cell::expectCurrent("Supervisor");
        cell.runtime().parts().reportUnheard(
            {cell.id(),
             cell.name(),
             "supervisor \"" + options.name + "\": its record " + options.record.string() + ": " + why,
             {}});
    }

    const SupervisorOptions options;
    StreamController<SupervisorEvent> events;
    Timers &timers;
    std::optional<RawReceivePort<ExitNotice>> exits;
    std::vector<std::unique_ptr<Child>> children; ///< in the order in which they were added
    std::vector<std::string> recorded; ///< that were to run when the program ended, and were not added yet
    std::vector<Clock::time_point> restarts;
    bool hasGivenUp = false;
};

Supervisor::Supervisor(SupervisorOptions options) : m_impl(std::make_shared<Impl>(std::move(options)))
{
    m_impl->exits.emplace([weak = std::weak_ptr(m_impl)](ExitNotice notice) {
        if (auto self = weak.lock())
            self->childEnded(notice);
    });
}
Supervisor::Supervisor(Supervisor &&) noexcept = default;
Supervisor &Supervisor::operator=(Supervisor &&other) noexcept
{
    if (m_impl)
        m_impl->endAll();
    m_impl = std::move(other.m_impl);
    return *this;
}
Supervisor::~Supervisor()
{
    if (m_impl)
        m_impl->endAll(); // the record stays as it is: these were to run
}

bool Supervisor::add(const std::string &name, Restart restart, Start start, bool startNow)
{
    if (m_impl->hasGivenUp || m_impl->find(name))
        return false;
    auto child = std::make_unique<Impl::Child>();
    child->name = name;
    child->restart = restart;
    child->start = std::move(start);
    m_impl->children.push_back(std::move(child));
    std::erase(m_impl->recorded, name);
    if (startNow) {
        m_impl->launch(*m_impl->children.back(), SupervisorEvent::Kind::started);
        m_impl->writeRecord();
    }
    return true;
}

bool Supervisor::recorded(const std::string &name) const
{
    return std::find(m_impl->recorded.begin(), m_impl->recorded.end(), name) != m_impl->recorded.end();
}

bool Supervisor::start(const std::string &name)
{
    Impl::Child *child = m_impl->find(name);
    if (!child || child->isolate || m_impl->hasGivenUp)
        return false;
    child->timer.cancel();
    m_impl->launch(*child, SupervisorEvent::Kind::started);
    m_impl->writeRecord();
    return child->wanted;
}

bool Supervisor::stop(const std::string &name)
{
    Impl::Child *child = m_impl->find(name);
    if (!child || !child->wanted)
        return false;
    child->wanted = false;
    child->replaced = false;
    child->inGroup = false;
    child->timer.cancel();
    if (child->isolate)
        child->isolate->kill();
    m_impl->writeRecord();
    return true;
}

Stream<SupervisorEvent> Supervisor::events() const
{
    return m_impl->events.stream();
}

std::optional<Isolate> Supervisor::child(const std::string &name) const
{
    Impl::Child *child = m_impl->find(name);
    return child ? child->isolate : std::nullopt;
}

bool Supervisor::gaveUp() const
{
    return m_impl->hasGivenUp;
}

} // namespace isolate
