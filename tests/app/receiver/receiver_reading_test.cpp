// What arrived is read by its address, without a token.
#include "receiver_fixture.h"

#include <QFile>

using namespace steadyframe;
using tests::RawHttp;
using tests::ReceiverFixture;

class ReceiverReadingTest : public QObject, private ReceiverFixture {
    Q_OBJECT

private:
    QString nameOf(const char *name) const { return QString::fromStdString((folder() / name).native()); }

private slots:
    void init() { setUp(); }
    void cleanup() { tearDown(); }

    void whatArrivedCanBeRead_data()
    {
        QTest::addColumn<QByteArray>("range");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("count");
        constexpr int all = 2'000'000;
        QTest::newRow("all") << QByteArray() << 200 << 0 << all;
        QTest::newRow("from the beginning") << QByteArray("bytes=0-9") << 206 << 0 << 10;
        QTest::newRow("from the middle on") << QByteArray("bytes=1500000-") << 206 << 1'500'000 << 500'000;
        QTest::newRow("beyond the end") << QByteArray("bytes=1999999-9999999999") << 206 << 1'999'999 << 1;
        QTest::newRow("the end") << QByteArray("bytes=-7") << 206 << all - 7 << 7;
        QTest::newRow("more than there is") << QByteArray("bytes=-9999999") << 200 << 0 << all;
        QTest::newRow("several") << QByteArray("bytes=0-1,5-6") << 200 << 0 << all;
        QTest::newRow("behind the end") << QByteArray("bytes=2000000-") << 416 << 0 << 0;
    }

    void whatArrivedCanBeRead()
    {
        QFETCH(QByteArray, range);
        QFETCH(int, status);
        QFETCH(int, first);
        QFETCH(int, count);
        std::string content(2'000'000, '\0');
        for (std::size_t i = 0; i < content.size(); ++i)
            content[i] = static_cast<char>(i * i / 7);
        const auto path = create(content.size(), "b\xc3\xa4r.jpg");
        QCOMPARE(patch(path, 0, content).status, 204);
        RawHttp http(m_receiver->port());
        for (int twice = 0; twice < 2; ++twice) { // over one connection, without a token
            RawHttp::Headers headers;
            if (!range.isEmpty())
                headers.emplace_back("Range", range.toStdString());
            const auto answer = http.exchange("GET", path, headers);
            QCOMPARE(answer.status, status);
            if (status == 416) {
                QCOMPARE(answer.header("content-range"), std::string("bytes */2000000"));
                continue;
            }
            QVERIFY(answer.body == content.substr(static_cast<std::size_t>(first), static_cast<std::size_t>(count)));
            QCOMPARE(answer.header("content-type"), std::string("image/jpeg"));
            QCOMPARE(answer.header("content-range").empty(), status == 200);
        }
    }

    void whatDidNotArriveCannotBeRead()
    {
        const auto get
            = [this](const std::string &path) { return RawHttp(m_receiver->port()).exchange("GET", path, {}).status; };
        const auto path = create(5, "a.jpg");
        QCOMPARE(get(path), 401);
        QCOMPARE(get("/files/" + std::string(32, '0')), 401);
        QCOMPARE(get("/files/a.jpg"), 401);
        QCOMPARE(get("/files/../a.jpg"), 401);
        QCOMPARE(patch(path, 0, "hello").status, 204);
        QCOMPARE(get(path), 200);
        QVERIFY(QFile::rename(nameOf("a.jpg"), nameOf("b.jpg")));
        QCOMPARE(get(path), 410);
        QVERIFY(QFile::link("b.jpg", nameOf("a.jpg")));
        QCOMPARE(get(path), 410); // what the person has put there is not for others
        QCOMPARE(ask("DELETE", path).status, 204);
        QCOMPARE(get(path), 401);

        const auto empty = create(0, "empty.txt");
        QCOMPARE(get(empty), 200);
    }
};

QTEST_GUILESS_MAIN(ReceiverReadingTest)
#include "receiver_reading_test.moc"
