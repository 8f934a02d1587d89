#include "imaging/desk.h"
#include "imaging/exif.h"

#include <cmath>

using namespace steadyframe::imaging;
using namespace steadyframe::tests;

namespace {

/// The stored picture that is shown as `shown` (width by height), by the words of the EXIF standard: which side of what
/// is shown the first stored row and the first stored column are.
Painter storedAs(int orientation, const Painter &shown, int width, int height)
{
    const int right = width - 1;
    const int bottom = height - 1;
    switch (orientation) {
    case 2: // row top, column right
        return [=](int x, int y) { return shown(right - x, y); };
    case 3: // row bottom, column right
        return [=](int x, int y) { return shown(right - x, bottom - y); };
    case 4: // row bottom, column left
        return [=](int x, int y) { return shown(x, bottom - y); };
    case 5: // row left, column top
        return [=](int x, int y) { return shown(y, x); };
    case 6: // row right, column top
        return [=](int x, int y) { return shown(right - y, x); };
    case 7: // row right, column bottom
        return [=](int x, int y) { return shown(right - y, bottom - x); };
    case 8: // row left, column bottom
        return [=](int x, int y) { return shown(y, bottom - x); };
    default:
        return shown;
    }
}

/// What `fourCorners` of one size is at another.
Painter scaledCorners(int width, int height, int fromWidth, int fromHeight)
{
    return [=, painter = fourCorners(4097, 4097)](int x, int y) {
        const auto place = [](int at, int count, int from) {
            const double source = (at + 0.5) * from / count - 0.5;
            return static_cast<int>(std::lround(std::clamp(source / (from - 1), 0.0, 1.0) * 4096));
        };
        return painter(place(x, width, fromWidth), place(y, height, fromHeight));
    };
}

} // namespace

class ResizeAndTurnTest : public QObject {
    Q_OBJECT

private slots:
    void allOrientationsComeOutUpright_data();
    void allOrientationsComeOutUpright();
    void sizes_data();
    void sizes();
    void rules_data();
    void rules();
    void aNonsenseOrientationIsUpright();
    void fineDetailDoesNotAlias();
};

void ResizeAndTurnTest::allOrientationsComeOutUpright_data()
{
    QTest::addColumn<int>("orientation");
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("longestSide");
    for (int orientation = 1; orientation <= 8; ++orientation) {
        for (const auto &[width, height] : {std::pair{96, 64}, {97, 65}, {65, 98}}) {
            for (int side : {0, 61, 20})
                QTest::addRow("%d: %d by %d to %d", orientation, width, height, side)
                    << orientation << width << height << side;
        }
    }
}

void ResizeAndTurnTest::allOrientationsComeOutUpright()
{
    QFETCH(int, orientation);
    QFETCH(int, width);
    QFETCH(int, height);
    QFETCH(int, longestSide);
    const Painter shown = fourCorners(width, height);
    Recipe recipe{.width = width, .height = height, .quality = 100, .exif = {}, .icc = {}};
    recipe.exif = exifWithOrientation(static_cast<Orientation>(orientation));
    if (orientation > 4)
        std::swap(recipe.width, recipe.height);
    const Desk desk;
    const auto result
        = desk.compress(desk.put("photo.jpg", forgeJpeg(recipe, storedAs(orientation, shown, width, height))),
                        {.target = {.quality = 95}, .resize = ResizeRule::toLongestSide(longestSide)});
    VERIFY_OK(result);
    QCOMPARE(result->sourceWidth, width);
    QCOMPARE(result->sourceHeight, height);
    const Decoded decoded = decodeJpeg(readBytes(result->path));
    QCOMPARE(decoded.width, result->width);
    QCOMPARE(decoded.height, result->height);
    QCOMPARE(std::max(result->width, result->height), longestSide ? longestSide : std::max(width, height));
    if (!result->keptOriginalBytes)
        QVERIFY(readExif(decoded.exif).orientation == Orientation::upright);
    const Painter expected = scaledCorners(decoded.width, decoded.height, width, height);
    const double difference = meanDifference(decoded, expected);
    QVERIFY2(difference < 3.0, qPrintable(QString::number(difference)));
    const auto nearTo = [&](int x, int y) {
        const Rgb a = decoded.at(x, y);
        const Rgb b = expected(x, y);
        return std::abs(a.r - b.r) < 24 && std::abs(a.g - b.g) < 24 && std::abs(a.b - b.b) < 24;
    };
    QVERIFY(nearTo(0, 0));
    QVERIFY(nearTo(decoded.width - 1, 0));
    QVERIFY(nearTo(0, decoded.height - 1));
    QVERIFY(nearTo(decoded.width - 1, decoded.height - 1));
}

