#include "models/session.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

using namespace steadyframe::ui;

class SessionTest : public QObject {
    Q_OBJECT

private slots:
    void anythingWrittenIsReadable_data()
    {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("not known") << -1.0 << QString();
        QTest::newRow("none") << 0.0 << QStringLiteral("0 s");
        QTest::newRow("rounded up") << 0.2 << QStringLiteral("1 s");
        QTest::newRow("a minute") << 59.5 << QStringLiteral("1 min 0 s");
        QTest::newRow("minutes") << 125.0 << QStringLiteral("2 min 5 s");
        QTest::newRow("hours") << 7261.0 << QStringLiteral("2 h 1 min");
    }
    void anythingWrittenIsReadable()
    {
        QFETCH(double, seconds);
        QTEST(readableDuration(seconds), "text");
    }

    void totalsGiveFractionAndSavings()
    {
        Session session;
        QCOMPARE(session.fraction(), 0.0);
        QVERIFY(session.savedText().isEmpty());
        const QSignalSpy changed(&session, &Session::totalsChanged);
        Totals totals;
        totals.total = 10;
        totals.queued = 3;
        totals.uploading = 1;
        totals.uploaded = 5;
        totals.failed = 1;
        totals.bytesBefore = 8'000'000;
        totals.bytesAfter = 2'000'000;
        session.setTotals(totals);
        session.setTotals(totals);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(session.left(), 4);
        QCOMPARE(session.fraction(), 0.6);
        QCOMPARE(session.savedText(), QStringLiteral("6.0 MB saved (75 %)"));
        totals.bytesAfter = 9'000'000;
        session.setTotals(totals);
        QCOMPARE(session.savedText(), QStringLiteral("Nothing saved"));
    }

    void paceIsToldOnceItIsKnown()
    {
        Session session;
        QVERIFY(session.paceText().isEmpty());
        QVERIFY(session.timeLeftText().isEmpty());
        session.setPace({12'300'000, 4, 75});
        QCOMPARE(session.paceText(), QStringLiteral("12.3 MB/s"));
        QCOMPARE(session.timeLeftText(), QStringLiteral("1 min 15 s left"));
    }

    void pauseIsAWishUntilItIsAFact()
    {
        Session session;
        const QSignalSpy pause(&session, &Session::pauseWanted);
        const QSignalSpy resume(&session, &Session::resumeWanted);
        session.togglePause();
        QVERIFY(!session.paused());
        QCOMPARE(pause.count(), 1);
        session.setPaused(true);
        session.togglePause();
        QVERIFY(session.paused());
        QCOMPARE(resume.count(), 1);
    }

    void pastesFilesOrAPictureOrSaysThatThereIsNone()
    {
        Session session;
        const QSignalSpy picked(&session, &Session::picked);
        const QSignalSpy pasted(&session, &Session::imagePasted);
        const QSignalSpy notice(&session, &Session::notice);
        QClipboard *clipboard = QGuiApplication::clipboard();

        auto *files = new QMimeData;
        files->setUrls({QUrl::fromLocalFile(QStringLiteral("/a b.jpg")), QUrl::fromLocalFile(QStringLiteral("/c"))});
        clipboard->setMimeData(files);
        session.paste();
        QCOMPARE(picked.count(), 1);
        QCOMPARE(picked[0][0].value<QList<QUrl>>().size(), 2);

        QImage image(3, 2, QImage::Format_RGB32);
        image.fill(Qt::red);
        clipboard->setImage(image);
        session.paste();
        QCOMPARE(pasted.count(), 1);
        QCOMPARE(pasted[0][0].value<QImage>().size(), QSize(3, 2));

        clipboard->setText(QStringLiteral("neither"));
        session.paste();
        QCOMPARE(picked.count() + pasted.count(), 2);
        QCOMPARE(notice.count(), 1);
    }
};

QTEST_MAIN(SessionTest)
#include "session_test.moc"
