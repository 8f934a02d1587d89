#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__)) && defined(__GNUC__)
#define JANK_STACKS 1
#else
#define JANK_STACKS 0
#endif

namespace jank {

/// A thread's registers and the top of its stack, copied while it was held for a moment.
struct StackSnapshot {
    /// Numbered as DWARF does on this processor; the program counter stands apart.
    static constexpr std::size_t Registers = 35;
#if defined(__aarch64__)
    static constexpr std::size_t StackPointer = 31;
    static constexpr std::size_t FramePointer = 29;
    static constexpr std::size_t ReturnAddress = 30;
#else
    static constexpr std::size_t StackPointer = 7;
    static constexpr std::size_t FramePointer = 6;
    static constexpr std::size_t ReturnAddress = 16;
#endif

    std::uintptr_t pc = 0;
    std::array<std::uintptr_t, Registers> registers{};
    std::uintptr_t bottom = 0; ///< address of words[0]: the stack pointer, rounded down to a word
    std::span<const std::uintptr_t> words;

    /// The word at `address`; false when it was not copied.
    [[nodiscard]] bool read(std::uintptr_t address, std::uintptr_t &value) const noexcept
    {
        const std::uintptr_t offset = address - bottom;
        if (address < bottom || offset % sizeof(std::uintptr_t) != 0 || offset / sizeof(std::uintptr_t) >= words.size())
            return false;
        value = words[offset / sizeof(std::uintptr_t)];
        return true;
    }
};

/// Where a thread was: instruction addresses, innermost first. Those after the first are return addresses.
struct CallStack {
    std::vector<std::uintptr_t> addresses;
    bool complete = false; ///< the last is the thread's outermost function

    /// The address of an instruction that ran or made the call, for looking up its function and line.
    [[nodiscard]] std::uintptr_t lookup(std::size_t index) const noexcept
    {
        return addresses[index] - (index == 0 ? 0 : 1);
    }
};

/// Walks a copied stack by the unwind tables of the program's modules. The thread that it was copied from goes on
/// meanwhile and waits for nothing. At most `limit` frames. Empty where the platform is not supported. @thread any
[[nodiscard]] CallStack unwind(const StackSnapshot &snapshot, std::size_t limit);

/// The first address of the function that `address` lies in, by the unwind tables; 0 if none is known. @thread any
[[nodiscard]] std::uintptr_t functionAt(std::uintptr_t address) noexcept;

} // namespace jank
