// EXIF blocks: read, and written anew by every rule.
#include "fuzz/scratch.h"
#include "imaging/exif.h"

using namespace steadyframe;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 1)
        return 0;
    const std::span<const std::uint8_t> block(data + 1, size - 1);
    const imaging::ExifFacts facts = imaging::readExif(block);
    require(!facts.thumbnail
            || (facts.thumbnail->offset <= block.size()
                && facts.thumbnail->size <= block.size() - facts.thumbnail->offset));
    imaging::ExifChanges changes;
    changes.rule = {(data[0] & 1) != 0, (data[0] & 2) != 0,  (data[0] & 4) != 0,
                    (data[0] & 8) != 0, (data[0] & 16) != 0, (data[0] & 32) != 0};
    changes.width = 640;
    changes.height = 480;
    if ((data[0] & 64) != 0)
        changes.thumbnail = {0xFF, 0xD8, 0xFF, 0xD9};
    const imaging::ExifRewrite rewritten = imaging::rewriteExif(block, changes);
    require(rewritten.block.size() <= 65533); // a JPEG's segment
    require(rewritten.block.empty() || imaging::readExif(rewritten.block).orientation == imaging::Orientation::upright);
    // What was written is in order, and nothing more is left out of it the second time.
    if (!rewritten.block.empty()) {
        const imaging::ExifRewrite again = imaging::rewriteExif(rewritten.block, changes);
        require(!again.damaged);
    }
    return 0;
}
