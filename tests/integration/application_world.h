#pragma once

#include "composition/application.h"
#include "imaging/photo_maker.h"

#include <QApplication>
#include <QDropEvent>
#include <QMimeData>
#include <QQuickItem>
#include <QQuickStyle>
#include <QQuickWindow>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <fstream>
#include <functional>
#include <vector>

namespace steadyframe::tests {

/// The whole application in a folder of its own, with its real isolates, library and receiver; there is one in a
/// process. What a person sees is looked up by object name, and clicked where it is drawn.
class ApplicationWorld {
public:
    /// `before` is done with its folders before it starts.
    explicit ApplicationWorld(const std::function<void(const composition::AppFolders &)> &before = {})
    {
        composition::AppFolders folders;
        folders.root = root() / "data";
        if (before)
            before(folders);
        m_application = std::make_unique<composition::Application>(folders);
        QSignalSpy ready(m_application.get(), &composition::Application::ready);
        if (!m_application->start() || !ready.wait(20'000))
            qFatal("the application did not start");
        if (!QTest::qWaitForWindowExposed(window()))
            qFatal("the window was not shown");
        // A tool tip would lie over the button beside it.
        window()->requestActivate();
    }
    ~ApplicationWorld()
    {
        m_application->shutDown();
        m_application.reset();
        std::filesystem::remove_all(root()); // Qt can't remove a name that is not UTF-8
    }

    [[nodiscard]] composition::Application &application() { return *m_application; }
    [[nodiscard]] QQuickWindow *window() { return m_application->window(); }
    [[nodiscard]] ui::PhotoListModel &photos() { return m_application->photos(); }
    [[nodiscard]] ui::Session &session() { return m_application->session(); }
    [[nodiscard]] std::filesystem::path root() const { return m_folder.path().toStdString(); }
    [[nodiscard]] std::filesystem::path pictures() const { return root() / "pictures"; }

    /// Each is another picture, unless a seed is given: the same content would not be uploaded twice.
    std::filesystem::path makePhoto(const std::string &name, int width = 640, int height = 480, unsigned seed = 0)
    {
        constexpr unsigned firstOfItsOwn = 1000;
        std::filesystem::create_directories(pictures());
        if (seed == 0)
            seed = firstOfItsOwn + m_photosMade++;
        if (const auto made = imaging::makePhoto(pictures() / name, width, height, seed); !made)
            qFatal("%s", made.error().message.c_str());
        return pictures() / name;
    }
    std::filesystem::path write(const std::string &name, const std::string &bytes)
    {
        std::filesystem::create_directories(pictures());
        std::ofstream(pictures() / name, std::ios::binary) << bytes;
        return pictures() / name;
    }
    static std::string contentOf(const std::filesystem::path &path)
    {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    static QList<QUrl> urlsOf(const std::vector<std::filesystem::path> &paths)
    {
        QList<QUrl> urls;
        for (const auto &path : paths)
            urls.append(QUrl::fromLocalFile(QFile::decodeName(path.c_str())));
        return urls;
    }
    /// Where the receiver keeps the result of a photo.
    [[nodiscard]] std::filesystem::path received(const QString &name) const
    {
        std::filesystem::path file = QFile::encodeName(name).toStdString();
        return m_application->folders().received() / file.replace_extension(".jpg");
    }

    /// The photo of a name, or null.
    [[nodiscard]] const ui::PhotoRow *photo(const QString &name)
    {
        for (int row = 0; row < photos().count(); ++row) {
            if (photos().at(row).name == name)
                return &photos().at(row);
        }
        return nullptr;
    }
    [[nodiscard]] bool allAre(ui::PhotoState state, int count)
    {
        return photos().count() == count && photos().countIn(state) == count;
    }
    [[nodiscard]] bool noneIsLeft(int count) { return photos().count() == count && session().left() == 0; }

    /// An item that is on the screen; null when there is none of that name.
    [[nodiscard]] QQuickItem *item(const QString &objectName, QQuickItem *in = nullptr)
    {
        QQuickItem *parent = in ? in : window()->contentItem();
        if (parent->objectName() == objectName && parent->isVisible())
            return parent;
        for (QQuickItem *child : parent->childItems()) {
            if (QQuickItem *found = child->isVisible() ? item(objectName, child) : nullptr)
                return found;
        }
        return nullptr;
    }
    /// The row of a photo, if it is on the screen.
    [[nodiscard]] QQuickItem *row(const QString &name)
    {
        QQuickItem *list = item(QStringLiteral("photoList"));
        if (!list)
            return nullptr;
        // Not by its children: rows that the list keeps to use again are among them.
        for (int i = 0; i < list->property("count").toInt(); ++i) {
            QQuickItem *row = nullptr;
            QMetaObject::invokeMethod(list, "itemAtIndex", Q_RETURN_ARG(QQuickItem *, row), Q_ARG(int, i));
            if (row && row->property("name").toString() == name)
                return row;
        }
        return nullptr;
    }
    /// Clicks into the middle of an item; false when it is not on the screen.
    bool click(const QString &objectName, QQuickItem *in = nullptr, Qt::KeyboardModifiers modifiers = {})
    {
        QQuickItem *found = item(objectName, in);
        return found && clickOn(found, modifiers);
    }
    bool clickOn(QQuickItem *target, Qt::KeyboardModifiers modifiers = {}, QPointF at = {-1, -1})
    {
        drawFrame(); // so that it lies where it is drawn
        const QPointF within = at.x() < 0 ? QPointF(target->width() / 2, target->height() / 2) : at;
        const QPoint where = target->mapToScene(within).toPoint();
        if (!QRect(QPoint(), window()->size()).contains(where))
            return false;
        QTest::mouseMove(window(), where);
        QTest::mouseClick(window(), Qt::LeftButton, modifiers, where);
        return true;
    }
    /// Drags files over the middle of the window and drops them; false when they are refused, or `over` says so of the
    /// window that has them over it.
    bool drop(
        const std::vector<std::filesystem::path> &paths, const std::function<bool()> &over = [] { return true; })
    {
        QMimeData data;
        data.setUrls(urlsOf(paths));
        const QPoint where(400, 400);
        QDragEnterEvent enter(where, Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(window(), &enter);
        if (!enter.isAccepted() || !over())
            return false;
        QDropEvent drop(where, Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(window(), &drop);
        return drop.isAccepted();
    }
    /// Draws, and waits until it is shown.
    void drawFrame()
    {
        QSignalSpy swapped(window(), &QQuickWindow::frameSwapped);
        window()->update();
        swapped.wait(10'000);
    }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(window(), key, modifiers); }
    [[nodiscard]] QString textOf(const QString &objectName)
    {
        QQuickItem *found = item(objectName);
        return found ? found->property("text").toString() : QString();
    }
    /// Empties the list, whatever state its photos are in; after a failure it is printed first.
    void clear()
    {
        if (QTest::currentTestFailed()) {
            for (int row = 0; row < photos().count(); ++row)
                qInfo() << photos().at(row).name
                        << photos().data(photos().index(row), ui::PhotoListModel::StateTextRole)
                        << photos().at(row).message;
            qInfo() << "left" << session().left() << "paused" << session().paused();
        }
        if (session().paused())
            session().togglePause();
        if (session().left() > 0)
            session().cancelAll();
        QTRY_VERIFY_WITH_TIMEOUT(session().left() == 0 && !session().paused(), 30'000);
        QList<double> ids;
        for (int row = 0; row < photos().count(); ++row)
            ids.append(static_cast<double>(photos().at(row).id));
        if (!ids.isEmpty())
            session().remove(ids);
        QTRY_COMPARE_WITH_TIMEOUT(photos().count(), 0, 30'000);
    }

private:
    QTemporaryDir m_folder;
    unsigned m_photosMade = 0;
    std::unique_ptr<composition::Application> m_application;
};

/// `main` of a test of the application. What Qt keeps for a person, the trash too, lies in a folder that goes.
template <class Test>
int runTest(int argc, char **argv)
{
    const QTemporaryDir home;
    for (const char *folder : {"DATA", "CONFIG", "CACHE"})
        qputenv((QByteArray("XDG_") + folder + "_HOME").constData(), QFile::encodeName(home.filePath(folder)));
    QQuickStyle::setStyle(QStringLiteral("Basic"));
    QGuiApplication::setApplicationName(QStringLiteral("steadyframe-test"));
    QApplication qt(argc, argv);
    Test test;
    return QTest::qExec(&test, argc, argv);
}

} // namespace steadyframe::tests
