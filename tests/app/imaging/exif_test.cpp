#include "imaging/exif.h"
#include "imaging/exif_forge.h"
#include "imaging/photo_noise.h"
#include "imaging/tiff_structure.h"

#include <QtTest>

#include <algorithm>
#include <string_view>

using namespace steadyframe::imaging;
using namespace steadyframe::tests;

namespace {

/// What an independent look at a block finds: the value of a tag in the directory that a pointer leads to.
std::string valueIn(const Bytes &block, std::initializer_list<unsigned> pointers, unsigned tag)
{
    TiffReader tiff(
        [&block](std::size_t offset, std::span<std::uint8_t> buffer) {
            if (offset > block.size() || buffer.size() > block.size() - offset)
                return false;
            std::copy_n(block.begin() + static_cast<std::ptrdiff_t>(offset), buffer.size(), buffer.begin());
            return true;
        },
        block.size());
    TiffDirectory directory = tiff.directory(tiff.firstDirectory(), 100'000);
    for (unsigned pointer : pointers) {
        const TiffField *field = fieldOf(directory, pointer);
        if (!field)
            return {};
        directory = tiff.directory(*tiff.number(*field), 100'000);
    }
    const TiffField *field = fieldOf(directory, tag);
    return field ? std::string(field->value.begin(), field->value.end()) : std::string();
}

ExifRewrite rewritten(const Bytes &block, const MetadataRule &rule)
{
    return rewriteExif(block, {rule, 640, 480, Orientation::upright, {}});
}

} // namespace

class ExifTest : public QObject {
    Q_OBJECT

private slots:
    void factsAreRead_data();
    void factsAreRead();
    void whatIsNoLongerTrueIsReset_data() { factsAreRead_data(); }
    void whatIsNoLongerTrueIsReset();
    void eachKindGoesByItself_data();
    void eachKindGoesByItself();
    void nothingIsLeftOfNone();
    void aMakersNoteStaysAtItsOffset_data() { factsAreRead_data(); }
    void aMakersNoteStaysAtItsOffset();
    void aTalkativeNoteGoesWithThePlace();
    void aThumbnailIsReplacedOrGoes();
    void adobeRgbIsTold();
    void damageKeepsWhatCanBeRead();
    void aBlockOfOverlapsStaysSmall();
    void truncatedAtEveryByte_data() { factsAreRead_data(); }
    void truncatedAtEveryByte();
    void liesAreHarmless_data() { factsAreRead_data(); }
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
    const Bytes block = forgeExif({.bigEndian = bigEndian, .orientation = 6, .thumbnail = Bytes(500, 0xAB)});
    const ExifFacts facts = readExif(block);
    QCOMPARE(facts.orientation, Orientation::turnedRight);
    QVERIFY(facts.thumbnail.has_value());
    QCOMPARE(facts.thumbnail->size, std::size_t{500});
    QVERIFY(std::all_of(block.begin() + static_cast<std::ptrdiff_t>(facts.thumbnail->offset), block.end(),
                        [](std::uint8_t byte) { return byte == 0xAB; }));
    QCOMPARE(readExif({}).orientation, Orientation::upright);
    QVERIFY(!readExif(exifWithOrientation(Orientation::mirrored)).thumbnail);
    QCOMPARE(readExif(exifWithOrientation(Orientation::mirrored)).orientation, Orientation::mirrored);
}

void ExifTest::whatIsNoLongerTrueIsReset()
{
    QFETCH(bool, bigEndian);
    const ExifRewrite rewrite
        = rewritten(forgeExif({.bigEndian = bigEndian, .orientation = 6, .thumbnail = Bytes(500, 0xAB)}), {});
    QVERIFY(!rewrite.damaged);
    QVERIFY(rewrite.leftOut); // the thumbnail
    const ExifFacts facts = readExif(rewrite.block);
    QCOMPARE(facts.orientation, Orientation::upright);
    QVERIFY(!facts.thumbnail);
    QVERIFY(!contains(rewrite.block, "\xAB\xAB"));
    const auto number = [&](const std::string &value) {
        const Bytes bytes(value.begin(), value.end());
        return tiffNumber(bytes, bigEndian);
    };
    QCOMPARE(number(valueIn(rewrite.block, {0x8769}, 0xA002)), 640U);
    QCOMPARE(number(valueIn(rewrite.block, {0x8769}, 0xA003)), 480U);
    QCOMPARE(valueIn(rewrite.block, {}, 0x010F), std::string("Forge\0", 6));
    // Once in order, a block comes back byte by byte.
    const ExifRewrite again = rewritten(rewrite.block, {});
    QVERIFY(again.block == rewrite.block);
    QVERIFY(!again.leftOut);
}

void ExifTest::eachKindGoesByItself_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<bool>("bigEndian");
    for (const bool bigEndian : {true, false}) {
        for (const auto &[kind, name] : {std::pair(0, "camera"), {1, "date"}, {2, "gps"}, {3, "comments"}})
            QTest::addRow("%s, big-endian %d", name, bigEndian) << kind << bigEndian;
    }
}

void ExifTest::eachKindGoesByItself()
{
    QFETCH(int, kind);
    QFETCH(bool, bigEndian);
    MetadataRule rule;
    bool *const switches[] = {&rule.camera, &rule.date, &rule.gps, &rule.comments};
    *switches[kind] = false;
    const ExifRewrite rewrite = rewritten(forgeExif({.bigEndian = bigEndian}), rule);
    QVERIFY(rewrite.leftOut);
    const std::vector<std::string> told[] = {{"Forge", "Model 1", "the note", "LENS"},
                                             {"2024:05:06", "2023:01:02", "2022:03:04"},
                                             {"48NORTH8", "2022:03:04"},
                                             {"A day at the sea", "Ann Example", "remark"}};
    for (int other = 0; other < 4; ++other) {
        for (const std::string &words : told[other]) {
            const bool ofThisKind = std::find(told[kind].begin(), told[kind].end(), words) != told[kind].end();
            QVERIFY2(contains(rewrite.block, words) != ofThisKind, words.c_str());
        }
    }
    QCOMPARE(valueIn(rewrite.block, {0x8825}, 0x0002).empty(), !rule.gps);
    QVERIFY(!valueIn(rewrite.block, {0x8769, 0xA005}, 0x0001).empty());
}

void ExifTest::nothingIsLeftOfNone()
{
    const ExifRewrite rewrite = rewritten(forgeExif({}), MetadataRule::none());
    QVERIFY(rewrite.block.empty());
    QVERIFY(rewrite.leftOut);
    QVERIFY(!rewritten(forgeExif({}), MetadataRule::all()).leftOut);
}

void ExifTest::aMakersNoteStaysAtItsOffset()
{
    QFETCH(bool, bigEndian);
    const Bytes block = forgeExif({.bigEndian = bigEndian});
    const auto at = [](const Bytes &bytes) {
        const std::string_view note = "the note";
        return std::search(bytes.begin(), bytes.end(), note.begin(), note.end()) - bytes.begin();
    };
    MetadataRule rule;
    for (const bool gps : {true, false}) {
        rule.gps = gps;
        const ExifRewrite rewrite = rewritten(block, rule);
        QCOMPARE(at(rewrite.block), at(block));
        QCOMPARE(valueIn(rewrite.block, {0x8769}, 0x927C).substr(0, 8), std::string("the note"));
    }
}

void ExifTest::aTalkativeNoteGoesWithThePlace()
{
    MetadataRule rule;
    const Bytes block = forgeExif({.note = "Panasonic at home"});
    QVERIFY(contains(rewritten(block, rule).block, "at home"));
    rule.gps = false;
    QVERIFY(!contains(rewritten(block, rule).block, "at home"));
    QVERIFY(contains(rewritten(block, rule).block, "Model 1"));
}

void ExifTest::aThumbnailIsReplacedOrGoes()
{
    const Bytes block = forgeExif({.thumbnail = Bytes(500, 0xAB)});
    const Bytes turned(321, 0xCD);
    const ExifRewrite kept = rewriteExif(block, {MetadataRule::all(), 64, 48, Orientation::upright, turned});
    QVERIFY(!kept.leftOut);
    const auto place = readExif(kept.block).thumbnail;
    QVERIFY(place.has_value());
    QVERIFY(std::equal(turned.begin(), turned.end(), kept.block.begin() + static_cast<std::ptrdiff_t>(place->offset)));
    QCOMPARE(place->size, turned.size());
    QVERIFY(!contains(kept.block, "\xAB\xAB"));
    // One that would not fit into a JPEG's segment goes; the rest stays.
    const Bytes huge(65'500, 0xCD);
    const ExifRewrite without = rewriteExif(block, {MetadataRule::all(), 64, 48, Orientation::upright, huge});
    QVERIFY(without.leftOut);
    QVERIFY(!readExif(without.block).thumbnail);
    QVERIFY(contains(without.block, "Model 1"));
}

void ExifTest::adobeRgbIsTold()
{
    QVERIFY(readExif(forgeExif({.adobeRgb = true})).adobeRgb);
    QVERIFY(!readExif(forgeExif({.adobeRgb = false})).adobeRgb);
}

void ExifTest::damageKeepsWhatCanBeRead()
{
    // The description claims four thousand million letters.
    Bytes block = forgeExif({.bigEndian = true});
    const Bytes entry = {0x01, 0x0E, 0, 2};
    const auto at = std::search(block.begin(), block.end(), entry.begin(), entry.end());
    std::fill_n(at + 4, 4, std::uint8_t{0xF0});
    const ExifRewrite rewrite = rewritten(block, {});
    QVERIFY(rewrite.damaged);
    QVERIFY(valueIn(rewrite.block, {}, 0x010E).empty());
    QVERIFY(contains(rewrite.block, "Model 1"));
    QVERIFY(!valueIn(rewrite.block, {0x8825}, 0x0002).empty());
    QVERIFY(rewritten({1, 2, 3}, {}).damaged);
}

void ExifTest::aBlockOfOverlapsStaysSmall()
{
    // A thousand entries that all claim the same 50,000 bytes.
    Bytes block = {'M', 'M', 0, 42, 0, 0, 0, 8, 0x03, 0xE8};
    for (unsigned i = 0; i < 1000; ++i)
        block.insert(block.end(),
                     {static_cast<std::uint8_t>(0xC0 + i / 256), static_cast<std::uint8_t>(i), 0, 7, 0, 0, 0xC3, 0x50,
                      0, 0, 0, 8});
    block.resize(60'000);
    const ExifRewrite rewrite = rewritten(block, {});
    QVERIFY(rewrite.block.size() <= 65'527);
    QVERIFY(rewrite.leftOut);
}

void ExifTest::truncatedAtEveryByte()
{
    QFETCH(bool, bigEndian);
    const Bytes whole = forgeExif({.bigEndian = bigEndian, .orientation = 8, .thumbnail = Bytes(40, 0xAB)});
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        const auto facts = readExif(cut);
        QVERIFY(!facts.thumbnail || facts.thumbnail->offset + facts.thumbnail->size <= size);
        for (const MetadataRule &rule : {MetadataRule(), MetadataRule::all(), MetadataRule::none()}) {
            const ExifRewrite rewrite = rewritten(cut, rule);
            QVERIFY(rewrite.damaged || size + 48 >= whole.size()); // only the thumbnail is cut
            QVERIFY(rewrite.block.size() <= size + 64); // values may lie in another order around the note
            QVERIFY(rewrite.block.empty() || !rewritten(rewrite.block, rule).damaged);
        }
    }
}

void ExifTest::liesAreHarmless()
{
    QFETCH(bool, bigEndian);
    Random random(5);
    const Bytes whole = forgeExif({.bigEndian = bigEndian, .orientation = 8, .thumbnail = Bytes(40, 0xAB)});
    for (int round = 0; round < 10'000; ++round) {
        Bytes noisy = whole;
        for (int i = 0; i < 3; ++i)
            noisy[8 + random.bits() % (noisy.size() - 8)] = static_cast<std::uint8_t>(random.bits());
        const auto facts = readExif(noisy);
        QVERIFY(facts.orientation >= Orientation::upright && facts.orientation <= Orientation::turnedLeft);
        QVERIFY(!facts.thumbnail || facts.thumbnail->offset + facts.thumbnail->size <= noisy.size());
        const ExifRewrite rewrite = rewritten(noisy, {});
        QVERIFY(rewrite.block.size() <= 65'527);
        QVERIFY(rewrite.block.empty() || !rewritten(rewrite.block, {}).damaged);
    }
}

QTEST_APPLESS_MAIN(ExifTest)
#include "exif_test.moc"
