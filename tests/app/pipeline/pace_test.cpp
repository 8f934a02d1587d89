#include "pipeline/pace_meter.h"

#include <QtTest>

using namespace steadyframe::pipeline;
using namespace std::chrono_literals;

class PaceTest : public QObject {
    Q_OBJECT

private slots:
    void rateOverTheLastSecondsAndTimeLeft()
    {
        PaceMeter meter;
        const PaceMeter::Time start{1000s};
        for (int second = 0; second <= 20; ++second) {
            meter.acknowledged(1'000'000, start + second * 1s);
            meter.uploaded(start + second * 1s);
        }
        const Pace pace = meter.pace(60, start + 20s);
        // Six seconds' worth lie within the last five, both ends counted.
        QCOMPARE(pace.uploadBytesPerSecond, 6e6 / 5);
        QCOMPARE(pace.photosPerSecond, 6.0 / 5);
        QCOMPARE(pace.secondsLeft, 60 / (6.0 / 5));
    }

    void nothingToSayAtTheBeginningAfterARestAndAtTheEnd()
    {
        PaceMeter meter;
        const PaceMeter::Time start{1000s};
        QCOMPARE(meter.pace(5, start).secondsLeft, -1.0);
        meter.acknowledged(10, start);
        QCOMPARE(meter.pace(5, start + 100ms).uploadBytesPerSecond, 0.0);
        QCOMPARE(meter.pace(5, start + 1s).uploadBytesPerSecond, 10.0);
        QCOMPARE(meter.pace(5, start + 1s).secondsLeft, -1.0);
        QCOMPARE(meter.pace(0, start + 1s).uploadBytesPerSecond, 0.0);
        QCOMPARE(meter.pace(5, start + 60s).uploadBytesPerSecond, 0.0);
    }
};

QTEST_APPLESS_MAIN(PaceTest)
#include "pace_test.moc"
