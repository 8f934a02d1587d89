#include "recipe/preset_json.h"
#include "recipe/preset_store.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace steadyframe;
using namespace steadyframe::recipe;

namespace {

Preset named(const std::string &name)
{
    Preset preset;
    preset.name = name;
    return preset;
}

/// Every member differs from its default.
Preset unusual()
{
    Preset preset = named("F\xC3\xBCr \"Oma\"\n\xF0\x9F\x93\xB7");
    preset.settings.target = {imaging::TargetKind::similarity, 71, 123'456'789'012, 0.9731, 12, 88};
    preset.settings.resize = {imaging::ResizeKind::box, 1234, 567, 33.25};
    preset.settings.progressive = true;
    preset.settings.metadata = {false, false, false, false, false, true};
    preset.settings.colors = imaging::ColorRule::toSrgb;
    preset.naming = {"{name}-{width}", "a/b", IfExists::skip, true, true};
    return preset;
}

} // namespace

class PresetTest : public QObject {
    Q_OBJECT

private slots:
    void everySettingComesBack()
    {
        const auto read = presetsFromJson(toJson(unusual()));
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().c_str());
        QCOMPARE(read->size(), std::size_t{1});
        QVERIFY(read->front() == unusual());
    }

    void aListComesBackInItsOrder()
    {
        std::vector<Preset> all = builtInPresets();
        all.push_back(unusual());
        const auto read = presetsFromJson(toJson(all));
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().c_str());
        QVERIFY(*read == all);
        QVERIFY(presetsFromJson(toJson(std::vector<Preset>()))->empty());
    }

    void limitsBelongToTheRecipe()
    {
        Recipe recipe;
        recipe.limits = {.pixels = 7, .bytes = 8, .memory = 3'000'000'000};
        const std::string text = toJson(recipe);
        const auto read = recipeFromJson(text);
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().c_str());
        QVERIFY(*read == recipe);
        std::string none = text;
        none.replace(none.find("\"pixels\": 7"), 11, "\"pixels\": 0");
        QVERIFY(!recipeFromJson(none).ok());
        // A preset that somebody sends raises no limit, and settings of before there were limits are read.
        QVERIFY(toJson(unusual()).find("limits") == std::string::npos);
        const auto older = recipeFromJson("{\"format\": \"steadyframe-settings\", \"version\": 1}");
        QVERIFY2(older.ok(), older.ok() ? "" : older.error().c_str());
        QVERIFY(older->limits == imaging::ImagingLimits());
    }

    void otherProgramsCanReadIt()
    {
        QJsonParseError error;
        const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(toJson(unusual())), &error);
        QCOMPARE(error.error, QJsonParseError::NoError);
        QCOMPARE(document["resize"]["width"].toInt(), 1234);
        QCOMPARE(document["name"].toString(), QString::fromStdString(unusual().name));
    }

    void whatIsLeftOutHasItsDefault()
    {
        const auto read = presetsFromJson("{\"format\":\"steadyframe-preset\",\"name\":\"x\"}");
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().c_str());
        QVERIFY(read->front() == named("x"));
    }

    void whatIsWrongIsNamed_data()
    {
        QTest::addColumn<QByteArray>("members");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const char *members, const char *says) {
            QTest::newRow(name) << QByteArray(members).replace('\'', '"') << says;
        };
        row("unknown", "'resize':{'widht':3}", "resize.widht");
        row("kind of value", "'target':{'quality':'80'}", "target.quality is not a whole number");
        row("range", "'target':{'quality':101}", "101");
        row("size", "'resize':{'kind':'longestSide','width':-3}", "-3");
        row("choice", "'colors':'green'", "colors is not one of these: keepProfile, toSrgb");
        row("group", "'metadata':true", "metadata is not an object");
        row("yes or no", "'metadata':{'gps':1}", "metadata.gps is neither true nor false");
        row("version", "'version':2", "version 2");
        row("pattern", "'naming':{'pattern':'{foo}'}", "{foo}");
        row("way out", "'naming':{'subFolder':'../../.ssh'}", "leads out");
        row("place", "'output':{'place':'replaceOriginal'}", "no setting named output");
        row("too large", "'resize':{'width':99999999999}", "resize.width");
    }
    void whatIsWrongIsNamed()
    {
        QFETCH(QByteArray, members);
        QFETCH(QString, says);
        const auto read
            = presetsFromJson("{\"format\":\"steadyframe-preset\",\"name\":\"x\"," + members.toStdString() + "}");
        QVERIFY(!read.ok());
        QVERIFY2(QString::fromStdString(read.error()).contains(says), read.error().c_str());
    }

    void whatIsNoPresetIsSaid()
    {
        for (const char *text : {"", "{", "[]", "3", "{}", "{\"format\":\"steadyframe-preset\"}", "\xFF\xFE"})
            QVERIFY2(!presetsFromJson(text).ok(), text);
        QVERIFY(QString::fromStdString(presetsFromJson("{").error()).startsWith("It is no JSON"));
    }

    void builtInOnesAreValidAndFound()
    {
        for (const Preset &preset : builtInPresets()) {
            QVERIFY(imaging::validate(preset.settings).ok());
            QVERIFY(validate(preset.naming).ok());
            QCOMPARE(findPreset({}, preset.name), &preset);
        }
        const std::vector<Preset> own{named(builtInPresets().front().name)};
        QCOMPARE(findPreset(own, own.front().name), &own.front());
        QVERIFY(!findPreset(own, "nothing"));
    }

    void filesAreWrittenAndReadWhole()
    {
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("deep/presets.json").toStdString();
        QVERIFY(loadPresets(file)->empty());
        QVERIFY(savePresets(file, {unusual()}).ok());
        QVERIFY(savePresets(file, {unusual(), builtInPresets().front()}).ok());
        QCOMPARE(loadPresets(file)->size(), std::size_t{2});
        QVERIFY(savePreset(file, unusual()).ok());
        QVERIFY(loadPresets(file)->front() == unusual());
        QCOMPARE(QDir(folder.filePath("deep")).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
                 QStringList{"presets.json"});
        QVERIFY(!savePreset(folder.path().toStdString(), unusual()).ok());
    }

    void aHugeFileIsRefusedUnread()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath("huge.json"));
        QVERIFY(file.open(QFile::WriteOnly) && file.resize(1LL << 32));
        const auto read = loadPresets(file.fileName().toStdString());
        QVERIFY(!read.ok());
        QVERIFY(QString::fromStdString(read.error()).contains("megabyte"));
    }
};

QTEST_GUILESS_MAIN(PresetTest)
#include "preset_test.moc"
