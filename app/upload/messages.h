#pragma once

#include "upload/destination.h"
#include "upload/target.h"

#include <isolate_core/future.h>

#include <cstdint>
#include <stop_token>
#include <string>
#include <variant>

namespace steadyframe::upload {

/// Names the photo that an upload belongs to.
using JobId = std::int64_t;

/// To an upload isolate: one file. It works on one at a time, in the order in which they came.
struct Job {
    JobId id = 0;
    Target target;
    UploadRequest request;
    std::stop_token cancel; ///< ends it and removes what the server has
    std::stop_token suspend; ///< ends it and leaves what the server has, to go on later
};

/// The upload exists at the server. The isolate waits for `recorded` before it sends the first byte, so that the
/// address is durable by then.
struct Created {
    JobId id = 0;
    std::string resumeUrl;
    isolate::Completer<void> recorded;
};
/// The server has this many bytes.
struct Acknowledged {
    JobId id = 0;
    std::uint64_t offset = 0;
};
/// A fault that is waited out; the upload goes on by itself.
struct Waiting {
    JobId id = 0;
    std::string message;
    bool isNetwork = false; ///< nobody answers; else the server asks to wait or failed
};
/// The server confirmed all of it.
struct Arrived {
    JobId id = 0;
    UploadReceipt receipt;
};
/// It ended without arriving; `UploadErrc::cancelled` when one of the tokens ended it.
struct NotArrived {
    JobId id = 0;
    UploadError error;
};

/// From an upload isolate, in the order in which things happened. Each job ends with one `Arrived` or `NotArrived`.
using Event = std::variant<Created, Acknowledged, Waiting, Arrived, NotArrived>;

} // namespace steadyframe::upload
