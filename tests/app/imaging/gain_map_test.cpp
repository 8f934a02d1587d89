#include "imaging/desk.h"
#include "imaging/exif.h"
#include "imaging/exif_forge.h"
#include "imaging/gain_map.h"
#include "imaging/memory_bytes.h"
#include "imaging/photo_noise.h"
#include "imaging/profile_forge.h"

#include <cstdlib>

using namespace steadyframe::imaging;
using namespace steadyframe::tests;

namespace {

constexpr std::string_view xmpName("http://ns.adobe.com/xap/1.0/\0", 29);
constexpr std::string_view isoName("urn:iso:std:iso:ts:21496:-1\0", 28);
constexpr std::string_view listName("MPF\0", 4);
constexpr int app1 = 0xE1;
constexpr int app2 = 0xE2;

enum class Kind { ultraHdr, iso, apple };

std::string packet(std::string_view properties)
{
    return "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
           "<rdf:Description xmlns:hdrgm='http://ns.adobe.com/hdr-gain-map/1.0/' "
           "xmlns:apdi='http://ns.apple.com/pixeldatainfo/1.0/' "
           "xmlns:c='http://ns.google.com/photos/1.0/container/' "
           "xmlns:i='http://ns.google.com/photos/1.0/container/item/' "
           "xmlns:e='http://ns.adobe.com/exif/1.0/' "
        + std::string(properties) + "</rdf:Description></rdf:RDF></x:xmpmeta>";
}

void number(Bytes &to, std::size_t value, int size)
{
    for (int i = 0; i < size; ++i)
        to.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

/// A list of pictures in the order of bytes that we do not write ourselves.
Bytes pictureListOf(std::size_t firstSize, const std::vector<std::pair<std::size_t, std::size_t>> &others)
{
    Bytes list = bytesOf("II");
    number(list, 42, 2);
    number(list, 8, 4);
    number(list, 2, 2);
    number(list, 0xB001, 2);
    number(list, 4, 2);
    number(list, 1, 4);
    number(list, 1 + others.size(), 4);
    number(list, 0xB002, 2);
    number(list, 7, 2);
    number(list, 16 * (1 + others.size()), 4);
    number(list, list.size() + 8, 4);
    number(list, 0, 4);
    number(list, 0x20030000, 4);
    number(list, firstSize, 4);
    number(list, 0, 8);
    for (const auto &[offset, size] : others) {
        number(list, 0, 4);
        number(list, size, 4);
        number(list, offset, 4);
        number(list, 0, 4);
    }
    return list;
}

Bytes gainMapFile(Kind kind, int width = 64, int height = 48)
{
    const Bytes plain = forgeJpeg({.width = width,
                                   .height = height,
                                   .colours = Recipe::Colours::gray,
                                   .samplingX = 1,
                                   .samplingY = 1,
                                   .exif = {},
                                   .icc = {}},
                                  fourCorners(width, height));
    switch (kind) {
    case Kind::ultraHdr:
        return withSegments(plain,
                            {named(app1, xmpName, bytesOf(packet("hdrgm:GainMapMax='3.5' e:GPSLatitude='48,12N'>")))});
    case Kind::iso:
        return withSegments(plain, {named(app2, isoName, {0, 0, 0, 0, 9, 9, 9})});
    case Kind::apple:
        return withSegments(
            plain,
            {named(app1, xmpName,
                   bytesOf(packet("apdi:AuxiliaryImageType='urn:com:apple:photo:2020:aux:hdrgainmap'>")))});
    }
    return {};
}

/// A picture with a gain map, as phones write it.
Bytes hdrFile(Kind kind, int width, int height, unsigned orientation, const Bytes &gainMap, const Bytes &icc = {})
{
    const Bytes plain = forgeJpeg(
        {.width = width, .height = height, .quality = 97, .exif = forgeExif({.orientation = orientation}), .icc = icc},
        fourCorners(width, height));
    std::vector<Segment> segments;
    if (kind == Kind::ultraHdr)
        segments.push_back(
            named(app1, xmpName,
                  bytesOf(packet("hdrgm:Version='1.0' e:GPSLatitude='48,12N'><c:Directory><rdf:Seq><rdf:li>"
                                 "<c:Item i:Semantic='Primary' i:Mime='image/jpeg'/></rdf:li><rdf:li>"
                                 "<c:Item i:Semantic='GainMap' i:Mime='image/jpeg' i:Length='"
                                 + std::to_string(gainMap.size()) + "'/></rdf:li></rdf:Seq></c:Directory>"))));
    if (kind == Kind::iso)
        segments.push_back(named(app2, isoName, {0, 0, 0, 0}));
    // The list is first, so that what it points to can be known: its own content begins 10 bytes after the start.
    segments.insert(segments.begin(), named(app2, listName, pictureListOf(0, {{0, 0}})));
    const std::size_t size = withSegments(plain, segments).size();
    segments.front() = named(app2, listName, pictureListOf(size, {{size - 10, gainMap.size()}}));
    Bytes file = withSegments(plain, segments);
    file.insert(file.end(), gainMap.begin(), gainMap.end());
    return file;
}

/// What a reader of such files does: follow the list.
Bytes followed(const Bytes &file)
{
    const MemoryBytes bytes(file);
    const auto segments = readSegments(bytes);
    return segments ? readFollowingPictures(bytes, *segments).gainMap : Bytes();
}

/// The length that the list tells of the first picture.
std::size_t firstLength(const Bytes &file)
{
    const std::string name(listName);
    const auto at = std::search(file.begin(), file.end(), name.begin(), name.end());
    if (at == file.end())
        return 0;
    // Four letters, and the structure with its two entries at the end.
    const auto entry = at + 4 + 8 + 2 + 3 * 12 + 4;
    std::size_t length = 0;
    for (int i = 4; i < 8; ++i)
        length = length << 8 | entry[i];
    return length;
}

} // namespace

class GainMapTest : public QObject {
    Q_OBJECT

private slots:
    void itFollowsThePicture_data();
    void itFollowsThePicture();
    void itTurnsWithThePicture_data();
    void itTurnsWithThePicture();
    void itFollowsWithoutLossToo();
    void whatItTellsGoesByTheRule();
    void itIsWarnedOfWhereItCantBeKept();
    void otherPicturesAreNoGainMap();
    void aVideoBehindIsWarnedOf();
    void listsThatLieAreHarmless();
};

void GainMapTest::itFollowsThePicture_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("target");
    for (const auto &[kind, name] :
         {std::pair(Kind::ultraHdr, "Ultra HDR"), {Kind::iso, "ISO 21496-1"}, {Kind::apple, "Apple"}}) {
        QTest::addRow("%s, quality", name) << static_cast<int>(kind) << static_cast<int>(TargetKind::quality);
        QTest::addRow("%s, bytes", name) << static_cast<int>(kind) << static_cast<int>(TargetKind::bytes);
        QTest::addRow("%s, similarity", name) << static_cast<int>(kind) << static_cast<int>(TargetKind::similarity);
    }
}

