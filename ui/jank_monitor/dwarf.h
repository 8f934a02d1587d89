#pragma once

#include "jank_monitor/stack_unwinder.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

/// What unwind tables are written in.
namespace jank::dwarf {

using Word = std::uintptr_t;
using SignedWord = std::intptr_t;

/// Reads what DWARF (version 4, sections 6.4 and 7.6) and the Linux Standard Base's .eh_frame encode.
class Cursor {
public:
    Cursor(const unsigned char *begin, const unsigned char *end) : m_at(begin), m_end(end) {}

    [[nodiscard]] bool atEnd() const noexcept { return m_at >= m_end; }
    [[nodiscard]] const unsigned char *position() const noexcept { return m_at; }
    void skip(std::size_t count) noexcept
    {
        m_at += std::min<std::size_t>(count, static_cast<std::size_t>(m_end - m_at));
    }
    template <class T>
    T fixed() noexcept
    {
        T value{};
        if (static_cast<std::size_t>(m_end - m_at) >= sizeof(T))
            std::memcpy(&value, m_at, sizeof(T));
        skip(sizeof(T));
        return value;
    }
    Word uleb() noexcept
    {
        Word value = 0;
        for (unsigned shift = 0; !atEnd(); shift += 7) {
            const unsigned char byte = *m_at++;
            if (shift < 64)
                value |= Word(byte & 0x7f) << shift;
            if ((byte & 0x80) == 0)
                break;
        }
        return value;
    }
    SignedWord sleb() noexcept
    {
        Word value = 0;
        unsigned shift = 0;
        while (!atEnd()) {
            const unsigned char byte = *m_at++;
            if (shift < 64)
                value |= Word(byte & 0x7f) << shift;
            shift += 7;
            if ((byte & 0x80) == 0) {
                if ((byte & 0x40) != 0 && shift < 64)
                    value |= ~Word(0) << shift;
                break;
            }
        }
        return static_cast<SignedWord>(value);
    }
    /// Passes over a pointer, encoded as `encoding` says.
    void skipPointer(unsigned char encoding) noexcept
    {
        switch (encoding & 0x0f) {
        case 0x01:
        case 0x09:
            uleb();
            break;
        case 0x02:
        case 0x0a:
            skip(2);
            break;
        case 0x03:
        case 0x0b:
            skip(4);
            break;
        default:
            skip(8);
        }
    }

private:
    const unsigned char *m_at;
    const unsigned char *m_end;
};

/// A function that has not returned yet: where it is, and what it has in its registers.
struct Frame {
    Word pc = 0;
    std::array<Word, StackSnapshot::Registers> registers{};
};

/// Computes `expression`: its length in ULEB128, then its operations, of which only those are known that the tables of
/// compilers and of the linker use. False for any other. With `pushCfa` the frame's address, `cfa`, is on the
/// expression's stack at first. @thread any
bool evaluate(const unsigned char *expression, const Frame &frame, const StackSnapshot &stack, bool pushCfa, Word cfa,
              Word &result) noexcept;

} // namespace jank::dwarf
