// EXIF blocks.
#include "fuzz/scratch.h"
#include "imaging/exif.h"

using namespace steadyframe;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::span<const std::uint8_t> block(data, size);
    const imaging::ExifFacts facts = imaging::readExif(block);
    require(!facts.thumbnail
            || (facts.thumbnail->offset <= size && facts.thumbnail->size <= size - facts.thumbnail->offset));
    const auto upright = imaging::uprightExif(block, 640, 480);
    require(imaging::readExif(upright).orientation == imaging::Orientation::upright);
    return 0;
}
