// From picked to arrived, with the mouse and the keyboard.
#include "application_world.h"

#include <QClipboard>
#include <QFileDialog>
#include <QLineEdit>
#include <QListView>
#include <QMimeData>

using namespace steadyframe;
using namespace steadyframe::tests;
using ui::PhotoState;

class PhotosTest : public QObject {
    Q_OBJECT

    std::unique_ptr<ApplicationWorld> m_world;
    ApplicationWorld &w() { return *m_world; }

    /// The dialog of files that is shown, which is Qt's own here.
    static QFileDialog *openDialog()
    {
        for (QWidget *widget : QApplication::topLevelWidgets()) {
            auto *dialog = qobject_cast<QFileDialog *>(widget);
            if (dialog && dialog->isVisible())
                return dialog;
        }
        return nullptr;
    }

    /// Everything on the list arrived as it was compressed.
    void verifyArrived()
    {
        for (int row = 0; row < w().photos().count(); ++row) {
            const ui::PhotoRow &photo = w().photos().at(row);
            QCOMPARE(photo.state, PhotoState::Uploaded);
            const std::string result = w().contentOf(w().application().bridge().resultOf(photo.id));
            QVERIFY(!result.empty());
            QCOMPARE(static_cast<qint64>(result.size()), photo.resultBytes);
            QVERIFY2(w().contentOf(w().received(photo.name)) == result, qPrintable(photo.name));
        }
    }

private slots:
    void initTestCase() { m_world = std::make_unique<ApplicationWorld>(); }
    void cleanupTestCase() { m_world.reset(); }
    void init()
    {
        // No window manager gives the focus back when a dialog is closed.
        w().window()->requestActivate();
        QVERIFY(QTest::qWaitForWindowActive(w().window()));
    }
    void cleanup()
    {
        w().clear();
        std::filesystem::remove_all(w().pictures());
        for (const auto &entry : std::filesystem::directory_iterator(w().application().folders().received())) {
            if (entry.is_regular_file())
                std::filesystem::remove(entry.path());
        }
    }

    void filesPickedInTheDialogArriveAsTheyWereCompressed()
    {
        const auto first = w().makePhoto("first.jpg", 800, 600);
        w().makePhoto("second.jpg");
        w().makePhoto("third.jpg");
        const std::string original = w().contentOf(first);
        QVERIFY(w().item(QStringLiteral("emptyState")));
        QVERIFY(w().click(QStringLiteral("pickButton")));
        QFileDialog *dialog = nullptr;
        QTRY_VERIFY((dialog = openDialog()));
        QCOMPARE(dialog->windowTitle(), QStringLiteral("Pick photos"));
        dialog->setDirectory(QString::fromStdString(w().pictures().native()));
        auto *files = dialog->findChild<QListView *>(QStringLiteral("listView"));
        QVERIFY(files);
        QTRY_COMPARE(files->model()->rowCount(files->rootIndex()), 3);
        for (const QString &name : {QStringLiteral("first.jpg"), QStringLiteral("second.jpg")}) {
            const auto found = files->model()->match(files->model()->index(0, 0, files->rootIndex()), Qt::DisplayRole,
                                                     name, 1, Qt::MatchExactly);
            QCOMPARE(found.size(), 1);
            QTest::mouseClick(files->viewport(), Qt::LeftButton, Qt::ControlModifier,
                              files->visualRect(found.constFirst()).center());
        }
        QTest::keyClick(files, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Uploaded, 2), 30'000);
        QVERIFY(!openDialog());
        verifyArrived();
        QVERIFY2(w().contentOf(first) == original, "the original is as it was");
        QVERIFY(!w().item(QStringLiteral("emptyState")));
        QTRY_VERIFY(w().row(QStringLiteral("first.jpg")));
        QVERIFY(w().row(QStringLiteral("second.jpg")));
        QVERIFY(!w().row(QStringLiteral("third.jpg")));
    }

