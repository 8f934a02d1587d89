#include "composition/preview_work.h"

#include "composition/picture_similarity.h"

#include <isolate_core/isolate.h>

#include <cmath>
#include <random>

namespace steadyframe::composition {
namespace {

/// Looks at the pixels where they are; for as long as those live.
QImage lookInto(const imaging::Thumbnail &picture)
{
    return QImage(picture.rgba.data(), picture.width, picture.height, picture.width * 4, QImage::Format_RGBX8888);
}

QImage scaled(const QImage &picture, QSize size)
{
    const QImage result = picture.size() == size
        ? picture
        : picture.scaled(size, Qt::IgnoreAspectRatio,
                         size.width() < picture.width() ? Qt::SmoothTransformation : Qt::FastTransformation);
    return result.convertToFormat(QImage::Format_RGB32); // what both renderers take as it is
}

QImage overviewOf(const imaging::Thumbnail &picture)
{
    const QSize size(picture.width, picture.height);
    return scaled(lookInto(picture), size.boundedTo(size.scaled(overviewSide, overviewSide, Qt::KeepAspectRatio)));
}

/// How long the longest side of what is shown is.
int shownSide(const imaging::CompressResult &result)
{
    const double reduce = std::min(
        1.0, std::sqrt(mostPixels / (static_cast<double>(result.width) * static_cast<double>(result.height))));
    return std::max(1, static_cast<int>(std::max(result.width, result.height) * reduce));
}

std::string uniqueStem()
{
    std::random_device random;
    return "preview-" + std::to_string(random()) + "-" + std::to_string(random());
}

/// Removes a file in the end.
struct Temporary {
    explicit Temporary(std::filesystem::path p) : path(std::move(p)) {}
    Temporary(const Temporary &) = delete;
    Temporary &operator=(const Temporary &) = delete;
    ~Temporary()
    {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
    }
    std::filesystem::path path;
};

isolate::Result<WholePicture, imaging::ImagingError>
decode(const std::filesystem::path &path, int side, const std::stop_token &stop, const imaging::ImagingOptions &options)
{
    auto picture = imaging::makeThumbnail(path, side, stop, options, imaging::ThumbnailFrom::photo);
    if (!picture)
        return std::move(picture).error();
    return WholePicture(std::make_shared<const imaging::Thumbnail>(std::move(*picture)));
}

} // namespace

isolate::Result<PreviewMade, imaging::ImagingError> makePreview(PreviewOrder order, isolate::SendPort<double> progress,
                                                                std::stop_token stop)
{
    isolate::setActivity("preview of " + order.source.filename().native());
    const imaging::ImagingOptions &options = order.imaging;
    double told = 0;
    auto compressed = imaging::compressFile(
        order.source, order.folder, uniqueStem(), order.settings, stop,
        [&](double fraction) {
            if (fraction - told >= 0.05) {
                told = fraction;
                progress.send(fraction * 0.7);
            }
        },
        options);
    if (!compressed)
        return std::move(compressed).error();
    const Temporary file(compressed->path);
    const int side = shownSide(*compressed);
    auto after = decode(file.path, side, stop, options);
    if (!after)
        return std::move(after).error();
    PreviewMade made;
    made.result = std::move(*compressed);
    made.after = std::move(*after);
    progress.send(0.8);
    made.before = std::move(order.before);
    if (!made.before || made.before->width != made.after->width || made.before->height != made.after->height) {
        auto before = decode(order.source, side, stop, options);
        if (!before)
            return std::move(before).error();
        made.before = std::move(*before);
    }
    progress.send(0.9);
    made.similarity = similarityOf(*made.before, *made.after, stop);
    made.overviewBefore = overviewOf(*made.before);
    made.overviewAfter = overviewOf(*made.after);
    if (stop.stop_requested())
        return imaging::cancelledError();
    return made;
}

PreviewPart cutPart(WholePicture before, WholePicture after, QRect part, QSize size)
{
    isolate::setActivity("cutting a part of the preview");
    return {scaled(lookInto(*before).copy(part), size), scaled(lookInto(*after).copy(part), size)};
}

} // namespace steadyframe::composition
