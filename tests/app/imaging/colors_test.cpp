#include "imaging/color_transform.h"
#include "imaging/desk.h"
#include "imaging/exif_forge.h"
#include "imaging/profile_forge.h"

#include <array>
#include <cmath>

using namespace steadyframe::imaging;
using namespace steadyframe::tests;
using Colours = Recipe::Colours;

namespace {

constexpr int side = 16; // of a square of one colour: a whole block of the coarsest colour

constexpr std::array squares = {Rgb{255, 255, 255}, Rgb{0, 0, 0},     Rgb{128, 128, 128}, Rgb{200, 120, 100},
                                Rgb{90, 160, 110},  Rgb{60, 90, 200}, Rgb{180, 180, 40},  Rgb{20, 60, 50}};

Rgb squareAt(int x, int /*y*/)
{
    return squares[static_cast<std::size_t>(x / side)];
}

Bytes squaresFile(Colours colours, const Bytes &icc, int sampling = 1, bool adobe = true)
{
    return forgeJpeg({.width = side * static_cast<int>(squares.size()),
                      .height = 32,
                      .colours = colours,
                      .quality = 100,
                      .samplingX = sampling,
                      .samplingY = sampling,
                      .adobe = adobe,
                      .exif = {},
                      .icc = icc},
                     squareAt);
}

double toLight(double level)
{
    level /= 255;
    return level <= 0.04045 ? level / 12.92 : std::pow((level + 0.055) / 1.055, 2.4);
}

int toLevel(double light)
{
    light = std::clamp(light, 0.0, 1.0);
    return static_cast<int>(
        std::lround(255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * std::pow(light, 1 / 2.4) - 0.055)));
}

/// By the primaries of both, as CSS Color 4 has the product of their matrices.
Rgb p3ToSrgb(Rgb p3)
{
    const double r = toLight(p3.r);
    const double g = toLight(p3.g);
    const double b = toLight(p3.b);
    return {toLevel(1.2249401762 * r - 0.2249401762 * g), toLevel(-0.0420569547 * r + 1.0420569547 * g),
            toLevel(-0.0196375546 * r - 0.0786360456 * g + 1.0982736001 * b)};
}

Rgb rotated(Rgb pixel)
{
    return {pixel.g, pixel.b, pixel.r};
}

Rgb same(Rgb pixel)
{
    return pixel;
}

Rgb gray(Rgb pixel)
{
    const int level = (pixel.r * 299 + pixel.g * 587 + pixel.b * 114 + 500) / 1000;
    const int shown = toLevel(level / 255.0);
    return {shown, shown, shown};
}

/// The largest difference in the middles of all squares.
int worstDifference(const Decoded &picture, Rgb (*expected)(Rgb))
{
    int worst = 0;
    for (std::size_t i = 0; i < squares.size(); ++i) {
        const Rgb is = picture.at(static_cast<int>(i) * side + side / 2, 16);
        const Rgb shall = expected(squares[i]);
        worst = std::max({worst, std::abs(is.r - shall.r), std::abs(is.g - shall.g), std::abs(is.b - shall.b)});
    }
    return worst;
}

} // namespace

class ColorsTest : public QObject {
    Q_OBJECT

private slots:
    void toSrgbByTheProfile_data();
    void toSrgbByTheProfile();
    void profilesAreKeptUnlessAsked();
    void inksGoThroughTheirProfile_data();
    void inksGoThroughTheirProfile();
    void inksWithoutAProfileAreWarnedOf_data();
    void inksWithoutAProfileAreWarnedOf();
    void adobeRgbOfCamerasIsUnderstood();
    void aProfileThatLiesIsLeftOut_data();
    void aProfileThatLiesIsLeftOut();
    void aProfileOfOtherColoursIsKept();
    void srgbNeedsNoConversion();
};

