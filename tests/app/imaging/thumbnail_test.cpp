#include "imaging/desk.h"
#include "imaging/exif.h"
#include "imaging/thumbnail.h"

#include <cmath>

using namespace steadyframe::imaging;
using namespace steadyframe::tests;

namespace {

Painter plain(Rgb colour)
{
    return [colour](int, int) { return colour; };
}

Rgb pixel(const Thumbnail &thumbnail, int x, int y)
{
    const std::uint8_t *at = thumbnail.rgba.data() + static_cast<std::size_t>((y * thumbnail.width + x) * 4);
    return {at[0], at[1], at[2]};
}

bool alike(Rgb a, Rgb b)
{
    return std::abs(a.r - b.r) < 30 && std::abs(a.g - b.g) < 30 && std::abs(a.b - b.b) < 30;
}

void append(Bytes &to, const Bytes &bytes)
{
    to.insert(to.end(), bytes.begin(), bytes.end());
}

Bytes bigEndian(std::size_t number)
{
    Bytes bytes;
    for (int shift : {24, 16, 8, 0})
        bytes.push_back(static_cast<std::uint8_t>(number >> shift));
    return bytes;
}

/// A block whose second directory points to an embedded JPEG.
Bytes exifWithThumbnail(const Bytes &jpeg)
{
    Bytes block = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 0, 0, 0, 0, 14, 0, 2};
    append(block, {0x02, 0x01, 0, 4, 0, 0, 0, 1});
    append(block, bigEndian(44));
    append(block, {0x02, 0x02, 0, 4, 0, 0, 0, 1});
    append(block, bigEndian(jpeg.size()));
    append(block, {0, 0, 0, 0});
    append(block, jpeg);
    return block;
}

} // namespace

class ThumbnailTest : public QObject {
    Q_OBJECT

private slots:
    void fitsAndIsUpright_data();
    void fitsAndIsUpright();
    void neverEnlarges();
    void grayIsGray();
    void theEmbeddedPictureIsTakenWhenItWillDo();
    void errorsAreTheSameAsOfCompression();
    void ofAnEarlyEndItShowsWhatIsThere();
    void cancels();
};

void ThumbnailTest::fitsAndIsUpright_data()
{
    QTest::addColumn<int>("orientation");
    for (int orientation : {1, 3, 6, 8})
        QTest::addRow("%d", orientation) << orientation;
}

void ThumbnailTest::fitsAndIsUpright()
{
    QFETCH(int, orientation);
    const bool sideways = orientation > 4;
    // The corner that is stored first is shown at the upper left, lower right, upper right and lower left.
    const Recipe recipe{
        .width = 800, .height = 600, .exif = exifWithOrientation(static_cast<Orientation>(orientation)), .icc = {}};
    const Desk desk;
    const auto photo = desk.put("photo.jpg", forgeJpeg(recipe, fourCorners(800, 600)));
    for (int side : {256, 100, 97, 20}) {
        const auto thumbnail = makeThumbnail(photo, side, {});
        VERIFY_OK(thumbnail);
        QCOMPARE(std::max(thumbnail->width, thumbnail->height), side);
        QCOMPARE(thumbnail->sourceWidth, sideways ? 600 : 800);
        QCOMPARE(thumbnail->sourceHeight, sideways ? 800 : 600);
        QCOMPARE(thumbnail->rgba.size(), static_cast<std::size_t>(thumbnail->width * thumbnail->height * 4));
        const int right = thumbnail->width - 1;
        const int bottom = thumbnail->height - 1;
        const Rgb red = pixel(*thumbnail, orientation == 1 || orientation == 8 ? 0 : right,
                              orientation == 1 || orientation == 6 ? 0 : bottom);
        QVERIFY(alike(orientation == 8 ? pixel(*thumbnail, 0, bottom) : red, {255, 0, 0}));
        QVERIFY(alike(pixel(*thumbnail, right / 2, bottom / 2), {128, 128, 128}));
        for (std::size_t i = 3; i < thumbnail->rgba.size(); i += 4)
            QCOMPARE(thumbnail->rgba[i], std::uint8_t{255});
    }
}

void ThumbnailTest::neverEnlarges()
{
    const Desk desk;
    const auto photo
        = desk.put("photo.jpg", forgeJpeg({.width = 40, .height = 30, .exif = {}, .icc = {}}, fourCorners(40, 30)));
    const auto thumbnail = makeThumbnail(photo, 256, {});
    VERIFY_OK(thumbnail);
    QCOMPARE(QSize(thumbnail->width, thumbnail->height), QSize(40, 30));
    QVERIFY(alike(pixel(*thumbnail, 39, 0), {0, 255, 0}));
}

