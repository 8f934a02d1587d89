#include "imaging/block_kernels.h"
#include "imaging/desk.h"
#include "imaging/exif.h"
#include "imaging/huffman_code.h"
#include "imaging/photo_maker.h"
#include "imaging/similarity.h"

#include <algorithm>
#include <cmath>

using namespace steadyframe::imaging;
using namespace steadyframe::tests;

namespace {

CompressSettings atMost(std::uint64_t bytes, int floor = 1, int ceiling = 100)
{
    return {.target = {.kind = TargetKind::bytes, .bytes = bytes, .floor = floor, .ceiling = ceiling}};
}

CompressSettings asAlikeAs(double similarity, int floor = 1, int ceiling = 100)
{
    return {.target = {.kind = TargetKind::similarity, .similarity = similarity, .floor = floor, .ceiling = ceiling}};
}

/// Equation 13 of the paper, written down once more and slowly: the mean over all windows of 8 by 8, one every 4.
double similarityOf(const std::vector<int> &a, const std::vector<int> &b, int width, int height)
{
    double total = 0;
    int windows = 0;
    for (int top = 0; top + 8 <= height; top += 4) {
        for (int left = 0; left + 8 <= width; left += 4) {
            double meanA = 0;
            double meanB = 0;
            double squareA = 0;
            double squareB = 0;
            double product = 0;
            for (int y = top; y < top + 8; ++y) {
                for (int x = left; x < left + 8; ++x) {
                    const double p = a[static_cast<std::size_t>(y * width + x)];
                    const double q = b[static_cast<std::size_t>(y * width + x)];
                    meanA += p / 64;
                    meanB += q / 64;
                    squareA += p * p / 64;
                    squareB += q * q / 64;
                    product += p * q / 64;
                }
            }
            const double c1 = 6.5025;
            const double c2 = 58.5225;
            total += (2 * meanA * meanB + c1) * (2 * (product - meanA * meanB) + c2)
                / ((meanA * meanA + meanB * meanB + c1) * (squareA - meanA * meanA + squareB - meanB * meanB + c2));
            ++windows;
        }
    }
    return total / windows;
}

std::vector<int> brightnessOf(const Decoded &picture)
{
    std::vector<int> levels;
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) {
            const Rgb c = picture.at(x, y);
            levels.push_back((c.r * 299 + c.g * 587 + c.b * 114 + 500) / 1000);
        }
    }
    return levels;
}

} // namespace

class TargetsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void bytesAreNeverExceeded_data();
    void bytesAreNeverExceeded();
    void bytesThatCantBeReachedAreSaid();
    void anOriginalThatIsSmallEnoughIsKept();
    void similarityIsReachedAndNotMore();
    void similarityThatCantBeReachedIsSaid();
    void similarityIsWhatItSays();
    void colourGainsResolutionWhereThereIsRoom();
    void everyRowIsLookedAtBetweenTwoTries();
    void halvesBecomeSmaller();
    void codesAreTheBestThatJpegAllows();

private:
    Desk m_desk;
    std::filesystem::path m_photo;
    std::filesystem::path m_turned;
    std::filesystem::path m_fine; ///< colour in full resolution
};

void TargetsTest::initTestCase()
{
    m_photo = m_desk.folder() / "photo.jpg";
    m_turned = m_desk.folder() / "turned.jpg";
    VERIFY_OK(makePhoto(m_photo, 611, 397, 5, 95));
    VERIFY_OK(makePhoto(m_turned, 611, 397, 5, 95, 6));
    const Recipe recipe{
        .width = 400, .height = 300, .quality = 97, .samplingX = 1, .samplingY = 1, .exif = {}, .icc = {}};
    m_fine = m_desk.put("fine.jpg", forgeJpeg(recipe, [](int x, int y) {
                            return Rgb{x * 7 % 256, (x * x + y * y) / 40 % 256, (x + 3 * y) % 256};
                        }));
}

void TargetsTest::bytesAreNeverExceeded_data()
{
    QTest::addColumn<bool>("turned");
    QTest::addColumn<int>("longestSide");
    QTest::addColumn<bool>("progressive");
    QTest::newRow("as stored") << false << 0 << false;
    QTest::newRow("turned") << true << 0 << false;
    QTest::newRow("resized") << false << 300 << false;
    QTest::newRow("turned and resized") << true << 333 << false;
    QTest::newRow("progressive") << false << 0 << true;
}

