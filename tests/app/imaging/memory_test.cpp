#include "imaging/block_feeder.h"
#include "imaging/desk.h"
#include "imaging/exif.h"
#include "imaging/jpeg_writer.h"
#include "imaging/result_file.h"

#include <fstream>
#include <malloc.h>

using namespace steadyframe::imaging;
using namespace steadyframe::tests;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool measurable = false; // the sanitizers' own memory is many times ours
#else
constexpr bool measurable = true;
#endif

/// A line of this process' status, in kilobytes.
long statusKilobytes(const std::string &name)
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(name + ":"))
            return std::stol(line.substr(name.size() + 1));
    }
    return -1;
}

/// Forgets the peak so far.
bool restartPeak()
{
    malloc_trim(0);
    std::ofstream refs("/proc/self/clear_refs");
    refs << "5" << std::flush;
    return refs.good();
}

/// 60 megapixels, written row by row; its coefficients would take 180 MB.
constexpr int width = 10000;
constexpr int height = 6000;
constexpr long mostKilobytes = 40 * 1024;

} // namespace

class MemoryTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void doesNotGrowWithThePicture_data();
    void doesNotGrowWithThePicture();

private:
    [[nodiscard]] isolate::Result<void, ImagingError> writePicture(const std::filesystem::path &path,
                                                                   Orientation orientation) const;
    Desk m_desk;
};

isolate::Result<void, ImagingError> MemoryTest::writePicture(const std::filesystem::path &path,
                                                             Orientation orientation) const
{
    auto file = ResultFile::create(path.parent_path(), 0);
    if (!file)
        return std::move(file).error();
    JpegLayout layout;
    layout.width = width;
    layout.height = height;
    layout.quality = 90;
    layout.markers.push_back(exifMarker(exifWithOrientation(orientation)));
    layout.temporary = m_desk.folder();
    JpegWriter writer(**file, {}, layout);
    BlockFeeder feeder(writer.grid(), {}, writer.blocks());
    std::uint32_t noise = 1;
    for (int y = 0; y < height; ++y) {
        for (std::size_t c = 0; c < (y % 2 == 0 ? 3 : 1); ++c) {
            std::uint8_t *row = feeder.nextRow(c);
            for (int x = 0; x < writer.grid().channels[c].width; ++x) {
                noise = noise * 1664525 + 1013904223;
                row[x] = static_cast<std::uint8_t>(64 + ((x * 3 + y * 2) / 32 % 128) + (noise >> 28));
            }
            if (auto taken = feeder.commit(c); !taken)
                return taken;
        }
    }
    if (auto finished = writer.finish(); !finished)
        return finished;
    auto published = (*file)->publish(path.filename().native(), "");
    if (!published)
        return std::move(published).error();
    return {};
}

void MemoryTest::initTestCase()
{
    VERIFY_OK(writePicture(m_desk.folder() / "upright.jpg", Orientation::upright));
    VERIFY_OK(writePicture(m_desk.folder() / "turned.jpg", Orientation::turnedRight));
}

void MemoryTest::doesNotGrowWithThePicture_data()
{
    QTest::addColumn<bool>("turned");
    QTest::addColumn<int>("longestSide");
    QTest::addColumn<int>("bytes");
    QTest::addColumn<int>("quality");
    QTest::newRow("as stored") << false << 0 << 0 << 80;
    QTest::newRow("turned") << true << 0 << 0 << 80;
    QTest::newRow("resized") << false << 4000 << 0 << 80;
    QTest::newRow("turned and resized") << true << 4000 << 0 << 80;
    QTest::newRow("to a size") << false << 0 << 8'000'000 << 80;
    QTest::newRow("turned, and nothing smaller comes out") << true << 0 << 0 << 100;
}

void MemoryTest::doesNotGrowWithThePicture()
{
    if (!measurable)
        QSKIP("The sanitizers need more memory than the engine.");
    QFETCH(bool, turned);
    QFETCH(int, longestSide);
    QFETCH(int, bytes);
    QFETCH(int, quality);
    CompressSettings settings{.target = {.quality = quality}, .resize = ResizeRule::toLongestSide(longestSide)};
    if (bytes > 0) {
        settings.target.kind = TargetKind::bytes;
        settings.target.bytes = static_cast<std::uint64_t>(bytes);
        settings.target.floor = 1;
    }
    if (!restartPeak())
        QSKIP("This kernel does not let a process restart its peak.");
    const long before = statusKilobytes("VmRSS");
    const auto result = m_desk.compress(m_desk.folder() / (turned ? "turned.jpg" : "upright.jpg"), settings);
    VERIFY_OK(result);
    const long grown = statusKilobytes("VmHWM") - before;
    QVERIFY(result->reachedTarget);
    QCOMPARE(result->width > result->height, !turned);
    // A search keeps 32 MB of coefficients besides.
    const bool searches = bytes > 0 || quality == 100;
    const long most = searches ? mostKilobytes * 8 / 5 : mostKilobytes;
    QVERIFY2(grown < most, qPrintable(QString("%1 kB").arg(grown)));
}

QTEST_APPLESS_MAIN(MemoryTest)
#include "memory_test.moc"
