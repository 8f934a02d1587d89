// A sender whose connection died unnoticed, a creation that is asked for again, and a cancel.
#include "receiver_fixture.h"

#include <QCryptographicHash>

using namespace steadyframe;
using tests::contentOf;
using tests::namesIn;
using tests::RawHttp;
using tests::ReceiverFixture;

class ReceiverTakeoverTest : public QObject, private ReceiverFixture {
    Q_OBJECT

private slots:
    void init() { setUp(); }
    void cleanup() { tearDown(); }
    void aSecondSenderTakesOver();
    void anOffsetThatWasToldStays();
    void anUnverifiedChunkThatIsInterruptedIsTakenBack();
    void aCreationAskedForAgainFindsTheFirst();
    void aCancelInterruptsASender();
};

void ReceiverTakeoverTest::aSecondSenderTakesOver()
{
    // The first connection is open for all that the receiver knows, but nothing comes any more.
    const auto path = create(10, "two.jpg");
    RawHttp first(m_receiver->port());
    QVERIFY(beginPatch(first, path, 10, "hello"));
    QTRY_COMPARE(arrived(path), 5U);
    QCOMPARE(patch(path, 5, "world").status, 204);
    QVERIFY(first.waitForEnd());
    QCOMPARE(contentOf(folder() / "two.jpg"), std::string("helloworld"));
    QCOMPARE(m_stored.size(), std::size_t(1));
}

void ReceiverTakeoverTest::anOffsetThatWasToldStays()
{
    const auto path = create(10, "told.jpg");
    RawHttp first(m_receiver->port());
    QVERIFY(beginPatch(first, path, 10, "hello"));
    QTRY_COMPARE(arrived(path), 5U);
    QCOMPARE(offset(path), std::string("5"));
    QVERIFY(first.waitForEnd()); // it could have moved the offset on
    QCOMPARE(patch(path, 5, "world").status, 204);
    QCOMPARE(contentOf(folder() / "told.jpg"), std::string("helloworld"));
}

void ReceiverTakeoverTest::anUnverifiedChunkThatIsInterruptedIsTakenBack()
{
    const auto path = create(10, "checked.jpg");
    const auto digest = QCryptographicHash::hash("helloworld", QCryptographicHash::Sha1).toStdString();
    RawHttp first(m_receiver->port());
    QVERIFY(beginPatch(first, path, 10, "hello", {{"Upload-Checksum", "sha1 " + tests::base64(digest)}}));
    QTRY_COMPARE(arrived(path), 5U);
    QCOMPARE(offset(path), std::string("0"));
    QCOMPARE(patch(path, 0, "HELLOWORLD").status, 204);
    QCOMPARE(contentOf(folder() / "checked.jpg"), std::string("HELLOWORLD"));
}

void ReceiverTakeoverTest::aCreationAskedForAgainFindsTheFirst()
{
    const std::string metadata = "filename " + tests::base64("key.jpg") + ",key " + tests::base64("one of a kind");
    const auto created = [&](const std::string &length, const std::string &more = {}) {
        return ask("POST", "/files", {{"Upload-Length", length}, {"Upload-Metadata", metadata + more}});
    };
    const auto first = created("10");
    QCOMPARE(first.status, 201);
    QCOMPARE(patch(first.header("location"), 0, "hello").status, 204);
    start(); // it is remembered
    const auto again = created("10");
    QCOMPARE(again.status, 201);
    QCOMPARE(again.header("location"), first.header("location"));
    QCOMPARE(again.header("upload-offset"), std::string("5"));
    QVERIFY(created("11").header("location") != first.header("location")); // other bytes
    QCOMPARE(patch(first.header("location"), 5, "world").status, 204);
    QVERIFY(created("10").header("location") != first.header("location")); // that one is done
}

void ReceiverTakeoverTest::aCancelInterruptsASender()
{
    const auto path = create(10, "cancelled.jpg");
    RawHttp sender(m_receiver->port());
    QVERIFY(beginPatch(sender, path, 10, "hello"));
    QTRY_COMPARE(arrived(path), 5U);
    QCOMPARE(ask("DELETE", path).status, 204);
    QVERIFY(sender.waitForEnd());
    QCOMPARE(ask("HEAD", path).status, 404);
    QCOMPARE(namesIn(folder()), std::vector<std::string>());
}

QTEST_GUILESS_MAIN(ReceiverTakeoverTest)
#include "receiver_takeover_test.moc"
