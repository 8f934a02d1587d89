#pragma once

#include <QQuickWindow>

namespace steadyframe::composition {

/// Asks the system to let this thread run soon after it wakes, in short slices, for as much of the time as before: what
/// other threads have begun then holds a frame up by less. Linux 6.12 and later grant it to everybody; elsewhere
/// nothing changes. Threads that this one starts don't inherit it. False when the system refused. @thread any
bool askForShortSlices() noexcept;

/// The same for the thread that draws `window`, as soon as it does. @thread ui
void drawInShortSlices(QQuickWindow &window);

} // namespace steadyframe::composition
