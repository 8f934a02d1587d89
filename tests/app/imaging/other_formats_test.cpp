#include "imaging/desk.h"
#include "imaging/other_formats.h"
#include "imaging/thumbnail.h"

#include <QColorSpace>
#include <QImage>
#include <QImageReader>
#include <QImageWriter>

using namespace steadyframe::imaging;
using namespace steadyframe::tests;

namespace {

const ImagingOptions withQt{.limits = {}, .readOther = readOtherWithQt};

QImage painted(int width, int height, QImage::Format format = QImage::Format_RGB32)
{
    QImage image(width, height, QImage::Format_RGB32);
    const Painter painter = fourCorners(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const Rgb c = painter(x, y);
            image.setPixel(x, y, qRgb(c.r, c.g, c.b));
        }
    }
    return image.convertToFormat(format);
}

std::filesystem::path save(const Desk &desk, const QImage &image, const char *format)
{
    const auto path = desk.folder() / (std::string("picture.") + format);
    return image.save(QString::fromStdString(path.native()), format) ? path : std::filesystem::path();
}

} // namespace

class OtherFormatsTest : public QObject {
    Q_OBJECT

private slots:
    void eachFormatBecomesAJpeg_data();
    void eachFormatBecomesAJpeg();
    void gifIsRead();
    void grayStaysGray();
    void transparentBecomesWhite();
    void profilesAreKept();
    void aSmallerOriginalIsKeptInItsFormat();
    void damageIsTold();
    void memoryIsBounded();
    void aWishToStopEndsTheReading();
    void aBombIsRefused();
    void withoutAReaderItSaysSo();
    void thumbnails();
};

void OtherFormatsTest::eachFormatBecomesAJpeg_data()
{
    QTest::addColumn<QByteArray>("format");
    for (const QByteArray format : {"png", "bmp", "webp", "tiff"}) {
        // Debian brings WebP and TIFF in packages of their own.
        if (QImageReader::supportedImageFormats().contains(format)
            && QImageWriter::supportedImageFormats().contains(format))
            QTest::newRow(format) << format;
    }
}

void OtherFormatsTest::eachFormatBecomesAJpeg()
{
    QFETCH(QByteArray, format);
    const Desk desk;
    const auto path = save(desk, painted(301, 200), format.constData());
    const auto result
        = compressFile(path, desk.results(), "result",
                       {.target = {.quality = 85}, .resize = ResizeRule::toLongestSide(150)}, {}, {}, withQt);
    VERIFY_OK(result);
    QCOMPARE(QSize(result->sourceWidth, result->sourceHeight), QSize(301, 200));
    const Decoded decoded = decodeJpeg(readBytes(result->path));
    QCOMPARE(QSize(decoded.width, decoded.height), QSize(150, 100));
    const double difference = meanDifference(decoded, fourCorners(150, 100));
    QVERIFY2(difference < 3, qPrintable(QString::number(difference)));
}

void OtherFormatsTest::gifIsRead()
{
    const Desk desk;
    // One red pixel.
    const auto path = desk.put("red.gif", {'G', 'I',  'F', '8', '9', 'a', 1, 0, 1, 0, 0x80, 0, 0, 255,  0, 0, 0,   0,
                                           0,   0x2C, 0,   0,   0,   0,   1, 0, 1, 0, 0,    2, 2, 0x44, 1, 0, 0x3B});
    const auto thumbnail = makeThumbnail(path, 10, {}, withQt);
    VERIFY_OK(thumbnail);
    QCOMPARE(QSize(thumbnail->width, thumbnail->height), QSize(1, 1));
    QVERIFY(thumbnail->rgba[0] > 250 && thumbnail->rgba[1] < 5 && thumbnail->rgba[2] < 5);
}

void OtherFormatsTest::grayStaysGray()
{
    const Desk desk;
    const auto path = save(desk, painted(200, 150, QImage::Format_Grayscale8), "png");
    const auto result
        = compressFile(path, desk.results(), "result", {.resize = ResizeRule::toLongestSide(100)}, {}, {}, withQt);
    VERIFY_OK(result);
    QCOMPARE(decodeJpeg(readBytes(result->path)).components, 1);
}

void OtherFormatsTest::transparentBecomesWhite()
{
    const Desk desk;
    QImage image(64, 64, QImage::Format_ARGB32);
    for (int y = 0; y < 64; ++y) { // of many colours, so that the PNG is the larger one
        for (int x = 0; x < 64; ++x)
            image.setPixel(x, y, qRgba(x * 37 % 256, y * 91 % 256, (x * y) % 256, 0));
    }
    const auto path = save(desk, image, "png");
    const auto result
        = compressFile(path, desk.results(), "result", {.resize = ResizeRule::toLongestSide(32)}, {}, {}, withQt);
    VERIFY_OK(result);
    QCOMPARE(result->warnings.size(), std::size_t{1});
    const Rgb pixel = decodeJpeg(readBytes(result->path)).at(16, 16);
    QVERIFY(pixel.r > 250 && pixel.g > 250 && pixel.b > 250);
}

