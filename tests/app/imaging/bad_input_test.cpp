#include "imaging/desk.h"
#include "imaging/exif.h"
#include "imaging/thumbnail.h"

#include <QRegularExpression>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace steadyframe::imaging;
using namespace steadyframe::tests;

namespace {

/// The header of a JPEG that claims a size, and nothing after it.
Bytes claiming(int width, int height, bool withScan)
{
    const auto high = [](int n) { return static_cast<std::uint8_t>(n >> 8); };
    const auto low = [](int n) { return static_cast<std::uint8_t>(n); };
    Bytes bytes = {0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, high(height), low(height), high(width), low(width), 1, 1, 0x11, 0};
    if (withScan)
        bytes.insert(bytes.end(), {0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x12, 0x34});
    bytes.insert(bytes.end(), {0xFF, 0xD9});
    return bytes;
}

} // namespace

class BadInputTest : public QObject {
    Q_OBJECT

private slots:
    void contentThatIsNoPhoto_data();
    void contentThatIsNoPhoto();
    void truncatedAnywhere_data();
    void truncatedAnywhere();
    void truncationTellsHowMuchThereIs();
    void damageInThePictureIsFound();
    void flippedBytesNeverHarm();
    void absurdDimensions_data();
    void absurdDimensions();
    void limitsAreNamed();
    void aMissingFile();
    void whatIsNoOrdinaryFile();
    void aFileThatGrowsIsTold();
    void aFileThatShrinksIsTold();
    void aFileDeletedWhileReadIsStillRead();
    void aNameThatIsNotUtf8Works();
    void aLinkIsFollowed();
};

