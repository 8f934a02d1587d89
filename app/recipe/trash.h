#pragma once

#include "recipe/place_result.h"

namespace steadyframe::recipe {

/// The desktop's trash, by Qt: a `MoveToTrash`. A name that is not UTF-8 is refused. @thread any
[[nodiscard]] isolate::Result<std::filesystem::path, std::string> moveToTrash(const std::filesystem::path &file);

} // namespace steadyframe::recipe