void ColorsTest::toSrgbByTheProfile_data()
{
    QTest::addColumn<QByteArray>("profile");
    QTest::addColumn<int>("colours");
    QTest::addColumn<int>("sampling");
    QTest::addColumn<int>("expected");
    const auto row = [](const char *title, const Bytes &icc, Colours colours, int sampling, int expected) {
        QTest::newRow(title) << QByteArray(reinterpret_cast<const char *>(icc.data()),
                                           static_cast<qsizetype>(icc.size()))
                             << static_cast<int>(colours) << sampling << expected;
    };
    row("Display P3", displayP3(), Colours::ycc, 1, 0);
    row("Display P3, 4:2:0", displayP3(), Colours::ycc, 2, 0);
    row("Display P3, stored as RGB", displayP3(), Colours::rgb, 1, 0);
    row("a table", rotatedRgb(), Colours::ycc, 1, 1);
    row("gray", linearGray(), Colours::gray, 1, 2);
}

void ColorsTest::toSrgbByTheProfile()
{
    QFETCH(QByteArray, profile);
    QFETCH(int, colours);
    QFETCH(int, sampling);
    QFETCH(int, expected);
    constexpr std::array functions = {p3ToSrgb, rotated, gray};
    const Bytes icc(profile.begin(), profile.end());
    const Desk desk;
    const auto photo = desk.put("photo.jpg", squaresFile(static_cast<Colours>(colours), icc, sampling));
    const auto result = desk.compress(photo, {.target = {.quality = 98}, .colors = ColorRule::toSrgb});
    VERIFY_OK(result);
    QVERIFY(!result->keptPixels);
    const Decoded decoded = decodeJpeg(readBytes(result->path));
    QVERIFY(decoded.icc.empty());
    QCOMPARE(decoded.components, static_cast<Colours>(colours) == Colours::gray ? 1 : 3);
    const int worst = worstDifference(decoded, functions[static_cast<std::size_t>(expected)]);
    QVERIFY2(worst <= 4, qPrintable(QString::number(worst)));
    QVERIFY(result->warnings.empty());
}

void ColorsTest::profilesAreKeptUnlessAsked()
{
    const Desk desk;
    for (const Bytes &icc : {displayP3(), rotatedRgb()}) {
        const auto result
            = desk.compress(desk.put("photo.jpg", squaresFile(Colours::ycc, icc)), {.target = {.quality = 90}});
        VERIFY_OK(result);
        const Decoded decoded = decodeJpeg(readBytes(result->path));
        QVERIFY(decoded.icc == icc);
        QVERIFY(worstDifference(decoded, same) <= 6);
    }
}

void ColorsTest::inksGoThroughTheirProfile_data()
{
    QTest::addColumn<int>("colours");
    QTest::addColumn<bool>("adobe");
    QTest::newRow("CMYK, inverted as Adobe does") << static_cast<int>(Colours::cmyk) << true;
    QTest::newRow("CMYK") << static_cast<int>(Colours::cmyk) << false;
    QTest::newRow("YCCK") << static_cast<int>(Colours::ycck) << true;
}

void ColorsTest::inksGoThroughTheirProfile()
{
    QFETCH(int, colours);
    QFETCH(bool, adobe);
    const Desk desk;
    const auto photo = desk.put("photo.jpg", squaresFile(static_cast<Colours>(colours), rotatedInks(), 1, adobe));
    for (const ColorRule rule : {ColorRule::keepProfile, ColorRule::toSrgb}) {
        const auto result = desk.compress(photo, {.target = {.quality = 98}, .colors = rule});
        VERIFY_OK(result);
        QVERIFY(result->warnings.empty());
        const Decoded decoded = decodeJpeg(readBytes(result->path));
        QVERIFY(decoded.icc.empty()); // it is for inks
        const int worst = worstDifference(decoded, rotated);
        QVERIFY2(worst <= 6, qPrintable(QString::number(worst)));
    }
}

void ColorsTest::inksWithoutAProfileAreWarnedOf_data()
{
    inksGoThroughTheirProfile_data();
}

void ColorsTest::inksWithoutAProfileAreWarnedOf()
{
    QFETCH(int, colours);
    QFETCH(bool, adobe);
    const Desk desk;
    const auto photo = desk.put("photo.jpg", squaresFile(static_cast<Colours>(colours), {}, 1, adobe));
    const auto result = desk.compress(photo, {.target = {.quality = 98}});
    VERIFY_OK(result);
    QCOMPARE(result->warnings.size(), std::size_t{1});
    QVERIFY(QString::fromStdString(result->warnings[0]).contains("CMYK"));
    const int worst = worstDifference(decodeJpeg(readBytes(result->path)), same);
    QVERIFY2(worst <= 4, qPrintable(QString::number(worst)));
}

