#pragma once

#include <QString>

#include <exception>

namespace steadyframe::composition {

/// What an error says. @thread any
[[nodiscard]] QString textOf(const std::exception_ptr &error);

} // namespace steadyframe::composition
