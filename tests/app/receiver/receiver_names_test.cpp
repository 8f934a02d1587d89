#include "receiver/safe_name.h"
#include "receiver/upload_metadata.h"
#include "receiver/upload_record.h"

#include <QtTest>

using namespace steadyframe::receiver;

class ReceiverNamesTest : public QObject {
    Q_OBJECT

private slots:
    void namesAreMadeSafe_data();
    void namesAreMadeSafe();
    void longNamesKeepTheirExtensionAndWholeCharacters();
    void numbersStandBeforeTheExtension();
    void metadataIsRead();
    void malformedMetadataIsRefused_data();
    void malformedMetadataIsRefused();
    void recordsSurviveAnyBytes();
    void damagedRecordsAreRefused();
};

void ReceiverNamesTest::namesAreMadeSafe_data()
{
    QTest::addColumn<QByteArray>("requested");
    QTest::addColumn<QByteArray>("safe");
    const auto row = [](const char *title, const QByteArray &requested, const QByteArray &safe) {
        QTest::newRow(title) << requested << safe;
    };
    row("plain", "photo.jpg", "photo.jpg");
    row("spaces and accents", "Caf\xc3\xa9 du coin.jpg", "Caf\xc3\xa9 du coin.jpg");
    row("up and away", "../../etc/passwd", "passwd");
    row("absolute", "/etc/shadow", "shadow");
    row("only slashes", "///", "upload");
    row("ends in a slash", "album/photo.jpg/", "photo.jpg");
    row("backslashes", "..\\..\\photo.jpg", "_._.._photo.jpg");
    row("dot", ".", "upload");
    row("dot dot", "..", "upload");
    row("many dots", "......", "upload");
    row("hidden", ".bashrc", "_bashrc");
    row("our own folder", ".incoming", "_incoming");
    row("empty", "", "upload");
    row("control characters", QByteArray("a\nb\tc\x7f\x00z.jpg", 12), "a_b_c__z.jpg");
    row("percent signs stay what they are", "%2e%2e%2fphoto%00.jpg", "%2e%2e%2fphoto%00.jpg");
    row("not UTF-8", "photo\xff\xfe\xe9.jpg", "photo\xff\xfe\xe9.jpg");
    row("spaces and dots at the end", "photo.jpg. . ", "photo.jpg");
}

void ReceiverNamesTest::namesAreMadeSafe()
{
    QFETCH(QByteArray, requested);
    QFETCH(QByteArray, safe);
    QCOMPARE(QByteArray::fromStdString(safeFileName(requested.toStdString())), safe);
}

void ReceiverNamesTest::longNamesKeepTheirExtensionAndWholeCharacters()
{
    const auto plain = safeFileName(std::string(300, 'x') + ".jpg");
    QCOMPARE(plain.size(), maximumNameBytes);
    QVERIFY(plain.ends_with("x.jpg"));

    std::string accents;
    for (int i = 0; i < 200; ++i)
        accents += "\xc3\xa9";
    const auto cut = safeFileName("a" + accents + ".jpeg");
    QVERIFY(cut.size() <= maximumNameBytes);
    QVERIFY(cut.size() >= maximumNameBytes - 1);
    QVERIFY(QString::fromStdString(cut).toStdString() == cut); // still UTF-8

    const auto bad = safeFileName(std::string(300, '\x80'));
    QCOMPARE(bad.size(), maximumNameBytes);
    QCOMPARE(safeFileName(std::string(10, 'a') + '.' + std::string(300, 'b')).size(), maximumNameBytes);
}

void ReceiverNamesTest::numbersStandBeforeTheExtension()
{
    QCOMPARE(numberedName("photo.jpg", 1), std::string("photo.jpg"));
    QCOMPARE(numberedName("photo.jpg", 2), std::string("photo (2).jpg"));
    QCOMPARE(numberedName("photo", 3), std::string("photo (3)"));
    QCOMPARE(numberedName("a.tar.gz", 12), std::string("a.tar (12).gz"));
    QVERIFY(numberedName(safeFileName(std::string(300, 'x') + ".jpg"), 100'000).size() <= 255);
}

void ReceiverNamesTest::metadataIsRead()
{
    const std::string digits(64, 'a');
    const auto hash = QByteArray::fromStdString(digits).toUpper().toBase64().toStdString();
    const auto metadata = parseUploadMetadata("filename aG9saWRheS5qcGc=, is_confidential,sha256 " + hash);
    QVERIFY(metadata.has_value());
    QCOMPARE(metadata->fileName, std::string("holiday.jpg"));
    QCOMPARE(metadata->sha256, digits);
    QVERIFY(parseUploadMetadata("").has_value());
    QCOMPARE(parseUploadMetadata("name YQ==")->fileName, std::string("a"));
}

void ReceiverNamesTest::malformedMetadataIsRefused_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::newRow("not base64") << QByteArray("filename ???");
    QTest::newRow("not padded") << QByteArray("filename YQ");
    QTest::newRow("padding in the middle") << QByteArray("filename YQ==YQ==");
    QTest::newRow("no key") << QByteArray(" ,filename YQ==");
    QTest::newRow("a hash of another length") << QByteArray("sha256 YWJj");
    QTest::newRow("a hash of other letters") << "sha256 " + QByteArray(64, 'z').toBase64();
}

void ReceiverNamesTest::malformedMetadataIsRefused()
{
    QFETCH(QByteArray, header);
    QVERIFY(!parseUploadMetadata(header.toStdString()).has_value());
}

void ReceiverNamesTest::recordsSurviveAnyBytes()
{
    UploadRecord record;
    record.length = 0xffff'ffff'ffffULL;
    record.safeName = "photo\xff.jpg";
    record.requestedName = std::string("../a\nb:\0\xff", 9);
    record.sha256 = std::string(64, '0');
    const auto again = parseRecord(recordText(record));
    QVERIFY(again.has_value());
    QCOMPARE(again->length, record.length);
    QCOMPARE(again->safeName, record.safeName);
    QCOMPARE(again->requestedName, record.requestedName);
    QCOMPARE(again->sha256, record.sha256);
}

void ReceiverNamesTest::damagedRecordsAreRefused()
{
    const auto text = recordText({1000, "photo.jpg", "photo.jpg", std::string(64, '1')});
    for (std::size_t length = 0; length < text.size(); ++length)
        QVERIFY2(!parseRecord(text.substr(0, length)), qPrintable(QString::number(length)));
    QVERIFY(!parseRecord("20:steadyframe upload 1\n4:1000\n0:\n0:\n0:\n"));
    QVERIFY(!parseRecord("99999999999999999999:x\n"));
}

QTEST_APPLESS_MAIN(ReceiverNamesTest)
#include "receiver_names_test.moc"
