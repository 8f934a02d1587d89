#include "feed_filler.h"

#include "models/compression_settings.h"
#include "models/preview_model.h"
#include "models/session.h"
#include "models/thumbnail_provider.h"

#include <QQmlContext>
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
    void qmlEngineAvailable(QQmlEngine *engine)
    {
        engine->addImportPath(QStringLiteral("qrc:/qt/qml"));
        // What only the application makes.
        engine->rootContext()->setContextProperty(QStringLiteral("compressionSettings"),
                                                  new steadyframe::ui::CompressionSettings(engine));
        engine->rootContext()->setContextProperty(QStringLiteral("previewModel"),
                                                  new steadyframe::ui::PreviewModel(engine));
        engine->rootContext()->setContextProperty(QStringLiteral("appSession"), new steadyframe::ui::Session(engine));
        engine->rootContext()->setContextProperty(QStringLiteral("feedFiller"),
                                                  new steadyframe::tests::FeedFiller(engine));
        engine->addImageProvider(QStringLiteral("feed"), new steadyframe::ui::ThumbnailProvider);
    }
};

QUICK_TEST_MAIN_WITH_SETUP(components, Setup)
#include "components_test.moc"
