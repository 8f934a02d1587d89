// Pages, theme, overlay and shortcuts, at several sizes.
#include "application_world.h"
#include "jank_monitor/jank_recording.h"

#include <QAccessible>

using namespace steadyframe;
using namespace steadyframe::tests;

class WindowTest : public QObject {
    Q_OBJECT

    std::unique_ptr<ApplicationWorld> m_world;
    ApplicationWorld &w() { return *m_world; }
    [[nodiscard]] bool overlayShown() { return w().item(QStringLiteral("jankOverlay")) != nullptr; }
    [[nodiscard]] QColor background() { return w().window()->color(); }

private slots:
    void initTestCase() { m_world = std::make_unique<ApplicationWorld>(); }
    void cleanupTestCase() { m_world.reset(); }

    void theOverlayGoesOnAndOffByButtonAndKeyOverEveryPage()
    {
        QVERIFY(!overlayShown());
        QVERIFY(w().click(QStringLiteral("overlayToggle")));
        QTRY_VERIFY(overlayShown());
        for (int page = 0; page < 6; ++page) {
            w().press(static_cast<Qt::Key>(Qt::Key_1 + page), Qt::ControlModifier);
            QTRY_COMPARE(w().window()->property("currentPage").toInt(), page);
            QVERIFY(overlayShown());
        }
        QVERIFY(w().click(QStringLiteral("overlayToggle")));
        QTRY_VERIFY(!overlayShown());
        w().press(Qt::Key_F12);
        QTRY_VERIFY(overlayShown());
        w().press(Qt::Key_F12);
        QTRY_VERIFY(!overlayShown());
    }

    void theOverlayCountsTheFramesOfThisWindow()
    {
        w().press(Qt::Key_F12);
        QTRY_VERIFY(overlayShown());
        jank::JankMonitor &monitor = w().application().monitor();
        const int before = monitor.framesDrawn();
        for (int i = 0; i < 5; ++i) {
            w().window()->update();
            QSignalSpy swapped(w().window(), &QQuickWindow::frameSwapped);
            QVERIFY(swapped.wait());
        }
        QTRY_VERIFY(monitor.framesDrawn() >= before + 5);
        w().press(Qt::Key_F12);
    }