    void aFolderIsPickedByKeyboardAlone()
    {
        w().makePhoto("one.jpg");
        w().makePhoto("two.jpg");
        w().press(Qt::Key_O, Qt::ControlModifier | Qt::ShiftModifier);
        QFileDialog *dialog = nullptr;
        QTRY_VERIFY((dialog = openDialog()));
        QCOMPARE(dialog->fileMode(), QFileDialog::Directory);
        auto *name = dialog->findChild<QLineEdit *>(QStringLiteral("fileNameEdit"));
        QVERIFY(name);
        name->selectAll();
        QTest::keyClicks(name, QString::fromStdString(w().pictures().native()));
        QTest::keyClick(name, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Uploaded, 2), 30'000);
        verifyArrived();
    }

    void aDroppedFolderIsSearchedAndShownWithThumbnails()
    {
        std::filesystem::create_directories(w().pictures() / "a" / "b");
        w().makePhoto("one.jpg");
        w().makePhoto("a/two.jpg");
        w().makePhoto("a/b/three.JPG");
        w().write("notes.txt", "not a picture");

        QVERIFY(w().drop({w().pictures()},
                         [this] { return w().item(QStringLiteral("dropArea"))->property("containsDrag").toBool(); }));

        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Uploaded, 3), 30'000);
        verifyArrived();
        for (const char *name : {"one.jpg", "two.jpg", "three.JPG"}) {
            QQuickItem *row = nullptr;
            QTRY_VERIFY((row = w().row(QString::fromLatin1(name))));
            QQuickItem *picture = nullptr;
            for (QQuickItem *child : row->findChildren<QQuickItem *>()) {
                if (child->inherits("QQuickImage") && child->property("source").toString().contains("thumbnails"))
                    picture = child;
            }
            QVERIFY(picture);
            constexpr int ready = 1; // Image.Ready
            QTRY_COMPARE_WITH_TIMEOUT(picture->property("status").toInt(), ready, 20'000);
        }
    }

