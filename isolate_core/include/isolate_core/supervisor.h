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
    temporary, ///< never
};

struct SupervisorOptions {
    std::string name = "supervisor";
    RestartStrategy strategy = RestartStrategy::oneForOne;
    /// More restarts than this within `period` and the supervisor gives up: it ends its children and says so.
    unsigned maxRestarts = 3;
    std::chrono::nanoseconds period = std::chrono::seconds(5);
    /// The pause before the first restart of a child; doubled for each one after within `period`, up to `maxBackoff`.
    std::chrono::nanoseconds backoff{0};
    std::chrono::nanoseconds maxBackoff = std::chrono::seconds(30);
    /// Where the names of the children that are to run are kept from one start of the program to the next; empty:
    /// nowhere.
    std::filesystem::path record = {};
};

/// What a supervisor did, for logs and tests.
struct SupervisorEvent {
    enum class Kind : std::uint8_t { started, restarted, ended, gaveUp, failedToStart } kind{};
    std::string child;
    ExitReason reason = ExitReason::finished; ///< of `ended`
    std::string error; ///< of `failedToStart`
};

/// Starts isolates and starts them again when they end. It belongs to the isolate that made it, and destroying it ends
/// its children. To supervise supervisors, make one in a child. @thread isolate
class Supervisor {
public:
    explicit Supervisor(SupervisorOptions options = {});
    Supervisor(Supervisor &&) noexcept;
    Supervisor &operator=(Supervisor &&) noexcept;
    ~Supervisor();

    /// Adds a child and starts it: an isolate that runs `entry(args...)`. The arguments are kept, and copied for each
    /// start. False when a child of that name exists, or the supervisor gave up.
    template <class F, class... Args>
    bool add(const std::string &name, Restart restart, SpawnOptions options, F entry, Args... args)
    {
        return add(name, restart, bindStart(name, std::move(options), entry, std::move(args)...), true);
    }
    /// Adds a child that is started only if `record` says that it was to run when the program ended. True if it was.
    template <class F, class... Args>
    bool restore(const std::string &name, Restart restart, SpawnOptions options, F entry, Args... args)
    {
        const bool wasRunning = recorded(name);
        return add(name, restart, bindStart(name, std::move(options), entry, std::move(args)...), wasRunning)
            && wasRunning;
    }
    /// Starts a child that was added and does not run. False when there is none of that name, or it runs.
    bool start(const std::string &name);
    /// Ends a child for good; it stays known for `start`. False when it does not run.
    bool stop(const std::string &name);

    /// What happens from now on; a broadcast stream.
    [[nodiscard]] Stream<SupervisorEvent> events() const;
    [[nodiscard]] std::optional<Isolate> child(const std::string &name) const;
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