void TargetsTest::bytesAreNeverExceeded()
{
    QFETCH(bool, turned);
    QFETCH(int, longestSide);
    QFETCH(bool, progressive);
    const auto photo = turned ? m_turned : m_photo;
    const auto whole = m_desk.compress(
        photo,
        {.target = {.quality = 85}, .resize = ResizeRule::toLongestSide(longestSide), .progressive = progressive});
    VERIFY_OK(whole);
    for (const int percent : {100, 83, 61, 47, 34}) {
        CompressSettings settings = atMost(whole->resultBytes * static_cast<std::uint64_t>(percent) / 100);
        settings.resize = ResizeRule::toLongestSide(longestSide);
        settings.progressive = progressive;
        const auto result = m_desk.compress(photo, settings);
        VERIFY_OK(result);
        QVERIFY(result->reachedTarget);
        QVERIFY(result->resultBytes <= settings.target.bytes);
        QCOMPARE(result->smallestBytes, std::uint64_t{0});
        // The next quality does not fit. A progressive file is smaller than the search expects.
        if (!progressive) {
            CompressSettings next = settings;
            next.target = {.quality = result->quality + 1};
            const auto larger = m_desk.compress(photo, next);
            VERIFY_OK(larger);
            QVERIFY(larger->resultBytes > settings.target.bytes);
        }
        // And this one gives the same file, however it was found.
        CompressSettings same = settings;
        same.target = {.quality = result->quality};
        const auto again = m_desk.compress(photo, same);
        VERIFY_OK(again);
        QCOMPARE(again->sha256, result->sha256);
    }
}

void TargetsTest::bytesThatCantBeReachedAreSaid()
{
    const auto floor = m_desk.compress(m_photo, {.target = {.quality = 30}});
    VERIFY_OK(floor);
    const auto result = m_desk.compress(m_photo, atMost(500, 30, 95));
    VERIFY_OK(result);
    QVERIFY(!result->reachedTarget);
    QCOMPARE(result->quality, 30);
    QCOMPARE(result->smallestBytes, floor->resultBytes);
    QCOMPARE(result->sha256, floor->sha256);
}

void TargetsTest::anOriginalThatIsSmallEnoughIsKept()
{
    const std::uint64_t size = std::filesystem::file_size(m_photo);
    const auto result = m_desk.compress(m_photo, atMost(size * 2, 1, 100));
    VERIFY_OK(result);
    QVERIFY(result->reachedTarget);
    QVERIFY(result->resultBytes <= size);
}

void TargetsTest::similarityIsReachedAndNotMore()
{
    for (const auto &photo : {m_photo, m_turned}) {
        for (const double wanted : {0.85, 0.93, 0.97}) {
            const auto result = m_desk.compress(photo, asAlikeAs(wanted));
            VERIFY_OK(result);
            QVERIFY(result->reachedTarget);
            QVERIFY2(result->similarity >= wanted, qPrintable(QString::number(result->similarity)));
            if (result->keptPixels) // nothing smaller than the original is so much alike
                continue;
            QVERIFY(result->quality > 1);
            // One quality less is not enough: its ceiling can't be passed, so it says how far it came.
            const auto less = m_desk.compress(photo, asAlikeAs(wanted, 1, result->quality - 1));
            VERIFY_OK(less);
            QVERIFY(!less->reachedTarget);
            QVERIFY(less->similarity < wanted);
        }
    }
}

void TargetsTest::similarityThatCantBeReachedIsSaid()
{
    const auto result = m_desk.compress(m_photo, asAlikeAs(0.999, 20, 40));
    VERIFY_OK(result);
    QVERIFY(!result->reachedTarget);
    QCOMPARE(result->quality, 40);
    QVERIFY(result->similarity < 0.999);
    const auto floor = m_desk.compress(m_photo, asAlikeAs(0.1, 20, 40));
    VERIFY_OK(floor);
    QVERIFY(floor->reachedTarget);
    QCOMPARE(floor->quality, 20);
}

void TargetsTest::similarityIsWhatItSays()
{
    const auto result = m_desk.compress(m_photo, asAlikeAs(0.9));
    VERIFY_OK(result);
    const Decoded before = decodeJpeg(readBytes(m_photo));
    const Decoded after = decodeJpeg(readBytes(result->path));
    const double expected = similarityOf(brightnessOf(before), brightnessOf(after), before.width, before.height);
    // Through RGB and back, and by another inverse transform.
    QVERIFY2(std::abs(expected - result->similarity) < 0.004,
             qPrintable(QString("%1, not %2").arg(expected).arg(result->similarity)));
    QVERIFY(std::isnan(m_desk.compress(m_photo, {.target = {.quality = 60}})->similarity));
}

