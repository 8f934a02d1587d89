#pragma once

#include "isolate_core/ask.h"
#include "isolate_core/receive_port.h"
#include "isolate_core/runtime.h"

#include <map>
#include <typeinfo>

namespace isolate {

/// What a call of a service of the main isolate fails with: no such service, wrong types, not initialised.
class ServiceError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error; ///< With a text that says which of these.
};

namespace detail {
/// A value of a type that both sides know.
struct ServiceValue {
    ServiceValue() = default;
    template <class T>
    explicit ServiceValue(T v)
        : type(&typeid(T)), data(new T(std::move(v)), [](void *p) { delete static_cast<T *>(p); })
    {
    }
    template <class T>
    T take()
    {
        if (!type || *type != typeid(T))
            throw ServiceError(std::string("a service was called with, or answers with, another type than ")
                               + typeid(T).name());
        return std::move(*static_cast<T *>(data.get()));
    }
    const std::type_info *type = nullptr;
    std::unique_ptr<void, void (*)(void *)> data{nullptr, [](void *) {}};
};
struct ServiceReply {
    std::uint64_t id = 0;
    ServiceValue value;
    std::exception_ptr error;
};
struct ServiceCall {
    std::uint64_t id = 0;
    std::string service;
    ServiceValue question;
    SendPort<ServiceReply> replyTo;
};
} // namespace detail
template <>
struct IsSendableClass<detail::ServiceValue> : std::true_type {
};

/// The right of a background isolate to use the services of the main isolate. It is had on the main isolate alone, and
/// sent to those that may. @thread any
class RootToken {
public:
    /// The token; null where this is not the main isolate, or no `MainServices` lives there. The same until those go.
    static RootToken instance();

    /// Null: a right to nothing.
    RootToken() noexcept = default;
    /// Not null; says nothing about whether its services still live.
    explicit operator bool() const noexcept { return static_cast<bool>(m_port); }
    /// Whether both are for the same services.
    friend bool operator==(const RootToken &, const RootToken &) noexcept = default;

private:
    friend class MainServices;
    friend class BackgroundServices;
    explicit RootToken(SendPort<detail::ServiceCall> port) : m_port(std::move(port)) {}
    SendPort<detail::ServiceCall> m_port;
};
template <>
struct IsSendableClass<RootToken> : std::true_type {
};

/// What the main isolate does for others: settings, clipboard, notifications, all that lives on its thread. One at a
/// time. It does not keep the main isolate alive, and is destroyed before that ends. @thread main
class MainServices {
public:
    /// On another isolate, or when the main isolate has its services already, it is a `std::logic_error`.
    MainServices();
    /// Calls that were not answered, and all after, fail with a `ServiceError`.
    ~MainServices();
    MainServices(const MainServices &) = delete;
    MainServices &operator=(const MainServices &) = delete;

    /// `handler(Q)` answers calls of `service`, on the main isolate, one an event; what it throws, the caller gets. It
    /// returns what converts to `R`, and is no coroutine. The same name again replaces the handler, but not from within
    /// it.
    template <class R, class Q, class F>
    void provide(const std::string &service, F handler)
    {
        static_assert(Sendable<Q> && Sendable<R>, "isolate: what a service is asked and answers must be sendable");
        m_handlers[service] = [handler = std::move(handler)](detail::ServiceValue question) mutable {
            return detail::ServiceValue(static_cast<R>(handler(question.take<Q>())));
        };
    }

private:
    void serve(detail::ServiceCall call);
    std::map<std::string, detail::UniqueFunction<detail::ServiceValue(detail::ServiceValue)>> m_handlers;
    RawReceivePort<detail::ServiceCall> m_port;
};

/// How a background isolate reaches the services of the main isolate. @thread isolate, but not the main one
class BackgroundServices {
public:
    /// Once in each isolate, before the first call; again with the same token it does nothing. A `ServiceError` for a
    /// null or another token, and on the main isolate, which calls its services directly.
    static void ensureInitialized(const RootToken &token);

    /// Asks a service. `Q` and `R` are those of `provide`. The future fails with what the handler threw, or with a
    /// `ServiceError`: not initialised here, no such service, other types, or the services are gone. Does not block,
    /// and keeps this isolate alive until the answer came. Cost: a message there and one back, and a few allocations.
    template <class R, class Q>
    static Future<R> call(const std::string &service, Q question)
    {
        static_assert(Sendable<Q> && Sendable<R>, "isolate: what a service is asked and answers must be sendable");
        auto completer = std::make_shared<Completer<R>>();
        auto future = completer->future();
        send(service, detail::ServiceValue(std::move(question)), [completer](detail::ServiceReply reply) {
            try {
                if (reply.error)
                    std::rethrow_exception(reply.error);
                completer->complete(reply.value.take<R>());
            } catch (...) {
                completer->completeError(std::current_exception());
            }
        });
        return future;
    }
    /// Refused, always with an error: a message that was not asked for goes to the main isolate, never to a background
    /// one. The error tells what to do instead. @thread any
    template <class F>
    static Result<void, ServiceError> setMessageHandler(const std::string &service, F)
    {
        return unsolicitedRefused(service);
    }

private:
    using OnReply = detail::UniqueFunction<void(detail::ServiceReply)>;
    static void send(const std::string &service, detail::ServiceValue question, OnReply onReply);
    static ServiceError unsolicitedRefused(const std::string &service);
};

} // namespace isolate
