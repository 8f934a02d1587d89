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
    using std::runtime_error::runtime_error;
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
    /// The token; null where this is not the main isolate, or no `MainServices` lives there.
    static RootToken instance();

    RootToken() noexcept = default;
    explicit operator bool() const noexcept { return static_cast<bool>(m_port); }
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
/// time.
/// @thread ui
class MainServices {
public:
    /// Anywhere but on the main isolate it is a `std::logic_error`.
    MainServices();
    ~MainServices();
    MainServices(const MainServices &) = delete;
    MainServices &operator=(const MainServices &) = delete;

    /// `handler(Q)` answers calls of `service`, on the main isolate; what it throws, the caller gets.
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

/// How a background isolate reaches the services of the main isolate. @thread isolate
class BackgroundServices {
public:
    /// Once in each isolate, before the first call; again with the same token it does nothing. A `ServiceError` for a
    /// null or another token, and on the main isolate, which calls its services directly.
    static void ensureInitialized(const RootToken &token);

    /// Asks a service. The future fails with what its handler threw, or with a `ServiceError`.
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
    /// Refused: a message that was not asked for goes to the main isolate, never to a background one. Tells what to do
    /// instead.
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
