#pragma once

#include "isolate_core/receive_port.h"
#include "isolate_core/runtime.h"

namespace isolate {

/// What calls fail with after an agent has ended, also those that were under way.
class AgentEnded : public std::logic_error {
public:
    /// With a text that says so.
    AgentEnded() : std::logic_error("the agent has ended") {}
};

/// What calls fail with while an agent is parked by an error; `cause` is that error.
class AgentParked : public std::runtime_error {
public:
    /// `error`: what parked the agent.
    explicit AgentParked(std::exception_ptr error)
        : std::runtime_error("the agent is parked by an error; look at cause() and call resetError()"),
          m_cause(std::move(error))
    {
    }
    /// What `update` threw, as the same type; never null.
    [[nodiscard]] const std::exception_ptr &cause() const noexcept { return m_cause; }

private:
    std::exception_ptr m_cause;
};

/// State that lives in an isolate of its own, and is changed there by functions that come as messages, one at a time in
/// the order in which each caller sent them. An error of `update` parks it: every call fails until `resetError`.
/// Functions are as entries: they capture nothing, and get the state and then their arguments. They are no coroutines.
/// A copy is a handle to the same agent; it ends by `exit`, or when the last handle goes, after what was asked of it
/// before. A call fails with `AgentEnded` once it has ended. Cost of a call: a message there and one back. @thread any
template <class S>
class Agent {
    static_assert(Sendable<S>, "isolate: the state of an agent must be sendable: it comes back by exit()");
    struct Inside {
        std::optional<S> state;
        std::exception_ptr parked;
        ReceivePort<detail::UniqueFunction<void(Inside &)>> *port = nullptr;
    };
    using Job = detail::UniqueFunction<void(Inside &)>;
    struct Handle {
        explicit Handle(detail::Ref<detail::PortState<Job>> p) : port(std::move(p)) {}
        ~Handle()
        {
            port->send([](Inside &inside) { inside.port->close(); });
        }
        detail::Ref<detail::PortState<Job>> port;
    };
    /// Fails with `AgentEnded` when it is dropped.
    template <class R>
    struct Owed {
        explicit Owed(Completer<R> c) : completer(std::move(c)) {}
        Owed(Owed &&) noexcept = default;
        ~Owed()
        {
            if (completer.state())
                completer.completeError(AgentEnded());
        }
        Completer<R> completer;
    };

public:
    /// Starts it with what `make(args...)` gives, called in its isolate. An error if no isolate could be had. What
    /// `make` throws is an error of that isolate, and every call then fails.
    template <class F, class... Args>
    static Result<Agent, SpawnError> create(SpawnOptions options, F make, Args &&...args)
    {
        detail::checkEntry<F, Args...>();
        auto cell = detail::makeCell(options);
        if (!cell)
            return std::move(cell).error();
        auto port = detail::makeRef<detail::PortState<Job>>(**cell, PortOptions{});
        port->open();
        auto handle = std::make_shared<Handle>(port);
        detail::startCell(
            **cell,
            [port, make, bound = std::make_tuple(std::remove_cvref_t<Args>(std::forward<Args>(args))...)]() mutable {
                ReceivePort<Job> jobs{RawReceivePort<Job>(std::move(port))};
                detail::startRoot(serve(std::move(jobs), std::apply(make, std::move(bound))));
            });
        return Agent(std::move(handle));
    }
    /// Starts it with a state that is moved there, on the pool, under the name "agent".
    static Result<Agent, SpawnError> create(S initial)
    {
        return create(
            SpawnOptions{.name = "agent"}, [](S state) { return state; }, std::move(initial));
    }

    /// Runs `f(S &, args...)`; the future is there when it has run. It fails with what `f` threw, which parks the agent
    /// with the state as `f` left it, or with `AgentParked`, and then `f` was not run.
    template <class F, class... Args>
    Future<void> update(F f, Args... args) const
    {
        return call<void, true>(f, std::move(args)...);
    }
    /// Gives what `f(const S &, args...)` gives: a value, nothing that refers to the state. An error of it fails this
    /// call alone. Fails with `AgentParked` as `update` does.
    template <class F, class... Args>
    auto read(F f, Args... args) const
    {
        using R = std::invoke_result_t<F, const S &, Args...>;
        if constexpr (!std::is_void_v<R>)
            detail::requireSendable<R>();
        return call<R, false>(f, std::move(args)...);
    }
    /// Ends the agent and gives its state back, moved. Also of a parked one. What is asked after it fails.
    Future<S> exit() const
    {
        return submit<S>([](Inside &inside, Completer<S> &completer) {
            completer.complete(std::move(*inside.state));
            inside.port->close();
        });
    }
    /// Lets a parked agent go on with the state that it has; does nothing to one that is not parked.
    Future<void> resetError() const
    {
        return submit<void>([](Inside &inside, Completer<void> &completer) {
            inside.parked = nullptr;
            completer.complete();
        });
    }

private:
    explicit Agent(std::shared_ptr<Handle> handle) : m_handle(std::move(handle)) {}

    static Task<> serve(ReceivePort<Job> port, S initial)
    {
        Inside inside{std::move(initial), nullptr, &port};
        while (auto job = co_await port.next())
            (*job)(inside);
    }
    template <class R, class Work>
    Future<R> submit(Work work) const
    {
        Completer<R> completer;
        auto future = completer.future();
        m_handle->port->send([owed = Owed<R>(std::move(completer)), work = std::move(work)](Inside &inside) mutable {
            work(inside, owed.completer);
        });
        return future;
    }
    template <class R, bool parks, class F, class... Args>
    Future<R> call(F f, Args... args) const
    {
        static_assert(
            SendableEntry<F> && (Sendable<Args> && ...),
            "isolate: what an agent runs is a function that captures nothing; pass what it works on as arguments");
        return submit<R>(
            [f, bound = std::make_tuple(std::move(args)...)](Inside &inside, Completer<R> &completer) mutable {
                if (inside.parked) {
                    completer.completeError(AgentParked(inside.parked));
                    return;
                }
                try {
                    std::apply(
                        [&](auto &&...a) {
                            using State = std::conditional_t<parks, S, const S>;
                            if constexpr (std::is_void_v<R>) {
                                f(static_cast<State &>(*inside.state), std::move(a)...);
                                completer.complete();
                            } else {
                                completer.complete(f(static_cast<State &>(*inside.state), std::move(a)...));
                            }
                        },
                        std::move(bound));
                } catch (const detail::Unwind &) {
                    throw;
                } catch (...) {
                    if (parks)
                        inside.parked = std::current_exception();
                    completer.completeError(std::current_exception());
                }
            });
    }

    std::shared_ptr<Handle> m_handle;
};

template <class S>
struct IsSendableClass<Agent<S>> : std::true_type {
};

} // namespace isolate
