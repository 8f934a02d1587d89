// Everything that is no photo fails on its own row, with a message, while the others go on; and very much at once.
#include "application_world.h"

#include <unistd.h>

using namespace steadyframe;
using namespace steadyframe::tests;
using ui::PhotoState;

class BadInputTest : public QObject {
    Q_OBJECT

    std::unique_ptr<ApplicationWorld> m_world;
    ApplicationWorld &w() { return *m_world; }

private slots:
    void initTestCase() { m_world = std::make_unique<ApplicationWorld>(); }
    void cleanupTestCase() { m_world.reset(); }
    void cleanup() { w().clear(); }

    void eachFailsOnItsOwnRowWhileTheOthersGoOn()
    {
        const auto good = w().makePhoto("good.jpg");
        const std::string bytes = w().contentOf(good);
        // 65,500 by 65,500 pixels in a few bytes: a start, a frame header, and nothing behind it.
        const std::string huge("\xFF\xD8\xFF\xC0\x00\x11\x08\xFF\xDC\xFF\xDC\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
                               "\xFF\xDA\x00\x0C\x03\x01\x00\x02\x11\x03\x11\x00\x3F\x00\xFF\xD9",
                               37);
        const auto folder = w().pictures() / "folder.jpg";
        std::filesystem::create_directories(folder);
        std::vector<std::filesystem::path> paths{w().write("empty.jpg", ""),
                                                 w().write("text.jpg", "This is not a photograph.\n"),
                                                 w().write("truncated.jpg", bytes.substr(0, bytes.size() / 2)),
                                                 w().pictures() / "gone.jpg",
                                                 folder,
                                                 w().write("huge.jpg", huge),
                                                 good};
        QStringList failing{"empty.jpg", "text.jpg", "gone.jpg", "folder.jpg", "huge.jpg"};
        if (::geteuid() != 0) { // for root there is no file without permission
            paths.push_back(w().write("secret.jpg", bytes));
            std::filesystem::permissions(paths.back(), std::filesystem::perms::none);
            failing.append(QStringLiteral("secret.jpg"));
        }
        w().session().pick(w().urlsOf(paths));
        // One from the command line, in bytes, and one from a drop.
        w().application().pick({w().write("latin\xE9.jpg", bytes).native()});
        w().write("dropped\xE9.jpg", bytes);
        w().session().pick(
            {QUrl::fromEncoded("file://" + QByteArray::fromStdString(w().pictures().native()) + "/dropped%E9.jpg")});

        const auto count = static_cast<int>(paths.size()) + 2;
        QTRY_VERIFY_WITH_TIMEOUT(w().noneIsLeft(count), 60'000);
        QSet<QString> messages;
        for (const QString &name : failing) {
            const ui::PhotoRow *photo = w().photo(name);
            QVERIFY2(photo, qPrintable(name));
            QCOMPARE(photo->state, PhotoState::Failed);
            QVERIFY2(photo->message.size() > 10, qPrintable(name));
            QVERIFY2(!messages.contains(photo->message), qPrintable(photo->message));
            messages.insert(photo->message);
            qInfo("%s: %s", qPrintable(name), qPrintable(photo->message));
        }
        QCOMPARE(w().photos().countIn(PhotoState::Uploaded), 4);
        QCOMPARE(w().photo(QStringLiteral("good.jpg"))->state, PhotoState::Uploaded);
        QVERIFY(w().photo(QStringLiteral("good.jpg"))->note.isEmpty());
        QVERIFY2(!w().photo(QStringLiteral("truncated.jpg"))->note.isEmpty(), "what could be saved is told");

        // On the row a person reads it.
        QQuickItem *row = nullptr;
        QTRY_VERIFY((row = w().row(QStringLiteral("empty.jpg"))));
        bool read = false;
        for (QQuickItem *child : row->findChildren<QQuickItem *>())
            read |= child->isVisible() && child->property("text") == w().photo(QStringLiteral("empty.jpg"))->message;
        QVERIFY(read);
    }

    void tenThousandAtOnceComeInBoundedSteps()
    {
        for (int i = 0; i < 10'000; ++i)
            w().write("many-" + std::to_string(i) + ".jpg", "x");
        w().session().togglePause();
        QTRY_VERIFY(w().session().paused());
        const QSignalSpy inserted(&w().photos(), &QAbstractItemModel::rowsInserted);
        qint64 turns = 0;
        QTimer turn;
        connect(&turn, &QTimer::timeout, this, [&turns] { ++turns; });
        turn.start(0);
        std::vector<std::string> paths;
        for (int i = 0; i < 10'000; ++i)
            paths.push_back((w().pictures() / ("many-" + std::to_string(i) + ".jpg")).native());
        w().application().pick(paths);
        QTRY_COMPARE_WITH_TIMEOUT(w().photos().count(), 10'000, 60'000);
        for (const auto &insertion : inserted)
            QVERIFY(insertion[2].toInt() - insertion[1].toInt() < static_cast<int>(pipeline::mostPhotosInUpdate));
        QVERIFY2(turns > inserted.count(), "the event loop turned between the steps");
        QQuickItem *list = w().item(QStringLiteral("photoList"));
        const auto delegates = list->property("contentItem").value<QQuickItem *>()->childItems().size();
        QVERIFY2(delegates < 60, "only what is seen is made");
        QTRY_COMPARE(w().textOf(QStringLiteral("overallText")), QStringLiteral("Paused, 10000 to go"));
    }

    void aPlaceThatIsNotOnThisMachineIsSaid()
    {
        const QSignalSpy notice(&w().session(), &ui::Session::notice);
        w().session().pick({QUrl(QStringLiteral("smb://server/photo.jpg"))});
        QCOMPARE(notice.count(), 1);
        QVERIFY(notice[0][0].toString().contains(QStringLiteral("smb://server/photo.jpg")));
        QCOMPARE(w().photos().count(), 0);
    }
};

int main(int argc, char **argv)
{
    return runTest<BadInputTest>(argc, argv);
}
#include "bad_input_test.moc"
