#include "imaging/container_metadata.h"
#include "imaging/desk.h"
#include "imaging/exif.h"
#include "imaging/exif_forge.h"
#include "imaging/memory_bytes.h"
#include "imaging/other_formats.h"
#include "imaging/profile_forge.h"

#include <QBuffer>
#include <QImage>
#include <QImageReader>

#include <array>
#include <cstdlib>

#include <tiffio.h>
#include <zlib.h>

using namespace steadyframe::imaging;
using namespace steadyframe::tests;

namespace {

const ImagingOptions withQt{.limits = {}, .readOther = readOtherWithQt};

QImage painted(int width, int height)
{
    QImage image(width, height, QImage::Format_RGB32);
    const Painter painter = fourCorners(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const Rgb c = painter(x, y);
            image.setPixel(x, y, qRgb(c.r, c.g, c.b));
        }
    }
    return image;
}

Bytes written(const QImage &image, const char *format, int quality = -1)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, format, quality);
    return {bytes.begin(), bytes.end()};
}

void number(Bytes &to, std::size_t value, bool bigEndian)
{
    for (int i = 0; i < 4; ++i)
        to.push_back(static_cast<std::uint8_t>(value >> 8 * (bigEndian ? 3 - i : i)));
}

Bytes pngChunk(std::string_view type, const Bytes &content)
{
    Bytes chunk;
    number(chunk, content.size(), true);
    chunk.insert(chunk.end(), type.begin(), type.end());
    chunk.insert(chunk.end(), content.begin(), content.end());
    number(chunk, crc32(0, chunk.data() + 4, static_cast<uInt>(chunk.size() - 4)), true);
    return chunk;
}

Bytes deflated(const Bytes &bytes)
{
    uLongf size = compressBound(static_cast<uLong>(bytes.size()));
    Bytes packed(size);
    compress(packed.data(), &size, bytes.data(), static_cast<uLong>(bytes.size()));
    packed.resize(size);
    return packed;
}