void GainMapTest::itFollowsThePicture()
{
    QFETCH(int, kind);
    QFETCH(int, target);
    const Desk desk;
    const Bytes gainMap = gainMapFile(static_cast<Kind>(kind));
    const Bytes file = hdrFile(static_cast<Kind>(kind), 640, 480, 1, gainMap);
    QVERIFY(followed(file) == gainMap);
    CompressSettings settings{
        .target = {.kind = static_cast<TargetKind>(target), .quality = 80, .bytes = 9000, .similarity = 0.9}};
    settings.resize = ResizeRule::toLongestSide(320);
    const auto result = desk.compress(desk.put("photo.jpg", file), settings);
    VERIFY_OK(result);
    QVERIFY2(result->warnings.empty(), result->warnings.empty() ? "" : result->warnings[0].c_str());
    QVERIFY(result->reachedTarget);
    const Bytes made = readBytes(result->path);
    if (settings.target.kind == TargetKind::bytes)
        QVERIFY(made.size() <= 9000);
    const Bytes kept = followed(made);
    QVERIFY(!kept.empty());
    QVERIFY(coefficientsOf(kept) == coefficientsOf(gainMap));
    QCOMPARE(firstLength(made) + kept.size(), made.size());
    QVERIFY(std::equal(kept.begin(), kept.end(), made.end() - static_cast<std::ptrdiff_t>(kept.size())));
    if (static_cast<Kind>(kind) == Kind::ultraHdr) {
        QVERIFY(contains(made, "Length=\"" + std::to_string(kept.size()) + "\""));
        QVERIFY(contains(kept, "GainMapMax"));
    }
    if (static_cast<Kind>(kind) == Kind::iso)
        QVERIFY(contains(kept, isoName.substr(0, 27)));
    QCOMPARE(decodeJpeg(made).width, 320);
}