void OtherFormatsTest::profilesAreKept()
{
    const Desk desk;
    QImage image = painted(200, 150);
    image.setColorSpace(QColorSpace(QColorSpace::DisplayP3));
    const auto path = save(desk, image, "png");
    const auto result
        = compressFile(path, desk.results(), "result", {.resize = ResizeRule::toLongestSide(100)}, {}, {}, withQt);
    VERIFY_OK(result);
    const Bytes icc = decodeJpeg(readBytes(result->path)).icc;
    const auto space = QColorSpace::fromIccProfile(
        QByteArray(reinterpret_cast<const char *>(icc.data()), static_cast<qsizetype>(icc.size())));
    QCOMPARE(space.primaries(), QColorSpace::Primaries::DciP3D65);
}

void OtherFormatsTest::aSmallerOriginalIsKeptInItsFormat()
{
    const Desk desk;
    QImage image(400, 400, QImage::Format_Mono);
    image.fill(0);
    const auto path = save(desk, image, "png");
    const auto result = compressFile(path, desk.results(), "result", {}, {}, {}, withQt);
    VERIFY_OK(result);
    QVERIFY(result->keptOriginalBytes);
    QCOMPARE(result->path.filename().native(), std::string("result.png"));
    QVERIFY(readBytes(result->path) == readBytes(path));
}

void OtherFormatsTest::damageIsTold()
{
    const Desk desk;
    Bytes bytes = readBytes(save(desk, painted(200, 150), "png"));
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2), 20, std::uint8_t{0});
    const auto result = compressFile(desk.put("damaged.png", bytes), desk.results(), "result", {}, {}, {}, withQt);
    COMPARE_CODE(result, ImagingErrc::corrupt);
    QVERIFY(namesIn(desk.results()).empty());
}

void OtherFormatsTest::memoryIsBounded()
{
    const Desk desk;
    // Its pixels, and three channels of them.
    for (const auto &[format, perPixel] : {std::pair(QImage::Format_RGB32, 7), std::pair(QImage::Format_RGBX64, 11),
                                           std::pair(QImage::Format_Grayscale8, 2)}) {
        const auto path = save(desk, painted(200, 150, format), "png");
        ImagingOptions options = withQt;
        options.limits.memory = static_cast<std::uint64_t>(200 * 150 * perPixel - 1);
        const auto refused = makeThumbnail(path, 50, {}, options);
        COMPARE_CODE(refused, ImagingErrc::tooLarge);
        QVERIFY(refused.error().limit == ImagingLimit::memory);
        QVERIFY2(QString::fromStdString(refused.error().message).contains("of memory"),
                 refused.error().message.c_str());
        ++options.limits.memory;
        VERIFY_OK(makeThumbnail(path, 50, {}, options));
    }
}

void OtherFormatsTest::aWishToStopEndsTheReading()
{
    const Desk desk;
    const auto path = save(desk, painted(400, 300), "png");
    Bytes bytes = readBytes(path);
    std::fill(bytes.end() - static_cast<std::ptrdiff_t>(bytes.size() / 2), bytes.end(), std::uint8_t{0});
    writeBytes(path, bytes);
    const auto file = InputFile::open(path, {});
    VERIFY_OK(file);
    COMPARE_CODE(readOtherWithQt(*file, {}, {}), ImagingErrc::corrupt);
    std::stop_source stop;
    stop.request_stop();
    // It never comes to the damage.
    COMPARE_CODE(readOtherWithQt(*file, {}, stop.get_token()), ImagingErrc::cancelled);
}

void OtherFormatsTest::aBombIsRefused()
{
    const Desk desk;
    const auto path = save(desk, painted(200, 150), "png");
    const auto result = compressFile(path, desk.results(), "result", {}, {}, {},
                                     {.limits = {.pixels = 29'999, .bytes = 1'000'000}, .readOther = readOtherWithQt});
    COMPARE_CODE(result, ImagingErrc::tooLarge);
    QVERIFY2(QString::fromStdString(result.error().message).contains("200 by 150"), result.error().message.c_str());
}

void OtherFormatsTest::withoutAReaderItSaysSo()
{
    const Desk desk;
    const auto result = desk.compress(save(desk, painted(20, 15), "png"));
    COMPARE_CODE(result, ImagingErrc::unsupported);
    QVERIFY(QString::fromStdString(result.error().message).contains("PNG"));
}

void OtherFormatsTest::thumbnails()
{
    const Desk desk;
    const auto thumbnail = makeThumbnail(save(desk, painted(400, 300), "png"), 100, {}, withQt);
    VERIFY_OK(thumbnail);
    QCOMPARE(QSize(thumbnail->width, thumbnail->height), QSize(100, 75));
    QCOMPARE(QSize(thumbnail->sourceWidth, thumbnail->sourceHeight), QSize(400, 300));
    QVERIFY(thumbnail->rgba[0] > 240 && thumbnail->rgba[1] < 15 && thumbnail->rgba[2] < 15);
}

QTEST_GUILESS_MAIN(OtherFormatsTest)
#include "other_formats_test.moc"
