#include "models/compression_settings.h"
#include "models/preview_model.h"

#include <QSignalSpy>
#include <QTest>

using namespace steadyframe::ui;

namespace {

QImage filled(QRgb colour)
{
    QImage image(4, 3, QImage::Format_RGB32);
    image.fill(colour);
    return image;
}
PicturePair pair(QRgb before, QRgb after)
{
    return {filled(before), filled(after)};
}

} // namespace

class PreviewModelTest : public QObject {
    Q_OBJECT

private slots:
    void picturesAreFoundUnderTheirAddresses()
    {
        PreviewModel model;
        PreviewProvider provider(model.pictures());
        const auto shown = [&](const QUrl &url) {
            QSize size;
            return provider.requestImage(url.path().mid(1), &size, {});
        };
        QVERIFY(model.before().isEmpty() && model.detailAfter().isEmpty());
        model.setPhoto(7, QStringLiteral("seven.jpg"));
        model.setPictures(pair(0xFF111111, 0xFF222222), {40, 30}, QStringLiteral("b"), QStringLiteral("a"), {});
        QCOMPARE(model.state(), PreviewModel::Ready);
        QCOMPARE(shown(model.before()), filled(0xFF111111));
        QCOMPARE(shown(model.after()), filled(0xFF222222));
        const QUrl old = model.after();
        model.setPictures(pair(0xFF333333, 0xFF444444), {40, 30}, {}, {}, {});
        QVERIFY(model.after() != old);
        QCOMPARE(shown(model.after()), filled(0xFF444444));
        // A view may still ask for the one before, but not for what came before that.
        QCOMPARE(shown(old), filled(0xFF222222));
        model.setPictures(pair(0xFF555555, 0xFF666666), {40, 30}, {}, {}, {});
        QVERIFY(shown(old).isNull());
    }

    void aNewPictureHasNoDetailYet()
    {
        PreviewModel model;
        model.setPictures(pair(1, 2), {40, 30}, {}, {}, {});
        model.setDetail({1, 2, 3, 4}, pair(3, 4));
        QCOMPARE(model.detail(), QRectF(1, 2, 3, 4));
        QVERIFY(!model.detailBefore().isEmpty());
        model.setPictures(pair(5, 6), {40, 30}, {}, {}, {});
        QVERIFY(model.detail().isEmpty() && model.detailBefore().isEmpty());
    }

    void anotherPhotoShowsNothingOfTheOneBefore()
    {
        PreviewModel model;
        model.setPhoto(1, QStringLiteral("one"));
        model.setPictures(pair(1, 2), {40, 30}, QStringLiteral("b"), QStringLiteral("a"), QStringLiteral("note"));
        model.setPhoto(2, QStringLiteral("two"));
        QCOMPARE(model.state(), PreviewModel::Empty);
        QVERIFY(model.before().isEmpty() && model.beforeText().isEmpty() && model.message().isEmpty());
        QCOMPARE(model.pixels(), QSize());
    }

    void whatIsShownStaysWhileTheNextIsMade()
    {
        PreviewModel model;
        model.setBusy();
        QCOMPARE(model.state(), PreviewModel::Rendering);
        model.setPictures(pair(1, 2), {40, 30}, {}, {}, {});
        model.setBusy();
        QCOMPARE(model.state(), PreviewModel::Ready);
        QVERIFY(model.busy());
        model.setFailed(QStringLiteral("why"));
        QCOMPARE(model.state(), PreviewModel::Failed);
        QVERIFY(!model.busy());
        QCOMPARE(model.message(), QStringLiteral("why"));
    }

    void settingsTellOfRealChangesOnly()
    {
        CompressionSettings settings;
        QSignalSpy changed(&settings, &CompressionSettings::changed);
        settings.setProperty("quality", 80);
        QCOMPARE(changed.count(), 0);
        settings.setProperty("quality", 70);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(settings.values().quality, 70);
        CompressionValues values = settings.values();
        settings.setValues(values);
        QCOMPARE(changed.count(), 1);
        values.keepGps = false;
        settings.setValues(values);
        QCOMPARE(changed.count(), 2);
        QVERIFY(!settings.property("keepGps").toBool());
    }
};

QTEST_MAIN(PreviewModelTest)
#include "preview_model_test.moc"