void GainMapTest::itTurnsWithThePicture_data()
{
    QTest::addColumn<QSize>("size");
    QTest::newRow("whole blocks") << QSize(64, 48);
    QTest::newRow("partial blocks") << QSize(61, 47);
}

void GainMapTest::itTurnsWithThePicture()
{
    QFETCH(QSize, size);
    const Desk desk;
    for (unsigned orientation = 2; orientation <= 8; ++orientation) {
        const Bytes gainMap = gainMapFile(Kind::ultraHdr, size.width(), size.height());
        const auto result
            = desk.compress(desk.put("photo.jpg", hdrFile(Kind::ultraHdr, 640, 480, orientation, gainMap)),
                            {.target = {.quality = 70}});
        VERIFY_OK(result);
        QVERIFY(result->warnings.empty());
        const Bytes made = readBytes(result->path);
        const Bytes kept = followed(made);
        QVERIFY(!kept.empty());
        const Decoded main = decodeJpeg(made);
        const Decoded map = decodeJpeg(kept);
        QCOMPARE(QSize(map.width, map.height), orientation > 4 ? size.transposed() : size);
        QVERIFY(contains(kept, "GainMapMax"));
        // Corners of the picture and of the map are alike.
        for (const auto &[u, v] : {std::pair(0.1, 0.1), {0.9, 0.1}, {0.1, 0.9}, {0.9, 0.9}}) {
            const Rgb a = main.at(static_cast<int>(u * main.width), static_cast<int>(v * main.height));
            const Rgb b = map.at(static_cast<int>(u * map.width), static_cast<int>(v * map.height));
            QVERIFY(std::abs((a.r * 299 + a.g * 587 + a.b * 114) / 1000 - b.r) < 12);
        }
    }
}

void GainMapTest::itFollowsWithoutLossToo()
{
    const Desk desk;
    const Bytes gainMap = gainMapFile(Kind::ultraHdr);
    const Bytes file = hdrFile(Kind::ultraHdr, 640, 480, 1, gainMap);
    CompressSettings settings{.target = {.kind = TargetKind::lossless}};
    const auto recoded = desk.compress(desk.put("photo.jpg", file), settings);
    VERIFY_OK(recoded);
    QVERIFY(recoded->keptPixels && !recoded->keptOriginalBytes);
    QVERIFY(coefficientsOf(followed(readBytes(recoded->path))) == coefficientsOf(gainMap));
    QVERIFY(coefficientsOf(readBytes(recoded->path)) == coefficientsOf(file));
    // Best already, but for what is to go: the coded bytes are copied, and the list is true again.
    settings.metadata.gps = false;
    const auto spliced = desk.compress(desk.put("again.jpg", readBytes(recoded->path)), settings);
    VERIFY_OK(spliced);
    const Bytes made = readBytes(spliced->path);
    QVERIFY(!contains(made, "48,12N") && !contains(made, "48NORTH8"));
    QVERIFY(coefficientsOf(followed(made)) == coefficientsOf(gainMap));
    QCOMPARE(firstLength(made) + followed(made).size(), made.size());
}

void GainMapTest::whatItTellsGoesByTheRule()
{
    const Desk desk;
    const Bytes file = hdrFile(Kind::ultraHdr, 640, 480, 1, gainMapFile(Kind::ultraHdr));
    const auto result
        = desk.compress(desk.put("photo.jpg", file), {.target = {.quality = 70}, .metadata = MetadataRule::none()});
    VERIFY_OK(result);
    const Bytes made = readBytes(result->path);
    QVERIFY(!contains(made, "48,12N") && !contains(made, "Model 1"));
    QVERIFY(contains(made, "hdrgm:Version") && contains(followed(made), "GainMapMax"));
}

