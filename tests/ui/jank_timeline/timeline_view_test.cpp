#include "jank_monitor/jank_recording.h"
#include "jank_monitor/timeline_view.h"
#include "synthetic_recording.h"

#include <QtCore/qtemporarydir.h>
#include <QtCore/qurl.h>
#include <QtGui/qevent.h>
#include <QtGui/qguiapplication.h>
#include <QtQml/qqml.h>
#include <QtQml/qqmlengine.h>
#include <QtQml/qqmlextensionplugin.h>
#include <QtQuick/qquickwindow.h>
#include <QtQuickTest/quicktest.h>

Q_IMPORT_QML_PLUGIN(JankMonitorPlugin)

/// What the QML of the test can't make itself.
class Fixture : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    /// Shows a recording as one from a file; `missedShare` of its frames missed.
    Q_INVOKABLE void show(jank::JankRecording *recording, int frames, double missedShare)
    {
        const SyntheticRecording made{
            .frames = static_cast<std::size_t>(frames), .work = 2'000, .missedShare = missedShare};
        recording->show(std::make_shared<const jank::Trace>(made.trace()), jank::JankRecording::File,
                        QUrl::fromLocalFile(QStringLiteral("/made.json")));
    }
    /// Shows a recording as one that goes on, with the stacks of its stalls or before they are known.
    Q_INVOKABLE void showLive(jank::JankRecording *recording, bool stacks)
    {
        const SyntheticRecording made{.frames = 3'000, .work = 2'000, .missedShare = 0.05};
        jank::Trace trace = made.trace();
        for (std::size_t i = 0; !stacks && i < trace.stalls.size(); ++i)
            trace.stalls.change(i, [](jank::Stall &stall) { stall.stack.clear(); });
        recording->show(std::make_shared<const jank::Trace>(std::move(trace)), jank::JankRecording::Live);
    }
    /// Something happens elsewhere, and figures are refreshed as at a refresh of the monitor.
    Q_INVOKABLE void work(jank::JankMonitor *monitor)
    {
        const std::int64_t now = monitor->clock().now();
        monitor->workLog()->addWork(1, "worker", "job", now - 1'000'000, now);
        emit monitor->statisticsUpdated();
    }
    Q_INVOKABLE QUrl file(const QString &name) { return QUrl::fromLocalFile(m_folder.filePath(name)); }
    Q_INVOKABLE bool exists(const QUrl &file) { return QFile::exists(file.toLocalFile()); }
    Q_INVOKABLE void write(const QUrl &file, const QString &text)
    {
        QFile target(file.toLocalFile());
        if (target.open(QIODevice::WriteOnly))
            target.write(text.toUtf8());
    }
    /// The times shown: nanoseconds from the beginning of the recording.
    Q_INVOKABLE double timeAt(jank::TimelineView *view, double x)
    {
        const double share = (x - jank::TimelineLayout::Gutter) / (view->width() - jank::TimelineLayout::Gutter);
        return view->windowStart() + share * view->windowLength();
    }
    Q_INVOKABLE double gutter() { return jank::TimelineLayout::Gutter; }

private:
    QTemporaryDir m_folder;
};

class Setup : public QObject {
    Q_OBJECT

public slots:
    void qmlEngineAvailable(QQmlEngine *engine)
    {
        engine->addImportPath(QStringLiteral("qrc:/qt/qml"));
        qmlRegisterSingletonInstance("JankFixture", 1, 0, "Fixture", &m_fixture);
    }

private:
    Fixture m_fixture;
};

QUICK_TEST_MAIN_WITH_SETUP(timeline, Setup)
#include "timeline_view_test.moc"