Bytes joined(std::initializer_list<Bytes> parts)
{
    Bytes all;
    for (const Bytes &part : parts)
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

std::string packet()
{
    return "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
           "<rdf:Description xmlns:e='http://ns.adobe.com/exif/1.0/' e:GPSLatitude='48,12N' "
           "xmlns:own='http://example.org/own/' own:thing='mine'/></rdf:RDF></x:xmpmeta>";
}

/// A PNG that tells what a PNG can.
Bytes talkingPng(const QImage &image, unsigned orientation = 1, const Bytes &icc = {})
{
    const Bytes plain = written(image, "png");
    Bytes chunks = joined(
        {pngChunk("eXIf", forgeExif({.orientation = orientation})),
         pngChunk("iTXt", bytesOf(std::string("XML:com.adobe.xmp") + std::string(5, '\0') + packet())),
         pngChunk("tEXt", bytesOf(std::string("Comment\0by hand", 15))), pngChunk("tIME", {7, 232, 5, 6, 7, 8, 9})});
    if (!icc.empty())
        chunks = joined({pngChunk("iCCP", joined({bytesOf(std::string("name\0\0", 6)), deflated(icc)})), chunks});
    const auto behindHead = plain.begin() + 8 + 25;
    return joined({Bytes(plain.begin(), behindHead), chunks, Bytes(behindHead, plain.end())});
}

Bytes webpChunk(std::string_view type, const Bytes &content)
{
    Bytes chunk = bytesOf(type);
    number(chunk, content.size(), false);
    chunk.insert(chunk.end(), content.begin(), content.end());
    if (content.size() % 2)
        chunk.push_back(0);
    return chunk;
}

/// A WebP of the extended kind around what Qt wrote.
Bytes talkingWebp(const QImage &image, unsigned orientation, const Bytes &icc)
{
    const Bytes plain = written(image, "webp", 90);
    Bytes extended(10);
    extended[0] = 0x20 | 0x08 | 0x04;
    extended[4] = static_cast<std::uint8_t>(image.width() - 1);
    extended[5] = static_cast<std::uint8_t>((image.width() - 1) >> 8);
    extended[7] = static_cast<std::uint8_t>(image.height() - 1);
    extended[8] = static_cast<std::uint8_t>((image.height() - 1) >> 8);
    const Bytes body = joined(
        {bytesOf("WEBP"), webpChunk("VP8X", extended), webpChunk("ICCP", icc), Bytes(plain.begin() + 12, plain.end()),
         webpChunk("EXIF", forgeExif({.orientation = orientation})), webpChunk("XMP ", bytesOf(packet()))});
    Bytes file = bytesOf("RIFF");
    number(file, body.size(), false);
    return joined({file, body});
}

/// A TIFF of one or more pictures by libtiff; each is one colour.
struct TiffRecipe {
    bool inks = false;
    int bits = 8;
    bool tiled = false;
    int pictures = 1;
    unsigned orientation = 1;
    Bytes icc{};
};
std::filesystem::path forgeTiff(const Desk &desk, const TiffRecipe &recipe)
{
    const auto path = desk.folder() / "picture.tiff";
    TIFF *tiff = TIFFOpen(path.c_str(), "w");
    constexpr int side = 64;
    const int samples = recipe.inks ? 4 : 3;
    for (int picture = 0; picture < recipe.pictures; ++picture) {
        TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, side);
        TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, side / 2);
        TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, recipe.bits);
        TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, samples);
        TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, recipe.inks ? PHOTOMETRIC_SEPARATED : PHOTOMETRIC_RGB);
        TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
        TIFFSetField(tiff, TIFFTAG_ORIENTATION, recipe.orientation);
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 8);
        TIFFSetField(tiff, TIFFTAG_MAKE, "Forge");
        TIFFSetField(tiff, TIFFTAG_DATETIME, "2024:05:06 07:08:09");
        if (!recipe.icc.empty())
            TIFFSetField(tiff, TIFFTAG_ICCPROFILE, static_cast<std::uint32_t>(recipe.icc.size()), recipe.icc.data());
        // Ink of 0, 0.5, 1 and none of black; or those levels.
        const std::array<int, 4> levels = {picture == 0 ? 0 : 255, 128, 255, 0};
        const int bytes = recipe.bits / 8;
        Bytes row(static_cast<std::size_t>(side * samples * bytes));
        for (std::size_t i = 0; i < row.size(); i += static_cast<std::size_t>(bytes)) {
            const int level = levels[i / static_cast<std::size_t>(bytes) % static_cast<std::size_t>(samples)];
            std::fill_n(row.begin() + static_cast<std::ptrdiff_t>(i), bytes, static_cast<std::uint8_t>(level));
        }
        if (recipe.tiled) {
            TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 48);
            TIFFSetField(tiff, TIFFTAG_TILELENGTH, 16);
            Bytes tile;
            for (int y = 0; y < 16; ++y)
                tile.insert(tile.end(), row.begin(), row.begin() + 48 * samples * bytes);
            for (std::uint32_t y = 0; y < side / 2; y += 16) {
                for (std::uint32_t x = 0; x < side; x += 48)
                    TIFFWriteTile(tiff, tile.data(), x, y, 0, 0);
            }
        } else {
            for (std::uint32_t y = 0; y < side / 2; ++y)
                TIFFWriteScanline(tiff, row.data(), y);
        }
        TIFFWriteDirectory(tiff);
    }
    TIFFClose(tiff);
    return path;
}

isolate::Result<CompressResult, ImagingError> compressed(const Desk &desk, const std::filesystem::path &path,
                                                         const CompressSettings &settings)
{
    return compressFile(path, desk.results(), "result", settings, {}, {}, withQt);
}

bool near(Rgb a, Rgb b, int most)
{
    return std::abs(a.r - b.r) <= most && std::abs(a.g - b.g) <= most && std::abs(a.b - b.b) <= most;
}

} // namespace

class ContainersTest : public QObject {
    Q_OBJECT

private slots:
    void whatPngTellsIsKeptByTheRule();
    void whatWebpTellsIsKeptByTheRule();
    void whatTiffTellsIsKeptByTheRule();
    void theOrientationIsApplied();
    void aSmallerOriginalIsStripped_data();
    void aSmallerOriginalIsStripped();
    void pngTruncatedAtEveryByte();
    void containersThatLieAreHarmless();
    void aBombOfPngIsRefused();
    void profilesOfTablesAreConverted();
    void inksOfTiff_data();
    void inksOfTiff();
    void theFirstOfSeveralPictures();
    void sixteenBitsAndPalettes();
    void whatHasNoPluginSaysWhatToInstall();
};

