#pragma once

#include "receiver/receiver_options.h"

#include <isolate_core/result.h>

#include <filesystem>
#include <string>
#include <vector>

namespace steadyframe::receiver {

/// What `steadyframe receiver` was called with.
struct ReceiverCommand {
    ReceiverOptions options;
    std::filesystem::path tokenFile; ///< Holds the token; made, for its owner only, when missing. Empty: printed.
    bool help = false;

    /// What `--help` prints.
    static const char *usage();
};

/// Reads the arguments after `receiver`. The error is a sentence for the person. @thread any
[[nodiscard]] isolate::Result<ReceiverCommand, std::string>
parseReceiverCommand(const std::vector<std::string> &arguments);

/// The receiver as a program: starts it, prints where it listens as one line `http://127.0.0.1:PORT/files`, and keeps
/// it until SIGINT or SIGTERM. Returns the exit status: 0, 1 when it could not start, 2 for arguments it can't use.
/// @thread the first of the process, before others were started
[[nodiscard]] int runReceiverProgram(const std::vector<std::string> &arguments);

} // namespace steadyframe::receiver
