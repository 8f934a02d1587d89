#include "imaging/desk.h"
#include "imaging/exif.h"
#include "imaging/exif_forge.h"

#include <cstdlib>

using namespace steadyframe::imaging;
using namespace steadyframe::tests;
using Colours = Recipe::Colours;

namespace {

const CompressSettings lossless{.target = {.kind = TargetKind::lossless}};

/// Detail everywhere, so that a wrong block or sign is seen.
Rgb detail(int x, int y)
{
    return {(x * 7 + y * 3) % 256, (x * 2 + y * 11) % 256, (x * x / 9 + y * 5) % 256};
}

/// Where the pixel that is shown at (x, y) is stored, in a picture that is stored with this size.
std::pair<int, int> storedAt(int x, int y, int width, int height, Orientation orientation)
{
    int storedX = swapsSides(orientation) ? y : x;
    int storedY = swapsSides(orientation) ? x : y;
    if (reversesColumns(orientation))
        storedX = width - 1 - storedX;
    if (reversesRows(orientation))
        storedY = height - 1 - storedY;
    return {storedX, storedY};
}

} // namespace

class LosslessTest : public QObject {
    Q_OBJECT

private slots:
    void coefficientsAreKept_data();
    void coefficientsAreKept();
    void progressiveWhereItIsSmallerOrAskedFor();
    void turnedUpright_data();
    void turnedUpright();
    void edgesAreNeverTrimmed_data() { turnedUpright_data(); }
    void edgesAreNeverTrimmed();
    void metadataGoesByTheRule();
    void whatIsBestAlreadyKeepsItsBytes();
    void aLargerEncodingFallsBackWithoutWhatIsToGo();
    void aFileThatEndsEarlyKeepsWhatIsThere();
    void cancelledAnywhereLeavesNothing();
    void whatCantBeWithoutLossIsSaid();
};

void LosslessTest::coefficientsAreKept_data()
{
    QTest::addColumn<int>("colours");
    QTest::addColumn<QSize>("sampling");
    QTest::addColumn<QSize>("second");
    QTest::addColumn<int>("coding");
    const auto row = [](const char *title, Colours colours, QSize sampling, QSize second = {1, 1}, int coding = 0) {
        QTest::newRow(title) << static_cast<int>(colours) << sampling << second << coding;
    };
    row("4:2:0", Colours::ycc, {2, 2});
    row("4:4:4", Colours::ycc, {1, 1});
    row("4:2:2", Colours::ycc, {2, 1});
    row("4:4:0", Colours::ycc, {1, 2});
    row("4:1:1", Colours::ycc, {4, 1});
    row("4:1:0", Colours::ycc, {4, 2});
    row("odd", Colours::ycc, {2, 2}, {1, 2});
    row("odder", Colours::ycc, {2, 2}, {2, 1});
    row("gray", Colours::gray, {1, 1});
    row("gray, sampled", Colours::gray, {2, 2});
    row("RGB", Colours::rgb, {1, 1});
    row("CMYK", Colours::cmyk, {1, 1});
    row("YCCK", Colours::ycck, {2, 2});
    row("progressive", Colours::ycc, {2, 2}, {1, 1}, 1);
    row("arithmetic", Colours::ycc, {2, 2}, {1, 1}, 2);
    row("restart markers", Colours::ycc, {2, 1}, {1, 1}, 3);
}

void LosslessTest::coefficientsAreKept()
{
    QFETCH(int, colours);
    QFETCH(QSize, sampling);
    QFETCH(QSize, second);
    QFETCH(int, coding);
    const Recipe recipe{.width = 251,
                        .height = 187,
                        .colours = static_cast<Colours>(colours),
                        .samplingX = sampling.width(),
                        .samplingY = sampling.height(),
                        .secondX = second.width(),
                        .secondY = second.height(),
                        .progressive = coding == 1,
                        .arithmetic = coding == 2,
                        .restartRows = coding == 3 ? 1 : 0,
                        .exif = {},
                        .icc = {}};
    const Bytes file = forgeJpeg(recipe, detail);
    const Desk desk;
    const auto result = desk.compress(desk.put("photo.jpg", file), lossless);
    VERIFY_OK(result);
    const Bytes made = readBytes(result->path);
    QVERIFY(made.size() <= file.size());
    QVERIFY(result->keptPixels);
    // Passes by libjpeg have the best tables already, and nothing is as short as arithmetic coding.
    QCOMPARE(result->keptOriginalBytes, coding == 1 || coding == 2);
    QVERIFY(coefficientsOf(made) == coefficientsOf(file));
    if (recipe.colours != Colours::cmyk && recipe.colours != Colours::ycck)
        QVERIFY(decodeJpeg(made).rgb == decodeJpeg(file).rgb);
    QCOMPARE(QSize(result->width, result->height), QSize(251, 187));
    QVERIFY(result->warnings.empty());
}

