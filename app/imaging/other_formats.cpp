#include "imaging/other_formats.h"

#include "imaging/colors.h"
#include "imaging/container_metadata.h"
#include "imaging/early_end.h"
#include "imaging/exif.h"
#include "imaging/picture_format.h"
#include "imaging/tiff_inks.h"

#include <QColorSpace>
#include <QFile>
#include <QImage>
#include <QImageReader>
#include <QPainter>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <optional>

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

/// Our own limits are named in our own errors, as is what libtiff would write to the terminal. Both are for the whole
/// process, so they are set once.
void prepareQt()
{
    static std::once_flag once;
    std::call_once(once, [] {
        QImageReader::setAllocationLimit(0);
        silenceTiff();
    });
}

/// What would have to be installed.
ImagingError unreadableHereError(PictureFormat format)
{
    const std::string name(nameOf(format));
    const bool plugin = !QImageReader::supportedImageFormats().contains(QByteArray(name.data()).toLower());
    if (!plugin)
        return {ImagingErrc::corrupt,
                "The " + name + " picture is damaged in its header. Copy it again from where it came."};
    const bool iso = format == PictureFormat::heic || format == PictureFormat::avif;
    return {ImagingErrc::unsupported,
            name + " pictures can't be read on this machine: Qt has no plug-in for them. Install "
                + (iso ? "kimageformats for Qt 6 (on Debian 13 kimageformat6-plugins)" : "qt6-image-formats-plugins")
                + ", or save it as a JPEG first."};
}

ImagingError errorOf(const QImageReader &reader, PictureFormat format)
{
    const std::string words = reader.errorString().toStdString();
    if (reader.error() == QImageReader::UnsupportedFormatError)
        return unreadableHereError(format);
    return {ImagingErrc::corrupt,
            "The " + std::string(nameOf(format)) + " picture is damaged (" + words
                + "). Copy it again from where it came."};
}

/// A PNG packs at most 1032 to one, whatever is in it.
std::optional<ImagingError> emptyClaim(PictureFormat format, std::uint64_t pixels, std::uint64_t fileBytes)
{
    constexpr std::uint64_t bestPacking = 1032;
    constexpr std::uint64_t pixelsInAByte = 8;
    if (format != PictureFormat::png || pixels / pixelsInAByte <= fileBytes * bestPacking)
        return std::nullopt;
    return ImagingError{ImagingErrc::tooLarge,
                        "The PNG claims " + grouped(pixels) + " pixels in " + grouped(fileBytes)
                            + " bytes, which can't hold them: nearly all of it is missing, or it was made to fill the "
                              "memory. Pick another file."};
}

/// Why a picture is not even begun with.
std::optional<ImagingError> refusal(QSize size, PictureFormat format, const InputFile &file,
                                    const ImagingLimits &limits)
{
    const auto width = static_cast<std::uint64_t>(std::max(0, size.width()));
    const auto height = static_cast<std::uint64_t>(std::max(0, size.height()));
    if (width * height > limits.pixels)
        return tooManyPixelsError(width, height, limits);
    return emptyClaim(format, width * height, file.size());
}

/// Qt's picture and, for a moment beside it, the channels that are made of it, take more than they may.
std::optional<ImagingError> tooMuchMemory(const QImageReader &reader, PictureFormat format, const ImagingLimits &limits)
{
    constexpr std::uint64_t bitsInAByte = 8;
    QImage::Format stored = reader.imageFormat();
    if (stored == QImage::Format_Invalid) // not known yet
        stored = QImage::Format_ARGB32;
    const auto bits = static_cast<std::uint64_t>(QImage::toPixelFormat(stored).bitsPerPixel());
    const std::uint64_t channels = stored == QImage::Format_Grayscale8 || stored == QImage::Format_Grayscale16 ? 1 : 3;
    const QSize size = reader.size().expandedTo({0, 0});
    const std::uint64_t bytes = static_cast<std::uint64_t>(size.width()) * static_cast<std::uint64_t>(size.height())
        * (bits + channels * bitsInAByte) / bitsInAByte;
    if (bytes <= limits.memory)
        return std::nullopt;
    return tooMuchMemoryError("The " + std::string(nameOf(format)) + " picture", bytes, "all of it is needed at once",
                              limits);
}

void warnOfWhatIsLost(const QImageReader &reader, PictureFormat format, std::vector<std::string> &warnings)
{
    if (reader.supportsAnimation() && reader.imageCount() != 1)
        warnings.emplace_back("It is animated; the first picture was taken.");
    else if (reader.imageCount() > 1)
        warnings.emplace_back("The file holds several pictures; the first was taken.");
    if (format == PictureFormat::heic || format == PictureFormat::avif)
        warnings.emplace_back("What it tells about its picture (camera, date, place) can't be read and was left out.");
}

QImage onWhite(const QImage &image)
{
    QImage opaque(image.size(), QImage::Format_RGB32);
    opaque.fill(Qt::white);
    QPainter(&opaque).drawImage(0, 0, image);
    return opaque;
}

/// The original; nothing more comes of it once it is asked to stop, which ends what Qt does with it.
class StoppableFile final : public QFile {
public:
    explicit StoppableFile(std::stop_token stop) : m_stop(std::move(stop)) {}

protected:
    qint64 readData(char *to, qint64 length) override
    {
        return m_stop.stop_requested() ? -1 : QFile::readData(to, length);
    }

private:
    const std::stop_token m_stop;
};

Channel wholeChannel(int width, int height)
{
    return {Plane(width, height), static_cast<double>(width), static_cast<double>(height)};
}

/// Rows that are converted at a time: quick to do, so that a wish to stop is soon seen.
constexpr int stripeRows = 64;

