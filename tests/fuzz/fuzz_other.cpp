// The whole engine with the reader of other formats.
#include "fuzz/engine_run.h"
#include "imaging/other_formats.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    steadyframe::fuzz::runEngine(data, size, steadyframe::imaging::readOtherWithQt);
    return 0;
}