void ContainersTest::whatPngTellsIsKeptByTheRule()
{
    const Desk desk;
    const Bytes file = talkingPng(painted(160, 120), 1, displayP3());
    const auto path = desk.put("picture.png", file);
    const auto all = compressed(desk, path, {.target = {.quality = 70}});
    VERIFY_OK(all);
    const Bytes kept = readBytes(all->path);
    for (const char *words : {"48NORTH8", "Model 1", "48,12N", "own:thing", "Comment: by hand"})
        QVERIFY2(contains(kept, words), words);
    QVERIFY(decodeJpeg(kept).icc == displayP3());
    const auto without = compressed(desk, path, {.target = {.quality = 70}, .metadata = {.gps = false}});
    VERIFY_OK(without);
    const Bytes rest = readBytes(without->path);
    QVERIFY(!contains(rest, "48NORTH8") && !contains(rest, "48,12N"));
    QVERIFY(contains(rest, "Model 1") && contains(rest, "own:thing") && contains(rest, "by hand"));
    const auto none = compressed(desk, path, {.target = {.quality = 70}, .metadata = MetadataRule::none()});
    VERIFY_OK(none);
    for (const auto &[marker, content] : segmentsOf(readBytes(none->path)))
        QVERIFY(marker != 0xE1 && marker != 0xFE);
}

void ContainersTest::whatWebpTellsIsKeptByTheRule()
{
    if (!QImageReader::supportedImageFormats().contains("webp"))
        QSKIP("Qt has no plug-in for WebP here");
    const Desk desk;
    const auto path = desk.put("picture.webp", talkingWebp(painted(640, 480), 1, displayP3()));
    const auto result = compressed(desk, path, {.target = {.quality = 30}, .metadata = {.gps = false}});
    VERIFY_OK(result);
    const Bytes made = readBytes(result->path);
    QVERIFY(contains(made, "Model 1") && contains(made, "own:thing"));
    QVERIFY(!contains(made, "48NORTH8") && !contains(made, "48,12N"));
    QVERIFY(decodeJpeg(made).icc == displayP3());
}

void ContainersTest::whatTiffTellsIsKeptByTheRule()
{
    if (!QImageReader::supportedImageFormats().contains("tiff"))
        QSKIP("Qt has no plug-in for TIFF here");
    const Desk desk;
    const auto path = forgeTiff(desk, {});
    const auto all = compressed(desk, path, {.target = {.quality = 70}});
    VERIFY_OK(all);
    QVERIFY(contains(readBytes(all->path), "Forge") && contains(readBytes(all->path), "2024:05:06"));
    const auto without = compressed(desk, path, {.target = {.quality = 70}, .metadata = {.date = false}});
    VERIFY_OK(without);
    QVERIFY(contains(readBytes(without->path), "Forge") && !contains(readBytes(without->path), "2024:05:06"));
}

void ContainersTest::theOrientationIsApplied()
{
    const Desk desk;
    for (unsigned orientation = 1; orientation <= 8; ++orientation) {
        const auto path = desk.put("picture.png", talkingPng(painted(160, 120), orientation));
        const auto result = compressed(desk, path, {.target = {.quality = 90}});
        VERIFY_OK(result);
        const Decoded made = decodeJpeg(readBytes(result->path));
        QCOMPARE(QSize(made.width, made.height), orientation > 4 ? QSize(120, 160) : QSize(160, 120));
        QVERIFY(readExif(made.exif).orientation == Orientation::upright);
        // Where the red corner, stored first, is shown.
        const bool right = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
        const bool low = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
        const Rgb corner = made.at(right ? made.width - 3 : 2, low ? made.height - 3 : 2);
        QVERIFY(corner.r > 220 && corner.g < 35 && corner.b < 35);
    }
}

void ContainersTest::aSmallerOriginalIsStripped_data()
{
    QTest::addColumn<QByteArray>("format");
    QTest::newRow("PNG") << QByteArray("png");
    if (QImageReader::supportedImageFormats().contains("webp"))
        QTest::newRow("WebP") << QByteArray("webp");
}

void ContainersTest::aSmallerOriginalIsStripped()
{
    QFETCH(QByteArray, format);
    const Desk desk;
    QImage image(200, 200, QImage::Format_RGB32);
    for (int y = 0; y < 200; ++y) { // dots, which JPEG is bad at
        for (int x = 0; x < 200; ++x)
            image.setPixel(x, y, (x * x + 3 * y * y + x * y) % 7 < 3 ? qRgb(0, 0, 0) : qRgb(255, 255, 255));
    }
    const Bytes file = format == "png" ? talkingPng(image) : talkingWebp(image, 1, displayP3());
    const auto path = desk.put("picture." + format.toStdString(), file);
    const auto kept = compressed(desk, path, {.target = {.quality = 98}, .metadata = MetadataRule::all()});
    VERIFY_OK(kept);
    QVERIFY(kept->keptOriginalBytes && readBytes(kept->path) == file);
    for (const MetadataRule &rule : {MetadataRule{.gps = false}, MetadataRule::none()}) {
        const auto result = compressed(desk, path, {.target = {.quality = 98}, .metadata = rule});
        VERIFY_OK(result);
        QVERIFY(result->keptPixels && !result->keptOriginalBytes);
        QCOMPARE(result->path.extension().native(), "." + format.toStdString());
        const Bytes made = readBytes(result->path);
        QVERIFY(made.size() < file.size());
        QVERIFY(!contains(made, "48NORTH8") && !contains(made, "48,12N"));
        QCOMPARE(contains(made, "Model 1"), rule.camera);
        QCOMPARE(contains(made, "own:thing"), rule.xmp);
        QImage again;
        QVERIFY(again.loadFromData(made.data(), static_cast<int>(made.size())));
        QImage before;
        QVERIFY(before.loadFromData(file.data(), static_cast<int>(file.size())));
        QVERIFY(again.convertToFormat(QImage::Format_RGB32) == before.convertToFormat(QImage::Format_RGB32));
    }
}

