#pragma once

namespace steadyframe::composition {

/// Has the C library keep what is freed for what comes next, in place of handing large pieces back to the system each
/// time and having them anew: both stop every thread of the process that needs memory at that moment, the UI thread
/// too, which was held up for 100 ms and more while feeds were parsed in a loop. Only where the library is GNU's.
/// @thread any, early
void keepFreedMemory() noexcept;

/// Hands back what is free. Takes milliseconds in which others may wait for memory: for when nothing is under way.
/// @thread any
void giveBackFreedMemory() noexcept;

} // namespace steadyframe::composition
