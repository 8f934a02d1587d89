#pragma once

#include "library/messages.h"

#include <isolate_core/future.h>
#include <isolate_core/send_port.h>

#include <cstddef>
#include <filesystem>

namespace steadyframe::composition {

/// Removes what nobody needs from the folder of photos that were fetched to be sent: files that no photo on the list
/// comes from, which a program leaves that was killed or ended while it fetched. Those that were written at `before` or
/// later stay, and all do when the list can't be read to its end. Gives how many were removed. @thread isolate
[[nodiscard]] isolate::Future<std::size_t> removeAbandonedPhotos(std::filesystem::path folder,
                                                                 std::filesystem::file_time_type before,
                                                                 isolate::SendPort<library::LibraryMessage> library);

} // namespace steadyframe::composition
