#pragma once

#include "jank_monitor/frame_sample.h"

#include <string_view>

namespace jank {

/// Copies a class name as the source has it: without the `_QMLTYPE_12` or `_QML_12` that QML adds to the types that it
/// makes. Cut to fit, always ended by 0. Never allocates. @thread any
void copyClassName(char (&to)[LoopBlock::NameSize], const char *name) noexcept;

/// Copies a text as UTF-8, cut at a whole character, always ended by 0. What is no character becomes U+FFFD. Never
/// allocates. @thread any
void copyUtf8(char (&to)[LoopBlock::NameSize], std::u16string_view text) noexcept;

} // namespace jank
