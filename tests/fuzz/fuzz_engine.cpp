// The whole engine on JPEG.
#include "fuzz/engine_run.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    steadyframe::fuzz::runEngine(data, size, nullptr);
    return 0;
}
