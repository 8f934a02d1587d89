// The same bytes with AVX2 and without, in each kernel and in each kind of task.
#include "imaging/block_kernels.h"
#include "imaging/desk.h"
#include "imaging/exif.h"
#include "imaging/processor.h"
#include "imaging/row_kernels.h"

#include <random>

using namespace steadyframe::imaging;
using namespace steadyframe::tests;

namespace {

/// What `work` gives with AVX2, and what without.
template <class Work>
auto bothWays(Work work)
{
    allowAvx2(true);
    auto wide = work();
    allowAvx2(false);
    auto plain = work();
    allowAvx2(true);
    return std::pair(std::move(wide), std::move(plain));
}

constexpr int blocks = 37;
constexpr int samples = blocks * blockSide;

/// Eight rows of samples, and room behind them.
struct Rows {
    Bytes bytes = Bytes(std::size_t{blockSide} * samples + 64);
    std::array<std::uint8_t *, blockSide> pointers{};

    Rows() { point(); }
    Rows(const Rows &other) : bytes(other.bytes) { point(); }
    Rows &operator=(const Rows &) = delete;
    void point()
    {
        for (std::size_t y = 0; y < blockSide; ++y)
            pointers[y] = bytes.data() + y * samples;
    }
};

} // namespace

class VectorsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!usesAvx2())
            QSKIP("This processor has no AVX2, so there is one way only.");
    }
    void blocksOfAnyContent();
    void rowsOfAnyContent();
    void eachKindOfTask_data();
    void eachKindOfTask();
};

void VectorsTest::blocksOfAnyContent()
{
    std::mt19937 random(1);
    for (int round = 0; round < 50; ++round) {
        std::vector<std::int16_t> coefficients(blocks * blockCoefficients);
        // From what photos have to what only a forged file has.
        const int range = round < 25 ? 600 : 32767;
        for (auto &value : coefficients)
            value = static_cast<std::int16_t>(static_cast<int>(random() % (2U * static_cast<unsigned>(range) + 1))
                                              - range);
        for (int eighths = 1; eighths <= blockSide; ++eighths) {
            const auto [wide, plain] = bothWays([&] {
                Rows rows;
                inverseBlocks(coefficients.data(), blocks, eighths, rows.pointers.data());
                return rows.bytes;
            });
            QVERIFY2(wide == plain, qPrintable(QString::number(eighths)));
        }
        std::array<std::uint16_t, blockCoefficients> steps{};
        for (auto &step : steps)
            step = static_cast<std::uint16_t>(1 + random() % (round % 2 ? 255 : 65535));
        const Quantiser quantiser(steps);
        const auto [wide, plain] = bothWays([&] {
            std::vector<std::int16_t> levels(coefficients.size());
            std::vector<std::uint64_t> masks(blocks);
            quantiseBlocks(coefficients.data(), blocks, quantiser, levels.data(), masks.data());
            std::vector<std::int16_t> back(coefficients.size());
            dequantiseBlocks(levels.data(), blocks, steps, back.data());
            return std::tuple(levels, masks, back);
        });
        QVERIFY(wide == plain);
        Rows rows;
        for (auto &byte : rows.bytes)
            byte = static_cast<std::uint8_t>(random());
        const auto [forth, forthPlain] = bothWays([&] {
            std::vector<std::int16_t> made(coefficients.size());
            forwardBlocks(rows.pointers.data(), blocks, made.data());
            return made;
        });
        QVERIFY(forth == forthPlain);
    }
}

void VectorsTest::rowsOfAnyContent()
{
    std::mt19937 random(2);
    constexpr int width = samples;
    constexpr int most = 12;
    std::vector<std::vector<float>> floats(most, std::vector<float>(width + 64));
    std::uniform_real_distribution<float> level(-40, 300), weight(-0.3F, 1.1F);
    for (auto &row : floats) {
        for (float &value : row)
            value = level(random);
    }
    std::vector<const float *> rows;
    for (const auto &row : floats)
        rows.push_back(row.data());
    std::vector<float> weights(most);
    for (float &value : weights)
        value = weight(random);
    for (int count = 1; count <= most; ++count) {
        const auto [wide, plain] = bothWays([&] {
            std::vector<float> to(width + 64);
            blendRows(rows.data(), weights.data(), count, width, to.data());
            return to;
        });
        QVERIFY(wide == plain);
    }
    std::vector<float> columns((width + 64) * blockSide);
    gatherColumns(rows.data(), width, columns.data());
    for (int count = 1; count <= most; ++count) {
        std::vector<ColumnWeights> each;
        for (int x = 0; x < width - most; ++x)
            each.push_back({x, count, weights.data()});
        const auto [wide, plain] = bothWays([&] {
            Rows to;
            std::vector<float> again(columns.size());
            gatherColumns(rows.data(), width, again.data());
            blendColumns(again.data(), each.data(), static_cast<int>(each.size()), to.pointers.data());
            return std::pair(to.bytes, again);
        });
        QVERIFY(wide == plain);
    }
}

void VectorsTest::eachKindOfTask_data()
{
    QTest::addColumn<QString>("task");
    for (const char *task : {"quality", "bytes", "similarity", "lossless", "progressive", "full colour", "half", "1/8",
                             "box", "turned", "gray", "CMYK", "sRGB", "progressive original", "arithmetic original"})
        QTest::newRow(task) << task;
}

void VectorsTest::eachKindOfTask()
{
    QFETCH(QString, task);
    Recipe recipe{.width = 413, .height = 307, .quality = 96, .exif = {}, .icc = {}};
    CompressSettings settings;
    if (task == "bytes")
        settings.target = {.kind = TargetKind::bytes, .bytes = 20'000};
    else if (task == "similarity")
        settings.target = {.kind = TargetKind::similarity, .similarity = 0.97};
    else if (task == "lossless")
        settings.target.kind = TargetKind::lossless;
    else if (task == "full colour")
        settings.target.quality = 93;
    else if (task == "half")
        settings.resize = {.kind = ResizeKind::percent, .percent = 50};
    else if (task == "1/8")
        settings.resize = ResizeRule::toLongestSide(47);
    else if (task == "box")
        settings.resize = {.kind = ResizeKind::box, .width = 300, .height = 190};
    else if (task == "turned")
        recipe.exif = exifWithOrientation(Orientation::turnedRight);
    else if (task == "gray")
        recipe.colours = Recipe::Colours::gray;
    else if (task == "CMYK")
        recipe.colours = Recipe::Colours::cmyk;
    settings.progressive = task == "progressive";
    if (task == "sRGB")
        settings.colors = ColorRule::toSrgb;
    recipe.progressive = task == "progressive original";
    recipe.arithmetic = task == "arithmetic original";
    if (task.endsWith("original"))
        settings.resize = ResizeRule::toLongestSide(200);
    const Desk desk;
    const auto photo = desk.put("photo.jpg", forgeJpeg(recipe, [](int x, int y) {
                                    return Rgb{(x * 5 + y * 3) % 256, (x * y / 16) % 256, (x ^ y) & 255};
                                }));
    const auto [wide, plain] = bothWays([&] { return desk.compress(photo, settings); });
    VERIFY_OK(wide);
    VERIFY_OK(plain);
    QVERIFY(!wide->keptOriginalBytes);
    QCOMPARE(wide->sha256, plain->sha256);
    if (task == "similarity")
        QCOMPARE(wide->similarity, plain->similarity);
}

QTEST_GUILESS_MAIN(VectorsTest)
#include "vectors_test.moc"
