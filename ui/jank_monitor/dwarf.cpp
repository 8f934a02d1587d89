#include "jank_monitor/dwarf.h"

namespace jank::dwarf {

bool evaluate(const unsigned char *expression, const Frame &frame, const StackSnapshot &stack, bool pushCfa, Word cfa,
              Word &result) noexcept
{
    Cursor length(expression, expression + 10);
    const Word size = length.uleb();
    if (size > 256)
        return false;
    Cursor code(length.position(), length.position() + size);
    std::array<Word, 16> values{};
    std::size_t depth = 0;
    const auto push = [&](Word value) {
        if (depth == values.size())
            return false;
        values[depth++] = value;
        return true;
    };
    if (pushCfa)
        push(cfa);
    while (!code.atEnd()) {
        const auto operation = code.fixed<unsigned char>();
        bool ok = true;
        if (operation >= 0x30 && operation <= 0x4f) { // DW_OP_lit0 and following
            ok = push(operation - 0x30u);
        } else if (operation >= 0x70 && operation <= 0x8f) { // DW_OP_breg0 and following
            const SignedWord offset = code.sleb();
            ok = push(frame.registers[operation - 0x70u] + static_cast<Word>(offset));
        } else if (operation == 0x08) { // DW_OP_const1u
            ok = push(code.fixed<std::uint8_t>());
        } else if (operation == 0x06) { // DW_OP_deref
            ok = depth > 0 && stack.read(values[depth - 1], values[depth - 1]);
        } else if (operation == 0x23) { // DW_OP_plus_uconst
            const Word constant = code.uleb();
            ok = depth > 0;
            if (ok)
                values[depth - 1] += constant;
        } else if (depth >= 2) {
            const Word right = values[--depth];
            Word &left = values[depth - 1];
            switch (operation) {
            case 0x1a: // DW_OP_and
                left &= right;
                break;
            case 0x1c: // DW_OP_minus
                left -= right;
                break;
            case 0x22: // DW_OP_plus
                left += right;
                break;
            case 0x24: // DW_OP_shl
                left = right < 64 ? left << right : 0;
                break;
            case 0x2a: // DW_OP_ge
                left = static_cast<SignedWord>(left) >= static_cast<SignedWord>(right) ? 1 : 0;
                break;
            default:
                ok = false;
            }
        } else {
            ok = false;
        }
        if (!ok)
            return false;
    }
    if (depth == 0)
        return false;
    result = values[depth - 1];
    return true;
}

} // namespace jank::dwarf
