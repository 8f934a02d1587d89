#pragma once

#include "upload/destination.h"
#include "upload/http_client.h"
#include "upload/target.h"

#include <memory>

namespace steadyframe::upload {

/// The destination for a target: the one place that knows all protocols. @thread any
[[nodiscard]] std::unique_ptr<Destination> makeDestination(const Target &target, HttpSettings http);

} // namespace steadyframe::upload
