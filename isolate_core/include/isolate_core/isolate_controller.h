#pragma once

#include "isolate_core/receive_port.h"
#include "isolate_core/runtime.h"

namespace isolate {

/// The inner end of an `IsolateController`: what the isolate's entry gets first. @thread isolate
template <class In, class Out>
class IsolateChannel {
public:
    /// Of the implementation; see `IsolateController::create`.
    IsolateChannel(RawReceivePort<In> in, SendPort<Out> out) : m_in(std::move(in)), m_out(std::move(out)) {}
    IsolateChannel(IsolateChannel &&) noexcept = default;

    /// Awaitable: the next message as a `std::optional`, nothing once the channel was closed from inside. A controller
    /// that closes kills the isolate, and then this does not go on. One at a time; a second is a `std::logic_error`.
    auto next() { return m_in.next(); }
    /// Answers to the controller, and does not wait. False when it is gone.
    bool send(Out answer) const { return m_out.send(std::move(answer)); }
    /// Closed from inside: `next` gives nothing more, and the isolate ends when nothing else is left to wait for.
    void close() noexcept { m_in.close(); }

private:
    ReceivePort<In> m_in;
    SendPort<Out> m_out;
};

/// A long-lived isolate and the two-way channel to it. `create` gives it `entry(IsolateChannel<In, Out>, args...)`, a
/// function or a coroutine; `send` reaches it from the first moment, `answers` are a broadcast stream here. It is
/// closed from outside by `close` or the destructor, or from inside by its entry: by returning, or when it gets a
/// message that says so, for which `In` is best a sealed type, a `std::variant` with a close message among its
/// alternatives. It belongs to the isolate that made it, and keeps it alive until the other has ended. @thread isolate
template <class In, class Out>
class IsolateController {
    struct State {
        explicit State(SendPort<In> in) : to(std::move(in)), answers(StreamController<Out>::Kind::broadcast) {}
        SendPort<In> to;
        StreamController<Out> answers;
        std::optional<RawReceivePort<Out>> from;
        std::optional<RawReceivePort<ExitNotice>> exits;
        Completer<ExitNotice> closed;
    };

public:
    /// Starts the isolate. An error as of `spawnWith`. What `entry` throws is an error of the isolate that it runs in.
    template <class F, class... Args>
    static Result<IsolateController, SpawnError> create(SpawnOptions options, F entry, Args &&...args)
    {
        static_assert(
            SendableEntry<F> && (Sendable<Args> && ...),
            "isolate: the entry of a controller is a function that captures nothing; its arguments are sendable");
        auto cell = detail::makeCell(options);
        if (!cell)
            return std::move(cell).error();
        auto port = detail::makeRef<detail::PortState<In>>(**cell, PortOptions{});
        port->open(); // the isolate has not started, so nobody else touches it
        auto state = std::make_shared<State>(detail::PortAccess::sendPort(port));
        state->from.emplace([weak = std::weak_ptr(state)](Out answer) {
            if (auto s = weak.lock())
                s->answers.add(std::move(answer));
        });
        state->exits.emplace([weak = std::weak_ptr(state)](ExitNotice notice) {
            if (auto s = weak.lock())
                ended(*s, std::move(notice));
        });
        Isolate isolate(*cell);
        isolate.addOnExitListener(state->exits->sendPort());
        detail::startCell(
            **cell,
            [port, out = state->from->sendPort(), entry,
             bound = std::make_tuple(std::remove_cvref_t<Args>(std::forward<Args>(args))...)]() mutable {
                using Channel = IsolateChannel<In, Out>;
                auto all
                    = std::tuple_cat(std::tuple<Channel>(Channel(RawReceivePort<In>(std::move(port)), std::move(out))),
                                     std::move(bound));
                if constexpr (detail::isTask<std::invoke_result_t<F, Channel, std::remove_cvref_t<Args>...>>)
                    detail::startRoot(detail::entryWith(entry, std::move(all)));
                else
                    std::apply(entry, std::move(all));
            });
        return IsolateController(std::move(isolate), std::move(state));
    }
    IsolateController(IsolateController &&) noexcept = default;
    /// Closes what it had.
    IsolateController &operator=(IsolateController &&other) noexcept
    {
        close();
        m_isolate = std::move(other.m_isolate);
        m_state = std::move(other.m_state);
        return *this;
    }
    ~IsolateController() { close(); }

    /// Sends it a message, and does not wait. False when its channel was closed or it has ended.
    bool send(In message) const { return m_state->to.send(std::move(message)); }
    /// Broadcast: an answer that comes while nobody listens is dropped. Ends when the isolate has ended, after the last
    /// answer; not if the controller is destroyed before.
    [[nodiscard]] Stream<Out> answers() const { return m_state->answers.stream(); }
    /// As `Isolate::errors`.
    [[nodiscard]] Stream<ErrorNotice> errors() const { return m_isolate.errors(); }
    /// Why it ended, once it has, whoever closed it. Ask once. Fails with `EndedWithoutResult` if the controller is
    /// destroyed before.
    [[nodiscard]] Future<ExitNotice> closed() const { return m_state->closed.future(); }
    /// A handle to the isolate; copies of it outlive the controller.
    [[nodiscard]] const Isolate &isolate() const noexcept { return m_isolate; }

    /// Closed from outside: kills the isolate before its next event and stops its stop token. What waits is not run.
    /// Does not wait for the end; that is `closed`. Idempotent.
    void close()
    {
        if (m_state && m_state->exits)
            m_isolate.kill();
    }

private:
    IsolateController(Isolate isolate, std::shared_ptr<State> state)
        : m_isolate(std::move(isolate)), m_state(std::move(state))
    {
    }
    static void ended(State &state, ExitNotice notice)
    {
        state.from->close();
        state.exits->close();
        state.answers.close();
        state.closed.complete(std::move(notice));
    }

    Isolate m_isolate;
    std::shared_ptr<State> m_state;
};

} // namespace isolate
