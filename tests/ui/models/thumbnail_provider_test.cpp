#include "models/thumbnail_provider.h"

#include <QSignalSpy>
#include <QTest>

using namespace steadyframe::ui;

namespace {

QImage picture(QColor color)
{
    QImage image(16, 12, QImage::Format_RGB32);
    image.fill(color);
    return image;
}

} // namespace

class ThumbnailProviderTest : public QObject {
    Q_OBJECT

    using Response = std::unique_ptr<QQuickImageResponse>;
    static Response ask(ThumbnailProvider &provider, int id, QSize size = {64, 48})
    {
        return Response(provider.requestImageResponse(QString::number(id), size));
    }
    static QColor colorOf(const Response &response)
    {
        const std::unique_ptr<QQuickTextureFactory> texture(response->textureFactory());
        return texture ? texture->image().pixelColor(0, 0) : QColor();
    }

private slots:
    void oneIsMadeForAllWhoWait()
    {
        ThumbnailProvider provider;
        QSignalSpy wanted(provider.requests(), &ThumbnailRequests::wanted);
        const Response first = ask(provider, 5), second = ask(provider, 5);
        const QSignalSpy firstFinished(first.get(), &QQuickImageResponse::finished);
        const QSignalSpy secondFinished(second.get(), &QQuickImageResponse::finished);
        QTRY_COMPARE(wanted.count(), 1);
        QCOMPARE(wanted[0][0].toLongLong(), 5);
        QCOMPARE(wanted[0][1].toInt(), 64);
        provider.requests()->deliver(5, picture(Qt::red));
        QCOMPARE(firstFinished.count(), 1);
        QCOMPARE(secondFinished.count(), 1);
        QCOMPARE(colorOf(first), QColor(Qt::red));
        QCOMPARE(colorOf(second), QColor(Qt::red));
    }

    void whatWasMadeIsKept()
    {
        ThumbnailProvider provider;
        QSignalSpy wanted(provider.requests(), &ThumbnailRequests::wanted);
        provider.requests()->deliver(7, picture(Qt::blue));
        const Response response = ask(provider, 7);
        QSignalSpy finished(response.get(), &QQuickImageResponse::finished);
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(colorOf(response), QColor(Qt::blue));
        QCOMPARE(wanted.count(), 0);
    }

    void aFailureIsToldAndTriedAgainTheNextTime()
    {
        ThumbnailProvider provider;
        QSignalSpy wanted(provider.requests(), &ThumbnailRequests::wanted);
        const Response response = ask(provider, 7);
        const QSignalSpy finished(response.get(), &QQuickImageResponse::finished);
        QTRY_COMPARE(wanted.count(), 1);
        provider.requests()->failed(7);
        QCOMPARE(finished.count(), 1);
        QVERIFY(!response->textureFactory());
        const Response again = ask(provider, 7);
        QTRY_COMPARE(wanted.count(), 2);
    }

    void aCancelledOneIsNotWantedAndFinishes()
    {
        ThumbnailProvider provider;
        QSignalSpy wanted(provider.requests(), &ThumbnailRequests::wanted);
        QSignalSpy unwanted(provider.requests(), &ThumbnailRequests::unwanted);
        const Response first = ask(provider, 9), second = ask(provider, 9);
        QSignalSpy finished(first.get(), &QQuickImageResponse::finished);
        QTRY_COMPARE(wanted.count(), 1);
        first->cancel();
        QCOMPARE(finished.count(), 0); // Qt holds a lock while it cancels
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(unwanted.count(), 0); // the second still waits
        second->cancel();
        QTRY_COMPARE(unwanted.count(), 1);
        provider.requests()->deliver(9, picture(Qt::red));
        QCOMPARE(finished.count(), 1);
    }

    void aResponseMayOutliveTheProvider()
    {
        auto provider = std::make_unique<ThumbnailProvider>();
        const Response response = ask(*provider, 9);
        provider.reset();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        response->cancel();
        QVERIFY(!response->textureFactory());
    }
};

QTEST_MAIN(ThumbnailProviderTest)
#include "thumbnail_provider_test.moc"
