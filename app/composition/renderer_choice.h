#pragma once

#include <string_view>

namespace steadyframe::composition {

/// Whether OpenGL's name for a renderer is that of one that draws with the processor. @thread any
[[nodiscard]] bool drawsWithProcessor(std::string_view renderer) noexcept;

/// Has the scene drawn by Qt Quick's own software renderer where there is no graphics processor, or no OpenGL: it
/// repaints only what changed, by processor instructions made for it, and takes a quarter of what emulated OpenGL takes
/// of the cores that the isolates work on. A choice made by QT_QUICK_BACKEND, QSG_RHI_BACKEND or QSG_RHI is left alone.
/// @thread ui, before the first window
void chooseRenderer();

} // namespace steadyframe::composition