/// Empty when asked to stop. What is transparent becomes white.
Picture pictureOf(const QImage &image, bool gray, const std::stop_token &stop)
{
    const int width = image.width();
    const int height = image.height();
    Picture picture;
    for (int c = 0; c < (gray ? 1 : 3); ++c)
        picture.channels.push_back(wholeChannel(width, height));
    auto &channels = picture.channels;
    for (int y = 0; y < height; y += stripeRows) {
        if (stop.stop_requested())
            return {};
        const int rows = std::min(stripeRows, height - y);
        QImage stripe(image.constScanLine(y), width, rows, image.bytesPerLine(), image.format());
        stripe.setColorTable(image.colorTable());
        if (stripe.hasAlphaChannel())
            stripe = onWhite(stripe);
        stripe.convertTo(gray ? QImage::Format_Grayscale8 : QImage::Format_RGB888);
        for (int i = 0; i < rows; ++i) {
            const uchar *row = stripe.constScanLine(i);
            const int to = y + i;
            if (gray)
                std::copy_n(row, width, channels[0].plane.row(to));
            else
                rgbToYcc(row, width, {channels[0].plane.row(to), channels[1].plane.row(to), channels[2].plane.row(to)});
        }
    }
    return picture;
}

/// What the file tells about the picture goes into `other`, and the orientation where Qt does not know it.
void takeMetadata(const InputFile &file, PictureFormat format, OtherPicture &other)
{
    ContainerMetadata container = readContainer(file, format);
    other.metadata = std::move(container.metadata);
    other.metadataKnown = container.known;
    other.icc = std::move(container.icc);
    if (other.orientation == Orientation::upright && format != PictureFormat::tiff)
        other.orientation = readExif(other.metadata.exif).orientation;
}

/// Empty for what is no TIFF of inks.
std::optional<isolate::Result<OtherPicture, ImagingError>>
readInks(const InputFile &file, const ImagingLimits &limits, const OtherPicture &known, const std::stop_token &stop)
{
    auto inks = readTiffInks(file, known.icc, limits, stop);
    if (inks && *inks) {
        OtherPicture &other = **inks;
        other.orientation = known.orientation;
        other.metadata = known.metadata;
        other.warnings.insert(other.warnings.begin(), known.warnings.begin(), known.warnings.end());
    }
    return inks;
}

/// A picture to read into. Qt's reader of BMP leaves pixels that the file skips as they are, so they must be something.
QImage cleared(const QImageReader &reader)
{
    QImage image;
    if (const QImage::Format format = reader.imageFormat(); format != QImage::Format_Invalid) {
        image = QImage(reader.size(), format);
        image.fill(0);
    }
    return image;
}

isolate::Result<OtherPicture, ImagingError> readWith(const InputFile &file, PictureFormat format,
                                                     const ImagingLimits &limits, const std::stop_token &stop)
{
    StoppableFile device(stop);
    if (!device.open(file.descriptor(), QIODevice::ReadOnly, QFileDevice::DontCloseHandle) || !device.seek(0))
        return readError(EIO);
    QImageReader reader(&device);
    reader.setDecideFormatFromContent(true);
    reader.setAutoTransform(false);
    if (!reader.canRead())
        return stop.stop_requested() ? cancelledError() : errorOf(reader, format);
    if (auto error = refusal(reader.size(), format, file, limits))
        return std::move(*error);
    OtherPicture other;
    other.orientation = orientationOf(reader.transformation());
    takeMetadata(file, format, other);
    if (format == PictureFormat::tiff)
        device.seek(0); // where Qt's reader begins to count the pictures
    warnOfWhatIsLost(reader, format, other.warnings);
    if (format == PictureFormat::tiff) {
        if (auto inks = readInks(file, limits, other, stop))
            return std::move(*inks);
    }
    if (auto error = tooMuchMemory(reader, format, limits))
        return std::move(*error);
    QImage image = format == PictureFormat::bmp ? cleared(reader) : QImage();
    const bool read = reader.read(&image);
    if (stop.stop_requested())
        return cancelledError();
    if (!read || image.isNull())
        return errorOf(reader, format);
    const bool clear = image.hasAlphaChannel();
    if (clear)
        other.warnings.push_back("Its transparent parts became white.");
    const bool gray
        = !clear && (image.format() == QImage::Format_Grayscale16 || (image.depth() <= 8 && image.isGrayscale()));
    if (other.icc.empty() && !gray && image.colorSpace().isValid()) {
        const QByteArray profile = image.colorSpace().iccProfile();
        other.icc.assign(profile.begin(), profile.end());
    }
    other.storedSize = {image.width(), image.height()};
    other.picture = pictureOf(image, gray, stop);
    if (other.picture.channels.empty())
        return cancelledError();
    return other;
}

} // namespace

isolate::Result<OtherPicture, ImagingError> readOtherWithQt(const InputFile &file, const ImagingLimits &limits,
                                                            const std::stop_token &stop)
{
    prepareQt();
    const PictureFormat format = formatOf(file.beginning(formatBytes));
    // These readers take what is there for the whole picture, or complain to the terminal.
    const bool tellsNot = format == PictureFormat::bmp || format == PictureFormat::gif || format == PictureFormat::png;
    const Extent extent = tellsNot ? extentOf(file, format) : Extent::whole;
    if (extent == Extent::cut)
        return endsEarlyError(format, file.size());
    auto other = readWith(file, format, limits, stop);
    if (other && extent == Extent::firstPicture)
        other->loss = "The file ends early, after its first picture.";
    if (!other && other.error().code == ImagingErrc::corrupt && extentOf(file, format) == Extent::cut)
        return endsEarlyError(format, file.size());
    return other;
}

} // namespace steadyframe::imaging
