#pragma once

#include "upload/destination.h"
#include "upload/retry.h"
#include "upload/send_rate.h"
#include "upload/target.h"

#include <memory>

namespace steadyframe::upload {

/// The destination for a target: the one place that knows all protocols. `rate` limits what it sends, together with
/// others who have it. @thread any
[[nodiscard]] std::unique_ptr<Destination> makeDestination(const Target &target, const Patience &patience = {},
                                                           std::shared_ptr<SendRate> rate = nullptr);

} // namespace steadyframe::upload
