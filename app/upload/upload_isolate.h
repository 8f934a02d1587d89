#pragma once

#include "upload/messages.h"
#include "upload/retry.h"
#include "upload/send_rate.h"

#include <isolate_core/isolate.h>
#include <isolate_core/result.h>

#include <string>

namespace steadyframe::upload {

/// An upload isolate, and where its jobs are sent. It ends when it is killed.
struct Uploader {
    isolate::Isolate isolate;
    isolate::SendPort<Job> jobs;
};

/// Starts a long-lived isolate that uploads one file at a time and keeps its connection between them. Its calls block,
/// so it is placed on a thread of its own; on the main isolate for the comparison alone, where it holds the window up.
/// `events` hears of every job; `rate` limits what all who have it send together. @thread isolate
[[nodiscard]] isolate::Future<Uploader> startUploader(const std::string &name, isolate::Placement placement,
                                                      isolate::SendPort<Event> events, SharedRate rate,
                                                      const Patience &patience = {});

} // namespace steadyframe::upload
