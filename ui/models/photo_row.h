#pragma once

#include <QMetaType>
#include <QObject>
#include <QSize>
#include <QString>
#include <QtQml/qqmlregistration.h>

namespace steadyframe::ui {
Q_NAMESPACE
QML_NAMED_ELEMENT(Photo)

/// How far a photo has come.
enum class PhotoState { Queued, Compressing, Compressed, Uploading, Uploaded, Failed, Cancelled };
Q_ENUM_NS(PhotoState)

/// Whether nothing more will happen to it by itself.
[[nodiscard]] constexpr bool isFinal(PhotoState state)
{
    return state >= PhotoState::Uploaded;
}

/// One photo as the list shows it. Sizes in bytes are -1 while they are not known.
struct PhotoRow {
    qint64 id = 0;
    QString name;
    QString folder;
    PhotoState state = PhotoState::Queued;
    qint64 originalBytes = -1;
    qint64 resultBytes = -1;
    QSize originalSize; ///< pixels; empty while it is not known
    QSize resultSize;
    double progress = 0; ///< 0 to 1: of the compression, or what the server acknowledged
    QString message; ///< why it failed, or what it waits for
    QString note; ///< what is to be known of its result

    bool operator==(const PhotoRow &) const = default;
};

/// A number of bytes as people read it: "3.4 MB"; empty for a negative one. @thread any
[[nodiscard]] QString readableBytes(double bytes);
/// A duration as people read it: "about 2 minutes"; empty for a negative one. @thread any
[[nodiscard]] QString readableDuration(double seconds);

} // namespace steadyframe::ui
