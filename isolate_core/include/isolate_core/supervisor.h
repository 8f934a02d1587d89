#pragma once

#include "isolate_core/receive_port.h"
#include "isolate_core/runtime.h"
#include "isolate_core/timer.h"

#include <filesystem>

namespace isolate {

/// Which children are started again when one has ended.
enum class RestartStrategy : std::uint8_t {
    oneForOne, ///< that one
    oneForAll, ///< all of them
    restForOne, ///< that one and those that were added after it
};

/// Whether a child is started again.
enum class Restart : std::uint8_t {
    permanent, ///< however it ended
    transient, ///< when it ended by an error or was killed
    temporary, ///< never for its own end; with others by `oneForAll` and `restForOne`
};

/// How to make a supervisor.
struct SupervisorOptions {
    std::string name = "supervisor"; ///< for people: what it reports of itself is under this name
    RestartStrategy strategy = RestartStrategy::oneForOne; ///< whom an end restarts
    /// More restarts than this within `period` and the supervisor gives up: it ends its children and says so. A failure
    /// that restarts several children counts once.
    unsigned maxRestarts = 3;
    std::chrono::nanoseconds period = std::chrono::seconds(5); ///< on the runtime's clock
    /// The pause before the first restart of a child; doubled for each one after within `period`, up to `maxBackoff`.
    std::chrono::nanoseconds backoff{0};
    std::chrono::nanoseconds maxBackoff = std::chrono::seconds(30); ///< no less than `backoff`
    /// Where the names of the children that are to run are kept from one start of the program to the next, one a line;
    /// empty: nowhere. It is replaced as a whole, beside a file of the same name with ".new". A failure to write it is
    /// told to the runtime's error sink.
    std::filesystem::path record = {};
};

/// What a supervisor did, for logs and tests.
struct SupervisorEvent {
    /// What it was.
    enum class Kind : std::uint8_t {
        started, ///< by `add`, `restore` or `start`
        restarted, ///< after its end
        ended, ///< for whatever reason
        gaveUp, ///< too many restarts; the children that it ends come after
        failedToStart, ///< no isolate could be had; it is not tried again
    } kind{}; ///< what it was
    std::string child; ///< its name; empty of `gaveUp`
    ExitReason reason = ExitReason::finished; ///< of `ended`
    std::string error; ///< of `failedToStart`
};

/// Starts isolates and starts them again when they end. It belongs to the isolate that made it, keeps that alive, and
/// destroying it ends its children. To supervise supervisors, make one in a child. @thread isolate
class Supervisor {
public:
    /// With no children.
    explicit Supervisor(SupervisorOptions options = {});
    Supervisor(Supervisor &&) noexcept; ///< What was moved from can only be destroyed or assigned to.
    Supervisor &operator=(Supervisor &&) noexcept; ///< Ends the children that it had.
    /// Kills the children, the youngest first, and does not wait for their end. The record stays: they were to run.
    ~Supervisor();

    /// Adds a child and starts it: an isolate that runs `entry(args...)`. The arguments are kept, and copied for each
    /// start. False when a child of that name exists, or the supervisor gave up. True also when it could not be
    /// started, which is an event. The name has no line break. `options.onExit` is not used. Blocks while the record is
    /// written.
    template <class F, class... Args>
    bool add(const std::string &name, Restart restart, SpawnOptions options, F entry, Args... args)
    {
        return add(name, restart, bindStart(name, std::move(options), entry, std::move(args)...), true);
    }
    /// Adds a child that is started only if `record` says that it was to run when the program ended. True if it was.
    /// False also where `add` would be. Blocks while the record is written; it was read when the supervisor was made.
    template <class F, class... Args>
    bool restore(const std::string &name, Restart restart, SpawnOptions options, F entry, Args... args)
    {
        const bool wasRunning = recorded(name);
        return add(name, restart, bindStart(name, std::move(options), entry, std::move(args)...), wasRunning)
            && wasRunning;
    }
    /// Starts a child that was added and does not run. False when there is none of that name, it runs, it was stopped
    /// and has not ended yet, it could not be started, or the supervisor gave up.
    bool start(const std::string &name);
    /// Ends a child for good, by `kill`, and does not wait for it; it stays known for `start`. Also one that waits to
    /// be restarted. False when it is not to run.
    bool stop(const std::string &name);

    /// What happens from now on; a broadcast stream. Does not end.
    [[nodiscard]] Stream<SupervisorEvent> events() const;
    /// The isolate of that child; nothing when there is none of that name, or it does not run at the moment.
    [[nodiscard]] std::optional<Isolate> child(const std::string &name) const;
    /// Whether there were too many restarts; then nothing is started any more.
    [[nodiscard]] bool gaveUp() const;

private:
    using Start = std::function<Result<Isolate, SpawnError>(const SendPort<ExitNotice> &)>;

    template <class F, class... Args>
    static Start bindStart(const std::string &name, SpawnOptions options, F entry, Args... args)
    {
        detail::checkEntry<F, Args...>();
        if (options.name.empty())
            options.name = name;
        return [options, entry, args...](const SendPort<ExitNotice> &onExit) mutable {
            options.onExit = onExit;
            return std::apply([&](auto... a) { return spawnWith(options, entry, std::move(a)...); },
                              std::tuple(args...));
        };
    }
    bool add(const std::string &name, Restart restart, Start start, bool startNow);
    bool recorded(const std::string &name) const;

    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

} // namespace isolate