void TargetsTest::colourGainsResolutionWhereThereIsRoom()
{
    const auto half = m_desk.compress(m_fine, {.target = {.quality = 89}});
    const auto full = m_desk.compress(m_fine, {.target = {.quality = 92}});
    VERIFY_OK(half);
    VERIFY_OK(full);
    QVERIFY(full->resultBytes > half->resultBytes);
    const auto roomy = m_desk.compress(m_fine, atMost(full->resultBytes, 1, 95));
    VERIFY_OK(roomy);
    QCOMPARE(roomy->quality, 92);
    QCOMPARE(roomy->sha256, full->sha256);
    const auto tight = m_desk.compress(m_fine, atMost(half->resultBytes, 1, 95));
    VERIFY_OK(tight);
    QCOMPARE(tight->quality, 89);
    QCOMPARE(tight->sha256, half->sha256);
}

void TargetsTest::everyRowIsLookedAtBetweenTwoTries()
{
    // Progress is told, and the stop token looked at, after every row of units of every try: 25 of them here.
    constexpr int unitRows = (397 + 15) / 16;
    for (const CompressSettings &settings : {atMost(20'000), asAlikeAs(0.9)}) {
        int calls = 0;
        VERIFY_OK(m_desk.compress(m_photo, settings, {}, [&](double) { ++calls; }));
        QVERIFY(calls > 4 * unitRows);
        for (int at = 1; at < calls - 1; at += 7) {
            std::stop_source stop;
            int call = 0;
            const auto result = m_desk.compress(m_photo, settings, stop.get_token(), [&](double) {
                if (++call == at)
                    stop.request_stop();
            });
            COMPARE_CODE(result, ImagingErrc::cancelled);
            QCOMPARE(call, at);
        }
    }
}

void TargetsTest::halvesBecomeSmaller()
{
    std::array<std::uint16_t, blockCoefficients> steps{};
    steps.fill(6);
    std::array<std::int16_t, blockCoefficients> block{};
    std::array<std::int16_t, blockCoefficients> levels{};
    block[0] = 3 * coefficientScale;
    block[1] = -3 * coefficientScale;
    block[2] = 3 * coefficientScale + 1;
    block[3] = 9 * coefficientScale;
    block[63] = -32000;
    std::uint64_t mask = 0;
    quantiseBlocks(block.data(), 1, Quantiser(steps), levels.data(), &mask);
    QCOMPARE(levels[0], std::int16_t{0});
    QCOMPARE(levels[1], std::int16_t{0});
    QCOMPARE(levels[2], std::int16_t{1});
    QCOMPARE(levels[3], std::int16_t{1});
    QCOMPARE(levels[63], std::int16_t{-667});
    for (std::size_t n = 0; n < blockCoefficients; ++n)
        QCOMPARE((mask >> n & 1) != 0, levels[zigzag()[n]] != 0);
}

void TargetsTest::codesAreTheBestThatJpegAllows()
{
    // Counts that double would need a code of 39 bits; 16 are allowed.
    SymbolCounts counts{};
    for (std::size_t symbol = 0; symbol < 40; ++symbol)
        counts[symbol] = std::uint64_t{1} << symbol;
    const HuffmanCode steep(counts);
    double space = 0;
    for (std::size_t symbol = 0; symbol < 40; ++symbol) {
        const int length = steep.length(static_cast<std::uint8_t>(symbol));
        QVERIFY(length >= 1 && length <= 16);
        QVERIFY(steep.code(static_cast<std::uint8_t>(symbol)) != (1U << length) - 1); // all ones
        space += std::ldexp(1, -length);
    }
    QVERIFY(space < 1);
    QCOMPARE(steep.length(39), 1);
    SymbolCounts even{};
    std::fill_n(even.begin(), 7, 10);
    const HuffmanCode flat(even);
    for (std::uint8_t symbol = 0; symbol < 7; ++symbol)
        QCOMPARE(flat.length(symbol), 3);
    QCOMPARE(flat.length(7), 0);
    const HuffmanCode none(SymbolCounts{});
    QCOMPARE(none.symbols().size(), std::size_t{1});
}

QTEST_APPLESS_MAIN(TargetsTest)
#include "targets_test.moc"
