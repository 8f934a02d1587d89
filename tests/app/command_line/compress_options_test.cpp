#include "command_line/compress_options.h"
#include "command_line/option_values.h"
#include "recipe/preset_store.h"

#include <QTemporaryDir>
#include <QTest>

using namespace steadyframe;
using namespace steadyframe::command_line;
using recipe::OutputPlace;

namespace {

isolate::Result<CompressOptions, std::string> parse(const QStringList &words)
{
    std::vector<std::string> arguments;
    for (const QString &word : words)
        arguments.push_back(word.toStdString());
    return parseCompressOptions(arguments, "/nowhere/presets.json");
}

} // namespace

class CompressOptionsTest : public QObject {
    Q_OBJECT

private slots:
    void withoutOptions()
    {
        const auto options = parse({"a.jpg", "b"});
        QVERIFY(options.ok());
        QVERIFY(options->recipe.settings == imaging::CompressSettings());
        QVERIFY(options->recipe.output.place == OutputPlace::besideOriginal);
        QCOMPARE(options->recipe.output.naming.pattern, std::string("{name}-compressed"));
        QCOMPARE(options->paths, (std::vector<std::string>{"a.jpg", "b"}));
    }

    void everySettingCanBeGiven()
    {
        const auto options = parse({"-b",
                                    "200KB",
                                    "--min-quality=20",
                                    "--max-quality",
                                    "90",
                                    "--fit",
                                    "1920x1080",
                                    "--progressive",
                                    "--metadata",
                                    "camera,gps",
                                    "--srgb",
                                    "-o",
                                    "/out",
                                    "-n",
                                    "{name}-{width}",
                                    "--sub-folder",
                                    "s",
                                    "--if-exists",
                                    "skip",
                                    "--keep-dates",
                                    "--keep-permissions",
                                    "--keep-folders",
                                    "-j",
                                    "3",
                                    "--max-pixels",
                                    "5000",
                                    "--max-bytes",
                                    "1MiB",
                                    "--max-memory",
                                    "2GB",
                                    "--json",
                                    "--quiet",
                                    "--no-progress",
                                    "x"});
        QVERIFY2(options.ok(), options.ok() ? "" : options.error().c_str());
        imaging::CompressSettings settings;
        settings.target = {imaging::TargetKind::bytes, 80, 200'000, 0.98, 20, 90};
        settings.resize = {imaging::ResizeKind::box, 1920, 1080, 100};
        settings.progressive = true;
        settings.metadata = {true, false, true, false, false, false};
        settings.colors = imaging::ColorRule::toSrgb;
        QVERIFY(options->recipe.settings == settings);
        const recipe::OutputRule output{
            OutputPlace::folder, "/out", {"{name}-{width}", "s", recipe::IfExists::skip, true, true}};
        QVERIFY(options->recipe.output == output);
        QCOMPARE(options->jobs, 3U);
        QCOMPARE(options->recipe.limits.pixels, std::uint64_t{5000});
        QCOMPARE(options->recipe.limits.bytes, std::uint64_t{1 << 20});
        QCOMPARE(options->recipe.limits.memory, std::uint64_t{2'000'000'000});
        QVERIFY(options->json && options->quiet && !options->progress && options->keepFolders);
    }

    void gpsIsOffWhereverItIsSaid()
    {
        for (const QStringList &words :
             {QStringList{"--no-gps", "--metadata", "all", "x"}, QStringList{"--metadata", "all", "--no-gps", "x"}}) {
            const auto options = parse(words);
            QVERIFY(options.ok());
            QVERIFY(!options->recipe.settings.metadata.gps);
            QVERIFY(options->recipe.settings.metadata.thumbnail);
        }
    }

    void anEmptyFolderIsRefused()
    {
        const auto options = parse({"--output", "", "x"});
        QVERIFY(!options.ok());
        QVERIFY2(options.error().find("--output") == 0, options.error().c_str());
    }

    void optionsChangeAPreset()
    {
        const auto options = parse({"-q", "55", "--preset", "Web page", "x"});
        QVERIFY2(options.ok(), options.ok() ? "" : options.error().c_str());
        QCOMPARE(options->recipe.settings.target.quality, 55);
        QCOMPARE(options->recipe.settings.resize.width, 1920);
        QVERIFY(options->recipe.settings.progressive);
    }

    void presetsOfTheirOwnAndOfFiles()
    {
        const QTemporaryDir folder;
        recipe::Preset preset;
        preset.name = "Mine";
        preset.settings.target.quality = 33;
        const std::string own = folder.filePath("presets.json").toStdString();
        const std::string shared = folder.filePath("shared.json").toStdString();
        QVERIFY(recipe::savePresets(own, {preset}).ok());
        preset.settings.target.quality = 44;
        QVERIFY(recipe::savePreset(shared, preset).ok());
        QCOMPARE(parseCompressOptions({"-p", "Mine", "x"}, own)->recipe.settings.target.quality, 33);
        QCOMPARE(parseCompressOptions({"-p", shared, "x"}, own)->recipe.settings.target.quality, 44);
    }

    void afterTwoDashesEverythingIsAPath()
    {
        const auto options = parse({"--", "-q", "-"});
        QVERIFY(options.ok());
        QCOMPARE(options->paths, (std::vector<std::string>{"-q", "./-"}));
    }

    void whatIsWrongIsSaidWithWhatToDo_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const QStringList &words, const char *says) {
            QTest::newRow(name) << words << says;
        };
        row("nothing", {}, "No file and no folder");
        row("unknown", {"--qualty", "3", "x"}, "no option --qualty");
        row("missing", {"x", "-q"}, "-q needs a value: -q N");
        row("no value", {"--json=yes", "x"}, "--json takes no value");
        row("range", {"-q", "0", "x"}, "1 to 100");
        row("text", {"-q", "good", "x"}, "whole number");
        row("two targets", {"-q", "80", "--max-size", "9KB", "x"}, "choose one aim");
        row("two sizes", {"--width", "8", "--height", "9", "x"}, "choose one size");
        row("two places", {"--replace", "-o", "d", "x"}, "choose one place");
        row("size", {"--max-size", "big", "x"}, "200KB");
        row("box", {"--fit", "19201080", "x"}, "1920x1080");
        row("kinds", {"--metadata", "camera,place", "x"}, "camera,date,gps");
        row("rule", {"--if-exists", "ask", "x"}, "number, skip, overwrite or fail");
        row("pattern", {"--name", "{nam}", "x"}, "{nam}");
        row("sub-folder", {"--sub-folder", "../x", "x"}, "leads out");
        row("preset", {"-p", "None such", "x"}, "--list-presets");
        row("folders", {"--keep-folders", "x"}, "needs --output");
        row("floor", {"-b", "9KB", "--min-quality", "90", "--max-quality", "80", "x"}, "90");
    }
    void whatIsWrongIsSaidWithWhatToDo()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, says);
        const auto options = parse(words);
        QVERIFY(!options.ok());
        QVERIFY2(QString::fromStdString(options.error()).contains(says), options.error().c_str());
    }

    void numbersOfBytes()
    {
        QCOMPARE(byteCount("1"), std::uint64_t{1});
        QCOMPARE(byteCount("200k"), std::uint64_t{200'000});
        QCOMPARE(byteCount("1.5 MB"), std::uint64_t{1'500'000});
        QCOMPARE(byteCount("2KiB"), std::uint64_t{2048});
        QCOMPARE(byteCount("1G"), std::uint64_t{1'000'000'000});
        for (const char *text : {"", "0", "-1", "KB", "1XB", "1KBs", "1e3", "nan", "99999999999GB"})
            QVERIFY_EXCEPTION_THROWN(static_cast<void>(byteCount(text)), WrongValue);
    }
};

QTEST_GUILESS_MAIN(CompressOptionsTest)
#include "compress_options_test.moc"
