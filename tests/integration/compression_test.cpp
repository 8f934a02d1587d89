// The settings of a compression, where results go, and the comparison of before and after, with the mouse and the
// keyboard.
#include "application_world.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

using namespace steadyframe;
using namespace steadyframe::tests;
using ui::CompressionSettings;
using ui::PhotoState;
using ui::PreviewModel;

class CompressionTest : public QObject {
    Q_OBJECT

    std::unique_ptr<ApplicationWorld> m_world;
    ApplicationWorld &w() { return *m_world; }
    CompressionSettings &settings() { return w().application().settings(); }
    PreviewModel &preview() { return w().application().preview(); }

    void pickAndWait(const std::filesystem::path &photo)
    {
        w().session().pick(w().urlsOf({photo}));
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Uploaded, 1), 30'000);
    }
    /// The names in the folder of the pictures.
    [[nodiscard]] QStringList pictures()
    {
        QStringList names;
        for (const auto &entry : std::filesystem::directory_iterator(w().pictures()))
            names.append(QString::fromStdString(entry.path().filename().native()));
        names.sort();
        return names;
    }
    void openPreview()
    {
        QVERIFY(w().click(QStringLiteral("nav_preview")));
        QTRY_VERIFY_WITH_TIMEOUT(preview().state() == PreviewModel::Ready && !preview().busy(), 30'000);
        w().drawFrame();
    }
    QQuickItem *view() { return w().item(QStringLiteral("compareView")); }

private slots:
    void initTestCase() { m_world = std::make_unique<ApplicationWorld>(); }
    void cleanupTestCase() { m_world.reset(); }
    void init()
    {
        w().window()->requestActivate();
        QVERIFY(QTest::qWaitForWindowActive(w().window()));
        settings().setValues({});
    }
    void cleanup()
    {
        w().clear();
        std::filesystem::remove_all(w().pictures());
        QVERIFY(w().click(QStringLiteral("nav_photos")));
    }

    void gpsIsOneClick()
    {
        QVERIFY(w().click(QStringLiteral("nav_settings")));
        QTRY_VERIFY(w().item(QStringLiteral("gpsSwitch")));
        QVERIFY(settings().keepGps);
        QVERIFY(w().click(QStringLiteral("gpsSwitch")));
        QTRY_VERIFY(!settings().keepGps);
        QVERIFY(settings().keepCamera);
        QVERIFY(w().click(QStringLiteral("metadataNone")));
        QVERIFY(!settings().keepCamera && !settings().keepXmp);
        QVERIFY(w().click(QStringLiteral("metadataAll")));
        QVERIFY(settings().keepGps && settings().keepThumbnail);
    }

    void settingsAndPresetsAreRemembered()
    {
        settings().setProperty("quality", 61);
        settings().setProperty("keepGps", false);
        settings().savePreset(QStringLiteral(" Mine "));
        QTRY_COMPARE(settings().presets().value(0), QStringLiteral("Mine"));
        QTRY_COMPARE(settings().currentPreset(), 0);
        settings().setProperty("place", CompressionSettings::ReplaceOriginal);
        settings().setProperty("quality", 62);
        const auto remembered = [&] {
            return QJsonDocument::fromJson(
                QByteArray::fromStdString(w().contentOf(w().application().folders().settings())));
        };
        QTRY_COMPARE(remembered()["target"]["quality"].toInt(), 62);
        QCOMPARE(remembered()["metadata"]["gps"].toBool(true), false);
        // Originals are replaced only by a choice of that day.
        QCOMPARE(remembered()["place"].toString(), QStringLiteral("ownFolder"));
        settings().setValues({});
        settings().choosePreset(0);
        QCOMPARE(settings().quality, 61);
        QVERIFY(!settings().keepGps);

        const QUrl file = w().urlsOf({w().root() / "shared.json"}).front();
        settings().exportPreset(0, file);
        QTRY_VERIFY(std::filesystem::exists(w().root() / "shared.json"));
        settings().removePreset(0);
        QCOMPARE(settings().ownPresets(), 0);
        settings().setValues({});
        settings().importPreset(file);
        QTRY_COMPARE(settings().ownPresets(), 1);
        QCOMPARE(settings().quality, 61);
        settings().removePreset(0);
    }

    void aPresetThatIsBrokenIsRefusedWithWords()
    {
        QSignalSpy notices(&w().session(), &ui::Session::notice);
        const auto file
            = w().write("broken.json", "{\"format\":\"steadyframe-preset\",\"name\":\"x\",\"resize\":{\"widht\":3}}");
        settings().importPreset(w().urlsOf({file}).front());
        QTRY_COMPARE(notices.count(), 1);
        QVERIFY2(notices[0][0].toString().contains(QStringLiteral("resize.widht")),
                 qPrintable(notices[0][0].toString()));
        QCOMPARE(settings().ownPresets(), 0);
    }

    void whatCantBeUsedIsSaidAndNotUsed()
    {
        QVERIFY(w().click(QStringLiteral("nav_settings")));
        settings().setProperty("place", CompressionSettings::BesideOriginal);
        settings().setProperty("pattern", QStringLiteral("{nam}"));
        QTRY_VERIFY(w().textOf(QStringLiteral("settingsProblem")).contains(QStringLiteral("{nam}")));
        settings().setProperty("pattern", QStringLiteral("{name}-s"));
        QTRY_VERIFY(!w().item(QStringLiteral("settingsProblem")));
    }

    void resultsLieBesideTheOriginals()
    {
        const auto photo = w().makePhoto("photo.jpg", 800, 600);
        const std::string original = w().contentOf(photo);
        settings().setProperty("place", CompressionSettings::BesideOriginal);
        settings().setProperty("pattern", QStringLiteral("{name}-{width}"));
        settings().setProperty("resize", CompressionSettings::LongestSide);
        settings().setProperty("pixelWidth", 400);
        pickAndWait(photo);
        QCOMPARE(pictures(), (QStringList{"photo-400.jpg", "photo.jpg"}));
        QVERIFY(w().contentOf(photo) == original);
    }

    void originalsAreReplacedThroughTheTrash()
    {
        QVERIFY(w().click(QStringLiteral("nav_settings")));
        const auto photo = w().makePhoto("photo.jpg", 800, 600);
        const std::string original = w().contentOf(photo);
        settings().setProperty("place", CompressionSettings::ReplaceOriginal);
        QTRY_VERIFY(w().item(QStringLiteral("replaceWarning")));
        pickAndWait(photo);
        QCOMPARE(pictures(), QStringList{"photo.jpg"});
        QVERIFY(w().contentOf(photo) != original);
        const std::filesystem::path home = qEnvironmentVariable("XDG_DATA_HOME").toStdString();
        QVERIFY(w().contentOf(home / "Trash" / "files" / "photo.jpg") == original);
    }

    void limitsAreSetOnTheSettingsPage()
    {
        QVERIFY(w().click(QStringLiteral("nav_settings")));
        QQuickItem *box = nullptr;
        QTRY_VERIFY((box = w().item(QStringLiteral("megapixelsBoxField"))));
        QCOMPARE(box->property("text").toString(), QStringLiteral("400"));
        box->forceActiveFocus(Qt::TabFocusReason);
        QVERIFY(box->setProperty("text", QStringLiteral("2")));
        w().press(Qt::Key_Return);
        QTRY_COMPARE(settings().mostMegapixels, 2.0);
        const auto large = w().makePhoto("large.jpg", 2000, 1100);
        w().session().pick(w().urlsOf({large}));
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Failed, 1), 30'000);
        const QString message = w().photos().data(w().photos().index(0), ui::PhotoListModel::MessageRole).toString();
        QVERIFY2(message.contains(QStringLiteral("the limit is 2,000,000")), qPrintable(message));
        QTRY_VERIFY(w().contentOf(w().application().folders().settings()).find("\"pixels\": 2000000")
                    != std::string::npos);
    }

    void aRowSaysThatATargetWasMissed()
    {
        settings().setProperty("target", CompressionSettings::Bytes);
        settings().setProperty("kilobytes", 0.5);
        pickAndWait(w().makePhoto("photo.jpg", 800, 600));
        const QString message = w().photos().data(w().photos().index(0), ui::PhotoListModel::MessageRole).toString();
        QVERIFY2(message.startsWith(QStringLiteral("Can't reach"))
                     && message.contains(QStringLiteral("the smallest is")),
                 qPrintable(message));
    }

    void aRowSaysWhyTheOriginalsBytesWereKept()
    {
        settings().setProperty("quality", 5);
        pickAndWait(w().makePhoto("photo.jpg", 800, 600));
        const auto small = w().application().bridge().resultOf(w().photos().at(0).id);
        settings().setProperty("quality", 100);
        const auto photo = w().write("small.jpg", w().contentOf(small));
        w().session().pick(w().urlsOf({photo}));
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Uploaded, 2), 30'000);
        const QString message = w().photos().data(w().photos().index(1), ui::PhotoListModel::MessageRole).toString();
        QVERIFY2(message.contains(QStringLiteral("Kept the original's bytes")), qPrintable(message));
    }

    void theComparisonFollowsTheSettings()
    {
        pickAndWait(w().makePhoto("photo.jpg", 1600, 1200));
        openPreview();
        QCOMPARE(preview().name(), QStringLiteral("photo.jpg"));
        QCOMPARE(preview().pixels(), QSize(1600, 1200));
        QVERIFY(preview().beforeText().contains(QStringLiteral("1600 × 1200")));
        QVERIFY2(preview().afterText().contains(QStringLiteral("quality 80")), qPrintable(preview().afterText()));
        QVERIFY(preview().afterText().contains(QStringLiteral("similarity 0.")));
        // Many changes at once: what is shown in the end is of the last one.
        for (int quality = 79; quality >= 20; --quality) {
            settings().setProperty("quality", quality);
            QCoreApplication::processEvents();
        }
        QTRY_VERIFY2_WITH_TIMEOUT(!preview().busy() && preview().afterText().contains(QStringLiteral("quality 20")),
                                  qPrintable(preview().afterText()), 30'000);
        settings().setProperty("resize", CompressionSettings::Percent);
        settings().setProperty("percent", 50.0);
        QTRY_COMPARE_WITH_TIMEOUT(preview().pixels(), QSize(800, 600), 30'000);
        settings().setProperty("mostMegapixels", 1.0);
        QTRY_VERIFY_WITH_TIMEOUT(preview().state() == PreviewModel::Failed, 30'000);
        settings().setProperty("mostMegapixels", 2.0);
        QTRY_VERIFY_WITH_TIMEOUT(preview().state() == PreviewModel::Ready && !preview().busy(), 30'000);
        QVERIFY(std::filesystem::is_empty(w().application().folders().previews()));
    }

    void theComparisonShowsBothSides()
    {
        pickAndWait(w().makePhoto("photo.jpg", 1600, 1200));
        settings().setProperty("quality", 1);
        openPreview();
        QQuickItem *compare = view();
        QVERIFY(compare);
        // The same place, once left of the divider and once right of it.
        const auto grabWith = [&](double divider) {
            compare->setProperty("divider", divider);
            w().drawFrame();
            return w().window()->grabWindow().copy(
                compare->mapRectToScene(compare->boundingRect().adjusted(80, 80, -80, -80)).toRect());
        };
        const QImage before = grabWith(1), after = grabWith(0);
        QVERIFY(!before.isNull() && before.size() == after.size());
        QVERIFY2(before != after, "quality 1 looks otherwise");
        compare->setProperty("divider", 0.5);
    }

    void theComparisonIsUsedByKeyboardAlone()
    {
        pickAndWait(w().makePhoto("photo.jpg", 3000, 2250));
        QQuickItem *list = w().item(QStringLiteral("photoList"));
        QVERIFY(list);
        list->forceActiveFocus(Qt::TabFocusReason);
        list->setProperty("currentIndex", 0);
        w().press(Qt::Key_C);
        QTRY_COMPARE(w().window()->property("currentPage").toInt(), 6);
        QTRY_VERIFY_WITH_TIMEOUT(preview().state() == PreviewModel::Ready, 30'000);
        w().drawFrame(); // so that everything has its place
        QQuickItem *compare = view();
        QVERIFY(compare && compare->hasActiveFocus());
        const auto divider = [compare] { return compare->property("divider").toDouble(); };
        const double middle = divider();
        w().press(Qt::Key_Left);
        QVERIFY(divider() < middle);
        w().press(Qt::Key_Right);
        w().press(Qt::Key_Right);
        QVERIFY(divider() > middle);
        w().press(Qt::Key_Home);
        QCOMPARE(divider(), 0.0);
        w().press(Qt::Key_End);
        QCOMPARE(divider(), 1.0);
        const auto zoom = [compare] { return compare->property("zoom").toDouble(); };
        const double fit = zoom();
        QVERIFY(fit < 1);
        // Each pixel as one: now a part is wanted in detail, and is cut by an isolate.
        w().press(Qt::Key_1);
        QCOMPARE(zoom(), 1.0);
        QTRY_VERIFY_WITH_TIMEOUT(!preview().detail().isEmpty(), 30'000);
        const QImage part = preview().pictures()->find(preview().detailAfter().path().mid(1));
        QVERIFY(!part.isNull() && part.width() <= 4096 && part.height() <= 4096);
        QCOMPARE(QSizeF(part.size()), preview().detail().size());
        const QPointF at = compare->property("middle").toPointF();
        w().press(Qt::Key_Right, Qt::ShiftModifier);
        QVERIFY(compare->property("middle").toPointF().x() > at.x());
        w().press(Qt::Key_Plus);
        QVERIFY(zoom() > 1);
        w().press(Qt::Key_0);
        QCOMPARE(zoom(), fit);
    }

    void theComparisonIsUsedByMouse()
    {
        pickAndWait(w().makePhoto("photo.jpg", 1800, 1350));
        openPreview();
        QQuickItem *compare = view();
        QVERIFY(compare);
        compare->setProperty("divider", 0.5);
        w().drawFrame();
        const auto scene = [&](double x, double y) {
            return compare->mapToScene({compare->width() * x, compare->height() * y}).toPoint();
        };
        QTest::mousePress(w().window(), Qt::LeftButton, {}, scene(0.5, 0.5));
        QTest::mouseMove(w().window(), scene(0.4, 0.5));
        QTest::mouseMove(w().window(), scene(0.25, 0.5));
        QTest::mouseRelease(w().window(), Qt::LeftButton, {}, scene(0.25, 0.5));
        QVERIFY2(std::abs(compare->property("divider").toDouble() - 0.25) < 0.02, "the divider follows the mouse");
        const double fit = compare->property("zoom").toDouble();
        QWheelEvent wheel(scene(0.7, 0.5), w().window()->mapToGlobal(scene(0.7, 0.5)), {}, {0, 480}, Qt::NoButton, {},
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(w().window(), &wheel);
        QVERIFY(compare->property("zoom").toDouble() > fit);
        const QPointF at = compare->property("middle").toPointF();
        QTest::mousePress(w().window(), Qt::LeftButton, {}, scene(0.7, 0.7));
        QTest::mouseMove(w().window(), scene(0.6, 0.7));
        QTest::mouseMove(w().window(), scene(0.5, 0.7));
        QTest::mouseRelease(w().window(), Qt::LeftButton, {}, scene(0.5, 0.7));
        QVERIFY(compare->property("middle").toPointF().x() > at.x());
        QVERIFY(w().click(QStringLiteral("previewFitButton")));
        QTRY_COMPARE(compare->property("zoom").toDouble(), fit);
    }

    void whatIsNoPictureIsSaid()
    {
        w().session().pick(w().urlsOf({w().write("broken.jpg", "no picture")}));
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Failed, 1), 30'000);
        preview().show(static_cast<double>(w().photos().at(0).id));
        QVERIFY(w().click(QStringLiteral("nav_preview")));
        QTRY_COMPARE_WITH_TIMEOUT(preview().state(), PreviewModel::Failed, 30'000);
        QTRY_VERIFY(w().textOf(QStringLiteral("previewMessage")).contains(QStringLiteral("Not an image")));
    }
};

int main(int argc, char **argv)
{
    return runTest<CompressionTest>(argc, argv);
}
#include "compression_test.moc"