void LosslessTest::progressiveWhereItIsSmallerOrAskedFor()
{
    const Desk desk;
    // Passes pay for themselves in a large picture, and cost more than they save in a tiny one.
    const Bytes large = forgeJpeg({.width = 640, .height = 480, .exif = {}, .icc = {}}, fourCorners(640, 480));
    const Bytes tiny = forgeJpeg({.width = 8, .height = 8, .exif = {}, .icc = {}}, fourCorners(8, 8));
    CompressSettings asked = lossless;
    asked.progressive = true;
    for (const auto &[file, settings, progressive] :
         {std::tuple(&large, &lossless, true), {&tiny, &lossless, false}, {&tiny, &asked, true}}) {
        const auto result = desk.compress(desk.put("photo.jpg", *file), *settings);
        VERIFY_OK(result);
        QVERIFY(!result->keptOriginalBytes);
        const Bytes made = readBytes(result->path);
        QVERIFY(made.size() < file->size());
        QCOMPARE(decodeJpeg(made).progressive, progressive);
        QVERIFY(coefficientsOf(made) == coefficientsOf(*file));
    }
}

void LosslessTest::turnedUpright_data()
{
    QTest::addColumn<int>("orientation");
    QTest::addColumn<QSize>("sampling");
    for (int orientation = 1; orientation <= 8; ++orientation) {
        for (const QSize sampling : {QSize(1, 1), QSize(2, 1), QSize(1, 2), QSize(2, 2)})
            QTest::addRow("%d, %dx%d", orientation, sampling.width(), sampling.height()) << orientation << sampling;
    }
}

void LosslessTest::turnedUpright()
{
    QFETCH(int, orientation);
    QFETCH(QSize, sampling);
    const Recipe recipe{.width = 128,
                        .height = 64,
                        .quality = 98,
                        .samplingX = sampling.width(),
                        .samplingY = sampling.height(),
                        .exif = forgeExif({.orientation = static_cast<unsigned>(orientation)}),
                        .icc = {}};
    const Bytes file = forgeJpeg(recipe, detail);
    const Desk desk;
    const auto result = desk.compress(desk.put("photo.jpg", file), lossless);
    VERIFY_OK(result);
    QVERIFY(result->keptPixels && !result->keptOriginalBytes);
    QVERIFY(result->warnings.empty());
    const Decoded made = decodeJpeg(readBytes(result->path));
    QVERIFY(readExif(made.exif).orientation == Orientation::upright);
    const auto turn = static_cast<Orientation>(orientation);
    QCOMPARE(QSize(made.width, made.height), swapsSides(turn) ? QSize(64, 128) : QSize(128, 64));
    QCOMPARE(QSize(result->width, result->height), QSize(made.width, made.height));
    const Decoded stored = decodeJpeg(file);
    int worst = 0; // where colour is interpolated it matters a little from which side
    for (int y = 0; y < made.height; ++y) {
        for (int x = 0; x < made.width; ++x) {
            const auto [fromX, fromY] = storedAt(x, y, stored.width, stored.height, turn);
            const Rgb a = made.at(x, y);
            const Rgb b = stored.at(fromX, fromY);
            worst = std::max({worst, std::abs(a.r - b.r), std::abs(a.g - b.g), std::abs(a.b - b.b)});
        }
    }
    QVERIFY2(worst <= 4, qPrintable(QString::number(worst)));
    // Turned back, every coefficient is the one that it was.
    long long sum = 0;
    for (const Coefficients &channel : coefficientsOf(file)) {
        for (const std::int16_t value : channel.values)
            sum += std::abs(value);
    }
    for (const Coefficients &channel : coefficientsOf(readBytes(result->path))) {
        for (const std::int16_t value : channel.values)
            sum -= std::abs(value);
    }
    QCOMPARE(sum, 0);
}

