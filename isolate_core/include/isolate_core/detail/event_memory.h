#pragma once

#include <cstddef>

namespace isolate::detail {

/// Memory of events. One isolate makes an event and another, mostly on another thread, deletes it: a heap that returns
/// each block to where it came from has both threads fight for it. Here a thread keeps what it deletes for what it
/// makes, and gives and takes the rest in batches. Blocks come from the heap and, beyond what is worth keeping, go back
/// to it. @thread any
void *takeEventMemory(std::size_t size);
/// `size` as it was taken. @thread any, not only the one that took it
void returnEventMemory(void *memory, std::size_t size) noexcept;

} // namespace isolate::detail