void ResizeAndTurnTest::sizes_data()
{
    QTest::addColumn<QSize>("original");
    QTest::addColumn<int>("longestSide");
    QTest::addColumn<QSize>("expected");
    const auto row = [](QSize original, int side, QSize expected) {
        QTest::addRow("%d by %d to %d", original.width(), original.height(), side) << original << side << expected;
    };
    row({400, 300}, 0, {400, 300});
    row({400, 300}, 400, {400, 300});
    row({400, 300}, 401, {400, 300});
    row({400, 300}, 65500, {400, 300});
    row({400, 300}, 399, {399, 299});
    row({400, 300}, 200, {200, 150});
    row({300, 400}, 200, {150, 200});
    row({400, 300}, 37, {37, 28});
    row({400, 300}, 1, {1, 1});
    row({1000, 3}, 100, {100, 1});
    row({3, 1000}, 7, {1, 7});
    row({1, 1}, 0, {1, 1});
    row({1, 1}, 1, {1, 1});
    row({2, 1}, 1, {1, 1});
    row({1, 2}, 0, {1, 2});
    row({8000, 1}, 2, {2, 1});
    row({9, 9}, 8, {8, 8});
}

void ResizeAndTurnTest::sizes()
{
    QFETCH(QSize, original);
    QFETCH(int, longestSide);
    QFETCH(QSize, expected);
    const Desk desk;
    for (const int sampling : {1, 2}) {
        for (const auto colours : {Recipe::Colours::ycc, Recipe::Colours::gray, Recipe::Colours::cmyk}) {
            const Recipe recipe{.width = original.width(),
                                .height = original.height(),
                                .colours = colours,
                                .samplingX = sampling,
                                .samplingY = sampling,
                                .exif = {},
                                .icc = {}};
            const auto photo
                = desk.put("photo.jpg", forgeJpeg(recipe, fourCorners(original.width(), original.height())));
            const auto result = desk.compress(photo, {.resize = ResizeRule::toLongestSide(longestSide)});
            VERIFY_OK(result);
            QCOMPARE(QSize(result->width, result->height), expected);
            const Decoded decoded = decodeJpeg(readBytes(result->path));
            QCOMPARE(QSize(decoded.width, decoded.height), expected);
        }
    }
}