void LosslessTest::edgesAreNeverTrimmed()
{
    QFETCH(int, orientation);
    QFETCH(QSize, sampling);
    const Recipe recipe{.width = 125,
                        .height = 61,
                        .quality = 98,
                        .samplingX = sampling.width(),
                        .samplingY = sampling.height(),
                        .exif = forgeExif({.orientation = static_cast<unsigned>(orientation)}),
                        .icc = {}};
    const Bytes file = forgeJpeg(recipe, detail);
    const Desk desk;
    const auto result = desk.compress(desk.put("photo.jpg", file), lossless);
    VERIFY_OK(result);
    const auto turn = static_cast<Orientation>(orientation);
    QCOMPARE(QSize(result->width, result->height), swapsSides(turn) ? QSize(61, 125) : QSize(125, 61));
    const Bytes made = readBytes(result->path);
    QVERIFY(made.size() < file.size());
    const Decoded decoded = decodeJpeg(made);
    // Rows and columns that change places without being reversed keep their edges at the end.
    const bool turns = turn == Orientation::upright || turn == Orientation::mirroredLeft;
    QCOMPARE(result->warnings.size(), std::size_t{turns ? 0U : 1U});
    QVERIFY(readExif(decoded.exif).orientation == (turns ? Orientation::upright : turn));
    QCOMPARE(QSize(decoded.width, decoded.height), turn == Orientation::mirroredLeft ? QSize(61, 125) : QSize(125, 61));
    if (turn != Orientation::mirroredLeft)
        QVERIFY(coefficientsOf(made) == coefficientsOf(file));
}

void LosslessTest::metadataGoesByTheRule()
{
    const Desk desk;
    const Bytes file = withSegments(
        forgeJpeg({.width = 160, .height = 96, .exif = forgeExif({.orientation = 3}), .icc = {}}, detail),
        {{0xFE, bytesOf("a comment")}});
    CompressSettings settings = lossless;
    for (const bool gps : {true, false}) {
        settings.metadata.gps = gps;
        const auto result = desk.compress(desk.put("photo.jpg", file), settings);
        VERIFY_OK(result);
        const Bytes made = readBytes(result->path);
        QCOMPARE(contains(made, "48NORTH8"), gps);
        QVERIFY(contains(made, "Model 1") && contains(made, "a comment"));
    }
    settings.metadata = MetadataRule::none();
    const auto result = desk.compress(desk.put("photo.jpg", file), settings);
    VERIFY_OK(result);
    const Bytes made = readBytes(result->path);
    for (const auto &[marker, content] : segmentsOf(made))
        QVERIFY2(marker < 0xE1 || marker > 0xFE, qPrintable(QString::number(marker, 16)));
}

void LosslessTest::whatIsBestAlreadyKeepsItsBytes()
{
    const Desk desk;
    const Bytes file = forgeJpeg({.width = 160, .height = 96, .exif = forgeExif({}), .icc = {}}, detail);
    const auto first = desk.compress(desk.put("photo.jpg", file), lossless);
    VERIFY_OK(first);
    const Bytes best = readBytes(first->path);
    const auto again = desk.compress(desk.put("photo.jpg", best), lossless);
    VERIFY_OK(again);
    QVERIFY(again->keptOriginalBytes);
    QVERIFY(readBytes(again->path) == best);
}

