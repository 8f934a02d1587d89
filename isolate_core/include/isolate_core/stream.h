#pragma once

#include "isolate_core/detail/stream_state.h"

namespace isolate {

/// One listener's hold on a stream, which lives for as long as this does. Destroying it stops the listening; so does
/// `cancel`. @thread isolate
class [[nodiscard]] StreamSubscription {
public:
    /// To nothing.
    StreamSubscription() noexcept = default;
    /// Of the implementation; see `Stream::listen`.
    StreamSubscription(std::shared_ptr<void> stream, std::weak_ptr<detail::StreamListenerBase> listener)
        : m_stream(std::move(stream)), m_listener(std::move(listener))
    {
    }
    StreamSubscription(StreamSubscription &&) noexcept = default;
    /// Cancels what it had.
    StreamSubscription &operator=(StreamSubscription &&other) noexcept
    {
        cancel();
        m_stream = std::move(other.m_stream);
        m_listener = std::move(other.m_listener);
        return *this;
    }
    ~StreamSubscription() { cancel(); }

    /// Nothing is delivered after this, not even what is on its way within the same event; not the end either. May be
    /// called by the listener itself. Idempotent.
    void cancel() noexcept
    {
        if (auto listener = m_listener.lock())
            listener->active = false;
        m_listener.reset();
        m_stream.reset();
    }
    /// Whether more may come: neither cancelled nor ended.
    [[nodiscard]] bool active() const noexcept
    {
        const auto listener = m_listener.lock();
        return listener && listener->active;
    }

private:
    std::shared_ptr<void> m_stream;
    std::weak_ptr<detail::StreamListenerBase> m_listener;
};

/// Values that come one after another, then an end. A single-subscription stream keeps what comes until somebody
/// listens, once; a broadcast stream gives each value to all who listen at that moment, and keeps nothing. A copy is
/// the same stream. It stays in the isolate that made it; what crosses to another isolate is a `SendPort`. @thread
/// isolate
template <class T>
class Stream {
public:
    using Value = T; ///< What comes.
    /// Of the implementation; see `StreamController::stream`.
    explicit Stream(std::shared_ptr<detail::StreamState<T>> state) : m_state(std::move(state)) {}

    /// Whether it takes any number of listeners.
    [[nodiscard]] bool isBroadcast() const noexcept { return m_state->broadcast; }

    /// Calls `onValue(T)` for each value, `onError(exception_ptr)` for each error and `onDone()` at the end, at once if
    /// the end was reached before, and what was kept before this returns. An error that no function is given for, and
    /// what these throw, is thrown to whoever adds, and is mostly an error of the isolate. A second listener of a
    /// single-subscription stream, also after the first was cancelled, is a `std::logic_error`. Cost: an allocation.
    StreamSubscription listen(detail::UniqueFunction<void(T)> onValue, detail::UniqueFunction<void()> onDone = {},
                              detail::UniqueFunction<void(std::exception_ptr)> onError = {}) const
    {
        auto listener = std::make_shared<detail::StreamListener<T>>();
        listener->onValue = std::move(onValue);
        listener->onDone = std::move(onDone);
        listener->onError = std::move(onError);
        StreamSubscription subscription(m_state, listener);
        m_state->add(std::move(listener));
        return subscription;
    }

    /// `f` of each value. Listens when it is listened to itself, as all of these do; errors and the end pass through.
    /// Of a single-subscription stream only one of these can be listened to.
    template <class F>
    [[nodiscard]] auto map(F f) const
    {
        using U = std::invoke_result_t<F &, T>;
        return derive<U>(
            [f = std::move(f)](detail::StreamState<U> &to, T value) mutable { to.value(f(std::move(value))); });
    }
    /// The values of which `predicate(const T &)` is true.
    template <class F>
    [[nodiscard]] Stream where(F predicate) const
    {
        return derive<T>([predicate = std::move(predicate)](detail::StreamState<T> &to, T value) mutable {
            if (predicate(std::as_const(value)))
                to.value(std::move(value));
        });
    }
    /// Gives every listener each value that comes while it listens; for `T` that can be copied. What was kept goes to
    /// the first listener. A broadcast stream gives itself.
    [[nodiscard]] Stream asBroadcastStream() const
    {
        if (isBroadcast())
            return *this;
        auto shared = derive<T>([](detail::StreamState<T> &to, T value) { to.value(std::move(value)); });
        shared.m_state->broadcast = true;
        return shared;
    }

private:
    template <class U, class F>
    Stream<U> derive(F forward) const
    {
        auto to = std::make_shared<detail::StreamState<U>>(m_state->broadcast);
        to->onFirstListener = [from = *this, forward = std::move(forward), weak = std::weak_ptr(to)]() mutable {
            auto self = weak.lock();
            self->source = std::make_shared<StreamSubscription>(from.listen(
                [weak, forward = std::move(forward)](T value) mutable {
                    if (auto target = weak.lock())
                        forward(*target, std::move(value));
                },
                [weak] {
                    if (auto target = weak.lock())
                        target->done();
                },
                [weak](std::exception_ptr error) {
                    if (auto target = weak.lock())
                        target->error(std::move(error));
                }));
        };
        return Stream<U>(std::move(to));
    }

    template <class U>
    friend class Stream;
    std::shared_ptr<detail::StreamState<T>> m_state;
};

/// The end of a stream at which values go in. Destroying it does not end the stream. @thread isolate
template <class T>
class StreamController {
public:
    /// How many may listen.
    enum class Kind : std::uint8_t {
        singleSubscription, ///< one, once; what comes before is kept
        broadcast, ///< any number; what comes while nobody listens is dropped
    };
    /// A stream that has neither values nor an end.
    explicit StreamController(Kind kind = Kind::singleSubscription)
        : m_state(std::make_shared<detail::StreamState<T>>(kind == Kind::broadcast))
    {
    }
    StreamController(StreamController &&) noexcept = default;
    StreamController &operator=(StreamController &&) noexcept = default;

    /// Gives `value` to the listeners before it returns, and throws what they throw. After `close` nothing happens.
    /// With two listeners a `T` that can't be copied is a `std::logic_error`.
    void add(T value) { m_state->value(std::move(value)); }
    /// The same, of an error, which must not be null; it does not end the stream. Throws it if a listener takes no
    /// errors.
    void addError(std::exception_ptr error) { m_state->error(std::move(error)); }
    /// Ends the stream: calls each listener's `onDone` before it returns. What was kept can still be listened to.
    /// Idempotent.
    void close() { m_state->done(); }
    /// Whether somebody listens now.
    [[nodiscard]] bool hasListener() const noexcept { return m_state->hasListener(); }
    /// The stream, the same at each call.
    [[nodiscard]] Stream<T> stream() const { return Stream<T>(m_state); }

private:
    std::shared_ptr<detail::StreamState<T>> m_state;
};

} // namespace isolate
