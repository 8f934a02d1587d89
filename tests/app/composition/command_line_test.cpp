#include "composition/command_line.h"

#include <QTest>

using steadyframe::composition::AppFolders;
using steadyframe::composition::CommandLine;
using steadyframe::composition::parseCommandLine;
using Paths = std::vector<std::string>;

class CommandLineTest : public QObject {
    Q_OBJECT

private slots:
    void withoutArgumentsItOpensTheWindow()
    {
        const auto line = parseCommandLine({});
        QVERIFY(line.ok());
        QVERIFY(line->picks.empty() && !line->demo && !line->help && !line->version);
        QCOMPARE(line->folders.root, AppFolders::standard().root);
    }

    void pathsAreBytesInTheirOrder()
    {
        const auto line = parseCommandLine({"b.jpg", "latin\xE9.jpg", "a b", "", "."});
        QVERIFY(line.ok());
        QCOMPARE(line->picks, (Paths{"b.jpg", "latin\xE9.jpg", "a b", "", "."}));
    }

    void afterTwoDashesEverythingIsAPath()
    {
        const auto line = parseCommandLine({"--demo", "--", "--demo", "-x", "--"});
        QVERIFY(line.ok());
        QVERIFY(line->demo);
        QCOMPARE(line->picks, (Paths{"--demo", "-x", "--"}));
    }

    void foldersAreGiven()
    {
        const auto line = parseCommandLine({"--data", "/d", "--out", "-o", "x.jpg"});
        QVERIFY(line.ok());
        QCOMPARE(line->folders.root, std::filesystem::path("/d"));
        QCOMPARE(line->folders.library(), std::filesystem::path("/d/library.sqlite"));
        QCOMPARE(line->demoOutput, std::filesystem::path("-o"));
        QCOMPARE(line->picks, Paths{"x.jpg"});
    }

    void whatIsWrongIsSaidWithWhatToDo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        QTest::newRow("unknown") << QStringList{"--quality", "80"} << "There is no option --quality.";
        QTest::newRow("dash") << QStringList{"-"} << "write ./-";
        QTest::newRow("no folder") << QStringList{"--data"} << "--data DIR";
        QTest::newRow("no output") << QStringList{"a.jpg", "--out"} << "--out DIR";
    }
    void whatIsWrongIsSaidWithWhatToDo()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        Paths bytes;
        for (const QString &argument : arguments)
            bytes.push_back(argument.toStdString());
        const auto line = parseCommandLine(bytes);
        QVERIFY(!line.ok());
        QVERIFY2(QString::fromStdString(line.error()).contains(says), line.error().c_str());
    }

    void usageNamesEveryOption()
    {
        const QString usage = QString::fromUtf8(CommandLine::usage());
        for (const char *option : {"--data", "--demo", "--out", "--version", "--help"})
            QVERIFY2(usage.contains(QLatin1String(option)), option);
        QVERIFY(parseCommandLine({"-h"})->help);
        QVERIFY(parseCommandLine({"--version"})->version);
    }
};

QTEST_GUILESS_MAIN(CommandLineTest)
#include "command_line_test.moc"
