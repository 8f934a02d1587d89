#include "jank_monitor/stack_unwinder.h"

#include "jank_monitor/dwarf.h"

#if JANK_STACKS

#include <string_view>

// Finds the unwind table's entry for an address. Part of libgcc since its version 3.0; no header declares it.
extern "C" {
struct dwarf_eh_bases {
    void *text;
    void *data;
    void *function;
};
const void *_Unwind_Find_FDE(void *pc, dwarf_eh_bases *bases); // NOLINT(bugprone-reserved-identifier)
}

namespace jank {

namespace {

using dwarf::Cursor;
using dwarf::evaluate;
using dwarf::Frame;
using dwarf::SignedWord;
using dwarf::Word;

/// How a register of the caller is found.
struct Rule {
    enum Kind : unsigned char { Same, Undefined, AtOffset, IsOffset, InRegister, AtExpression, IsExpression };
    Kind kind = Same;
    SignedWord value = 0; // the offset from the frame's address, or the register
    const unsigned char *expression = nullptr; // its length in ULEB128, then its operations
};

struct Row {
    std::array<Rule, StackSnapshot::Registers> rules{};
    Word cfaRegister = 0;
    SignedWord cfaOffset = 0;
    const unsigned char *cfaExpression = nullptr;
};

constexpr std::size_t MaximalLength = 1 << 20; // of a table's entry: a longer one is not believed

/// One function's entry of the unwind tables.
class Entry {
public:
    /// False when there is none for `address`, or it can't be understood.
    bool find(Word address) noexcept
    {
        dwarf_eh_bases bases{};
        const auto *fde
            = static_cast<const unsigned char *>(_Unwind_Find_FDE(reinterpret_cast<void *>(address), &bases));
        if (fde == nullptr)
            return false;
        m_function = reinterpret_cast<Word>(bases.function);
        Cursor cursor = contents(fde);
        const auto cieOffset = Cursor(fde + 4, fde + 8).fixed<std::int32_t>();
        if (!readCie(fde + 4 - cieOffset))
            return false;
        cursor.skipPointer(m_pointerEncoding);
        cursor.skipPointer(m_pointerEncoding & 0x0f);
        if (m_augmented)
            cursor.skip(cursor.uleb());
        m_instructions = cursor;
        return true;
    }

    [[nodiscard]] bool isSignalFrame() const noexcept { return m_signalFrame; }
    [[nodiscard]] Word function() const noexcept { return m_function; }
    [[nodiscard]] Word returnRegister() const noexcept { return m_returnRegister; }

    /// The rules that hold at `address`.
    bool rowAt(Word address, Row &row) noexcept
    {
        m_location = m_function;
        m_depth = 0;
        Cursor initial = m_initial;
        if (!run(initial, ~Word(0), row))
            return false;
        m_initialRow = row;
        m_location = m_function;
        return run(m_instructions, address, row);
    }

private:
    /// What follows the length and the CIE's offset.
    static Cursor contents(const unsigned char *entry) noexcept
    {
        Cursor header(entry, entry + 4);
        const auto length = std::min<std::size_t>(header.fixed<std::uint32_t>(), MaximalLength);
        return {entry + 8, entry + 4 + std::max<std::size_t>(length, 4)};
    }

    bool readCie(const unsigned char *cie) noexcept
    {
        Cursor cursor = contents(cie);
        const auto version = cursor.fixed<unsigned char>();
        if (version != 1 && version != 3)
            return false;
        const std::string_view augmentation(reinterpret_cast<const char *>(cursor.position()));
        cursor.skip(augmentation.size() + 1);
        m_codeAlign = cursor.uleb();
        m_dataAlign = cursor.sleb();
        m_returnRegister = version == 1 ? cursor.fixed<unsigned char>() : cursor.uleb();
        m_pointerEncoding = 0;
        m_signalFrame = false;
        m_augmented = augmentation.starts_with('z');
        if (!m_augmented && !augmentation.empty())
            return false;
        if (m_augmented) {
            const Word length = cursor.uleb();
            Cursor data = cursor;
            cursor.skip(length);
            for (const char letter : augmentation.substr(1)) {
                if (letter == 'R') {
                    m_pointerEncoding = data.fixed<unsigned char>();
                } else if (letter == 'L') {
                    data.skip(1);
                } else if (letter == 'P') {
                    data.skipPointer(data.fixed<unsigned char>());
                } else if (letter == 'S') {
                    m_signalFrame = true;
                } else if (letter != 'B') {
                    return false;
                }
            }
        }
        m_initial = cursor;
        return m_returnRegister < StackSnapshot::Registers;
    }

