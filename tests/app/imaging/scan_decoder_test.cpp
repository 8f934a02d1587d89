// Our own decoder of coefficients: what it passes over changes nothing of what it keeps.
#include "imaging/input_file.h"
#include "imaging/jpeg_forge.h"
#include "imaging/jpeg_reader.h"
#include "imaging/scan_decoder.h"

#include <QTemporaryDir>
#include <QTest>

#include <random>

using namespace steadyframe;
using namespace steadyframe::imaging;
using tests::Bytes;
using tests::Recipe;

namespace {

/// Smooth, with noise that grows from left to right: blocks with few coefficients, and with all.
tests::Painter noisy(int width)
{
    return [width, random = std::make_shared<std::mt19937>(7)](int x, int y) {
        const int noise = static_cast<int>((*random)() % 256) * x / width;
        const auto mixed = [&](int value) { return std::clamp(value / 2 + noise / 2, 0, 255); };
        return tests::Rgb{mixed(x), mixed(y), mixed(x + y)};
    };
}

/// What a decoder gave: the kept coefficients of all blocks, and how it ended.
struct Decoding {
    bool is = false; ///< a decoder took the file
    bool whole = false; ///< to its end
    std::vector<std::int16_t> kept;

    friend bool operator==(const Decoding &, const Decoding &) = default;
};

/// Decodes with the `read` lowest frequencies, and tells the `kept` lowest of them.
Decoding decode(const std::filesystem::path &path, int read, int kept)
{
    Decoding decoding;
    auto file = InputFile::open(path, {});
    if (!file)
        return decoding;
    JpegReader reader(*file, {});
    if (!reader.readHeader({}))
        return decoding;
    auto decoder = reader.scanDecoder();
    if (!decoder)
        return decoding;
    decoding.is = true;
    decoder->keepLowest(read);
    BlockRow row(decoder->grid());
    for (int unit = 0; unit < decoder->grid().unitRows; ++unit) {
        if (!decoder->read(row))
            return decoding;
        for (std::size_t c = 0; c < decoder->grid().channels.size(); ++c) {
            for (int v = 0; v < decoder->grid().channels[c].v; ++v) {
                const std::int16_t *block = row.blocks(c, v);
                for (int i = 0; i < decoder->grid().columns(c); ++i, block += blockCoefficients) {
                    for (int place = 0; place < kept * blockSide; ++place) {
                        if (place % blockSide < kept)
                            decoding.kept.push_back(block[place]);
                    }
                }
            }
        }
    }
    decoding.whole = decoder->finish();
    return decoding;
}

} // namespace

class ScanDecoderTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsKeptIsWhatAFullDecodingGives_data()
    {
        QTest::addColumn<int>("quality");
        QTest::addColumn<bool>("gray");
        QTest::addColumn<int>("sampling");
        QTest::addColumn<int>("restartRows");
        QTest::addColumn<bool>("optimized");
        for (const int quality : {10, 60, 90, 100}) {
            QTest::addRow("quality %d", quality) << quality << false << 2 << 0 << false;
            QTest::addRow("quality %d, optimised, full colour", quality) << quality << false << 1 << 0 << true;
            QTest::addRow("quality %d, gray, restarts", quality) << quality << true << 1 << 1 << true;
        }
    }
    void whatIsKeptIsWhatAFullDecodingGives()
    {
        QFETCH(int, quality);
        QFETCH(bool, gray);
        QFETCH(int, sampling);
        QFETCH(int, restartRows);
        QFETCH(bool, optimized);
        Recipe recipe;
        recipe.width = 203;
        recipe.height = 77;
        recipe.quality = quality;
        recipe.colours = gray ? Recipe::Colours::gray : Recipe::Colours::ycc;
        recipe.samplingX = recipe.samplingY = sampling;
        recipe.restartRows = restartRows;
        recipe.optimized = optimized;
        const std::filesystem::path path = m_folder.filePath("photo.jpg").toStdString();
        tests::writeBytes(path, tests::forgeJpeg(recipe, noisy(recipe.width)));
        for (int frequencies = 1; frequencies <= blockSide; ++frequencies) {
            const Decoding full = decode(path, blockSide, frequencies);
            QVERIFY(full.whole);
            QVERIFY2(decode(path, frequencies, frequencies) == full, qPrintable(QString::number(frequencies)));
        }
    }

    void damageEndsItAtTheSamePlace()
    {
        Recipe recipe;
        recipe.width = 120;
        recipe.height = 90;
        recipe.quality = 85;
        recipe.restartRows = 2;
        const Bytes file = tests::forgeJpeg(recipe, noisy(recipe.width));
        const std::filesystem::path path = m_folder.filePath("damaged.jpg").toStdString();
        std::mt19937 random(11);
        int broken = 0;
        for (int round = 0; round < 300; ++round) {
            Bytes damaged = file;
            // Behind the headers.
            for (int i = 0; i < 3; ++i)
                damaged[damaged.size() / 4 + random() % (damaged.size() * 3 / 4)] = static_cast<std::uint8_t>(random());
            tests::writeBytes(path, damaged);
            const int frequencies = 1 + round % (blockSide - 1);
            const Decoding full = decode(path, blockSide, frequencies);
            QVERIFY2(decode(path, frequencies, frequencies) == full, qPrintable(QString::number(round)));
            broken += full.is && !full.whole ? 1 : 0;
        }
        QVERIFY(broken > 30);
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(ScanDecoderTest)
#include "scan_decoder_test.moc"
