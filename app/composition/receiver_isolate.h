#pragma once

#include "receiver/receiver.h"
#include "upload/messages.h"

#include <isolate_core/future.h>

#include <filesystem>
#include <string>

namespace steadyframe::composition {

/// Starts the built-in receiver in a dedicated isolate, which keeps it for as long as it lives. Gives where uploads go;
/// fails with a std::runtime_error whose text is for the person. @thread isolate
[[nodiscard]] isolate::Future<upload::Target> startReceiver(const std::filesystem::path &folder);

} // namespace steadyframe::composition
