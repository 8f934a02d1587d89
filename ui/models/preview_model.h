#pragma once

#include <QImage>
#include <QMutex>
#include <QObject>
#include <QQuickImageProvider>
#include <QRect>
#include <QUrl>
#include <QtQml/qqmlregistration.h>

#include <memory>

namespace steadyframe::ui {

/// A picture before and after.
struct PicturePair {
    QImage before;
    QImage after;
};

/// Keeps the newest pictures of the preview under `image://preview/<kind>/<serial>`, and the ones before them for views
/// that have not changed over yet. @thread any
class PreviewPictures {
public:
    void put(const QString &kind, int serial, const PicturePair &pair);
    [[nodiscard]] QImage find(const QString &id) const;
    void clear();

private:
    mutable QMutex m_mutex; ///< guards all
    QMap<QString, QList<QPair<int, PicturePair>>> m_kept; ///< by kind; the last two
};

/// What views ask.
class PreviewProvider final : public QQuickImageProvider {
public:
    explicit PreviewProvider(std::shared_ptr<PreviewPictures> pictures);
    QImage requestImage(const QString &id, QSize *size, const QSize &requestedSize) override;

private:
    std::shared_ptr<PreviewPictures> m_pictures;
};

/// A photo before and after its compression, in the size of the result, as a view shows it: the whole picture, reduced
/// to a texture of bounded size, and over it the part that the person looks at, sharp. All members: @thread ui
class PreviewModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(double photoId READ photoId NOTIFY photoChanged FINAL)
    Q_PROPERTY(QString name READ name NOTIFY photoChanged FINAL)
    Q_PROPERTY(State state READ state NOTIFY stateChanged FINAL)
    /// Something newer than what is shown is being made.
    Q_PROPERTY(bool busy READ busy NOTIFY stateChanged FINAL)
    /// Why there is no picture, or what the person should know of the result.
    Q_PROPERTY(QString message READ message NOTIFY stateChanged FINAL)
    /// 0 to 1, of what is being made.
    Q_PROPERTY(double progress READ progress NOTIFY progressChanged FINAL)
    /// Of the result in pixels; the coordinates of `lookAt`. Zero while there is no picture.
    Q_PROPERTY(QSize pixels READ pixels NOTIFY picturesChanged FINAL)
    Q_PROPERTY(QString beforeText READ beforeText NOTIFY picturesChanged FINAL)
    Q_PROPERTY(QString afterText READ afterText NOTIFY picturesChanged FINAL)
    Q_PROPERTY(QUrl before READ before NOTIFY picturesChanged FINAL)
    Q_PROPERTY(QUrl after READ after NOTIFY picturesChanged FINAL)
    /// The part that is there in detail, in pixels of the result; empty while there is none.
    Q_PROPERTY(QRectF detail READ detail NOTIFY detailChanged FINAL)
    Q_PROPERTY(QUrl detailBefore READ detailBefore NOTIFY detailChanged FINAL)
    Q_PROPERTY(QUrl detailAfter READ detailAfter NOTIFY detailChanged FINAL)

public:
    enum State { Empty, Rendering, Ready, Failed };
    Q_ENUM(State)

    explicit PreviewModel(QObject *parent = nullptr);

    [[nodiscard]] double photoId() const { return static_cast<double>(m_photo); }
    [[nodiscard]] QString name() const { return m_name; }
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] bool busy() const { return m_busy; }
    [[nodiscard]] QString message() const { return m_message; }
    [[nodiscard]] double progress() const { return m_progress; }
    [[nodiscard]] QSize pixels() const { return m_pixels; }
    [[nodiscard]] QString beforeText() const { return m_beforeText; }
    [[nodiscard]] QString afterText() const { return m_afterText; }
    [[nodiscard]] QUrl before() const { return address(QStringLiteral("whole-before"), m_serial); }
    [[nodiscard]] QUrl after() const { return address(QStringLiteral("whole-after"), m_serial); }
    [[nodiscard]] QRectF detail() const { return m_detail; }
    [[nodiscard]] QUrl detailBefore() const { return address(QStringLiteral("part-before"), m_detailSerial); }
    [[nodiscard]] QUrl detailAfter() const { return address(QStringLiteral("part-after"), m_detailSerial); }
    [[nodiscard]] const std::shared_ptr<PreviewPictures> &pictures() const { return m_pictures; }

    // Facts.
    void setPhoto(qint64 id, const QString &name);
    void setBusy();
    void setProgress(double fraction);
    void setFailed(const QString &message);
    void setPictures(const PicturePair &whole, QSize pixels, const QString &before, const QString &after,
                     const QString &message);
    void setDetail(const QRectF &part, const PicturePair &pair);

    // Wishes.
    /// Compares this photo from now on.
    Q_INVOKABLE void show(double id) { emit wanted(static_cast<qint64>(id)); }
    /// The comparison is on the screen, or no longer.
    Q_INVOKABLE void setVisible(bool visible) { emit visibleChanged(visible); }
    /// The person looks at this part, in pixels of the result, drawn `scale` times as large.
    Q_INVOKABLE void lookAt(const QRectF &part, double scale) { emit lookedAt(part, scale); }

signals:
    void photoChanged();
    void stateChanged();
    void progressChanged();
    void picturesChanged();
    void detailChanged();
    void wanted(qint64 id);
    void visibleChanged(bool visible);
    void lookedAt(const QRectF &part, double scale);

private:
    static QUrl address(const QString &kind, int serial);

    std::shared_ptr<PreviewPictures> m_pictures = std::make_shared<PreviewPictures>();
    qint64 m_photo = -1;
    QString m_name;
    State m_state = Empty;
    bool m_busy = false;
    QString m_message;
    double m_progress = 0;
    QSize m_pixels;
    QString m_beforeText;
    QString m_afterText;
    QRectF m_detail;
    int m_serial = 0; ///< 0: none
    int m_detailSerial = 0;
};

} // namespace steadyframe::ui