    void pagesAreReachedByMouse_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name : {"feed", "comparison", "timeline", "isolates", "settings", "photos"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void pagesAreReachedByMouse()
    {
        QFETCH(QString, name);
        QVERIFY(w().click(QStringLiteral("nav_") + name));
        QTRY_VERIFY(w().item(QStringLiteral("page_") + name));
        for (const char *other : {"photos", "feed", "comparison", "timeline", "isolates", "settings"})
            QCOMPARE(w().item(QStringLiteral("page_") + QLatin1String(other)) != nullptr, name == QLatin1String(other));
    }

    void theThemeChangesByButtonAndKey()
    {
        const QColor first = background();
        w().press(Qt::Key_T, Qt::ControlModifier);
        QTRY_VERIFY(background() != first);
        const QColor second = background();
        QVERIFY(qAbs(first.lightness() - second.lightness()) > 128);
        QVERIFY(w().click(QStringLiteral("themeButton")));
        QTRY_COMPARE(background(), first);
    }

    void everythingIsReachedByTabulator()
    {
        QSet<QString> reached;
        w().press(Qt::Key_1, Qt::ControlModifier);
        for (int i = 0; i < 40; ++i) {
            w().press(Qt::Key_Tab);
            if (QQuickItem *focus = w().window()->activeFocusItem())
                reached.insert(focus->objectName());
        }
        for (const char *name : {"nav_photos", "nav_feed", "nav_settings", "modeIsolates", "modeMain", "overlayToggle",
                                 "themeButton", "shortcutsButton", "pasteButton", "pickFolderButton", "pickButton"})
            QVERIFY2(reached.contains(QString::fromLatin1(name)), name);
    }

    void aFocusedButtonIsPressedByKey()
    {
        QQuickItem *toggle = w().item(QStringLiteral("overlayToggle"));
        toggle->forceActiveFocus(Qt::TabFocusReason);
        w().press(Qt::Key_Space);
        QTRY_VERIFY(overlayShown());
        w().press(Qt::Key_Return);
        QTRY_VERIFY(!overlayShown());
    }

    void shortcutsAreShown()
    {
        w().press(Qt::Key_F1);
        QObject *sheet = nullptr;
        for (QObject *child : w().window()->findChildren<QObject *>()) {
            if (child->inherits("QQuickPopup") && child->property("opened").toBool())
                sheet = child;
        }
        QTRY_VERIFY(sheet && sheet->property("opened").toBool());
        w().press(Qt::Key_Escape);
        QTRY_VERIFY(!sheet->property("visible").toBool());
    }

    void nothingIsCutOffAtTheSmallestSize()
    {
        const QSize before = w().window()->size();
        w().window()->resize(w().window()->minimumSize());
        for (int page = 0; page < 6; ++page) {
            w().press(static_cast<Qt::Key>(Qt::Key_1 + page), Qt::ControlModifier);
            QTRY_COMPARE(w().window()->property("currentPage").toInt(), page);
            QVERIFY(QTest::qWaitForWindowExposed(w().window()));
            for (const char *name : {"nav_photos", "nav_settings", "modeIsolates", "modeMain", "overlayToggle",
                                     "themeButton", "shortcutsButton"}) {
                QQuickItem *item = w().item(QString::fromLatin1(name));
                QVERIFY2(item, name);
                const QRectF where = item->mapRectToScene(item->boundingRect());
                QVERIFY2(QRectF({}, w().window()->size()).contains(where), name);
            }
        }
        w().window()->resize(before);
        w().press(Qt::Key_1, Qt::ControlModifier);
    }

    void theIsolatesPageListsWhatRuns()
    {
        QVERIFY(w().click(QStringLiteral("nav_isolates")));
        QQuickItem *list = nullptr;
        QTRY_VERIFY((list = w().item(QStringLiteral("isolateList"))));
        QTRY_VERIFY(list->property("count").toInt() >= 4); // pipeline, library, receiver, uploads
        QVERIFY(w().click(QStringLiteral("nav_photos")));
    }

    void aRecordingIsMadeSavedAndOpenedAgain()
    {
        w().press(Qt::Key_4, Qt::ControlModifier);
        QTRY_VERIFY(w().item(QStringLiteral("page_timeline")));
        auto *recording = w().item(QStringLiteral("page_timeline"))->findChild<jank::JankRecording *>();
        QVERIFY(recording);
        QVERIFY(recording->isLive());
        jank::JankMonitor &monitor = w().application().monitor();
        QVERIFY(w().click(QStringLiteral("recordButton")));
        QTRY_VERIFY(monitor.isRecording());
        const int before = monitor.framesDrawn();
        QTRY_VERIFY((w().drawFrame(), monitor.samples().size() > 0 && monitor.framesDrawn() >= before + 10));
        w().press(Qt::Key_R, Qt::ControlModifier);
        QTRY_VERIFY(!monitor.isRecording());
        QTRY_COMPARE(recording->source(), jank::JankRecording::Ended);
        QVERIFY(recording->frames() >= 10);
        QTRY_VERIFY(w().item(QStringLiteral("timelineView")));

        for (const char *name : {"kept.json", "kept.csv"}) {
            const QUrl file = QUrl::fromLocalFile(QString::fromStdString(w().write(name, "").string()));
            const int frames = recording->frames();
            QSignalSpy saved(recording, &jank::JankRecording::saved);
            recording->save(file);
            QTRY_COMPARE(saved.count(), 1);
            recording->open(file);
            QTRY_COMPARE(recording->fileName(), QString::fromLatin1(name));
            QCOMPARE(recording->source(), jank::JankRecording::File);
            QCOMPARE(recording->frames(), frames);
            QCOMPARE(recording->error(), QString());
        }
        // A file that is none is refused, and what is shown stays.
        const QUrl broken = QUrl::fromLocalFile(QString::fromStdString(w().write("broken.json", "{]").string()));
        recording->open(broken);
        QTRY_VERIFY(w().item(QStringLiteral("timelineError")));
        QCOMPARE(recording->fileName(), QStringLiteral("kept.csv"));
        QVERIFY(w().click(QStringLiteral("timelineLiveButton")));
        QTRY_VERIFY(recording->isLive() && !recording->isEmpty());
        QVERIFY(!w().item(QStringLiteral("timelineError")));
        w().press(Qt::Key_1, Qt::ControlModifier);
        QTRY_VERIFY(!recording->isActive());
    }

    void aRecordingThatIsNotSavedIsNotReplacedUnasked()
    {
        w().press(Qt::Key_4, Qt::ControlModifier);
        QTRY_VERIFY(w().item(QStringLiteral("page_timeline")));
        auto *recording = w().item(QStringLiteral("page_timeline"))->findChild<jank::JankRecording *>();
        jank::JankMonitor &monitor = w().application().monitor();
        const auto record = [&] {
            QVERIFY(w().click(QStringLiteral("recordButton")));
            QTRY_VERIFY(monitor.isRecording());
            w().drawFrame();
            QVERIFY(w().click(QStringLiteral("recordButton")));
            QTRY_COMPARE(recording->source(), jank::JankRecording::Ended);
        };
        record();
        // Neither a new one nor a file takes its place before the person has said so.
        QVERIFY(w().click(QStringLiteral("recordButton")));
        QTRY_VERIFY(w().item(QStringLiteral("unsavedQuestion")));
        QVERIFY(!monitor.isRecording());
        QVERIFY(w().click(QStringLiteral("keepButton")));
        QTRY_VERIFY(!w().item(QStringLiteral("unsavedQuestion")));
        QCOMPARE(recording->source(), jank::JankRecording::Ended);

        const std::filesystem::path path = w().write("replacing.json", "");
        QSignalSpy saved(recording, &jank::JankRecording::saved);
        recording->save(QUrl::fromLocalFile(QString::fromStdString(path.string())));
        QTRY_COMPARE(saved.count(), 1);
        QVERIFY(w().drop({path})); // it is saved now: nothing is asked
        QTRY_COMPARE(recording->fileName(), QStringLiteral("replacing.json"));
        QVERIFY(!w().item(QStringLiteral("unsavedQuestion")));

        record();
        QVERIFY(w().drop({path}));
        QTRY_VERIFY(w().item(QStringLiteral("unsavedQuestion")));
        QCOMPARE(recording->source(), jank::JankRecording::Ended);
        QVERIFY(w().click(QStringLiteral("discardButton")));
        QTRY_COMPARE(recording->source(), jank::JankRecording::File);
        QTRY_VERIFY(!w().item(QStringLiteral("unsavedQuestion")));
        QVERIFY(w().click(QStringLiteral("timelineLiveButton")));
        QTRY_VERIFY(recording->isLive());
        w().press(Qt::Key_1, Qt::ControlModifier);
        QTRY_VERIFY(!recording->isActive());
    }

    void closingAsksAboutARecordingThatIsNotSaved()
    {
        QQuickWindow &window = *w().application().window();
        jank::JankMonitor &monitor = w().application().monitor();
        auto *recording = window.findChild<jank::JankRecording *>(QStringLiteral("timelineRecording"));
        w().press(Qt::Key_R, Qt::ControlModifier);
        QTRY_VERIFY(monitor.isRecording());
        QTRY_VERIFY(w().item(QStringLiteral("recordingDot")));
        w().drawFrame();
        window.close();
        // From the moment on that it has ended, not only when it is shown.
        QVERIFY(recording->isUnsaved() && !monitor.isRecording());
        QTRY_VERIFY(w().item(QStringLiteral("unsavedQuestion")));
        QVERIFY(window.isVisible());
        QTRY_COMPARE(recording->source(), jank::JankRecording::Ended);
        QVERIFY(recording->isUnsaved());
        QVERIFY(w().click(QStringLiteral("keepButton")));
        QTRY_VERIFY(!w().item(QStringLiteral("unsavedQuestion")));

        // Tables and reports don't bring it back.
        QSignalSpy saved(recording, &jank::JankRecording::saved);
        for (const char *name : {"asked.csv", "asked.html", "asked.json"}) {
            QVERIFY(recording->isUnsaved());
            saved.clear();
            recording->save(QUrl::fromLocalFile(QString::fromStdString(w().write(name, "").string())));
            QTRY_COMPARE(saved.count(), 1);
        }
        QVERIFY(!recording->isUnsaved());
        QVERIFY(w().click(QStringLiteral("timelineLiveButton")));
        QTRY_VERIFY(recording->isLive());
        w().press(Qt::Key_1, Qt::ControlModifier);
        QTRY_VERIFY(!recording->isActive());
    }

    void qualityIsChosenOnTheSettingsPage()
    {
        QVERIFY(w().click(QStringLiteral("nav_settings")));
        QQuickItem *slider = nullptr;
        QTRY_VERIFY((slider = w().item(QStringLiteral("qualitySlider"))));
        const auto quality = [&] { return w().application().settings().quality; };
        const int before = quality();
        slider->forceActiveFocus(Qt::TabFocusReason);
        w().press(Qt::Key_Right);
        QTRY_VERIFY(quality() > before);
        w().press(Qt::Key_Left);
        QTRY_COMPARE(quality(), before);
        QVERIFY(w().click(QStringLiteral("nav_photos")));
    }
};

int main(int argc, char **argv)
{
    return runTest<WindowTest>(argc, argv);
}
#include "window_test.moc"
