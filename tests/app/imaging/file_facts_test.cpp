#include "imaging/desk.h"
#include "imaging/exif_forge.h"

using namespace steadyframe::imaging;
using namespace steadyframe::tests;

/// Limits that guard against what is made to do harm, and what a file is besides its content.
class FileFactsTest : public QObject {
    Q_OBJECT

private slots:
    void aBombOfPassesIsRefused();
    void aClaimWithoutContentIsRefused();
    void twelveBitsAreRefusedClearly();
    void anExifBlockThatLiesIsWarnedOf();
    void aFloodOfMetadataIsCut();
    void neverBiggerWhenResizedOrConverted();
};

void FileFactsTest::aBombOfPassesIsRefused()
{
    const Desk desk;
    const auto photo = desk.put(
        "bomb.jpg",
        forgeJpeg({.width = 64, .height = 64, .passOfEach = true, .exif = {}, .icc = {}}, fourCorners(64, 64)));
    for (const TargetKind kind : {TargetKind::quality, TargetKind::lossless}) {
        const auto result = desk.compress(photo, {.target = {.kind = kind}});
        COMPARE_CODE(result, ImagingErrc::tooLarge);
        QVERIFY2(QString::fromStdString(result.error().message).contains("more than 100 passes"),
                 result.error().message.c_str());
    }
    ImagingOptions patient;
    patient.limits.passes = 1000;
    VERIFY_OK(compressFile(photo, desk.results(), "result", {}, {}, {}, patient));
}

void FileFactsTest::aClaimWithoutContentIsRefused()
{
    const Desk desk;
    Bytes file
        = forgeJpeg({.width = 64, .height = 64, .progressive = true, .exif = {}, .icc = {}}, fourCorners(64, 64));
    const Bytes frame = {0xFF, 0xC2};
    const auto at = std::search(file.begin(), file.end(), frame.begin(), frame.end());
    std::copy_n(Bytes{0x40, 0, 0x40, 0}.begin(), 4, at + 5); // 16384 by 16384 pixels
    const auto result = desk.compress(desk.put("bomb.jpg", file));
    COMPARE_CODE(result, ImagingErrc::tooLarge);
    QVERIFY2(QString::fromStdString(result.error().message).contains("268,435,456 pixels"),
             result.error().message.c_str());
}

void FileFactsTest::twelveBitsAreRefusedClearly()
{
    const Desk desk;
    Bytes file = forgeJpeg({.exif = {}, .icc = {}}, fourCorners(64, 48));
    const Bytes frame = {0xFF, 0xC0};
    const auto at = std::search(file.begin(), file.end(), frame.begin(), frame.end());
    *(at + 1) = 0xC1;
    *(at + 4) = 12;
    const auto result = desk.compress(desk.put("photo.jpg", file));
    COMPARE_CODE(result, ImagingErrc::unsupported);
    QVERIFY2(QString::fromStdString(result.error().message).contains("12 bits"), result.error().message.c_str());
}

void FileFactsTest::anExifBlockThatLiesIsWarnedOf()
{
    const Desk desk;
    Bytes exif = forgeExif({});
    const Bytes entry = {0x01, 0x0E, 0, 2};
    const auto at = std::search(exif.begin(), exif.end(), entry.begin(), entry.end());
    std::fill_n(at + 4, 4, std::uint8_t{0xF0});
    const auto photo = desk.put(
        "photo.jpg",
        forgeJpeg({.width = 320, .height = 240, .quality = 97, .exif = exif, .icc = {}}, fourCorners(320, 240)));
    const auto result = desk.compress(photo, {.target = {.quality = 60}});
    VERIFY_OK(result);
    QCOMPARE(result->warnings.size(), std::size_t{1});
    QVERIFY(QString::fromStdString(result->warnings[0]).contains("EXIF block is damaged"));
    QVERIFY(contains(readBytes(result->path), "Model 1"));
}

void FileFactsTest::aFloodOfMetadataIsCut()
{
    const Desk desk;
    const std::vector<Segment> flood(1100, Segment{0xE5, Bytes(65'000, 7)});
    const auto photo
        = desk.put("photo.jpg", withSegments(forgeJpeg({.exif = {}, .icc = {}}, fourCorners(64, 48)), flood));
    const auto result = desk.compress(photo, {.target = {.quality = 60}, .metadata = MetadataRule::none()});
    VERIFY_OK(result);
    QVERIFY(result->resultBytes < 10'000);
    QVERIFY(QString::fromStdString(result->warnings.front()).contains("64 MB"));
}

void FileFactsTest::neverBiggerWhenResizedOrConverted()
{
    const Desk desk;
    const auto detail = [](int x, int y) { return Rgb{(x * 7 + y * 3) % 256, (x * 2 + y * 11) % 256, (x * y) % 256}; };
    for (unsigned orientation = 1; orientation <= 8; ++orientation) {
        const Bytes file = forgeJpeg({.width = 251,
                                      .height = 187,
                                      .quality = 30,
                                      .progressive = true,
                                      .exif = forgeExif({.orientation = orientation}),
                                      .icc = {}},
                                     detail);
        const auto photo = desk.put("photo.jpg", file);
        for (const ResizeRule &resize : {ResizeRule{}, ResizeRule::toLongestSide(240)}) {
            const auto result = desk.compress(photo, {.target = {.quality = 97}, .resize = resize});
            VERIFY_OK(result);
            QVERIFY(result->resultBytes <= file.size());
            const Decoded made = decodeJpeg(readBytes(result->path));
            QCOMPARE(QSize(made.width, made.height), QSize(result->width, result->height));
            if (resize.kind == ResizeKind::keep)
                continue;
            QCOMPARE(std::max(made.width, made.height), 240);
            QVERIFY(result->quality > 5 && result->quality < 97);
            QVERIFY(QString::fromStdString(result->warnings.back()).contains("lowered to"));
        }
    }
}

QTEST_APPLESS_MAIN(FileFactsTest)
#include "file_facts_test.moc"
