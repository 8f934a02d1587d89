#include "composition/renderer_choice.h"

#include <QQuickWindow>
#include <QtTest>

using namespace steadyframe::composition;

class RendererChoiceTest : public QObject {
    Q_OBJECT
private slots:
    void processorsAreToldFromGraphicsProcessors_data()
    {
        QTest::addColumn<QByteArray>("renderer");
        QTest::addColumn<bool>("processor");
        QTest::newRow("llvmpipe") << QByteArray("llvmpipe (LLVM 15.0.6, 256 bits)") << true;
        QTest::newRow("softpipe") << QByteArray("softpipe") << true;
        QTest::newRow("swrast") << QByteArray("Mesa swrast") << true;
        QTest::newRow("old Mesa") << QByteArray("Software Rasterizer") << true;
        QTest::newRow("Intel") << QByteArray("Mesa Intel(R) UHD Graphics 620 (KBL GT2)") << false;
        QTest::newRow("AMD") << QByteArray("AMD Radeon RX 6600 (navi23, LLVM 15.0.6, DRM 3.49)") << false;
        QTest::newRow("NVIDIA") << QByteArray("NVIDIA GeForce GTX 1650/PCIe/SSE2") << false;
        QTest::newRow("virgl") << QByteArray("virgl (AMD Radeon)") << false;
    }
    void processorsAreToldFromGraphicsProcessors()
    {
        QFETCH(const QByteArray, renderer);
        QFETCH(const bool, processor);
        QCOMPARE(drawsWithProcessor({renderer.data(), static_cast<std::size_t>(renderer.size())}), processor);
    }
    void aChoiceByTheEnvironmentStands()
    {
        qputenv("QT_QUICK_BACKEND", "rhi");
        chooseRenderer();
        QCOMPARE(QQuickWindow::sceneGraphBackend(), QString());
    }
    void withoutOpenGlTheSoftwareRendererDraws()
    {
        qunsetenv("QT_QUICK_BACKEND");
        // The minimal platform brings no OpenGL at all.
        QVERIFY(QGuiApplication::platformName() == QStringLiteral("minimal"));
        chooseRenderer();
        QCOMPARE(QQuickWindow::sceneGraphBackend(), QStringLiteral("software"));
    }
};

int main(int argc, char **argv)
{
    qputenv("QT_QPA_PLATFORM", "minimal");
    QGuiApplication application(argc, argv);
    RendererChoiceTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "renderer_choice_test.moc"