void ResizeAndTurnTest::rules_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QSize>("wanted");
    QTest::addColumn<double>("percent");
    QTest::addColumn<int>("orientation");
    QTest::addColumn<QSize>("expected");
    const auto row
        = [](const char *title, ResizeKind kind, QSize wanted, double percent, int orientation, QSize expected) {
              QTest::newRow(title) << static_cast<int>(kind) << wanted << percent << orientation << expected;
          };
    // All of a picture of 200 by 120 as it is stored.
    row("keep", ResizeKind::keep, {50, 50}, 50, 1, {200, 120});
    row("longest side", ResizeKind::longestSide, {50, 0}, 100, 1, {50, 30});
    row("longest side, turned", ResizeKind::longestSide, {50, 0}, 100, 6, {30, 50});
    row("width", ResizeKind::width, {100, 0}, 100, 1, {100, 60});
    row("width, turned", ResizeKind::width, {60, 0}, 100, 8, {60, 100});
    row("width, not enlarged", ResizeKind::width, {300, 0}, 100, 1, {200, 120});
    row("height", ResizeKind::height, {0, 60}, 100, 1, {100, 60});
    row("height, turned", ResizeKind::height, {0, 100}, 100, 5, {60, 100});
    row("height, not enlarged", ResizeKind::height, {0, 121}, 100, 1, {200, 120});
    row("box that the width fills", ResizeKind::box, {100, 100}, 100, 1, {100, 60});
    row("box that the height fills", ResizeKind::box, {190, 30}, 100, 1, {50, 30});
    row("box, turned", ResizeKind::box, {100, 100}, 100, 6, {60, 100});
    row("box, not enlarged", ResizeKind::box, {500, 120}, 100, 1, {200, 120});
    row("box of its shape", ResizeKind::box, {50, 30}, 100, 1, {50, 30});
    row("percent", ResizeKind::percent, {}, 50, 1, {100, 60});
    row("percent that comes out odd", ResizeKind::percent, {}, 33.3, 1, {67, 40});
    row("tiny percent", ResizeKind::percent, {}, 0.1, 1, {1, 1});
    row("all of it", ResizeKind::percent, {}, 100, 1, {200, 120});
}

void ResizeAndTurnTest::rules()
{
    QFETCH(int, kind);
    QFETCH(QSize, wanted);
    QFETCH(double, percent);
    QFETCH(int, orientation);
    QFETCH(QSize, expected);
    const Recipe recipe{
        .width = 200, .height = 120, .exif = exifWithOrientation(static_cast<Orientation>(orientation)), .icc = {}};
    const Desk desk;
    const auto result
        = desk.compress(desk.put("photo.jpg", forgeJpeg(recipe, fourCorners(200, 120))),
                        {.resize = {static_cast<ResizeKind>(kind), wanted.width(), wanted.height(), percent}});
    VERIFY_OK(result);
    QCOMPARE(QSize(result->width, result->height), expected);
    const Decoded decoded = decodeJpeg(readBytes(result->path));
    QCOMPARE(QSize(decoded.width, decoded.height), expected);
}

void ResizeAndTurnTest::aNonsenseOrientationIsUpright()
{
    const Desk desk;
    for (int orientation : {0, 9, 255}) {
        const Recipe recipe{
            .width = 40, .height = 20, .exif = exifWithOrientation(static_cast<Orientation>(orientation)), .icc = {}};
        const auto result = desk.compress(desk.put("photo.jpg", forgeJpeg(recipe, fourCorners(40, 20))));
        VERIFY_OK(result);
        QCOMPARE(QSize(result->width, result->height), QSize(40, 20));
    }
}

void ResizeAndTurnTest::fineDetailDoesNotAlias()
{
    // Single black and white columns turn into an even gray, whatever the factor.
    const Desk desk;
    const Recipe recipe{
        .width = 512, .height = 64, .quality = 100, .samplingX = 1, .samplingY = 1, .exif = {}, .icc = {}};
    const auto photo = desk.put("photo.jpg", forgeJpeg(recipe, [](int x, int) {
                                    const int level = x % 2 ? 255 : 0;
                                    return Rgb{level, level, level};
                                }));
    for (int side : {201, 100, 51}) {
        const auto result
            = desk.compress(photo, {.target = {.quality = 95}, .resize = ResizeRule::toLongestSide(side)});
        VERIFY_OK(result);
        const Decoded decoded = decodeJpeg(readBytes(result->path));
        const double difference = meanDifference(decoded, [](int, int) { return Rgb{128, 128, 128}; });
        QVERIFY2(difference < 6, qPrintable(QString::number(difference)));
    }
}

QTEST_APPLESS_MAIN(ResizeAndTurnTest)
#include "resize_and_turn_test.moc"
