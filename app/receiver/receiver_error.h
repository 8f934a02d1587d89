#pragma once

#include <string>

namespace steadyframe::receiver {

/// Why the receiver could not start.
enum class ReceiverErrc {
    folder, ///< The folder can't be created, read or written.
    folderInUse, ///< Another receiver stores into the same folder.
    address, ///< The loopback address or the port can't be bound.
    random, ///< The system gave no random bytes for the token.
};

/// The cause, and a sentence for the person that says what to do.
struct ReceiverError {
    ReceiverErrc code = ReceiverErrc::folder;
    std::string message;
};

} // namespace steadyframe::receiver
