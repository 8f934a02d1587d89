#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

namespace isolate {

/// Of an isolate: unique in the process and never used again; 0 is that of none.
using IsolateId = std::uint64_t;

/// Why an isolate ended.
enum class ExitReason : std::uint8_t {
    finished, ///< its entry returned and nothing was left to wait for
    error, ///< an error that nothing caught, with errors fatal
    killed, ///< by `kill`, by the shutdown of its runtime, or with the main isolate on whose thread it ran
    exited, ///< by `exit`
};

/// English name of a reason, for logs; it lives for ever. @thread any
[[nodiscard]] std::string_view toString(ExitReason reason) noexcept;

/// Sent to exit listeners as the last act of an isolate.
struct ExitNotice {
    IsolateId isolate = 0; ///< the one that ended
    std::string name; ///< its name
    ExitReason reason = ExitReason::finished; ///< why
};

/// Sent to error listeners: the text of an error that nothing in the isolate caught.
struct ErrorNotice {
    IsolateId isolate = 0; ///< the one that failed
    std::string name; ///< its name
    std::string text; ///< `what()`, or the text that was thrown; of anything else a sentence that names its type
    std::string stack; ///< where it was thrown; empty where the platform keeps none, as all do now
};

/// What one port hears that listens to both: the error that ends an isolate before its end.
using Notice = std::variant<ErrorNotice, ExitNotice>;

/// What a future fails with when the isolate that owed the value ended without giving it.
class EndedWithoutResult : public std::runtime_error {
public:
    /// With a text that says so.
    EndedWithoutResult() : std::runtime_error("computation ended without result") {}
};

/// What a future fails with when its deadline passed.
class TimedOut : public std::runtime_error {
public:
    /// With a text that says so.
    TimedOut() : std::runtime_error("no answer came before the deadline") {}
};

/// What a future fails with when its task was cancelled.
class Cancelled : public std::runtime_error {
public:
    /// With a text that says so.
    Cancelled() : std::runtime_error("the task was cancelled") {}
};

} // namespace isolate
