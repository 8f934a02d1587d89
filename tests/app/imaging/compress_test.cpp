#include "imaging/color_transform.h"
#include "imaging/desk.h"
#include "imaging/exif.h"
#include "imaging/photo_maker.h"

#include <QCryptographicHash>

#include <array>
#include <atomic>
#include <limits>
#include <sys/stat.h>
#include <thread>

using namespace steadyframe::imaging;
using namespace steadyframe::tests;
using Colours = Recipe::Colours;

namespace {

std::string hashOf(const Bytes &bytes)
{
    const QByteArrayView view(bytes.data(), static_cast<qsizetype>(bytes.size()));
    return QCryptographicHash::hash(view, QCryptographicHash::Sha256).toHex().toStdString();
}

/// Adobe RGB, made `size` bytes long by what no reader looks at.
Bytes someProfile(std::size_t size)
{
    Bytes profile = adobeRgbProfile();
    for (std::size_t i = profile.size(); i < size; ++i)
        profile.push_back(static_cast<std::uint8_t>(i * 31 ^ i >> 8));
    for (std::size_t i = 0; i < 4; ++i)
        profile[i] = static_cast<std::uint8_t>(profile.size() >> 8 * (3 - i));
    return profile;
}

} // namespace

class CompressTest : public QObject {
    Q_OBJECT

private slots:
    void everyKindOfJpegComesOutAlike_data();
    void everyKindOfJpegComesOutAlike();
    void grayStaysGray();
    void higherQualityIsLarger();
    void colourKeepsItsResolutionAtHighQuality();
    void sameInputGivesSameBytesOnAnyThread();
    void originalIsNotTouched();
    void neverBiggerThanTheOriginal();
    void profileAndExifAreKept();
    void progressiveOnRequest();
    void progressRisesToOne();
    void anExceptionFromProgressLeavesNothing();
    void cancellingAnywhereLeavesNothing_data();
    void cancellingAnywhereLeavesNothing();
    void failureKeepsAnEarlierResult();
    void wrongSettingsAreNamed();
};

void CompressTest::everyKindOfJpegComesOutAlike_data()
{
    QTest::addColumn<int>("colours");
    QTest::addColumn<int>("samplingX");
    QTest::addColumn<int>("samplingY");
    QTest::addColumn<bool>("progressive");
    QTest::addColumn<bool>("arithmetic");
    QTest::addColumn<int>("restartRows");
    const auto row = [](const char *title, Colours colours, int x, int y, bool progressive = false,
                        bool arithmetic = false, int restartRows = 0) {
        QTest::newRow(title) << static_cast<int>(colours) << x << y << progressive << arithmetic << restartRows;
    };
    row("4:2:0", Colours::ycc, 2, 2);
    row("4:2:2", Colours::ycc, 2, 1);
    row("4:4:0", Colours::ycc, 1, 2);
    row("4:4:4", Colours::ycc, 1, 1);
    row("4:1:1", Colours::ycc, 4, 1);
    row("4:1:0", Colours::ycc, 4, 2);
    row("three to one", Colours::ycc, 3, 1);
    row("progressive", Colours::ycc, 2, 2, true);
    row("progressive 4:2:2", Colours::ycc, 2, 1, true);
    row("arithmetic", Colours::ycc, 2, 2, false, true);
    row("arithmetic progressive", Colours::ycc, 2, 2, true, true);
    row("restart markers", Colours::ycc, 2, 2, false, false, 1);
    row("RGB", Colours::rgb, 1, 1);
    row("CMYK", Colours::cmyk, 1, 1);
    row("YCCK", Colours::ycck, 2, 2);
    row("YCCK progressive", Colours::ycck, 1, 1, true);
}

void CompressTest::everyKindOfJpegComesOutAlike()
{
    QFETCH(int, colours);
    QFETCH(int, samplingX);
    QFETCH(int, samplingY);
    QFETCH(bool, progressive);
    QFETCH(bool, arithmetic);
    QFETCH(int, restartRows);
    // Sizes that no block divides, and one that all do.
    for (const auto &[width, height] : {std::pair{157, 113}, {160, 128}, {17, 203}}) {
        Recipe recipe{.width = width,
                      .height = height,
                      .colours = static_cast<Colours>(colours),
                      .quality = 100,
                      .samplingX = samplingX,
                      .samplingY = samplingY,
                      .progressive = progressive,
                      .arithmetic = arithmetic,
                      .restartRows = restartRows,
                      .exif = {},
                      .icc = {}};
        const Painter painter = fourCorners(width, height);
        const Desk desk;
        const auto result
            = desk.compress(desk.put("photo.jpg", forgeJpeg(recipe, painter)), {.target = {.quality = 85}});
        VERIFY_OK(result);
        QVERIFY(!result->keptOriginalBytes);
        const Decoded decoded = decodeJpeg(readBytes(result->path));
        QCOMPARE(decoded.width, width);
        QCOMPARE(decoded.height, height);
        QCOMPARE(decoded.components, 3);
        QCOMPARE(decoded.chromaX, 2);
        QCOMPARE(decoded.chromaY, 2);
        const double difference = meanDifference(decoded, painter);
        QVERIFY2(difference < 2.5, qPrintable(QString::number(difference)));
    }
}