void GainMapTest::itIsWarnedOfWhereItCantBeKept()
{
    const Desk desk;
    const Bytes gainMap = gainMapFile(Kind::ultraHdr);
    const auto warned = [&](const Bytes &file, const CompressSettings &settings) {
        const auto result = desk.compress(desk.put("photo.jpg", file), settings);
        if (!result || !followed(readBytes(result->path)).empty() || result->warnings.size() != 1)
            return false;
        return QString::fromStdString(result->warnings[0]).contains("HDR gain map")
            && !contains(readBytes(result->path), "hdrgm:Version");
    };
    QVERIFY(warned(hdrFile(Kind::ultraHdr, 640, 480, 1, gainMap, displayP3()),
                   {.target = {.quality = 70}, .colors = ColorRule::toSrgb}));
    QVERIFY(warned(hdrFile(Kind::apple, 640, 480, 1, gainMapFile(Kind::apple)),
                   {.target = {.quality = 70}, .metadata = {.camera = false}}));
    Bytes broken = gainMapFile(Kind::ultraHdr, 320, 240);
    broken.erase(broken.end() - 300, broken.end() - 2);
    QVERIFY(warned(hdrFile(Kind::ultraHdr, 640, 480, 1, broken), {.target = {.quality = 70}}));
}

void GainMapTest::otherPicturesAreNoGainMap()
{
    const Desk desk;
    const Bytes view = forgeJpeg({.exif = {}, .icc = {}}, fourCorners(64, 48));
    const auto result
        = desk.compress(desk.put("photo.jpg", hdrFile(Kind::apple, 640, 480, 1, view)), {.target = {.quality = 70}});
    VERIFY_OK(result);
    QCOMPARE(result->warnings.size(), std::size_t{1});
    QVERIFY(QString::fromStdString(result->warnings[0]).contains("several pictures"));
    QVERIFY(!contains(readBytes(result->path), listName));
}

void GainMapTest::aVideoBehindIsWarnedOf()
{
    const Desk desk;
    const std::string properties = "xmlns:m='http://ns.google.com/photos/1.0/camera/' m:MotionPhoto='1'>";
    Bytes file = withSegments(
        forgeJpeg({.width = 320, .height = 240, .quality = 97, .exif = {}, .icc = {}}, fourCorners(320, 240)),
        {named(app1, xmpName, bytesOf(packet(properties)))});
    const Bytes video = bytesOf("....ftypmp42 and so on");
    file.insert(file.end(), video.begin(), video.end());
    const auto result = desk.compress(desk.put("photo.jpg", file), {.target = {.quality = 60}});
    VERIFY_OK(result);
    QCOMPARE(result->warnings.size(), std::size_t{1});
    QVERIFY(QString::fromStdString(result->warnings[0]).contains("video"));
    QVERIFY(!contains(readBytes(result->path), "ftypmp42"));
    QVERIFY(!contains(readBytes(result->path), "MotionPhoto"));
}

void GainMapTest::listsThatLieAreHarmless()
{
    Random random(11);
    const Bytes whole = hdrFile(Kind::ultraHdr, 64, 48, 1, gainMapFile(Kind::ultraHdr));
    const std::string name(listName);
    const auto list = std::search(whole.begin(), whole.end(), name.begin(), name.end()) - whole.begin();
    for (int round = 0; round < 3000; ++round) {
        Bytes noisy = whole;
        for (int i = 0; i < 3; ++i)
            noisy[static_cast<std::size_t>(list) + 4 + random.bits() % 70] = static_cast<std::uint8_t>(random.bits());
        QVERIFY(followed(noisy).size() <= noisy.size());
    }
    for (std::size_t size = 0; size < whole.size(); size += 3)
        QVERIFY(followed(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))).size() <= size);
}

QTEST_APPLESS_MAIN(GainMapTest)
#include "gain_map_test.moc"
