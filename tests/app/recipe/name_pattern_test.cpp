#include "recipe/name_pattern.h"
#include "recipe/output_rule.h"

#include <QTest>

using namespace steadyframe::recipe;

class NamePatternTest : public QObject {
    Q_OBJECT

private slots:
    void partsAreReplaced_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("name") << QByteArray("{name}") << QByteArray("walk\xE9");
        QTest::newRow("all") << QByteArray("{date} {name}-{width}x{height}-q{quality}")
                             << QByteArray("2024-02-29 walk\xE9-1920x1080-q78");
        QTest::newRow("text alone") << QByteArray("same") << QByteArray("same");
        QTest::newRow("twice") << QByteArray("{width}{width}") << QByteArray("19201920");
    }
    void partsAreReplaced()
    {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, name);
        using namespace std::chrono;
        const NameFacts facts{"walk\xE9", 1920, 1080, 78, sys_days(2024y / February / 29) + 5h};
        QVERIFY(checkPattern(pattern.toStdString()).ok());
        QCOMPARE(QByteArray::fromStdString(expanded(pattern.toStdString(), facts)), name);
    }

    void pixelsOfTheOriginalHaveNoQuality() { QCOMPARE(expanded("q{quality}", NameFacts{}), std::string("qoriginal")); }

    void aNameIsNeverAFolderOrNothing()
    {
        for (const char *name : {"", ".", ".."}) {
            NameFacts facts;
            facts.name = name;
            QCOMPARE(expanded("{name}", facts), std::string("photo"));
        }
    }

    void whatIsWrongIsSaid_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("says");
        QTest::newRow("unknown") << "{name}-{size}"
                                 << "{size}";
        QTest::newRow("open") << "{name"
                              << "partner";
        QTest::newRow("closed") << "name}"
                                << "partner";
        QTest::newRow("empty") << ""
                               << "Write {name}";
        QTest::newRow("dots") << ".. "
                              << "Write {name}";
        QTest::newRow("folder") << "a/{name}"
                                << "sub-folder";
    }
    void whatIsWrongIsSaid()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, says);
        const auto checked = checkPattern(pattern.toStdString());
        QVERIFY(!checked.ok());
        QVERIFY2(QString::fromStdString(checked.error().message).contains(says), checked.error().message.c_str());
    }

    void whatIsKnownBeforehand()
    {
        QVERIFY(knownBeforehand("{date}-{name}"));
        QVERIFY(!knownBeforehand("{name}-{width}"));
        QVERIFY(!knownBeforehand("{name}-{quality}"));
    }

    void subFoldersStayInside_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<bool>("inside");
        QTest::newRow("none") << "" << true;
        QTest::newRow("one") << "small" << true;
        QTest::newRow("two") << "a/b" << true;
        QTest::newRow("dots in a name") << "..a" << true;
        QTest::newRow("up") << "../a" << false;
        QTest::newRow("up in the midst") << "a/../../b" << false;
        QTest::newRow("absolute") << "/etc" << false;
    }
    void subFoldersStayInside()
    {
        QFETCH(QString, folder);
        QFETCH(bool, inside);
        NamingRule naming;
        naming.subFolder = folder.toStdString();
        QCOMPARE(validate(naming).ok(), inside);
    }

    void aFolderThatIsNotNamedIsAnError()
    {
        OutputRule output;
        output.place = OutputPlace::folder;
        QVERIFY(!validate(output).ok());
        output.folder = "/somewhere";
        QVERIFY(validate(output).ok());
    }
};

QTEST_GUILESS_MAIN(NamePatternTest)
#include "name_pattern_test.moc"
