#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace isolate {

using IsolateId = std::uint64_t;

/// Why an isolate ended.
enum class ExitReason : std::uint8_t {
    finished, ///< its entry returned and nothing was left to wait for
    error, ///< an error that nothing caught, with errors fatal
    killed, ///< by `kill`, or by the shutdown of its runtime
    exited, ///< by `exit`
};

/// English name of a reason, for logs. @thread any
[[nodiscard]] std::string_view toString(ExitReason reason) noexcept;

/// Sent to exit listeners as the last act of an isolate.
struct ExitNotice {
    IsolateId isolate = 0;
    std::string name;
    ExitReason reason = ExitReason::finished;
};

/// Sent to error listeners: the text of an error that nothing in the isolate caught. `stack` is empty where the
/// platform keeps none.
struct ErrorNotice {
    IsolateId isolate = 0;
    std::string name;
    std::string text;
    std::string stack;
};

/// What a future fails with when the isolate that owed the value ended without giving it.
class EndedWithoutResult : public std::runtime_error {
public:
    EndedWithoutResult() : std::runtime_error("computation ended without result") {}
};

/// What a future fails with when its deadline passed.
class TimedOut : public std::runtime_error {
public:
    TimedOut() : std::runtime_error("no answer came before the deadline") {}
};

/// What a future fails with when its task was cancelled.
class Cancelled : public std::runtime_error {
public:
    Cancelled() : std::runtime_error("the task was cancelled") {}
};

} // namespace isolate
