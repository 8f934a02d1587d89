// Pictures of other formats than JPEG that end early, which some of Qt's readers take for whole ones.
#include "imaging/desk.h"
#include "imaging/early_end.h"
#include "imaging/memory_bytes.h"
#include "imaging/other_formats.h"
#include "imaging/thumbnail.h"

#include <QBuffer>
#include <QImage>
#include <QImageReader>
#include <QImageWriter>

#include <malloc.h>
#include <numeric>

using namespace steadyframe::imaging;
using namespace steadyframe::tests;

namespace {

const ImagingOptions withQt{.limits = {}, .readOther = readOtherWithQt};
constexpr int width = 120;
constexpr int height = 90;

QImage painted()
{
    QImage image(width, height, QImage::Format_RGB32);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x)
            image.setPixel(x, y, qRgb(x * 37 % 256, y * 91 % 256, (x * y) % 256));
    }
    return image;
}

Bytes savedAs(const char *format)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    return buffer.open(QBuffer::WriteOnly) && painted().save(&buffer, format) ? Bytes(bytes.begin(), bytes.end())
                                                                              : Bytes();
}

void append(Bytes &to, const Bytes &bytes)
{
    to.insert(to.end(), bytes.begin(), bytes.end());
}

Bytes littleEndian(std::size_t number, int bytes)
{
    Bytes all;
    for (int i = 0; i < bytes; ++i)
        all.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
    return all;
}

/// Of 128 grays, in codes of eight bits that are packed nowhere.
Bytes gif(bool interlaced, int pictures = 1)
{
    Bytes bytes{'G', 'I', 'F', '8', '9', 'a', width, 0, height, 0, 0xF6, 0, 0};
    for (int i = 0; i < 128; ++i)
        append(bytes, Bytes(3, static_cast<std::uint8_t>(2 * i)));
    for (; pictures > 0; --pictures) {
        append(bytes, {0x21, 0xF9, 4, 0, 10, 0, 0, 0}); // a pause
        append(bytes, {0x2C, 0, 0, 0, 0, width, 0, height, 0, static_cast<std::uint8_t>(interlaced ? 0x40 : 0), 7});
        Bytes codes;
        for (int i = 0; i < width * height; ++i) {
            if (i % 120 == 0)
                codes.push_back(0x80); // begins anew, before codes grow
            codes.push_back(static_cast<std::uint8_t>(i * 31 % 128));
        }
        codes.push_back(0x81);
        for (std::size_t at = 0; at < codes.size(); at += 255) {
            const auto count = std::min<std::size_t>(255, codes.size() - at);
            bytes.push_back(static_cast<std::uint8_t>(count));
            bytes.insert(bytes.end(), codes.begin() + static_cast<std::ptrdiff_t>(at),
                         codes.begin() + static_cast<std::ptrdiff_t>(at + count));
        }
        bytes.push_back(0);
    }
    bytes.push_back(0x3B);
    return bytes;
}

/// With 256 grays and rows that were packed by the caller.
Bytes packedBmp(int w, int h, const Bytes &rows)
{
    constexpr std::size_t head = 14 + 40 + 256 * 4;
    Bytes bytes{'B', 'M'};
    append(bytes, littleEndian(head + rows.size(), 4));
    append(bytes, littleEndian(0, 4));
    append(bytes, littleEndian(head, 4));
    append(bytes, littleEndian(40, 4));
    append(bytes, littleEndian(static_cast<std::size_t>(w), 4));
    append(bytes, littleEndian(static_cast<std::size_t>(h), 4));
    append(bytes, {1, 0, 8, 0, 1, 0, 0, 0});
    append(bytes, littleEndian(rows.size(), 4));
    append(bytes, Bytes(8, 0));
    append(bytes, littleEndian(256, 4));
    append(bytes, Bytes(4, 0));
    for (int i = 0; i < 256; ++i) {
        const auto gray = static_cast<std::uint8_t>(i);
        append(bytes, {gray, gray, gray, 0});
    }
    append(bytes, rows);
    return bytes;
}

/// Runs, single pixels with padding, and the mark of the end.
Bytes packedRows(int w, int h)
{
    Bytes rows;
    for (int y = 0; y < h; ++y) {
        append(rows, {static_cast<std::uint8_t>(w - 3), static_cast<std::uint8_t>(y)});
        append(rows, {0, 3, 10, 20, 30, 0, 0, 0});
    }
    append(rows, {0, 1});
    return rows;
}

Bytes firstOf(const Bytes &bytes, std::size_t count)
{
    return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count)};
}

Extent extentOfBytes(const Bytes &bytes, PictureFormat format)
{
    return extentOf(MemoryBytes(bytes), format);
}

} // namespace

class EarlyEndTest : public QObject {
    Q_OBJECT

private slots:
    void cutAnywhere_data();
    void cutAnywhere();
    void aLaterPictureMayBeMissing();
    void whatABmpSkipsIsBlack();
    void boxesAreFollowed();
    void absurdSidesAreNoTrouble();
};

