#include "jank_monitor/pictures.h"

#include <QtTest/qtest.h>

#include <algorithm>
#include <vector>

using jank::Bar;
using jank::Cause;
using jank::FrameMark;
using jank::FrameSample;
using jank::Palette;
using jank::PictureFrame;
using jank::Quad;

namespace {

constexpr std::int64_t Ten = 10'000'000;

bool isInside(const Quad &quad, QSizeF size)
{
    return quad.rect.left() >= -1e-9 && quad.rect.top() >= -1 && quad.rect.right() <= size.width() + 1e-9
        && quad.rect.bottom() <= size.height() + 1e-9;
}

std::vector<Quad> coloured(const std::vector<Quad> &quads, const QColor &color)
{
    std::vector<Quad> result;
    std::copy_if(quads.begin(), quads.end(), std::back_inserter(result),
                 [&](const Quad &quad) { return quad.color == color; });
    return result;
}

} // namespace

class PicturesTest : public QObject {
    Q_OBJECT

private slots:
    void theMarkIsOnTheThreadThatCausedIt();
    void barsHaveTheHeightOfTheirTime();
    void kindsDifferByShape();
    void moreMissedVsyncsGiveMoreTicks();
    void theStripEndsAtTheRightAndStaysInside();
    void edgesLieOnDevicePixels();
    void chartPlacesFramesAtTheirTimes();
    void chartsOfOneScaleCompare();
    void lanes();
};

void PicturesTest::theMarkIsOnTheThreadThatCausedIt()
{
    FrameSample sample;
    sample.interval = Ten;
    sample.uiBusy = 3'000'000;
    sample.renderEnd = 25'000'000;
    sample.missed = 2;
    sample.cause = Cause::Render;
    QVERIFY(jank::barFor(sample, false).mark == FrameMark::Good);
    QVERIFY(jank::barFor(sample, true).mark == FrameMark::Missed);
    QCOMPARE(jank::barFor(sample, true).missed, 2);
    sample.missed = 0;
    sample.cause = Cause::None;
    QVERIFY(jank::barFor(sample, true).mark == FrameMark::Late);
}

void PicturesTest::barsHaveTheHeightOfTheirTime()
{
    const Palette palette;
    std::vector<Quad> quads;
    const std::vector<Bar> bars{{Ten / 2}, {Ten}};
    jank::appendStrip(quads, bars, Ten, 2 * Ten, 4, {{40, 100}, 1}, palette);
    const auto good = coloured(quads, palette.good);
    QCOMPARE(good.size(), std::size_t(2));
    QCOMPARE(good[0].rect, QRectF(36, 50, 3, 50)); // the newest is rightmost
    QCOMPARE(good[1].rect, QRectF(32, 75, 3, 25));
    for (const Quad &line : coloured(quads, palette.line))
        QVERIFY(line.rect.top() >= 49 && line.rect.bottom() <= 51);
}

void PicturesTest::kindsDifferByShape()
{
    const Palette palette;
    const PictureFrame frame{{4, 100}, 1};
    const auto shapesOf = [&](FrameMark mark) {
        std::vector<Quad> quads;
        const std::vector<Bar> bars{{2 * Ten, mark, 1}};
        jank::appendStrip(quads, bars, Ten, 2 * Ten, 4, frame, palette);
        std::vector<QRectF> shapes;
        for (const Quad &quad : quads) {
            if (quad.color != palette.line)
                shapes.push_back(quad.rect);
        }
        return shapes;
    };
    const auto good = shapesOf(FrameMark::Good);
    const auto late = shapesOf(FrameMark::Late);
    const auto missed = shapesOf(FrameMark::Missed);
    QCOMPARE(good.size(), std::size_t(1));
    QCOMPARE(late.size(), std::size_t(4)); // a pale body and an outline
    QCOMPARE(missed.size(), std::size_t(3)); // a cap, a body apart from it, a foot apart from that
    QVERIFY(missed[0].bottom() < missed[1].top());
    QVERIFY(missed[1].bottom() < missed[2].top());
}

