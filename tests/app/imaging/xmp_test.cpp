#include "imaging/image_resources.h"
#include "imaging/photo_noise.h"
#include "imaging/xmp.h"

#include <QtTest>

#include <array>
#include <string>
#include <vector>

using namespace steadyframe::imaging;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// A packet with something of every kind, as attributes and as elements.
std::string packet(const std::string &more = {})
{
    return "<?xpacket begin='\xEF\xBB\xBF' id='W5M0MpCehiHzreSzNTczkc9d'?>"
           "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
           "<rdf:Description rdf:about='' xmlns:e='http://ns.adobe.com/exif/1.0/' "
           "xmlns:tiff='http://ns.adobe.com/tiff/1.0/'"
           " xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:ph='http://ns.adobe.com/photoshop/1.0/'"
           " e:GPSLatitude='48,12.5N' e:DateTimeOriginal='2023-01-02' tiff:Make='Forge' tiff:Orientation='6'"
           " e:PixelXDimension='4000' xmp:Rating='5' ph:City='Vienna' xmlns:own='http://example.org/own/' "
           "own:thing='mine'>"
           "<e:GPSLongitude>16,22E</e:GPSLongitude><e:FNumber>28/10</e:FNumber>"
           "<xmp:CreateDate>2022-03-04</xmp:CreateDate>"
           "<dc:description xmlns:dc='http://purl.org/dc/elements/1.1/'><rdf:Alt><rdf:li xml:lang='x-default'>At the "
           "sea"
           "</rdf:li></rdf:Alt></dc:description>"
           "<xmp:Thumbnails><rdf:Alt><rdf:li>PICTURE</rdf:li></rdf:Alt></xmp:Thumbnails>"
        + more + "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>";
}

constexpr std::array kindsWords = {
    std::array{"Forge", "28/10"},           std::array{"2023-01-02", "2022-03-04"}, std::array{"48,12.5N", "16,22E"},
    std::array{"At the sea", "xmp:Rating"}, std::array{"PICTURE", "Thumbnails"},
};

bool has(const std::string &words, const std::string &part)
{
    return words.find(part) != words.npos;
}

/// A resource of Photoshop's with a name of no letters.
Bytes resource(unsigned number, const Bytes &content)
{
    Bytes bytes = {'8', 'B', 'I', 'M', static_cast<std::uint8_t>(number >> 8),   static_cast<std::uint8_t>(number), 0,
                   0,   0,   0,   0,   static_cast<std::uint8_t>(content.size())};
    bytes.insert(bytes.end(), content.begin(), content.end());
    if (content.size() % 2)
        bytes.push_back(0);
    return bytes;
}

Bytes dataSet(unsigned set, const std::string &words)
{
    Bytes bytes = {0x1C, 2, static_cast<std::uint8_t>(set), 0, static_cast<std::uint8_t>(words.size())};
    bytes.insert(bytes.end(), words.begin(), words.end());
    return bytes;
}

Bytes joined(std::initializer_list<Bytes> parts)
{
    Bytes all;
    for (const Bytes &part : parts)
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

Bytes resources()
{
    return joined({resource(0x0404,
                            joined({dataSet(0, std::string(1, '\0') + "\2"), dataSet(5, "Title"),
                                    dataSet(55, "20230102"), dataSet(90, "Vienna"), dataSet(65, "Program")})),
                   resource(0x040C, Bytes(31, 0xAB)), resource(0x07D0, {'p', 'a', 't', 'h'})});
}

std::string wordsOf(const Bytes &bytes)
{
    return {bytes.begin(), bytes.end()};
}

} // namespace

class XmpTest : public QObject {
    Q_OBJECT

private slots:
    void eachKindGoesByItself();
    void whatNeedsNoChangeComesBackByteByByte();
    void orientationAndSizeAreReset();
    void nothingIsLeftOfNone();
    void aGainMapIsToldOfWhenThereIsOne();
    void aVideoAndFurtherPacketsAreForgotten();
    void damageKeepsNothing();
    void truncatedAtEveryByte();
    void liesAreHarmless();
    void iptcIsKeptByKind();
    void iptcThatLiesKeepsWhatCameBefore();
};

