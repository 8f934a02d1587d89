#pragma once

namespace steadyframe::imaging {

/// Whether the kernels use AVX2: where the processor has it, unless it was turned off. @thread any
[[nodiscard]] bool usesAvx2() noexcept;

/// False makes the kernels do without, so that both ways can be compared on one machine. @thread any
void allowAvx2(bool allowed) noexcept;

} // namespace steadyframe::imaging
