#include "imaging/other_formats.h"

#include "imaging/colors.h"
#include "imaging/picture_format.h"

#include <QColorSpace>
#include <QFile>
#include <QImage>
#include <QImageReader>
#include <QPainter>

#include <algorithm>
#include <cerrno>
#include <mutex>

namespace steadyframe::imaging {
namespace {

/// QImageIOHandler's transformations are EXIF's orientations in other words.
Orientation orientationOf(QImageIOHandler::Transformations transformation)
{
    switch (transformation.toInt()) {
    case QImageIOHandler::TransformationMirror:
        return Orientation::mirrored;
    case QImageIOHandler::TransformationFlip:
        return Orientation::mirroredUpsideDown;
    case QImageIOHandler::TransformationRotate180:
        return Orientation::upsideDown;
    case QImageIOHandler::TransformationRotate90:
        return Orientation::turnedRight;
    case QImageIOHandler::TransformationMirrorAndRotate90:
        return Orientation::mirroredRight;
    case QImageIOHandler::TransformationFlipAndRotate90:
        return Orientation::mirroredLeft;
    case QImageIOHandler::TransformationRotate270:
        return Orientation::turnedLeft;
    default:
        return Orientation::upright;
    }
}

/// Our own limits are named in our own errors. Qt's is for the whole process, so it is set once.
void liftQtLimit()
{
    static std::once_flag once;
    std::call_once(once, [] { QImageReader::setAllocationLimit(0); });
}

ImagingError errorOf(const QImageReader &reader, std::string_view format)
{
    const std::string words = reader.errorString().toStdString();
    if (reader.error() == QImageReader::UnsupportedFormatError)
        return {ImagingErrc::unsupported,
                std::string(format) + " pictures can't be read on this machine. Save it as a JPEG first."};
    return {ImagingErrc::corrupt,
            "The " + std::string(format) + " picture is damaged (" + words + "). Copy it again from where it came."};
}

QImage onWhite(const QImage &image)
{
    QImage opaque(image.size(), QImage::Format_RGB32);
    opaque.fill(Qt::white);
    opaque.setColorSpace(image.colorSpace());
    QPainter(&opaque).drawImage(0, 0, image);
    return opaque;
}

Channel wholeChannel(int width, int height)
{
    return {Plane(width, height), static_cast<double>(width), static_cast<double>(height)};
}

/// Empty when asked to stop.
Picture pictureOf(const QImage &image, const std::stop_token &stop)
{
    const int width = image.width();
    const int height = image.height();
    Picture picture;
    const bool gray = image.format() == QImage::Format_Grayscale8;
    for (int c = 0; c < (gray ? 1 : 3); ++c)
        picture.channels.push_back(wholeChannel(width, height));
    auto &channels = picture.channels;
    for (int y = 0; y < height; ++y) {
        if (stop.stop_requested())
            return {};
        const uchar *row = image.constScanLine(y);
        if (gray)
            std::copy_n(row, width, channels[0].plane.row(y));
        else
            rgbToYcc(row, width, {channels[0].plane.row(y), channels[1].plane.row(y), channels[2].plane.row(y)});
    }
    return picture;
}

} // namespace

isolate::Result<OtherPicture, ImagingError> readOtherWithQt(const InputFile &file, const ImagingLimits &limits,
                                                            int /*longestSide*/, const std::stop_token &stop)
{
    liftQtLimit();
    const std::string_view format = nameOf(formatOf(file.beginning(formatBytes)));
    QFile device;
    if (!device.open(file.descriptor(), QIODevice::ReadOnly, QFileDevice::DontCloseHandle) || !device.seek(0))
        return readError(EIO);
    QImageReader reader(&device);
    reader.setDecideFormatFromContent(true);
    reader.setAutoTransform(false);
    if (!reader.canRead())
        return errorOf(reader, format);
    const QSize size = reader.size();
    const auto pixels = static_cast<std::uint64_t>(std::max(0, size.width()))
        * static_cast<std::uint64_t>(std::max(0, size.height()));
    if (pixels > limits.pixels)
        return tooManyPixelsError(static_cast<std::uint64_t>(size.width()), static_cast<std::uint64_t>(size.height()),
                                  limits);
    OtherPicture other;
    other.orientation = orientationOf(reader.transformation());
    if (reader.imageCount() > 1)
        other.warnings.push_back("The file holds several pictures; the first was taken.");
    QImage image = reader.read();
    if (image.isNull())
        return errorOf(reader, format);
    if (stop.stop_requested())
        return cancelledError();
    if (image.hasAlphaChannel()) {
        image = onWhite(image);
        other.warnings.push_back("Its transparent parts became white.");
    }
    const bool gray = image.format() == QImage::Format_Grayscale16 || (image.depth() <= 8 && image.isGrayscale());
    if (!gray && image.colorSpace().isValid()) {
        const QByteArray profile = image.colorSpace().iccProfile();
        other.icc.assign(profile.begin(), profile.end());
    }
    image.convertTo(gray ? QImage::Format_Grayscale8 : QImage::Format_RGB888);
    other.storedSize = {image.width(), image.height()};
    other.picture = pictureOf(image, stop);
    if (other.picture.channels.empty())
        return cancelledError();
    return other;
}

} // namespace steadyframe::imaging