void XmpTest::eachKindGoesByItself()
{
    for (std::size_t kind = 0; kind < kindsWords.size(); ++kind) {
        MetadataRule rule = MetadataRule::all();
        bool *const switches[] = {&rule.camera, &rule.date, &rule.gps, &rule.comments, &rule.thumbnail};
        *switches[kind] = false;
        const XmpRewrite rewrite = rewriteXmp(packet(), {rule, 4000, 3000, false, 0});
        QVERIFY(rewrite.leftOut && !rewrite.damaged);
        for (std::size_t other = 0; other < kindsWords.size(); ++other) {
            for (const char *words : kindsWords[other])
                QVERIFY2(has(rewrite.packet, words) == (other != kind), words);
        }
        QCOMPARE(has(rewrite.packet, "Vienna"), rule.gps); // the name of a place is a place, Photoshop's "city" too
        QVERIFY(has(rewrite.packet, "own:thing=\"mine\""));
        QVERIFY(!rewriteXmp(rewrite.packet, {rule, 4000, 3000, false, 0}).leftOut);
    }
}

void XmpTest::whatNeedsNoChangeComesBackByteByByte()
{
    const XmpRewrite rewrite = rewriteXmp(packet(), {MetadataRule::all(), 4000, 3000, false, 0});
    QVERIFY(!rewrite.leftOut && !rewrite.damaged);
    QVERIFY(rewrite.packet == packet());
}

void XmpTest::orientationAndSizeAreReset()
{
    const XmpRewrite rewrite = rewriteXmp(packet(), {MetadataRule::all(), 640, 480, true, 0});
    QVERIFY(!rewrite.leftOut);
    QVERIFY(has(rewrite.packet, "tiff:Orientation=\"1\""));
    QVERIFY(has(rewrite.packet, "e:PixelXDimension=\"640\""));
}

void XmpTest::nothingIsLeftOfNone()
{
    const XmpRewrite rewrite = rewriteXmp(packet(), {MetadataRule::none(), 640, 480, true, 0});
    QVERIFY(rewrite.packet.empty());
    QVERIFY(rewrite.leftOut);
}

void XmpTest::aGainMapIsToldOfWhenThereIsOne()
{
    const std::string told
        = packet("<g:Version xmlns:g='http://ns.adobe.com/hdr-gain-map/1.0/'>1.0</g:Version>"
                 "<c:Directory xmlns:c='http://ns.google.com/photos/1.0/container/' "
                 "xmlns:i='http://ns.google.com/photos/1.0/container/item/'><rdf:Seq>"
                 "<rdf:li rdf:parseType='Resource'><c:Item i:Semantic='Primary' i:Mime='image/jpeg'/></rdf:li>"
                 "<rdf:li rdf:parseType='Resource'><c:Item i:Semantic='GainMap' i:Mime='image/jpeg' "
                 "i:Length='7'/></rdf:li>"
                 "<rdf:li rdf:parseType='Resource'><c:Item i:Semantic='MotionPhoto' i:Length='9'/></rdf:li>"
                 "</rdf:Seq></c:Directory>");
    QVERIFY(readXmp(told).gainMap);
    QVERIFY(!readXmp(packet()).gainMap);
    const XmpRewrite none = rewriteXmp(told, {MetadataRule::none(), 640, 480, true, 1234});
    QVERIFY(has(none.packet, "i:Length=\"1234\""));
    QVERIFY(has(none.packet, "g:Version"));
    QVERIFY(!has(none.packet, "MotionPhoto"));
    QVERIFY(!has(none.packet, "Forge") && !has(none.packet, "48,12"));
    const XmpRewrite without = rewriteXmp(told, {MetadataRule::all(), 640, 480, true, 0});
    QVERIFY(!has(without.packet, "GainMap") && !has(without.packet, "g:Version"));
    QVERIFY(has(without.packet, "Forge"));
}