    void filesAndAPictureArePasted()
    {
        const auto path = w().makePhoto("copied.jpg");
        auto *files = new QMimeData;
        files->setUrls(w().urlsOf({path}));
        QGuiApplication::clipboard()->setMimeData(files);
        w().press(Qt::Key_V, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Uploaded, 1), 30'000);

        QImage image(320, 200, QImage::Format_RGB32);
        image.fill(Qt::darkCyan);
        QGuiApplication::clipboard()->setImage(image);
        QVERIFY(w().click(QStringLiteral("pasteButton")));
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Uploaded, 2), 30'000);
        const ui::PhotoRow &pasted = w().photos().at(1);
        QVERIFY(pasted.name.startsWith(QStringLiteral("Pasted")));
        QCOMPARE(pasted.originalSize, QSize(320, 200));
        QVERIFY(!w().contentOf(w().application().bridge().resultOf(pasted.id)).empty());
    }

    void pauseHoldsAndResumeGoesOn()
    {
        const auto a = w().makePhoto("a.jpg"), b = w().makePhoto("b.jpg");
        w().press(Qt::Key_P, Qt::ControlModifier);
        QTRY_VERIFY(w().session().paused());
        w().session().pick(w().urlsOf({a, b}));
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Queued, 2), 20'000);
        QTRY_COMPARE(w().textOf(QStringLiteral("overallText")), QStringLiteral("Paused, 2 to go"));
        QTRY_COMPARE(w().textOf(QStringLiteral("pauseButton")), QStringLiteral("Resume"));
        QVERIFY(w().click(QStringLiteral("pauseButton")));
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Uploaded, 2), 30'000);
        QTRY_COMPARE(w().textOf(QStringLiteral("overallText")), QStringLiteral("2 photos uploaded"));
        verifyArrived();
    }

    void cancelRetryAndRemoveOnTheRow()
    {
        const auto a = w().makePhoto("a.jpg"), b = w().makePhoto("b.jpg");
        w().session().togglePause();
        w().session().pick(w().urlsOf({a, b}));
        QTRY_VERIFY(w().row(QStringLiteral("a.jpg")));
        QTRY_VERIFY(w().item(QStringLiteral("rowCancel"), w().row(QStringLiteral("a.jpg"))));
        QVERIFY(w().click(QStringLiteral("rowCancel"), w().row(QStringLiteral("a.jpg"))));
        QTRY_COMPARE(w().photos().countIn(PhotoState::Cancelled), 1);
        QCOMPARE(w().photo(QStringLiteral("a.jpg"))->state, PhotoState::Cancelled);
        w().session().togglePause();
        QTRY_COMPARE_WITH_TIMEOUT(w().photos().countIn(PhotoState::Uploaded), 1, 30'000);
        QCOMPARE(w().photo(QStringLiteral("a.jpg"))->state, PhotoState::Cancelled);

        QTRY_VERIFY(w().item(QStringLiteral("rowRetry"), w().row(QStringLiteral("a.jpg"))));
        QVERIFY(w().click(QStringLiteral("rowRetry"), w().row(QStringLiteral("a.jpg"))));
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Uploaded, 2), 30'000);
        verifyArrived();

        const auto result = w().application().bridge().resultOf(w().photo(QStringLiteral("b.jpg"))->id);
        QTRY_VERIFY(w().item(QStringLiteral("rowRemove"), w().row(QStringLiteral("b.jpg"))));
        QVERIFY(w().click(QStringLiteral("rowRemove"), w().row(QStringLiteral("b.jpg"))));
        QTRY_COMPARE(w().photos().count(), 1);
        QVERIFY(!w().photo(QStringLiteral("b.jpg")));
        QVERIFY2(std::filesystem::exists(b), "removing from the list touches no original");
        QVERIFY2(std::filesystem::exists(result), "nor a result");
    }

    void theMenuPausesOneAndPutsAnotherFirst()
    {
        std::vector<std::filesystem::path> paths;
        for (const char *name : {"a.jpg", "b.jpg", "c.jpg"})
            paths.push_back(w().makePhoto(name));
        w().session().togglePause();
        w().session().pick(w().urlsOf(paths));
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Queued, 3), 20'000);
        QQuickItem *list = w().item(QStringLiteral("photoList"));
        list->forceActiveFocus(Qt::TabFocusReason);
        // By keyboard alone: the menu of the row, and down to what it is to do.
        const auto fromTheMenu = [&](int row, const QString &entry) {
            list->setProperty("currentIndex", row);
            QMetaObject::invokeMethod(list, "select", Q_ARG(int, row), Q_ARG(int, 0));
            w().press(Qt::Key_Menu);
            QTRY_VERIFY(w().item(entry));
            for (int downs = 0; downs < 12 && !w().item(entry)->hasActiveFocus(); ++downs)
                w().press(Qt::Key_Down);
            QVERIFY(w().item(entry)->hasActiveFocus());
            w().press(Qt::Key_Return);
            QTRY_VERIFY(!w().item(entry));
        };
        fromTheMenu(0, QStringLiteral("menuPause"));
        QTRY_VERIFY(w().photo(QStringLiteral("a.jpg"))->message.contains("Paused"));
        const auto idOfC = w().photo(QStringLiteral("c.jpg"))->id;
        QSignalSpy prioritized(&w().session(), &ui::Session::priorityWanted);
        fromTheMenu(2, QStringLiteral("menuFirst"));
        QCOMPARE(prioritized, (QList<QVariantList>{{QVariant::fromValue(QList<qint64>{idOfC}), 1}}));
        w().session().togglePause();
        QTRY_COMPARE_WITH_TIMEOUT(w().photos().countIn(PhotoState::Uploaded), 2, 30'000);
        QCOMPARE(w().photo(QStringLiteral("a.jpg"))->state, PhotoState::Queued);
        fromTheMenu(0, QStringLiteral("menuGoOn"));
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Uploaded, 3), 30'000);
        verifyArrived();

        // What was deleted there is sent once more.
        const auto received = w().received(QStringLiteral("b.jpg"));
        std::filesystem::remove(received);
        fromTheMenu(1, QStringLiteral("menuAgain"));
        QTRY_VERIFY_WITH_TIMEOUT(std::filesystem::exists(received) && w().allAre(PhotoState::Uploaded, 3), 30'000);
        verifyArrived();
    }

    void cancelAllAndRetryFailedFromTheBar()
    {
        w().session().togglePause();
        std::vector<std::filesystem::path> paths;
        for (int i = 0; i < 5; ++i)
            paths.push_back(w().makePhoto("p" + std::to_string(i) + ".jpg"));
        paths.push_back(w().write("broken.jpg", "nothing of a picture"));
        w().session().pick(w().urlsOf(paths));
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Queued, 6), 20'000);
        QTRY_VERIFY(w().item(QStringLiteral("cancelAllButton")));
        QVERIFY(w().click(QStringLiteral("cancelAllButton")));
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Cancelled, 6), 20'000);
        QTRY_COMPARE(w().textOf(QStringLiteral("overallText")), QStringLiteral("Paused, 0 to go"));
        w().session().togglePause();
        QTRY_COMPARE(w().textOf(QStringLiteral("overallText")), QStringLiteral("Done, 6 left out"));

        w().session().retry(static_cast<double>(w().photo(QStringLiteral("broken.jpg"))->id));
        QTRY_COMPARE_WITH_TIMEOUT(w().photos().countIn(PhotoState::Failed), 1, 20'000);
        // The person mends the file and tries again.
        w().makePhoto("broken.jpg");
        QTRY_VERIFY(w().item(QStringLiteral("retryFailedButton")));
        QVERIFY(w().click(QStringLiteral("retryFailedButton")));
        QTRY_COMPARE_WITH_TIMEOUT(w().photos().countIn(PhotoState::Uploaded), 1, 30'000);
        QTRY_COMPARE(w().photo(QStringLiteral("broken.jpg"))->state, PhotoState::Uploaded);
        QTRY_VERIFY(w().item(QStringLiteral("retryCancelledButton")));
        QVERIFY(w().click(QStringLiteral("retryCancelledButton")));
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Uploaded, 6), 30'000);
    }

    void theListIsUsedByKeyboardAlone()
    {
        std::vector<std::filesystem::path> paths;
        for (int i = 0; i < 4; ++i)
            paths.push_back(w().makePhoto("k" + std::to_string(i) + ".jpg"));
        w().session().pick(w().urlsOf(paths));
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Uploaded, 4), 30'000);
        QQuickItem *list = w().item(QStringLiteral("photoList"));
        QVERIFY(list);
        for (int tabs = 0; tabs < 30 && !list->hasActiveFocus(); ++tabs)
            w().press(Qt::Key_Tab);
        QVERIFY2(list->hasActiveFocus(), "the tabulator reaches the list");
        w().press(Qt::Key_Home);
        w().press(Qt::Key_Down, Qt::ShiftModifier);
        QTRY_COMPARE(list->property("selectedCount").toInt(), 2);
        w().press(Qt::Key_Delete);
        QTRY_COMPARE_WITH_TIMEOUT(w().photos().count(), 2, 20'000);
        QVERIFY(w().photo(QStringLiteral("k2.jpg")) && w().photo(QStringLiteral("k3.jpg")));
        w().press(Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(list->property("selectedCount").toInt(), 2);
        w().press(Qt::Key_Delete);
        QTRY_COMPARE_WITH_TIMEOUT(w().photos().count(), 0, 20'000);
    }

    void rowsAreSelectedByMouse()
    {
        std::vector<std::filesystem::path> paths;
        for (int i = 0; i < 4; ++i)
            paths.push_back(w().makePhoto("m" + std::to_string(i) + ".jpg"));
        w().session().pick(w().urlsOf(paths));
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Uploaded, 4), 30'000);
        QQuickItem *list = w().item(QStringLiteral("photoList"));
        const auto selected = [list] { return list->property("selectedCount").toInt(); };
        QVERIFY(w().clickOn(w().row(QStringLiteral("m0.jpg")), {}, {200, 20}));
        QTRY_COMPARE(selected(), 1);
        QVERIFY(list->hasActiveFocus());
        QVERIFY(w().clickOn(w().row(QStringLiteral("m3.jpg")), Qt::ControlModifier, {200, 20}));
        QTRY_COMPARE(selected(), 2);
        QVERIFY(w().clickOn(w().row(QStringLiteral("m1.jpg")), {}, {200, 20}));
        QTRY_COMPARE(selected(), 1);
        QVERIFY(w().clickOn(w().row(QStringLiteral("m3.jpg")), Qt::ShiftModifier, {200, 20}));
        QTRY_COMPARE(selected(), 3);
        QVERIFY(w().click(QStringLiteral("removeSelectedButton")));
        QTRY_COMPARE_WITH_TIMEOUT(w().photos().count(), 1, 20'000);
        QVERIFY(w().photo(QStringLiteral("m0.jpg")));
    }

    void aKeyActsOnTheRowWithTheFocusWhenNoneIsSelected()
    {
        const auto a = w().makePhoto("a.jpg"), b = w().makePhoto("b.jpg");
        w().session().pick(w().urlsOf({a, b}));
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Uploaded, 2), 30'000);
        QQuickItem *list = w().item(QStringLiteral("photoList"));
        list->setProperty("currentIndex", 1);
        list->forceActiveFocus(Qt::TabFocusReason);
        QCOMPARE(list->property("selectedCount").toInt(), 0);
        w().press(Qt::Key_F10, Qt::ShiftModifier);
        QCOMPARE(list->property("selectedCount").toInt(), 1);
        w().press(Qt::Key_Escape);
        w().press(Qt::Key_Delete);
        QTRY_COMPARE_WITH_TIMEOUT(w().photos().count(), 1, 20'000);
        QVERIFY(w().photo(QStringLiteral("a.jpg")));
    }

    void theFiltersShowWhatTheySay()
    {
        const auto good = w().makePhoto("good.jpg"), bad = w().write("bad.jpg", "");
        w().session().pick(w().urlsOf({good, bad}));
        QTRY_VERIFY_WITH_TIMEOUT(w().noneIsLeft(2), 30'000);
        QVERIFY(w().click(QStringLiteral("filterFailed")));
        QTRY_VERIFY(w().row(QStringLiteral("bad.jpg")) && !w().row(QStringLiteral("good.jpg")));
        QVERIFY(w().click(QStringLiteral("filterDone")));
        QTRY_VERIFY(w().row(QStringLiteral("good.jpg")) && !w().row(QStringLiteral("bad.jpg")));
        QVERIFY(w().click(QStringLiteral("filterAll")));
        QTRY_VERIFY(w().row(QStringLiteral("good.jpg")) && w().row(QStringLiteral("bad.jpg")));
        QVERIFY(w().click(QStringLiteral("clearFinishedButton")));
        QTRY_COMPARE_WITH_TIMEOUT(w().photos().count(), 1, 20'000);
    }

    void settingsAreOfTheNextPhoto()
    {
        const auto path = w().makePhoto("large.jpg", 1600, 1200);
        auto &settings = w().application().settings();
        settings.setProperty("quality", 60);
        settings.setProperty("resize", ui::CompressionSettings::LongestSide);
        settings.setProperty("pixelWidth", 800);
        w().session().pick(w().urlsOf({path}));
        QTRY_VERIFY_WITH_TIMEOUT(w().allAre(PhotoState::Uploaded, 1), 30'000);
        QCOMPARE(w().photos().at(0).originalSize, QSize(1600, 1200));
        QCOMPARE(w().photos().at(0).resultSize, QSize(800, 600));
        const QImage received(QString::fromStdString(w().received(QStringLiteral("large.jpg")).native()));
        QCOMPARE(received.size(), QSize(800, 600));
        settings.setValues({});
    }
};

int main(int argc, char **argv)
{
    return runTest<PhotosTest>(argc, argv);
}
#include "photos_test.moc"