    bool run(Cursor code, Word address, Row &row) noexcept
    {
        while (!code.atEnd() && m_location <= address) {
            const auto byte = code.fixed<unsigned char>();
            const Word low = byte & 0x3f;
            switch (byte & 0xc0) {
            case 0x40: // DW_CFA_advance_loc
                m_location += low * m_codeAlign;
                continue;
            case 0x80: // DW_CFA_offset
                set(row, low, Rule::AtOffset, static_cast<SignedWord>(code.uleb()) * m_dataAlign);
                continue;
            case 0xc0: // DW_CFA_restore
                restore(row, low);
                continue;
            default:
                break;
            }
            if (!extended(byte, code, row))
                return false;
        }
        return true;
    }

    bool extended(unsigned char operation, Cursor &code, Row &row) noexcept
    {
        Word reg = 0;
        switch (operation) {
        case 0x00: // DW_CFA_nop
        case 0x2d: // DW_CFA_AARCH64_negate_ra_state: the address is freed of its signature in any case
            return true;
        case 0x02: // DW_CFA_advance_loc1
            m_location += code.fixed<std::uint8_t>() * m_codeAlign;
            return true;
        case 0x03: // DW_CFA_advance_loc2
            m_location += code.fixed<std::uint16_t>() * m_codeAlign;
            return true;
        case 0x04: // DW_CFA_advance_loc4
            m_location += code.fixed<std::uint32_t>() * m_codeAlign;
            return true;
        case 0x05: // DW_CFA_offset_extended
            reg = code.uleb();
            set(row, reg, Rule::AtOffset, static_cast<SignedWord>(code.uleb()) * m_dataAlign);
            return true;
        case 0x11: // DW_CFA_offset_extended_sf
            reg = code.uleb();
            set(row, reg, Rule::AtOffset, code.sleb() * m_dataAlign);
            return true;
        case 0x14: // DW_CFA_val_offset
            reg = code.uleb();
            set(row, reg, Rule::IsOffset, static_cast<SignedWord>(code.uleb()) * m_dataAlign);
            return true;
        case 0x06: // DW_CFA_restore_extended
            restore(row, code.uleb());
            return true;
        case 0x07: // DW_CFA_undefined
            set(row, code.uleb(), Rule::Undefined, 0);
            return true;
        case 0x08: // DW_CFA_same_value
            set(row, code.uleb(), Rule::Same, 0);
            return true;
        case 0x09: // DW_CFA_register
            reg = code.uleb();
            set(row, reg, Rule::InRegister, static_cast<SignedWord>(code.uleb()));
            return true;
        case 0x0a: // DW_CFA_remember_state
            if (m_depth == m_remembered.size())
                return false;
            m_remembered[m_depth++] = row;
            return true;
        case 0x0b: // DW_CFA_restore_state
            if (m_depth == 0)
                return false;
            row = m_remembered[--m_depth];
            return true;
        case 0x0c: // DW_CFA_def_cfa
            row.cfaRegister = code.uleb();
            row.cfaOffset = static_cast<SignedWord>(code.uleb());
            row.cfaExpression = nullptr;
            return true;
        case 0x12: // DW_CFA_def_cfa_sf
            row.cfaRegister = code.uleb();
            row.cfaOffset = code.sleb() * m_dataAlign;
            row.cfaExpression = nullptr;
            return true;
        case 0x0d: // DW_CFA_def_cfa_register
            row.cfaRegister = code.uleb();
            row.cfaExpression = nullptr;
            return true;
        case 0x0e: // DW_CFA_def_cfa_offset
            row.cfaOffset = static_cast<SignedWord>(code.uleb());
            return true;
        case 0x13: // DW_CFA_def_cfa_offset_sf
            row.cfaOffset = code.sleb() * m_dataAlign;
            return true;
        case 0x0f: // DW_CFA_def_cfa_expression
            row.cfaExpression = code.position();
            code.skip(code.uleb());
            return true;
        case 0x10: // DW_CFA_expression
        case 0x16: // DW_CFA_val_expression
            reg = code.uleb();
            set(row, reg, operation == 0x10 ? Rule::AtExpression : Rule::IsExpression, 0);
            if (reg < StackSnapshot::Registers)
                row.rules[reg].expression = code.position();
            code.skip(code.uleb());
            return true;
        case 0x2e: // DW_CFA_GNU_args_size
            code.uleb();
            return true;
        default:
            return false;
        }
    }

    static void set(Row &row, Word reg, Rule::Kind kind, SignedWord value) noexcept
    {
        if (reg < StackSnapshot::Registers)
            row.rules[reg] = {kind, value, nullptr};
    }
    void restore(Row &row, Word reg) const noexcept
    {
        if (reg < StackSnapshot::Registers)
            row.rules[reg] = m_initialRow.rules[reg];
    }