void ThumbnailTest::grayIsGray()
{
    const Desk desk;
    const Recipe recipe{.width = 300,
                        .height = 300,
                        .colours = Recipe::Colours::gray,
                        .samplingX = 1,
                        .samplingY = 1,
                        .exif = {},
                        .icc = {}};
    const auto thumbnail = makeThumbnail(desk.put("photo.jpg", forgeJpeg(recipe, plain({200, 200, 200}))), 64, {});
    VERIFY_OK(thumbnail);
    QVERIFY(alike(pixel(*thumbnail, 32, 32), {200, 200, 200}));
}

void ThumbnailTest::theEmbeddedPictureIsTakenWhenItWillDo()
{
    const Desk desk;
    const auto thumbnailWith
        = [&](int width, int height, int side, bool damaged = false, ThumbnailFrom from = ThumbnailFrom::quickest) {
              Bytes embedded = forgeJpeg({.width = width, .height = height, .exif = {}, .icc = {}}, plain({0, 0, 255}));
              if (damaged)
                  embedded.resize(embedded.size() - 30);
              const Recipe recipe{.width = 640, .height = 480, .exif = exifWithThumbnail(embedded), .icc = {}};
              return makeThumbnail(desk.put("photo.jpg", forgeJpeg(recipe, plain({255, 0, 0}))), side, {}, {}, from);
          };
    const auto isBlue = [](const auto &thumbnail) { return thumbnail && alike(pixel(*thumbnail, 5, 5), {0, 0, 255}); };
    const auto isRed = [](const auto &thumbnail) { return thumbnail && alike(pixel(*thumbnail, 5, 5), {255, 0, 0}); };
    QVERIFY(isBlue(thumbnailWith(160, 120, 160)));
    QVERIFY(isBlue(thumbnailWith(160, 120, 80)));
    QVERIFY(isRed(thumbnailWith(160, 120, 161))); // too small
    QVERIFY(isRed(thumbnailWith(160, 100, 80))); // of another shape, as with black bars
    QVERIFY(isRed(thumbnailWith(160, 120, 80, true)));
    QVERIFY(isRed(thumbnailWith(160, 120, 80, false, ThumbnailFrom::photo)));
    const auto thumbnail = thumbnailWith(160, 120, 80);
    VERIFY_OK(thumbnail);
    QCOMPARE(QSize(thumbnail->width, thumbnail->height), QSize(80, 60));
    QCOMPARE(QSize(thumbnail->sourceWidth, thumbnail->sourceHeight), QSize(640, 480));
}

void ThumbnailTest::errorsAreTheSameAsOfCompression()
{
    const Desk desk;
    COMPARE_CODE(makeThumbnail(desk.folder() / "gone.jpg", 64, {}), ImagingErrc::vanished);
    COMPARE_CODE(makeThumbnail(desk.folder(), 64, {}), ImagingErrc::isDirectory);
    COMPARE_CODE(makeThumbnail(desk.put("empty.jpg", {}), 64, {}), ImagingErrc::empty);
    COMPARE_CODE(makeThumbnail(desk.put("text.jpg", {'h', 'i'}), 64, {}), ImagingErrc::notAnImage);
    Bytes bytes = forgeJpeg({.width = 300, .height = 300, .exif = {}, .icc = {}}, fourCorners(300, 300));
    bytes.resize(bytes.size() / 2);
    ImagingOptions strict;
    strict.takeWhatIsThere = false;
    COMPARE_CODE(makeThumbnail(desk.put("half.jpg", bytes), 64, {}, strict), ImagingErrc::truncated);
}

void ThumbnailTest::ofAnEarlyEndItShowsWhatIsThere()
{
    const Desk desk;
    Bytes bytes = forgeJpeg({.width = 300, .height = 300, .exif = {}, .icc = {}}, plain({255, 0, 0}));
    bytes.resize(bytes.size() / 2);
    const auto thumbnail = makeThumbnail(desk.put("half.jpg", bytes), 60, {});
    VERIFY_OK(thumbnail);
    QCOMPARE(QSize(thumbnail->width, thumbnail->height), QSize(60, 60));
    QVERIFY(alike(pixel(*thumbnail, 30, 5), {255, 0, 0}));
    QVERIFY(!alike(pixel(*thumbnail, 30, 55), {255, 0, 0}));
}

void ThumbnailTest::cancels()
{
    const Desk desk;
    std::stop_source stop;
    stop.request_stop();
    const auto photo
        = desk.put("photo.jpg", forgeJpeg({.width = 300, .height = 300, .exif = {}, .icc = {}}, fourCorners(300, 300)));
    COMPARE_CODE(makeThumbnail(photo, 64, stop.get_token()), ImagingErrc::cancelled);
}

QTEST_APPLESS_MAIN(ThumbnailTest)
#include "thumbnail_test.moc"