void LosslessTest::aLargerEncodingFallsBackWithoutWhatIsToGo()
{
    // Coded as well as can be, so that a higher quality is larger.
    const Desk desk;
    const Bytes file = withSegments(forgeJpeg({.width = 160,
                                               .height = 96,
                                               .quality = 40,
                                               .progressive = true,
                                               .exif = forgeExif({.orientation = 6}),
                                               .icc = {}},
                                              detail),
                                    {{0xFE, bytesOf("a comment")}});
    CompressSettings settings{.target = {.quality = 95}};
    const auto whole = desk.compress(desk.put("photo.jpg", file), settings);
    VERIFY_OK(whole);
    QVERIFY(whole->keptPixels);
    QVERIFY(whole->resultBytes <= file.size());
    for (const MetadataRule &rule : {MetadataRule::none(), MetadataRule{.gps = false}}) {
        settings.metadata = rule;
        const auto result = desk.compress(desk.put("photo.jpg", file), settings);
        VERIFY_OK(result);
        QVERIFY(result->keptPixels && !result->keptOriginalBytes);
        const Bytes made = readBytes(result->path);
        QVERIFY(made.size() < file.size());
        QVERIFY(!contains(made, "48NORTH8"));
        QCOMPARE(contains(made, "a comment"), rule.comments);
        QVERIFY(readExif(decodeJpeg(made).exif).orientation == Orientation::upright);
        QCOMPARE(decodeJpeg(made).height, 160);
    }
    // The same upright: its coded bytes are copied.
    const Bytes upright = withSegments(
        forgeJpeg({.width = 150, .height = 90, .quality = 40, .progressive = true, .exif = forgeExif({}), .icc = {}},
                  detail),
        {{0xFE, bytesOf("a comment")}});
    for (const MetadataRule &rule : {MetadataRule::none(), MetadataRule{.gps = false}}) {
        settings.metadata = rule;
        const auto result = desk.compress(desk.put("photo.jpg", upright), settings);
        VERIFY_OK(result);
        QVERIFY(result->keptPixels && !result->keptOriginalBytes);
        const Bytes made = readBytes(result->path);
        QVERIFY(made.size() < upright.size());
        QVERIFY(!contains(made, "48NORTH8"));
        QVERIFY(coefficientsOf(made) == coefficientsOf(upright));
    }
}

void LosslessTest::aFileThatEndsEarlyKeepsWhatIsThere()
{
    const Desk desk;
    for (const bool progressive : {false, true}) {
        Bytes file
            = forgeJpeg({.width = 160, .height = 160, .progressive = progressive, .exif = {}, .icc = {}}, detail);
        const std::vector<Coefficients> all = coefficientsOf(file);
        file.resize(file.size() * 2 / 3);
        const auto result = desk.compress(desk.put("photo.jpg", file), lossless);
        VERIFY_OK(result);
        QVERIFY2(QString::fromStdString(result->warnings.front()).contains("missing"),
                 result->warnings.front().c_str());
        const std::vector<Coefficients> there = coefficientsOf(readBytes(result->path));
        // Of rows, the upper half at least; of passes, the mean of each block but for its last bit.
        for (std::size_t i = 0; i < std::size_t{64} * 20 * 8; i += progressive ? 64 : 1)
            QVERIFY(std::abs(all[0].values[i] - there[0].values[i]) <= (progressive ? 1 : 0));
    }
}

void LosslessTest::cancelledAnywhereLeavesNothing()
{
    const Desk desk;
    const Bytes file = forgeJpeg(
        {.width = 320, .height = 256, .exif = exifWithOrientation(Orientation::turnedLeft), .icc = {}}, detail);
    const auto photo = desk.put("photo.jpg", file);
    int steps = 0;
    double last = 0;
    VERIFY_OK(desk.compress(photo, lossless, {}, [&](double fraction) {
        QVERIFY(fraction >= last && fraction <= 1);
        last = fraction;
        ++steps;
    }));
    QVERIFY(steps > 10);
    std::filesystem::remove_all(desk.results());
    for (int at = 1; at < steps; ++at) {
        std::stop_source stop;
        int step = 0;
        const auto result = desk.compress(photo, lossless, stop.get_token(), [&](double) {
            if (++step == at)
                stop.request_stop();
        });
        COMPARE_CODE(result, ImagingErrc::cancelled);
        QVERIFY(namesIn(desk.results()).empty());
    }
}

void LosslessTest::whatCantBeWithoutLossIsSaid()
{
    const Desk desk;
    const auto photo = desk.put("photo.jpg", forgeJpeg({.exif = {}, .icc = {}}, fourCorners(64, 48)));
    CompressSettings settings = lossless;
    settings.resize = ResizeRule::toLongestSide(20);
    COMPARE_CODE(desk.compress(photo, settings), ImagingErrc::badSettings);
    settings = lossless;
    settings.colors = ColorRule::toSrgb;
    COMPARE_CODE(desk.compress(photo, settings), ImagingErrc::badSettings);
    const Bytes png = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'};
    const auto result = desk.compress(desk.put("picture.png", png), lossless);
    COMPARE_CODE(result, ImagingErrc::unsupported);
    QVERIFY(QString::fromStdString(result.error().message).contains("PNG"));
}

QTEST_APPLESS_MAIN(LosslessTest)
#include "lossless_test.moc"