void XmpTest::aVideoAndFurtherPacketsAreForgotten()
{
    const std::string told = packet("<m:MotionPhoto xmlns:m='http://ns.google.com/photos/1.0/camera/'>1</m:MotionPhoto>"
                                    "<n:HasExtendedXMP xmlns:n='http://ns.adobe.com/xmp/note/'>"
                                    "0123456789ABCDEF0123456789ABCDEF</n:HasExtendedXMP>");
    QVERIFY(readXmp(told).motion);
    QVERIFY(!readXmp(packet()).motion);
    MetadataRule rule = MetadataRule::all();
    const XmpRewrite kept = rewriteXmp(told, {rule, 640, 480, true, 0});
    QVERIFY(!has(kept.packet, "MotionPhoto"));
    QVERIFY(has(kept.packet, "HasExtendedXMP"));
    rule.gps = false; // then the further packets, which are not looked into, go
    QVERIFY(!has(rewriteXmp(told, {rule, 640, 480, true, 0}).packet, "HasExtendedXMP"));
}

void XmpTest::damageKeepsNothing()
{
    for (const std::string &bad : {std::string(), std::string("no XML"), std::string("<a><b></a>"),
                                   std::string("<html xmlns='http://www.w3.org/1999/xhtml'></html>")}) {
        const XmpRewrite rewrite = rewriteXmp(bad, {MetadataRule::all(), 64, 48, true, 0});
        QVERIFY(rewrite.damaged && rewrite.packet.empty());
    }
    // Thousands of elements in each other must not exhaust the stack.
    std::string deep;
    for (int i = 0; i < 400'000; ++i)
        deep += "<a>";
    QVERIFY(rewriteXmp(packet(deep), {MetadataRule::all(), 64, 48, true, 0}).damaged);
    std::string closed = deep;
    for (int i = 0; i < 400'000; ++i)
        closed += "</a>";
    QVERIFY(rewriteXmp(packet(closed), {MetadataRule::all(), 64, 48, true, 0}).damaged);
}

void XmpTest::truncatedAtEveryByte()
{
    MetadataRule rule;
    rule.gps = false;
    const std::string whole = packet();
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const XmpRewrite rewrite = rewriteXmp(whole.substr(0, size), {rule, 64, 48, true, 0});
        QVERIFY(!has(rewrite.packet, "48,12.5N"));
        QVERIFY(rewrite.damaged == rewrite.packet.empty());
    }
}

void XmpTest::liesAreHarmless()
{
    Random random(7);
    const std::string whole = packet();
    for (int round = 0; round < 5'000; ++round) {
        std::string noisy = whole;
        for (int i = 0; i < 3; ++i)
            noisy[random.bits() % noisy.size()] = static_cast<char>(random.bits());
        (void)readXmp(noisy);
        const XmpRewrite rewrite = rewriteXmp(noisy, {MetadataRule(), 64, 48, true, 0});
        QVERIFY(!rewrite.damaged || rewrite.packet.empty());
    }
}

void XmpTest::iptcIsKeptByKind()
{
    const ResourcesRewrite all = rewriteResources(resources(), MetadataRule::all());
    QVERIFY(!all.leftOut && !all.damaged);
    for (const char *words : {"Title", "20230102", "Vienna", "Program", "path"})
        QVERIFY2(has(wordsOf(all.bytes), words), words);
    QVERIFY(!has(wordsOf(all.bytes), "\xAB"));
    MetadataRule rule;
    rule.gps = false;
    const ResourcesRewrite without = rewriteResources(resources(), rule);
    QVERIFY(without.leftOut);
    QVERIFY(!has(wordsOf(without.bytes), "Vienna"));
    QVERIFY(has(wordsOf(without.bytes), "Title") && has(wordsOf(without.bytes), "20230102"));
    QVERIFY(!rewriteResources(without.bytes, rule).leftOut);
    QVERIFY(rewriteResources(resources(), MetadataRule::none()).bytes.empty());
}

void XmpTest::iptcThatLiesKeepsWhatCameBefore()
{
    const Bytes whole = resources();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        QVERIFY(rewriteResources(cut, MetadataRule::all()).bytes.size() <= size + 1);
    }
    Random random(9);
    for (int round = 0; round < 10'000; ++round) {
        Bytes noisy = whole;
        for (int i = 0; i < 3; ++i)
            noisy[random.bits() % noisy.size()] = static_cast<std::uint8_t>(random.bits());
        QVERIFY(rewriteResources(noisy, MetadataRule()).bytes.size() <= noisy.size() + 8);
    }
}

QTEST_APPLESS_MAIN(XmpTest)
#include "xmp_test.moc"
