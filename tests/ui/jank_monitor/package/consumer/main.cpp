#include <jank_monitor/jank_monitor.h>

#include <QtGui/qguiapplication.h>
#include <QtQml/qqmlapplicationengine.h>
#include <QtQml/qqmlextensionplugin.h>

#include <cstdio>

Q_IMPORT_QML_PLUGIN(JankMonitorPlugin)

int main(int argc, char **argv)
{
    QGuiApplication application(argc, argv);
    QQmlApplicationEngine engine;
    engine.load(QUrl(QStringLiteral("qrc:/qt/qml/Consumer/Main.qml")));
    if (engine.rootObjects().isEmpty())
        return 1;
    const auto *root = engine.rootObjects().constFirst();
    const auto *monitor = root->findChild<jank::JankMonitor *>(QStringLiteral("monitor"));
    if (!monitor || !monitor->isEnabled() || monitor->window() != root
        || !root->findChild<QObject *>(QStringLiteral("overlay")))
        return 2;
    std::printf("the overlay watches 1 window\n");
    return 0;
}
