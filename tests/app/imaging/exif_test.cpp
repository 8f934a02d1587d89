#include "imaging/exif.h"
#include "imaging/photo_noise.h"

#include <QtTest>

using namespace steadyframe::imaging;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// Writes numbers in one order of bytes.
struct Writer {
    bool bigEndian;
    Bytes bytes;

    void number(std::uint32_t value, int size)
    {
        for (int i = 0; i < size; ++i)
            bytes.push_back(static_cast<std::uint8_t>(value >> 8 * (bigEndian ? size - 1 - i : i)));
    }
    void entry(std::uint32_t tag, std::uint32_t type, std::uint32_t value)
    {
        number(tag, 2);
        number(type, 2);
        number(1, 4);
        number(value, type == 3 ? 2 : 4);
        if (type == 3)
            number(0, 2);
    }
};

constexpr std::uint32_t thumbnailAt = 8 + 2 + 24 + 4 + 2 + 24 + 4 + 2 + 24 + 4;

/// Orientation, the size, and a thumbnail of `thumbnail` bytes at the end.
Bytes cameraBlock(bool bigEndian, std::uint32_t orientation, std::uint32_t thumbnail)
{
    Writer w{bigEndian, {}};
    w.bytes.assign(2, bigEndian ? 'M' : 'I');
    w.number(42, 2);
    w.number(8, 4);
    w.number(2, 2);
    w.entry(0x0112, 3, orientation);
    w.entry(0x8769, 4, 8 + 2 + 24 + 4);
    w.number(8 + 2 + 24 + 4 + 2 + 24 + 4, 4);
    w.number(2, 2);
    w.entry(0xA002, 4, 4000);
    w.entry(0xA003, 3, 3000);
    w.number(0, 4);
    w.number(2, 2);
    w.entry(0x0201, 4, thumbnailAt);
    w.entry(0x0202, 4, thumbnail);
    w.number(0, 4);
    w.bytes.insert(w.bytes.end(), thumbnail, 0xAB);
    return w.bytes;
}

} // namespace

class ExifTest : public QObject {
    Q_OBJECT

private slots:
    void factsAreRead_data();
    void factsAreRead();
    void uprightResetsWhatIsNoLongerTrue_data() { factsAreRead_data(); }
    void uprightResetsWhatIsNoLongerTrue();
    void aThumbnailInTheMiddleKeepsItsBytes();
    void liesAreHarmless();
};

void ExifTest::factsAreRead_data()
{
    QTest::addColumn<bool>("bigEndian");
    QTest::newRow("Motorola") << true;
    QTest::newRow("Intel") << false;
}

void ExifTest::factsAreRead()
{
    QFETCH(bool, bigEndian);
    const ExifFacts facts = readExif(cameraBlock(bigEndian, 6, 500));
    QCOMPARE(facts.orientation, Orientation::turnedRight);
    QVERIFY(facts.thumbnail.has_value());
    QCOMPARE(facts.thumbnail->offset, std::size_t{thumbnailAt});
    QCOMPARE(facts.thumbnail->size, std::size_t{500});
    QCOMPARE(readExif({}).orientation, Orientation::upright);
    QVERIFY(!readExif(exifWithOrientation(Orientation::mirrored)).thumbnail);
    QCOMPARE(readExif(exifWithOrientation(Orientation::mirrored)).orientation, Orientation::mirrored);
}

void ExifTest::uprightResetsWhatIsNoLongerTrue()
{
    QFETCH(bool, bigEndian);
    const Bytes upright = uprightExif(cameraBlock(bigEndian, 6, 500), 640, 480);
    Bytes expected = cameraBlock(bigEndian, 1, 500);
    expected.resize(thumbnailAt);
    Writer width{bigEndian, {}};
    width.number(640, 4);
    std::copy(width.bytes.begin(), width.bytes.end(), expected.begin() + 38 + 2 + 8);
    Writer height{bigEndian, {}};
    height.number(480, 2);
    std::copy(height.bytes.begin(), height.bytes.end(), expected.begin() + 38 + 2 + 12 + 8);
    std::fill_n(expected.begin() + 8 + 2 + 24, 4, std::uint8_t{0});
    QVERIFY(upright == expected);
    QVERIFY(!readExif(upright).thumbnail);
}

void ExifTest::aThumbnailInTheMiddleKeepsItsBytes()
{
    Bytes block = cameraBlock(true, 3, 500);
    block.push_back(1); // something else may lie behind it
    const Bytes upright = uprightExif(block, 1, 1);
    QCOMPARE(upright.size(), block.size());
    QVERIFY(!readExif(upright).thumbnail);
}

void ExifTest::liesAreHarmless()
{
    Random random(5);
    for (const bool bigEndian : {true, false}) {
        const Bytes whole = cameraBlock(bigEndian, 8, 40);
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            const auto facts = readExif(cut);
            QVERIFY(!facts.thumbnail || facts.thumbnail->offset + facts.thumbnail->size <= size);
            QVERIFY(uprightExif(cut, 10, 10).size() <= size);
        }
        for (int round = 0; round < 20'000; ++round) {
            Bytes noisy = whole;
            for (int i = 0; i < 3; ++i)
                noisy[8 + random.bits() % (noisy.size() - 8)] = static_cast<std::uint8_t>(random.bits());
            const auto facts = readExif(noisy);
            QVERIFY(facts.orientation >= Orientation::upright && facts.orientation <= Orientation::turnedLeft);
            QVERIFY(!facts.thumbnail || facts.thumbnail->offset + facts.thumbnail->size <= noisy.size());
            QVERIFY(uprightExif(noisy, 10, 10).size() <= noisy.size());
        }
    }
}

QTEST_APPLESS_MAIN(ExifTest)
#include "exif_test.moc"
