#include "imaging/desk.h"
#include "imaging/exif.h"
#include "imaging/photo_maker.h"

#include <set>

using namespace steadyframe::imaging;
using namespace steadyframe::tests;

class PhotoMakerTest : public QObject {
    Q_OBJECT

private slots:
    void aSeedIsAPhoto();
    void theGrainOfAPhotoIsThere();
    void orientationIsHowItIsStored();
    void cancelledLeavesNothing();
    void oddSizes();
};

void PhotoMakerTest::aSeedIsAPhoto()
{
    const Desk desk;
    std::set<Bytes> photos;
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
        VERIFY_OK(makePhoto(desk.folder() / "a.jpg", 160, 120, seed));
        VERIFY_OK(makePhoto(desk.folder() / "b.jpg", 160, 120, seed));
        const Bytes photo = readBytes(desk.folder() / "a.jpg");
        QVERIFY(photo == readBytes(desk.folder() / "b.jpg"));
        photos.insert(photo);
    }
    QCOMPARE(photos.size(), std::size_t{12});
    QVERIFY(namesIn(desk.folder()) == (std::vector<std::string>{"a.jpg", "b.jpg"}));
}

void PhotoMakerTest::theGrainOfAPhotoIsThere()
{
    // A photo of a camera has from one to five bits a pixel at this quality, a drawing a tenth of that.
    const Desk desk;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        VERIFY_OK(makePhoto(desk.folder() / "photo.jpg", 640, 480, seed));
        const double bits
            = static_cast<double>(std::filesystem::file_size(desk.folder() / "photo.jpg")) * 8 / (640 * 480);
        QVERIFY2(bits > 1 && bits < 5.5, qPrintable(QString::number(bits)));
    }
}

void PhotoMakerTest::orientationIsHowItIsStored()
{
    const Desk desk;
    VERIFY_OK(makePhoto(desk.folder() / "upright.jpg", 200, 120, 2, 95));
    const Decoded upright = decodeJpeg(readBytes(desk.folder() / "upright.jpg"));
    QVERIFY(upright.exif.empty());
    for (int orientation = 2; orientation <= 8; ++orientation) {
        VERIFY_OK(makePhoto(desk.folder() / "photo.jpg", 200, 120, 2, 95, orientation));
        const Decoded stored = decodeJpeg(readBytes(desk.folder() / "photo.jpg"));
        QCOMPARE(static_cast<int>(readExif(stored.exif).orientation), orientation);
        QCOMPARE(stored.width, orientation > 4 ? 120 : 200);
        const auto result = desk.compress(desk.folder() / "photo.jpg", {.target = {.quality = 95}});
        VERIFY_OK(result);
        const Decoded shown = decodeJpeg(readBytes(result->path));
        const double difference = meanDifference(shown, [&](int x, int y) { return upright.at(x, y); });
        QVERIFY2(difference < 5, qPrintable(QString::number(difference)));
    }
}

void PhotoMakerTest::cancelledLeavesNothing()
{
    const Desk desk;
    std::stop_source stop;
    stop.request_stop();
    COMPARE_CODE(makePhoto(desk.folder() / "photo.jpg", 160, 120, 1, 92, 1, stop.get_token()), ImagingErrc::cancelled);
    QVERIFY(namesIn(desk.folder()).empty());
}

void PhotoMakerTest::oddSizes()
{
    const Desk desk;
    for (const QSize size : {QSize(8, 8), QSize(9, 301), QSize(333, 17)}) {
        for (std::uint64_t seed = 0; seed < 8; ++seed) {
            VERIFY_OK(makePhoto(desk.folder() / "photo.jpg", size.width(), size.height(), seed, 92, 8));
            const Decoded photo = decodeJpeg(readBytes(desk.folder() / "photo.jpg"));
            QCOMPARE(QSize(photo.height, photo.width), size);
        }
    }
}

QTEST_APPLESS_MAIN(PhotoMakerTest)
#include "photo_maker_test.moc"
