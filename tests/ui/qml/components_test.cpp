#include <QQmlEngine>
#include <QQuickStyle>
#include <QtQml/qqmlextensionplugin.h>
#include <QtQuickTest/quicktest.h>

Q_IMPORT_QML_PLUGIN(JankMonitorPlugin)
Q_IMPORT_QML_PLUGIN(SteadyframePlugin)
Q_IMPORT_QML_PLUGIN(Steadyframe_FeedPlugin)
Q_IMPORT_QML_PLUGIN(Steadyframe_ModelsPlugin)

class Setup : public QObject {
    Q_OBJECT

public slots:
    void applicationAvailable() { QQuickStyle::setStyle(QStringLiteral("Basic")); }
    void qmlEngineAvailable(QQmlEngine *engine) { engine->addImportPath(QStringLiteral("qrc:/qt/qml")); }
};

QUICK_TEST_MAIN_WITH_SETUP(components, Setup)
#include "components_test.moc"
