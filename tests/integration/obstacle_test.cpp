// When the application's own folder can't be used, that is said as long as it is so, and nothing is swallowed.
#include "composition/application.h"

#include <QGuiApplication>
#include <QQuickItem>
#include <QQuickStyle>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace steadyframe;

class ObstacleTest : public QObject {
    Q_OBJECT

private slots:
    void aFolderThatCannotBeUsedIsSaid()
    {
        QTemporaryDir folder;
        const std::filesystem::path root = folder.path().toStdString();
        std::ofstream(root / "file") << "not a folder";
        composition::AppFolders folders;
        folders.root = root / "file" / "data";
        composition::Application application(folders);
        QSignalSpy failed(&application, &composition::Application::failed);
        QVERIFY(application.start());
        QVERIFY(failed.wait(20'000));
        const QString reason = application.session().obstacle();
        QVERIFY(!reason.isEmpty());
        QVERIFY(QTest::qWaitForWindowExposed(application.window()));
        auto *banner = application.window()->findChild<QQuickItem *>(QStringLiteral("obstacle"));
        QVERIFY(banner && banner->isVisible());
        QCOMPARE(banner->property("text").toString(), reason);

        const QSignalSpy notice(&application.session(), &ui::Session::notice);
        application.pick({(root / "file").native()});
        QCOMPARE(notice.count(), 1);
        QVERIFY(notice[0][0].toString().contains(reason));
        application.shutDown();
        QVERIFY(!application.hung());
    }
};

int main(int argc, char **argv)
{
    QQuickStyle::setStyle(QStringLiteral("Basic"));
    QGuiApplication qt(argc, argv);
    ObstacleTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "obstacle_test.moc"