void PicturesTest::moreMissedVsyncsGiveMoreTicks()
{
    std::size_t before = 0;
    for (const int missed : {1, 2, 3, 4}) {
        std::vector<Quad> quads;
        const std::vector<Bar> bars{{2 * Ten, FrameMark::Missed, missed}};
        jank::appendStrip(quads, bars, Ten, 2 * Ten, 4, {{4, 100}, 1}, {});
        QVERIFY(quads.size() > before);
        before = quads.size();
    }
}

void PicturesTest::theStripEndsAtTheRightAndStaysInside()
{
    const QSizeF size(50, 30);
    std::vector<Bar> bars;
    for (int i = 0; i < 200; ++i)
        bars.push_back({i * Ten / 20,
                        i % 3 == 0       ? FrameMark::Missed
                            : i % 3 == 1 ? FrameMark::Late
                                         : FrameMark::Good,
                        i});
    std::vector<Quad> quads;
    jank::appendStrip(quads, bars, Ten, 2 * Ten, 3, {size, 1.25}, {});
    QVERIFY(!quads.empty());
    for (const Quad &quad : quads)
        QVERIFY2(isInside(quad, size), qPrintable(QStringLiteral("%1 %2").arg(quad.rect.left()).arg(quad.rect.top())));
}

void PicturesTest::edgesLieOnDevicePixels()
{
    std::vector<Quad> quads;
    const std::vector<Bar> bars(10, Bar{Ten / 3});
    jank::appendStrip(quads, bars, Ten, 2 * Ten, 3.3, {{33, 30}, 2}, {});
    for (const Quad &quad : quads) {
        if (quad.color == Palette().good)
            QCOMPARE(quad.rect.left() * 2, std::round(quad.rect.left() * 2));
    }
}

void PicturesTest::chartPlacesFramesAtTheirTimes()
{
    const Palette palette;
    std::vector<Quad> quads;
    const std::vector<jank::ChartPoint> points{{10, 10, 0}, {50, 40, 3}, {60, 10, 0}};
    jank::appendChart(quads, points, 100, 40, 10, {{200, 100}, 1}, palette);
    const auto good = coloured(quads, palette.good);
    QCOMPARE(good.size(), std::size_t(2));
    QCOMPARE(good[0].rect, QRectF(0, 75, 19, 25));
    QCOMPARE(good[1].rect, QRectF(100, 75, 19, 25));
    const auto missed = coloured(quads, palette.missed); // a block for each missed vsync, one upon the other
    QCOMPARE(missed.size(), std::size_t(3));
    QRectF column;
    for (const Quad &block : missed) {
        QCOMPARE(block.rect.left(), 20.0);
        QVERIFY(!column.intersects(block.rect));
        column |= block.rect;
    }
    QCOMPARE(column.top(), 0.0);
    QCOMPARE(column.bottom(), 74.0); // a pixel above the deadline, below which it is paler
}

void PicturesTest::chartsOfOneScaleCompare()
{
    const Palette palette;
    const std::vector<jank::ChartPoint> points{{10, 10, 0}};
    std::vector<Quad> natural;
    std::vector<Quad> paired;
    jank::appendChart(natural, points, 100, 25, 10, {{200, 100}, 1}, palette);
    jank::appendChart(paired, points, 100, 100, 10, {{200, 100}, 1}, palette);
    QCOMPARE(coloured(natural, palette.good)[0].rect.height(), 40.0);
    QCOMPARE(coloured(paired, palette.good)[0].rect.height(), 10.0);
}

void PicturesTest::lanes()
{
    const QColor color(1, 2, 3);
    const QColor track(4, 5, 6);
    const std::vector<QColor> colors{color};
    const std::vector<jank::LaneBar> work{{0, {500, 600}}, {1, {-100, 100}}, {1, {2000, 3000}}, {7, {0, 1000}}};
    std::vector<Quad> quads;
    jank::appendLanes(quads, work, 2, {0, 1000}, {{100, 20}, 1}, colors, track);
    QCOMPARE(coloured(quads, track).size(), std::size_t(2));
    const auto bars = coloured(quads, color); // what lies outside the window or the lanes is left out
    QCOMPARE(bars.size(), std::size_t(2));
    QCOMPARE(bars[0].rect, QRectF(50, 0, 10, 7));
    QCOMPARE(bars[1].rect, QRectF(0, 10, 10, 7));
}

QTEST_APPLESS_MAIN(PicturesTest)
#include "pictures_test.moc"