void CompressTest::grayStaysGray()
{
    for (int sampling : {1, 2}) {
        const Recipe recipe{.width = 121,
                            .height = 90,
                            .colours = Colours::gray,
                            .quality = 100,
                            .samplingX = sampling,
                            .samplingY = sampling,
                            .exif = {},
                            .icc = {}};
        const Desk desk;
        const auto result
            = desk.compress(desk.put("gray.jpg", forgeJpeg(recipe, fourCorners(121, 90))), {.target = {.quality = 70}});
        VERIFY_OK(result);
        const Decoded decoded = decodeJpeg(readBytes(result->path));
        QCOMPARE(decoded.components, 1);
        const double difference = meanDifference(decoded, [painter = fourCorners(121, 90)](int x, int y) {
            const Rgb c = painter(x, y);
            const int level = (c.r * 299 + c.g * 587 + c.b * 114 + 500) / 1000;
            return Rgb{level, level, level};
        });
        QVERIFY2(difference < 2, qPrintable(QString::number(difference)));
    }
}

void CompressTest::higherQualityIsLarger()
{
    const Desk desk;
    const auto photo = desk.folder() / "photo.jpg";
    VERIFY_OK(makePhoto(photo, 320, 240, 1, 100));
    std::uint64_t before = 0;
    for (int quality : {1, 20, 40, 60, 80, 89, 90, 95, 99}) {
        const auto result = desk.compress(photo, {.target = {.quality = quality}});
        VERIFY_OK(result);
        QVERIFY2(result->resultBytes > before, qPrintable(QString::number(quality)));
        before = result->resultBytes;
    }
}

void CompressTest::colourKeepsItsResolutionAtHighQuality()
{
    const Desk desk;
    for (const auto &[x, y] : {std::pair{1, 1}, {2, 1}, {2, 2}}) {
        const Recipe recipe{
            .width = 64, .height = 64, .quality = 100, .samplingX = x, .samplingY = y, .exif = {}, .icc = {}};
        const auto result
            = desk.compress(desk.put("photo.jpg", forgeJpeg(recipe, fourCorners(64, 64))), {.target = {.quality = 92}});
        VERIFY_OK(result);
        const Decoded decoded = decodeJpeg(readBytes(result->path));
        QCOMPARE(decoded.chromaX, x);
        QCOMPARE(decoded.chromaY, y);
    }
}

void CompressTest::sameInputGivesSameBytesOnAnyThread()
{
    const Desk desk;
    const auto photo = desk.folder() / "photo.jpg";
    VERIFY_OK(makePhoto(photo, 500, 375, 7, 95, 6));
    constexpr std::size_t threads = 4;
    std::array<std::string, threads> hashes;
    {
        std::vector<std::jthread> workers;
        for (std::size_t i = 0; i < threads; ++i) {
            workers.emplace_back([&, i] {
                for (int round = 0; round < 3; ++round) {
                    const auto stem = "result" + std::to_string(i);
                    auto result
                        = compressFile(photo, desk.results(), stem, {.resize = ResizeRule::toLongestSide(333)}, {});
                    const std::string hash = result ? hashOf(readBytes(result->path)) : result.error().message;
                    if (round > 0 && hash != hashes[i])
                        hashes[i] += " then " + hash;
                    else
                        hashes[i] = hash;
                }
            });
        }
    }
    for (const std::string &hash : hashes)
        QCOMPARE(hash, hashes[0]);
    QCOMPARE(hashes[0].size(), std::size_t{64});
    const auto result = desk.compress(photo, {.resize = ResizeRule::toLongestSide(333)});
    VERIFY_OK(result);
    QCOMPARE(result->sha256, hashes[0]);
}