void ColorsTest::adobeRgbOfCamerasIsUnderstood()
{
    const Desk desk;
    const Bytes exif = forgeExif({.adobeRgb = true});
    const Bytes file = forgeJpeg({.width = side * static_cast<int>(squares.size()),
                                  .height = 32,
                                  .quality = 100,
                                  .samplingX = 1,
                                  .samplingY = 1,
                                  .exif = exif,
                                  .icc = {}},
                                 squareAt);
    const auto photo = desk.put("photo.jpg", file);
    // Without its EXIF block the picture would lose its colours, so the profile is named in the usual way.
    const auto stripped = desk.compress(photo, {.target = {.quality = 98}, .metadata = MetadataRule::none()});
    VERIFY_OK(stripped);
    QVERIFY(decodeJpeg(readBytes(stripped->path)).icc == adobeRgbProfile());
    const auto converted = desk.compress(photo, {.target = {.quality = 98}, .colors = ColorRule::toSrgb});
    VERIFY_OK(converted);
    const Decoded decoded = decodeJpeg(readBytes(converted->path));
    // Adobe RGB's green is far outside: more of it, and less red.
    QVERIFY(decoded.at(4 * side + 8, 16).r < 70);
    QVERIFY(std::abs(decoded.at(2 * side + 8, 16).r - 128) <= 3); // gray stays gray
}

void ColorsTest::aProfileThatLiesIsLeftOut_data()
{
    QTest::addColumn<int>("at");
    QTest::addColumn<int>("value");
    QTest::newRow("its size") << 0 << 0x7F;
    QTest::newRow("its name") << 36 << 0;
    QTest::newRow("how many tags it has") << 128 << 0x40;
    QTest::newRow("where a tag is") << 128 + 4 + 4 << 0x7F;
    QTest::newRow("how long a tag is") << 128 + 4 + 8 << 0x7F;
}

void ColorsTest::aProfileThatLiesIsLeftOut()
{
    QFETCH(int, at);
    QFETCH(int, value);
    Bytes icc = displayP3();
    icc[static_cast<std::size_t>(at)] = static_cast<std::uint8_t>(value);
    const Desk desk;
    const auto photo = desk.put("photo.jpg", squaresFile(Colours::ycc, icc));
    for (const ColorRule rule : {ColorRule::keepProfile, ColorRule::toSrgb}) {
        const auto result = desk.compress(photo, {.target = {.quality = 95}, .colors = rule});
        VERIFY_OK(result);
        QCOMPARE(result->warnings.size(), std::size_t{1});
        QVERIFY(QString::fromStdString(result->warnings[0]).contains("profile is damaged"));
        QVERIFY(decodeJpeg(readBytes(result->path)).icc.empty());
    }
}

void ColorsTest::aProfileOfOtherColoursIsKept()
{
    const Desk desk;
    const auto photo = desk.put("photo.jpg", squaresFile(Colours::ycc, linearGray()));
    const auto result = desk.compress(photo, {.target = {.quality = 95}, .colors = ColorRule::toSrgb});
    VERIFY_OK(result);
    QCOMPARE(result->warnings.size(), std::size_t{1});
    QVERIFY(decodeJpeg(readBytes(result->path)).icc == linearGray());
}

void ColorsTest::srgbNeedsNoConversion()
{
    QVERIFY(!isSrgb(displayP3()));
    QVERIFY(!isSrgb(adobeRgbProfile()));
    QVERIFY(!isSrgb({}));
    QVERIFY(isWholeProfile(displayP3()));
    const Bytes whole = displayP3();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        QVERIFY(!isWholeProfile(cut));
        QVERIFY(!ColorTransform::toSrgb(cut, ColorTransform::From::rgb));
    }
}

QTEST_APPLESS_MAIN(ColorsTest)
#include "colors_test.moc"