void EarlyEndTest::cutAnywhere_data()
{
    QTest::addColumn<Bytes>("whole");
    QTest::addColumn<std::size_t>("shortest"); // of what is known as a picture
    QTest::addColumn<std::size_t>("spare"); // bytes at the end that are not missed
    for (const char *format : {"png", "bmp", "webp", "tiff"}) {
        if (QImageReader::supportedImageFormats().contains(format)
            && QImageWriter::supportedImageFormats().contains(format))
            QTest::newRow(format) << savedAs(format) << std::size_t{26} << std::size_t{0};
    }
    QTest::newRow("gif") << gif(false) << std::size_t{6} << std::size_t{1};
    QTest::newRow("interlaced gif") << gif(true) << std::size_t{6} << std::size_t{1};
    // The last row is there, whether or not the end is marked.
    QTest::newRow("packed bmp") << packedBmp(60, 40, packedRows(60, 40)) << std::size_t{26} << std::size_t{4};
}

void EarlyEndTest::cutAnywhere()
{
    QFETCH(Bytes, whole);
    QFETCH(std::size_t, shortest);
    QFETCH(std::size_t, spare);
    const Desk desk;
    const auto photo = desk.put("photo", whole);
    VERIFY_OK(makeThumbnail(photo, 50, {}, withQt));
    VERIFY_OK(compressFile(photo, desk.results(), "whole", {}, {}, {}, withQt));
    const auto refused = [&](std::size_t size) {
        writeBytes(photo, firstOf(whole, size));
        COMPARE_CODE(makeThumbnail(photo, 50, {}, withQt), ImagingErrc::truncated);
    };
    const std::size_t longest = whole.size() - spare - 1;
    for (std::size_t size = shortest; size < longest; size += std::max<std::size_t>(1, longest / 60))
        refused(size);
    refused(longest);
    const auto result = compressFile(photo, desk.results(), "cut", {}, {}, {}, withQt);
    COMPARE_CODE(result, ImagingErrc::truncated);
    QVERIFY2(QString::fromStdString(result.error().message).contains("ends early"), result.error().message.c_str());
    QCOMPARE(namesIn(desk.results()).size(), std::size_t{1});
}

void EarlyEndTest::aLaterPictureMayBeMissing()
{
    const Desk desk;
    const Bytes whole = gif(false, 2);
    for (const Bytes &bytes : {firstOf(whole, whole.size() * 3 / 4), firstOf(gif(false), gif(false).size() - 1)}) {
        const auto photo = desk.put("photo.gif", bytes);
        const auto result = compressFile(photo, desk.results(), "result", {}, {}, {}, withQt);
        VERIFY_OK(result);
        QVERIFY2(QString::fromStdString(result->warnings.front()).contains("ends early"),
                 result->warnings.front().c_str());
        ImagingOptions strict = withQt;
        strict.takeWhatIsThere = false;
        COMPARE_CODE(compressFile(photo, desk.results(), "strict", {}, {}, {}, strict), ImagingErrc::truncated);
    }
}

void EarlyEndTest::whatABmpSkipsIsBlack()
{
    // One pixel, then it moves to the last row, and ends.
    const Bytes bytes = packedBmp(64, 64, {1, 255, 0, 2, 0, 63, 1, 255, 0, 1});
    const Desk desk;
    const auto photo = desk.put("photo.bmp", bytes);
    ::mallopt(M_PERTURB, 0x5A); // memory is full of something
    const auto thumbnail = makeThumbnail(photo, 64, {}, withQt);
    ::mallopt(M_PERTURB, 0);
    VERIFY_OK(thumbnail);
    const auto sum = std::accumulate(thumbnail->rgba.begin(), thumbnail->rgba.end(), std::size_t{0});
    QCOMPARE(sum, std::size_t{64 * 64 * 255 + 2 * 3 * 255}); // opaque, and two pixels are white
}

void EarlyEndTest::boxesAreFollowed()
{
    Bytes bytes{0, 0, 0, 16, 'f', 't', 'y', 'p', 'a', 'v', 'i', 'f', 0, 0, 0, 0};
    append(bytes, {0, 0, 0, 1, 'm', 'd', 'a', 't', 0, 0, 0, 0, 0, 0, 0, 20, 1, 2, 3, 4});
    QVERIFY(extentOfBytes(bytes, PictureFormat::avif) == Extent::whole);
    for (std::size_t size = 1; size < bytes.size(); ++size)
        QVERIFY(extentOfBytes(firstOf(bytes, size), PictureFormat::avif) == (size == 16 ? Extent::whole : Extent::cut));
    append(bytes, {0, 0, 0, 0, 'm', 'd', 'a', 't', 1, 2, 3});
    QVERIFY(extentOfBytes(bytes, PictureFormat::heic) == Extent::whole);
}

void EarlyEndTest::absurdSidesAreNoTrouble()
{
    Bytes bytes = savedAs("bmp");
    std::fill_n(bytes.begin() + 18, 8, std::uint8_t{0xFF});
    std::fill_n(bytes.begin() + 28, 2, std::uint8_t{0xFF});
    QVERIFY(extentOfBytes(bytes, PictureFormat::bmp) == Extent::cut);
    bytes = packedBmp(60, 40, packedRows(60, 40));
    std::fill_n(bytes.begin() + 18, 8, std::uint8_t{0x7F});
    QVERIFY(extentOfBytes(bytes, PictureFormat::bmp) == Extent::whole); // its end is marked
}

QTEST_GUILESS_MAIN(EarlyEndTest)
#include "early_end_test.moc"
