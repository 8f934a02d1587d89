#pragma once

#include "jank_monitor/stack_unwinder.h"

#include <string>
#include <vector>

namespace jank {

/// What is known of the code at an address.
struct Symbol {
    std::string function; ///< as in the source, without parameters' names; empty if not known
    std::string module; ///< the file name of the program or library; empty if not known
    std::uintptr_t offset = 0; ///< in the module
    std::string file; ///< the source file's name without its folders; empty if not known
    int line = 0; ///< in it, 0 if not known

    /// "function (file:line)", "function [module]" or "module+0xoffset", whichever is known.
    [[nodiscard]] std::string text() const;
};

/// Names the code at `address`, the functions that were inlined there first. Reads the debug information or the symbol
/// table of the module where the build found libbacktrace, else names exported functions only. The first call for a
/// module may take a second: keep it off the UI thread. Allocates. @thread any
[[nodiscard]] std::vector<Symbol> symbolsAt(std::uintptr_t address);

/// One line for each frame of a stack, innermost first. The event loop's and the program's outermost frames, which are
/// the same in every stack, are kept: they tell a nested loop. @thread any
[[nodiscard]] std::vector<std::string> describe(const CallStack &stack);

/// Whether static functions, files and lines can be named.
[[nodiscard]] bool readsDebugInformation() noexcept;

} // namespace jank