void ContainersTest::pngTruncatedAtEveryByte()
{
    const Desk desk;
    const Bytes whole = talkingPng(painted(16, 12));
    for (std::size_t size = 8; size < whole.size(); ++size) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        const MemoryBytes bytes(cut);
        QVERIFY(!strippedContainer(bytes, PictureFormat::png, {.rule = {}, .width = 16, .height = 12})
                || size + 4 >= whole.size()); // all but the last checksum is there
        const auto result = compressed(desk, desk.put("cut.png", cut), {});
        if (result) {
            QVERIFY(size + 12 >= whole.size()); // the end mark alone is missing
            continue;
        }
        QVERIFY(result.error().code == ImagingErrc::corrupt || result.error().code == ImagingErrc::truncated);
        QVERIFY(!result.error().message.empty());
    }
}

void ContainersTest::containersThatLieAreHarmless()
{
    const Bytes png = talkingPng(painted(16, 12), 1, displayP3());
    std::vector<std::pair<PictureFormat, Bytes>> files = {{PictureFormat::png, png}};
    if (QImageReader::supportedImageFormats().contains("webp"))
        files.emplace_back(PictureFormat::webp, talkingWebp(painted(16, 12), 1, displayP3()));
    for (const auto &[format, whole] : files) {
        for (std::size_t at = 0; at < whole.size(); ++at) {
            Bytes noisy = whole;
            noisy[at] = static_cast<std::uint8_t>(~noisy[at]);
            const MemoryBytes bytes(noisy);
            QVERIFY(readContainer(bytes, format).known);
            (void)strippedContainer(bytes, format, {.rule = {}, .width = 16, .height = 12});
        }
    }
    // A profile that unpacks to a thousand times its size.
    const Bytes bomb = pngChunk("iCCP", joined({bytesOf(std::string("name\0\0", 6)), deflated(Bytes(40'000'000))}));
    const Bytes file = joined({Bytes(png.begin(), png.begin() + 33), bomb, Bytes(png.begin() + 33, png.end())});
    const MemoryBytes bytes(file);
    QVERIFY(readContainer(bytes, PictureFormat::png).icc.size() < 1'000'000);
}

void ContainersTest::aBombOfPngIsRefused()
{
    const Desk desk;
    Bytes file = written(painted(16, 12), "png");
    const Bytes size = {0, 0, 0x40, 0, 0, 0, 0x40, 0};
    std::copy(size.begin(), size.end(), file.begin() + 16); // 16384 by 16384 pixels
    const auto sum = crc32(0, file.data() + 12, 17);
    Bytes summed;
    number(summed, sum, true);
    std::copy(summed.begin(), summed.end(), file.begin() + 29);
    const auto result = compressed(desk, desk.put("bomb.png", file), {});
    COMPARE_CODE(result, ImagingErrc::tooLarge);
    QVERIFY2(QString::fromStdString(result.error().message).contains("268,435,456"), result.error().message.c_str());
}

void ContainersTest::profilesOfTablesAreConverted()
{
    const Desk desk;
    QImage image(64, 64, QImage::Format_RGB32);
    image.fill(qRgb(200, 120, 60));
    const auto path = desk.put("picture.png", talkingPng(image, 1, rotatedRgb()));
    const auto result = compressFile(path, desk.results(), "result",
                                     {.target = {.quality = 95}, .colors = ColorRule::toSrgb}, {}, {}, withQt);
    VERIFY_OK(result);
    if (!result->keptPixels)
        QVERIFY(near(decodeJpeg(readBytes(result->path)).at(32, 32), {120, 60, 200}, 4));
}