void BadInputTest::contentThatIsNoPhoto_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *title, const QByteArray &content, ImagingErrc code, const char *says) {
        QTest::newRow(title) << content << static_cast<int>(code) << QString(says);
    };
    row("empty", "", ImagingErrc::empty, "0 bytes");
    row("text", "Dear diary,\ntoday I took no photos.\n", ImagingErrc::notAnImage, "plain text");
    row("a page", "<!DOCTYPE html><html>Please log in</html>", ImagingErrc::notAnImage, "web page");
    row("PDF", "%PDF-1.7\n", ImagingErrc::notAnImage, "PDF");
    row("ZIP", QByteArray("PK\x03\x04\x14\0", 6), ImagingErrc::notAnImage, "ZIP");
    row("video",
        QByteArray("\0\0\0\x20"
                   "ftypisom\0\0\2\0",
                   16),
        ImagingErrc::notAnImage, "video");
    row("zeros", QByteArray(5000, '\0'), ImagingErrc::notAnImage, "zero bytes");
    row("noise", QByteArray("\x01\x9c\xfe\x80\x7f\x03", 6), ImagingErrc::notAnImage, "unknown");
    row("one byte", "\xFF", ImagingErrc::notAnImage, "unknown");
    row("PNG", QByteArray("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16), ImagingErrc::unsupported, "PNG");
    row("only a start", QByteArray("\xFF\xD8\xFF", 3), ImagingErrc::truncated, "ends in its header");
    row("only an end", QByteArray("\xFF\xD8\xFF\xD9", 4), ImagingErrc::corrupt, "damaged in its header");
    row("text after the start", QByteArray("\xFF\xD8\xFFhello world, this is not a JPEG at all"), ImagingErrc::corrupt,
        "damaged in its header");
}

void BadInputTest::contentThatIsNoPhoto()
{
    QFETCH(QByteArray, content);
    QFETCH(int, code);
    QFETCH(QString, says);
    const Desk desk;
    const auto photo = desk.put("photo.jpg", Bytes(content.begin(), content.end()));
    const auto result = desk.compress(photo);
    COMPARE_CODE(result, static_cast<ImagingErrc>(code));
    const QString message = QString::fromStdString(result.error().message);
    QVERIFY2(message.contains(says), qPrintable(message));
    QVERIFY2(message.endsWith('.'), qPrintable(message));
    QVERIFY2(!message.contains(QString::fromStdString(desk.folder().native())), qPrintable(message));
    QVERIFY(namesIn(desk.results()).empty());
}

void BadInputTest::truncatedAnywhere_data()
{
    QTest::addColumn<bool>("progressive");
    QTest::addColumn<bool>("arithmetic");
    QTest::addColumn<int>("restartRows");
    QTest::addColumn<int>("step"); // each attempt makes two files
    QTest::newRow("baseline") << false << false << 0 << 1;
    QTest::newRow("progressive") << true << false << 0 << 5;
    QTest::newRow("arithmetic") << false << true << 0 << 5;
    QTest::newRow("restart markers") << false << false << 1 << 5;
}

void BadInputTest::truncatedAnywhere()
{
    QFETCH(bool, progressive);
    QFETCH(bool, arithmetic);
    QFETCH(int, restartRows);
    QFETCH(int, step);
    const Recipe recipe{.width = 40,
                        .height = 36,
                        .quality = 80,
                        .progressive = progressive,
                        .arithmetic = arithmetic,
                        .restartRows = restartRows,
                        .exif = exifWithOrientation(Orientation::upright),
                        .icc = Bytes(300, 7)};
    const Bytes whole = forgeJpeg(recipe, fourCorners(40, 36));
    const Desk desk;
    ImagingOptions strict;
    strict.takeWhatIsThere = false;
    std::size_t saved = 0;
    for (std::size_t size = 3; size < whole.size(); size += static_cast<std::size_t>(step)) {
        const auto photo
            = desk.put("photo.jpg", Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
        const auto result = compressFile(photo, desk.results(), "strict", {}, {}, {}, strict);
        COMPARE_CODE(result, ImagingErrc::truncated);
        QVERIFY(!result.error().message.empty());
        const auto offered = desk.compress(photo);
        saved += offered.ok();
        if (!offered) {
            COMPARE_CODE(offered, ImagingErrc::truncated);
            continue;
        }
        QVERIFY(!offered->warnings.empty());
        QVERIFY2(QString::fromStdString(offered->warnings.front()).contains("missing"),
                 offered->warnings.front().c_str());
        const Decoded decoded = decodeJpeg(readBytes(offered->path));
        QCOMPARE(QSize(decoded.width, decoded.height), QSize(40, 36));
    }
    QVERIFY(saved > 10);
    QVERIFY(namesIn(desk.results()) == std::vector<std::string>{"result.jpg"});
    VERIFY_OK(desk.compress(desk.put("photo.jpg", whole)));
}

void BadInputTest::truncationTellsHowMuchThereIs()
{
    const Desk desk;
    Bytes bytes = forgeJpeg({.width = 640, .height = 480, .quality = 90, .exif = {}, .icc = {}}, [](int x, int y) {
        return Rgb{(x * 37 + y * 91) % 256, (x * 53 + y * 17) % 256, (x * 11 + y * 71) % 256};
    });
    bytes.resize(bytes.size() / 2);
    const auto photo = desk.put("photo.jpg", bytes);
    ImagingOptions strict;
    strict.takeWhatIsThere = false;
    const auto refused = compressFile(photo, desk.results(), "strict", {}, {}, {}, strict);
    COMPARE_CODE(refused, ImagingErrc::truncated);
    const auto percentIn = [](const std::string &message, const char *pattern) {
        const auto match = QRegularExpression(pattern).match(QString::fromStdString(message));
        return match.hasMatch() ? match.captured(1).toInt() : -1;
    };
    const int there = percentIn(refused.error().message, "after (\\d+) % of its rows");
    QVERIFY2(there >= 40 && there <= 55, refused.error().message.c_str());
    const auto offered = desk.compress(photo);
    VERIFY_OK(offered);
    const int missing = percentIn(offered->warnings.front(), "the lower (\\d+) % is missing");
    QVERIFY2(missing >= 45 && missing <= 60, offered->warnings.front().c_str());
}

void BadInputTest::damageInThePictureIsFound()
{
    // The middle of the data is gone, though the file ends as it should.
    const Desk desk;
    Bytes bytes = forgeJpeg({.width = 320, .height = 240, .quality = 90, .exif = {}, .icc = {}}, [](int x, int y) {
        return Rgb{(x * 37 + y * 91) % 256, (x * 53 + y * 17) % 256, (x * 11 + y * 71) % 256};
    });
    const auto half = bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2);
    bytes.erase(half, bytes.end() - 2);
    const auto result = desk.compress(desk.put("photo.jpg", bytes));
    COMPARE_CODE(result, ImagingErrc::corrupt);
    QVERIFY(namesIn(desk.results()).empty());
}

void BadInputTest::flippedBytesNeverHarm()
{
    for (const bool progressive : {false, true}) {
        const Recipe recipe{.width = 48,
                            .height = 40,
                            .progressive = progressive,
                            .exif = exifWithOrientation(Orientation::turnedLeft),
                            .icc = Bytes(200, 3)};
        const Bytes whole = forgeJpeg(recipe, fourCorners(48, 40));
        const Desk desk;
        // A megapixel is plenty for what 48 by 40 can turn into, and keeps the test quick.
        const ImagingOptions options{.limits = {.pixels = 1'000'000, .bytes = 1'000'000}, .readOther = nullptr};
        std::size_t refused = 0;
        for (std::size_t at = 2; at < whole.size(); ++at) {
            Bytes bytes = whole;
            bytes[at] = static_cast<std::uint8_t>(~bytes[at]);
            const auto photo = desk.put("photo.jpg", bytes);
            const auto thumbnail = makeThumbnail(photo, 30, {}, options);
            if (thumbnail)
                QVERIFY(thumbnail->width <= 30 && thumbnail->height <= 30);
            else
                QVERIFY(!thumbnail.error().message.empty());
            refused += !thumbnail;
            if (at % 24 != 0) // flushing results to the disk takes its time
                continue;
            const auto result = compressFile(photo, desk.results(), "result", {.resize = ResizeRule::toLongestSide(30)},
                                             {}, {}, options);
            if (result)
                QVERIFY(decodeJpeg(readBytes(result->path)).width <= 30);
            else
                QVERIFY(!result.error().message.empty());
        }
        QVERIFY(refused > 50);
        QVERIFY(namesIn(desk.results()).size() <= 1);
    }
}

void BadInputTest::absurdDimensions_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::addColumn<bool>("withScan");
    QTest::addColumn<QString>("says");
    for (const bool withScan : {true, false}) {
        QTest::addRow("largest that JPEG has, scan %d", withScan) << 65500 << 65500 << withScan << "65,500 by 65,500";
        QTest::addRow("larger than libjpeg takes, scan %d", withScan)
            << 65535 << 65535 << withScan << "65,535 by 65,535";
        QTest::addRow("just above the limit, scan %d", withScan) << 20001 << 20000 << withScan << "400,000,000";
    }
    QTest::addRow("a thin one") << 65535 << 1 << true << "65,500";
}

