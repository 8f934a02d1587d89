#include "composition/thumbnail_image.h"

#include <utility>
#include <vector>

namespace steadyframe::composition {

QImage toImage(imaging::Thumbnail thumbnail)
{
    auto *pixels = new std::vector<unsigned char>(std::move(thumbnail.rgba));
    return QImage(
        pixels->data(), thumbnail.width, thumbnail.height, thumbnail.width * 4, QImage::Format_RGBX8888,
        [](void *owned) { delete static_cast<std::vector<unsigned char> *>(owned); }, pixels);
}

} // namespace steadyframe::composition