void ContainersTest::inksOfTiff_data()
{
    QTest::addColumn<int>("bits");
    QTest::addColumn<bool>("tiled");
    QTest::addColumn<bool>("profile");
    for (const int bits : {8, 16}) {
        for (const bool tiled : {false, true}) {
            for (const bool profile : {false, true})
                QTest::addRow("%d bits, tiled %d, profile %d", bits, tiled, profile) << bits << tiled << profile;
        }
    }
}

void ContainersTest::inksOfTiff()
{
    QFETCH(int, bits);
    QFETCH(bool, tiled);
    QFETCH(bool, profile);
    if (!QImageReader::supportedImageFormats().contains("tiff"))
        QSKIP("Qt has no plug-in for TIFF here");
    const Desk desk;
    const auto path
        = forgeTiff(desk, {.inks = true, .bits = bits, .tiled = tiled, .icc = profile ? rotatedInks() : Bytes()});
    const auto result = compressed(desk, path, {.target = {.quality = 95}});
    VERIFY_OK(result);
    QCOMPARE(result->warnings.size(), std::size_t{profile ? 0U : 1U});
    const Decoded made = decodeJpeg(readBytes(result->path));
    QVERIFY(made.icc.empty());
    const Rgb plain{255, 127, 0}; // no cyan, half of magenta, all yellow
    QVERIFY(near(made.at(30, 15), profile ? Rgb{plain.g, plain.b, plain.r} : plain, 6));
    QVERIFY(contains(readBytes(result->path), "Forge"));
    // Cut anywhere it is an error, or read by the rows that are there.
    const Bytes whole = readBytes(path);
    for (std::size_t size = 8; size < whole.size(); size += 97) {
        const auto cut = compressed(
            desk, desk.put("cut.tiff", Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))), {});
        QVERIFY(cut || !cut.error().message.empty());
    }
}

void ContainersTest::theFirstOfSeveralPictures()
{
    const Desk desk;
    if (QImageReader::supportedImageFormats().contains("tiff")) {
        const auto result = compressed(desk, forgeTiff(desk, {.pictures = 2}), {.target = {.quality = 95}});
        VERIFY_OK(result);
        QCOMPARE(result->warnings.size(), std::size_t{1});
        QVERIFY(QString::fromStdString(result->warnings[0]).contains("several"));
        QVERIFY(near(decodeJpeg(readBytes(result->path)).at(30, 15), {0, 128, 255}, 6));
    }
    // Two frames of one pixel each, red and green.
    const Bytes frame = {0x21, 0xF9, 4, 0, 10, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0};
    const Bytes other = {0x21, 0xF9, 4, 0, 10, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4C, 1, 0};
    const Bytes gif = joined({bytesOf("GIF89a"), {1, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 255, 0}, frame, other, {0x3B}});
    const auto path = desk.put("moving.gif", gif);
    const auto read = readOtherWithQt(*InputFile::open(path, {}), {}, {});
    VERIFY_OK(read);
    QCOMPARE(read->warnings.size(), std::size_t{1});
    QVERIFY(QString::fromStdString(read->warnings[0]).contains("animated"));
}

void ContainersTest::sixteenBitsAndPalettes()
{
    const Desk desk;
    const QImage image = painted(160, 120);
    for (const QImage::Format format : {QImage::Format_RGBA64, QImage::Format_RGBX64, QImage::Format_Indexed8,
                                        QImage::Format_ARGB32, QImage::Format_Grayscale16}) {
        const auto path = desk.put("picture.png", written(image.convertToFormat(format), "png"));
        const auto result
            = compressed(desk, path, {.target = {.quality = 95}, .resize = ResizeRule::toLongestSide(150)});
        VERIFY_OK(result);
        if (result->keptPixels)
            continue;
        const Rgb corner = decodeJpeg(readBytes(result->path)).at(3, 3);
        if (format == QImage::Format_Grayscale16)
            QVERIFY(corner.r == corner.g && corner.g == corner.b);
        else
            QVERIFY(near(corner, {245, 5, 5}, 25));
    }
}

void ContainersTest::whatHasNoPluginSaysWhatToInstall()
{
    if (QImageReader::supportedImageFormats().contains("heic"))
        QSKIP("Qt reads HEIC here");
    const Desk desk;
    Bytes file = {0, 0, 0, 24};
    const Bytes brand = bytesOf("ftypheic");
    file.insert(file.end(), brand.begin(), brand.end());
    file.resize(200);
    const auto result = compressed(desk, desk.put("photo.heic", file), {});
    COMPARE_CODE(result, ImagingErrc::unsupported);
    const QString message = QString::fromStdString(result.error().message);
    QVERIFY2(message.contains("HEIC") && message.contains("Install"), qPrintable(message));
}

QTEST_GUILESS_MAIN(ContainersTest)
#include "containers_test.moc"