void CompressTest::originalIsNotTouched()
{
    const Desk desk;
    const Bytes bytes = forgeJpeg({.width = 200, .height = 100, .exif = {}, .icc = {}}, fourCorners(200, 100));
    const auto photo = desk.put("photo.jpg", bytes);
    QCOMPARE(::chmod(photo.c_str(), 0444), 0);
    struct stat before {};
    QCOMPARE(::stat(photo.c_str(), &before), 0);
    for (int side : {0, 50}) {
        const auto result
            = desk.compress(photo, {.target = {.quality = 60}, .resize = ResizeRule::toLongestSide(side)});
        VERIFY_OK(result);
        QVERIFY(result->path != photo);
    }
    struct stat after {};
    QCOMPARE(::stat(photo.c_str(), &after), 0);
    QVERIFY(readBytes(photo) == bytes);
    QCOMPARE(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
    QCOMPARE(after.st_ctim.tv_nsec, before.st_ctim.tv_nsec);
    QCOMPARE(after.st_ino, before.st_ino);
}

void CompressTest::neverBiggerThanTheOriginal()
{
    const Desk desk;
    const auto photo = desk.folder() / "photo.jpeg";
    for (const bool progressive : {false, true}) {
        VERIFY_OK(makePhoto(photo, 300, 200, 4, 40));
        const Bytes bytes = readBytes(photo);
        const auto result = desk.compress(photo, {.target = {.quality = 90}, .progressive = progressive});
        VERIFY_OK(result);
        QVERIFY(result->keptOriginalBytes);
        QVERIFY(readBytes(result->path) == bytes);
        QCOMPARE(result->resultBytes, bytes.size());
        QCOMPARE(result->sha256, hashOf(bytes));
        QCOMPARE(result->path.filename().native(), std::string("result.jpg"));
        const auto smaller
            = desk.compress(photo, {.target = {.quality = 90}, .resize = ResizeRule::toLongestSide(150)});
        VERIFY_OK(smaller);
        QVERIFY(!smaller->keptOriginalBytes);
    }
}

void CompressTest::profileAndExifAreKept()
{
    const Desk desk;
    for (std::size_t size : {std::size_t{0}, std::size_t{150'000}}) {
        const Bytes profile = someProfile(size);
        const Bytes exif = exifWithOrientation(Orientation::turnedRight);
        const Recipe recipe{.width = 300, .height = 200, .quality = 100, .exif = exif, .icc = profile};
        const auto result = desk.compress(desk.put("photo.jpg", forgeJpeg(recipe, fourCorners(300, 200))),
                                          {.target = {.quality = 50}});
        VERIFY_OK(result);
        const Decoded decoded = decodeJpeg(readBytes(result->path));
        QVERIFY(decoded.icc == profile);
        QVERIFY(decoded.exif == exifWithOrientation(Orientation::upright));
    }
}

void CompressTest::progressiveOnRequest()
{
    const Desk desk;
    const auto photo = desk.put("photo.jpg", forgeJpeg({.quality = 100, .exif = {}, .icc = {}}, fourCorners(64, 48)));
    for (const bool progressive : {false, true}) {
        const auto result = desk.compress(photo, {.target = {.quality = 50}, .progressive = progressive});
        VERIFY_OK(result);
        QCOMPARE(decodeJpeg(readBytes(result->path)).progressive, progressive);
    }
}

void CompressTest::progressRisesToOne()
{
    const Desk desk;
    for (const bool progressive : {false, true}) {
        for (int side : {0, 100}) {
            const Recipe recipe{
                .width = 300, .height = 200, .quality = 100, .progressive = progressive, .exif = {}, .icc = {}};
            std::vector<double> told;
            const auto result = desk.compress(desk.put("photo.jpg", forgeJpeg(recipe, fourCorners(300, 200))),
                                              {.resize = ResizeRule::toLongestSide(side)}, {},
                                              [&](double done) { told.push_back(done); });
            VERIFY_OK(result);
            QVERIFY(told.size() > 10);
            QVERIFY(std::is_sorted(told.begin(), told.end()));
            QVERIFY(told.front() > 0 && told.front() < 0.9);
            QCOMPARE(told.back(), 1.0);
        }
    }
}

void CompressTest::anExceptionFromProgressLeavesNothing()
{
    struct Killed {};
    const Desk desk;
    const auto photo
        = desk.put("photo.jpg", forgeJpeg({.width = 300, .height = 300, .exif = {}, .icc = {}}, fourCorners(300, 300)));
    for (int side : {0, 100}) {
        int calls = 0;
        const auto compress = [&] {
            (void)desk.compress(photo, {.target = {.quality = 50}, .resize = ResizeRule::toLongestSide(side)}, {},
                                [&](double) {
                                    if (++calls == 5)
                                        throw Killed();
                                });
        };
        QVERIFY_EXCEPTION_THROWN(compress(), Killed);
        QCOMPARE(calls, 5);
        QVERIFY(namesIn(desk.results()).empty());
    }
}

void CompressTest::cancellingAnywhereLeavesNothing_data()
{
    QTest::addColumn<bool>("progressive");
    QTest::addColumn<int>("orientation");
    QTest::addColumn<int>("longestSide");
    QTest::newRow("as stored") << false << 1 << 0;
    QTest::newRow("resized") << false << 1 << 120;
    QTest::newRow("turned") << false << 6 << 0;
    QTest::newRow("progressive") << true << 1 << 0;
}

void CompressTest::cancellingAnywhereLeavesNothing()
{
    QFETCH(bool, progressive);
    QFETCH(int, orientation);
    QFETCH(int, longestSide);
    const Desk desk;
    const Recipe recipe{.width = 400,
                        .height = 300,
                        .quality = 98,
                        .progressive = progressive,
                        .exif = exifWithOrientation(static_cast<Orientation>(orientation)),
                        .icc = {}};
    const auto photo = desk.put("photo.jpg", forgeJpeg(recipe, fourCorners(400, 300)));
    int steps = 0;
    VERIFY_OK(desk.compress(photo, {.target = {.quality = 50}, .resize = ResizeRule::toLongestSide(longestSide)}, {},
                            [&](double) { ++steps; }));
    std::filesystem::remove(desk.results() / "result.jpg");
    QVERIFY(steps > 10);
    // The last call tells that it is done, which can't be cancelled any more.
    for (int at = 0; at < steps - 1; ++at) {
        std::stop_source stop;
        if (at == 0)
            stop.request_stop();
        int step = 0;
        const auto result
            = desk.compress(photo, {.target = {.quality = 50}, .resize = ResizeRule::toLongestSide(longestSide)},
                            stop.get_token(), [&](double) {
                                if (++step == at)
                                    stop.request_stop();
                            });
        QVERIFY2(!result, qPrintable(QString("cancelled at step %1 of %2").arg(at).arg(steps)));
        COMPARE_CODE(result, ImagingErrc::cancelled);
        QCOMPARE(step, at);
        QVERIFY(namesIn(desk.results()).empty());
    }
}

void CompressTest::failureKeepsAnEarlierResult()
{
    const Desk desk;
    Bytes bytes
        = forgeJpeg({.width = 200, .height = 200, .quality = 100, .exif = {}, .icc = {}}, fourCorners(200, 200));
    const auto first = desk.compress(desk.put("photo.jpg", bytes), {.target = {.quality = 50}});
    VERIFY_OK(first);
    const Bytes earlier = readBytes(first->path);
    bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2), bytes.end() - 2);
    COMPARE_CODE(desk.compress(desk.put("photo.jpg", bytes), {.target = {.quality = 50}}), ImagingErrc::corrupt);
    QVERIFY(readBytes(first->path) == earlier);
    QVERIFY(namesIn(desk.results()) == std::vector<std::string>{"result.jpg"});
}

void CompressTest::wrongSettingsAreNamed()
{
    const Desk desk;
    const auto photo = desk.put("photo.jpg", forgeJpeg({.exif = {}, .icc = {}}, fourCorners(64, 48)));
    const auto bytes = [](std::uint64_t size, int floor, int ceiling) {
        return CompressSettings{.target
                                = {.kind = TargetKind::bytes, .bytes = size, .floor = floor, .ceiling = ceiling}};
    };
    const auto similarity = [](double wanted) {
        return CompressSettings{.target = {.kind = TargetKind::similarity, .similarity = wanted}};
    };
    const auto resize = [](ResizeKind kind, int width, int height, double percent = 100) {
        return CompressSettings{.resize = {kind, width, height, percent}};
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const CompressSettings &settings : {
             CompressSettings{.target = {.quality = 0}},
             CompressSettings{.target = {.quality = 101}},
             bytes(0, 30, 95),
             bytes(1000, 0, 95),
             bytes(1000, 30, 101),
             bytes(1000, 60, 50),
             similarity(0),
             similarity(1.01),
             similarity(nan),
             resize(ResizeKind::longestSide, -1, 0),
             resize(ResizeKind::longestSide, 65501, 0),
             resize(ResizeKind::width, 0, 10),
             resize(ResizeKind::height, 10, 0),
             resize(ResizeKind::box, 10, 0),
             resize(ResizeKind::box, 0, 10),
             resize(ResizeKind::percent, 0, 0, 0),
             resize(ResizeKind::percent, 0, 0, 100.5),
             resize(ResizeKind::percent, 0, 0, nan),
         }) {
        const auto result = desk.compress(photo, settings);
        COMPARE_CODE(result, ImagingErrc::badSettings);
        QVERIFY(!std::filesystem::exists(desk.results()));
    }
}

QTEST_APPLESS_MAIN(CompressTest)
#include "compress_test.moc"
