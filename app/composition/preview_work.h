#pragma once

#include "composition/image_file.h"
#include "imaging/compress.h"
#include "imaging/thumbnail.h"

#include <isolate_core/send_port.h>

#include <QRect>
#include <QSize>

#include <filesystem>
#include <memory>
#include <string>

template <>
struct isolate::IsSendableClass<QRect> : std::true_type {
};
template <>
struct isolate::IsSendableClass<QSize> : std::true_type {
};

/// What the comparison of a photo before and after is made of, in isolates.
namespace steadyframe::composition {

/// The pixels of one side, whole; shared, because the parts that are looked at are cut from it.
using WholePicture = std::shared_ptr<const imaging::Thumbnail>;

/// A photo to be compared.
struct PreviewOrder {
    std::filesystem::path source;
    imaging::CompressSettings settings;
    imaging::ImagingOptions imaging;
    std::filesystem::path folder; ///< for the result, which is removed again
    WholePicture before; ///< of this source, from the last time, or null; used again when the size is the same
};

/// Both sides of it.
struct PreviewMade {
    imaging::CompressResult result; ///< its file is gone again
    WholePicture before;
    WholePicture after;
    QImage overviewBefore; ///< at most `overviewSide` pixels long
    QImage overviewAfter;
    double similarity = 0; ///< structural similarity of brightness, as far as it is shown
};

/// The longest side of the textures that show a whole picture.
inline constexpr int overviewSide = 2048;
/// Larger results are compared at a reduced size, so that memory is bounded.
inline constexpr double mostPixels = 24e6;

/// Compresses and decodes. Cancelled within the file. @thread any; blocks until done
[[nodiscard]] isolate::Result<PreviewMade, imaging::ImagingError>
makePreview(PreviewOrder order, isolate::SendPort<double> progress, std::stop_token stop);

/// The same part of both sides.
struct PreviewPart {
    QImage before;
    QImage after;
};
/// Cuts `part` out of both and makes it `size` large. @thread any
[[nodiscard]] PreviewPart cutPart(WholePicture before, WholePicture after, QRect part, QSize size);

} // namespace steadyframe::composition