void BadInputTest::absurdDimensions()
{
    QFETCH(int, width);
    QFETCH(int, height);
    QFETCH(bool, withScan);
    QFETCH(QString, says);
    const Desk desk;
    const auto result = desk.compress(desk.put("photo.jpg", claiming(width, height, withScan)));
    COMPARE_CODE(result, ImagingErrc::tooLarge);
    QVERIFY2(QString::fromStdString(result.error().message).contains(says), result.error().message.c_str());
}

void BadInputTest::limitsAreNamed()
{
    const Desk desk;
    const auto photo = desk.put("photo.jpg", forgeJpeg({.exif = {}, .icc = {}}, fourCorners(64, 48)));
    const auto pixels = compressFile(photo, desk.results(), "result", {}, {}, {},
                                     {.limits = {.pixels = 64 * 48 - 1, .bytes = 1'000'000}, .readOther = nullptr});
    COMPARE_CODE(pixels, ImagingErrc::tooLarge);
    QVERIFY2(QString::fromStdString(pixels.error().message).contains("3,071"), pixels.error().message.c_str());
    const auto bytes = compressFile(photo, desk.results(), "result", {}, {}, {},
                                    {.limits = {.pixels = 1'000'000, .bytes = 100}, .readOther = nullptr});
    COMPARE_CODE(bytes, ImagingErrc::tooLarge);
    QVERIFY2(QString::fromStdString(bytes.error().message).contains("limit is 100"), bytes.error().message.c_str());

    // 4,608 coefficients of two bytes.
    const ImagingOptions little{.limits = {.memory = 9'215}, .readOther = nullptr};
    const ImagingOptions enough{.limits = {.memory = 9'216}, .readOther = nullptr};
    CompressSettings lossless;
    lossless.target.kind = TargetKind::lossless;
    const auto progressive
        = desk.put("progressive.jpg", forgeJpeg({.progressive = true, .exif = {}, .icc = {}}, fourCorners(64, 48)));
    for (const auto &[source, settings, why] : {std::tuple(progressive, CompressSettings(), "it is progressive"),
                                                std::tuple(photo, lossless, "without loss")}) {
        const auto memory = compressFile(source, desk.results(), "result", settings, {}, {}, little);
        COMPARE_CODE(memory, ImagingErrc::tooLarge);
        QVERIFY2(QString::fromStdString(memory.error().message).contains(why), memory.error().message.c_str());
        VERIFY_OK(compressFile(source, desk.results(), "result", settings, {}, {}, enough));
    }
    VERIFY_OK(compressFile(photo, desk.results(), "result", {}, {}, {}, little));
    QVERIFY(pixels.error().limit == ImagingLimit::pixels && bytes.error().limit == ImagingLimit::bytes);

    // Turned, and no smaller at the quality that was asked for: nobody asked for what takes memory.
    const auto turned = desk.put("turned.jpg",
                                 forgeJpeg({.width = 64,
                                            .height = 48,
                                            .quality = 80,
                                            .exif = exifWithOrientation(Orientation::turnedRight),
                                            .icc = {}},
                                           fourCorners(64, 48)));
    for (const TargetKind kind : {TargetKind::quality, TargetKind::similarity}) {
        CompressSettings high{.target = {.kind = kind, .quality = 100, .similarity = 1, .ceiling = 100}};
        VERIFY_OK(compressFile(turned, desk.results(), "result", high, {}, {}, little));
    }
}

void BadInputTest::aMissingFile()
{
    const Desk desk;
    COMPARE_CODE(desk.compress(desk.folder() / "gone.jpg"), ImagingErrc::vanished);
    COMPARE_CODE(desk.compress(desk.folder() / "no" / "such" / "folder.jpg"), ImagingErrc::vanished);
    const auto link = desk.folder() / "link.jpg";
    std::filesystem::create_symlink(desk.folder() / "gone.jpg", link);
    COMPARE_CODE(desk.compress(link), ImagingErrc::vanished);
}

void BadInputTest::whatIsNoOrdinaryFile()
{
    const Desk desk;
    const auto folder = desk.folder() / "folder.jpg";
    std::filesystem::create_directory(folder);
    COMPARE_CODE(desk.compress(folder), ImagingErrc::isDirectory);
    const auto pipe = desk.folder() / "pipe.jpg";
    QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
    COMPARE_CODE(desk.compress(pipe), ImagingErrc::notRegular); // and does not wait for a writer
    COMPARE_CODE(desk.compress("/dev/null"), ImagingErrc::notRegular);
    const auto socketPath = desk.folder() / "s";
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    QVERIFY(socketPath.native().size() < sizeof address.sun_path);
    std::copy(socketPath.native().begin(), socketPath.native().end(), address.sun_path);
    QCOMPARE(::bind(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
    COMPARE_CODE(desk.compress(socketPath), ImagingErrc::notRegular);
    ::close(socket);
}

void BadInputTest::aFileThatGrowsIsTold()
{
    const Desk desk;
    const auto photo
        = desk.put("photo.jpg", forgeJpeg({.width = 300, .height = 300, .exif = {}, .icc = {}}, fourCorners(300, 300)));
    const auto result = desk.compress(photo, {}, {}, [&, done = false](double) mutable {
        if (std::exchange(done, true))
            return;
        const int file = ::open(photo.c_str(), O_WRONLY | O_APPEND);
        QCOMPARE(::write(file, "more", 4), 4);
        ::close(file);
    });
    COMPARE_CODE(result, ImagingErrc::changed);
    QVERIFY(namesIn(desk.results()).empty());
}

void BadInputTest::aFileThatShrinksIsTold()
{
    const Desk desk;
    const Bytes bytes
        = forgeJpeg({.width = 900, .height = 900, .quality = 100, .exif = {}, .icc = {}}, [](int x, int y) {
              return Rgb{(x * 37 + y * 91) % 256, (x * 53 + y * 17) % 256, (x * 11 + y * 71) % 256};
          });
    QVERIFY(bytes.size() > 500'000); // more than is read ahead
    const auto photo = desk.put("photo.jpg", bytes);
    const auto result = desk.compress(photo, {}, {}, [&, done = false](double) mutable {
        if (!std::exchange(done, true))
            QCOMPARE(::truncate(photo.c_str(), 200'000), 0);
    });
    COMPARE_CODE(result, ImagingErrc::changed);
    QVERIFY(namesIn(desk.results()).empty());
}

void BadInputTest::aFileDeletedWhileReadIsStillRead()
{
    const Desk desk;
    const auto photo
        = desk.put("photo.jpg", forgeJpeg({.width = 300, .height = 300, .exif = {}, .icc = {}}, fourCorners(300, 300)));
    const auto result = desk.compress(photo, {}, {}, [&](double) { std::filesystem::remove(photo); });
    VERIFY_OK(result);
    QVERIFY(!std::filesystem::exists(photo));
}

void BadInputTest::aNameThatIsNotUtf8Works()
{
    const Desk desk;
    const std::string name = "caf\xE9 \xFF\xFE.jpg";
    const auto photo = desk.put(name, forgeJpeg({.quality = 100, .exif = {}, .icc = {}}, fourCorners(64, 48)));
    const auto result = compressFile(photo, desk.results(), "caf\xE9 \xFF\xFE", {}, {});
    VERIFY_OK(result);
    QVERIFY(result->path.filename().native() == name);
    QVERIFY(namesIn(desk.results()) == std::vector<std::string>{name});
}

void BadInputTest::aLinkIsFollowed()
{
    const Desk desk;
    const auto photo = desk.put("photo.jpg", forgeJpeg({.quality = 100, .exif = {}, .icc = {}}, fourCorners(64, 48)));
    const auto link = desk.folder() / "link.jpg";
    std::filesystem::create_symlink(photo, link);
    VERIFY_OK(desk.compress(link));
}

QTEST_APPLESS_MAIN(BadInputTest)
#include "bad_input_test.moc"
