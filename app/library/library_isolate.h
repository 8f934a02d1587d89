#pragma once

#include "library/messages.h"

#include <isolate_core/isolate.h>

#include <filesystem>
#include <string>

namespace steadyframe::library {

/// The name under which the library's isolate is registered: any isolate finds it there and uses it, and none knows who
/// started it.
inline const std::string libraryName = "steadyframe.library";

/// What came of starting the library.
struct StartedLibrary {
    isolate::Isolate isolate;
    isolate::SendPort<LibraryMessage> port;
    OpenReport report;
};

/// Opens the library in a dedicated isolate and registers it. The future gives the error when it can't be opened; then
/// no isolate is left. The isolate ends when it is killed. @thread isolate
[[nodiscard]] isolate::Future<LibraryAnswer<StartedLibrary>> startLibrary(const std::filesystem::path &path);

/// Asks the library. The future fails with `EndedWithoutResult` when it ends before it answered. @thread any
template <class Request>
[[nodiscard]] isolate::Future<typename Request::Answer> ask(const isolate::SendPort<LibraryMessage> &library,
                                                            Request request)
{
    Asked<Request> asked{std::move(request)};
    auto answer = asked.reply.future();
    library.send(LibraryMessage(std::move(asked)));
    return answer;
}

} // namespace steadyframe::library