    Word m_function = 0;
    Word m_location = 0;
    Word m_codeAlign = 1;
    SignedWord m_dataAlign = 1;
    Word m_returnRegister = 0;
    unsigned char m_pointerEncoding = 0;
    bool m_augmented = false;
    bool m_signalFrame = false;
    Cursor m_initial{nullptr, nullptr};
    Cursor m_instructions{nullptr, nullptr};
    Row m_initialRow;
    std::array<Row, 8> m_remembered;
    std::size_t m_depth = 0;
};

enum class Step { Done, Outermost, Failed };

bool apply(const Rule &rule, std::size_t reg, const Frame &frame, const StackSnapshot &stack, Word cfa,
           Word &value) noexcept
{
    switch (rule.kind) {
    case Rule::Same:
        value = frame.registers[reg];
        return true;
    case Rule::AtOffset:
        return stack.read(cfa + static_cast<Word>(rule.value), value);
    case Rule::IsOffset:
        value = cfa + static_cast<Word>(rule.value);
        return true;
    case Rule::InRegister:
        if (static_cast<std::size_t>(rule.value) >= StackSnapshot::Registers)
            return false;
        value = frame.registers[static_cast<std::size_t>(rule.value)];
        return true;
    case Rule::AtExpression:
        return evaluate(rule.expression, frame, stack, true, cfa, value) && stack.read(value, value);
    case Rule::IsExpression:
        return evaluate(rule.expression, frame, stack, true, cfa, value);
    case Rule::Undefined:
        break;
    }
    return false;
}

/// Code without an entry: QML's compiled functions, which keep frame pointers.
Step stepByFramePointer(Frame &frame, const StackSnapshot &stack) noexcept
{
    const Word base = frame.registers[StackSnapshot::FramePointer];
    Word next = 0;
    Word pc = 0;
    if (base < frame.registers[StackSnapshot::StackPointer] || !stack.read(base, next)
        || !stack.read(base + sizeof(Word), pc) || pc == 0)
        return Step::Failed;
    frame.registers[StackSnapshot::StackPointer] = base + 2 * sizeof(Word);
    frame.registers[StackSnapshot::FramePointer] = next;
    frame.pc = pc;
    return Step::Done;
}

/// Goes from a frame to its caller's.
Step step(Frame &frame, const StackSnapshot &stack, bool &isReturnAddress) noexcept
{
    Entry entry;
    const Word address = frame.pc - (isReturnAddress ? 1 : 0);
    if (!entry.find(address)) {
        isReturnAddress = true;
        return stepByFramePointer(frame, stack);
    }
    Row row;
    if (!entry.rowAt(address, row))
        return Step::Failed;
    Word cfa = 0;
    if (row.cfaExpression != nullptr) {
        if (!evaluate(row.cfaExpression, frame, stack, false, 0, cfa))
            return Step::Failed;
    } else if (row.cfaRegister < StackSnapshot::Registers) {
        cfa = frame.registers[row.cfaRegister] + static_cast<Word>(row.cfaOffset);
    }
    const Word returnRegister = entry.returnRegister();
    if (row.rules[returnRegister].kind == Rule::Undefined)
        return Step::Outermost;
    Frame caller = frame;
    for (std::size_t reg = 0; reg < StackSnapshot::Registers; ++reg) {
        // A register that the callee has spoilt and nobody restores is not needed further out either.
        if (!apply(row.rules[reg], reg, frame, stack, cfa, caller.registers[reg]) && reg == returnRegister)
            return Step::Failed;
    }
    if (row.rules[StackSnapshot::StackPointer].kind == Rule::Same)
        caller.registers[StackSnapshot::StackPointer] = cfa;
    caller.pc = caller.registers[returnRegister];
#if defined(__aarch64__)
    caller.pc &= (Word(1) << 48) - 1; // the signature of a pointer
#endif
    if (caller.pc == 0)
        return Step::Outermost;
    if (caller.pc == frame.pc
        && caller.registers[StackSnapshot::StackPointer] == frame.registers[StackSnapshot::StackPointer])
        return Step::Failed;
    isReturnAddress = !entry.isSignalFrame();
    frame = caller;
    return Step::Done;
}

} // namespace

CallStack unwind(const StackSnapshot &snapshot, std::size_t limit)
{
    CallStack result;
    Frame frame{snapshot.pc, snapshot.registers};
    bool isReturnAddress = false;
    while (result.addresses.size() < limit) {
        result.addresses.push_back(frame.pc);
        const Step taken = step(frame, snapshot, isReturnAddress);
        if (taken == Step::Done)
            continue;
        result.complete = taken == Step::Outermost;
        break;
    }
    return result;
}

std::uintptr_t functionAt(std::uintptr_t address) noexcept
{
    dwarf_eh_bases bases{};
    return _Unwind_Find_FDE(reinterpret_cast<void *>(address), &bases) != nullptr
        ? reinterpret_cast<std::uintptr_t>(bases.function)
        : 0;
}

} // namespace jank

#else

namespace jank {

CallStack unwind(const StackSnapshot &, std::size_t)
{
    return {};
}

std::uintptr_t functionAt(std::uintptr_t) noexcept
{
    return 0;
}

} // namespace jank

#endif
