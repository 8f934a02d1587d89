#include "models/photo_row.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace steadyframe::ui {

QString readableBytes(double bytes)
{
    if (bytes < 0)
        return {};
    return QLocale().formattedDataSize(static_cast<qint64>(bytes), bytes < 1e6 ? 0 : 1, QLocale::DataSizeSIFormat);
}

QString readableDuration(double seconds)
{
    if (seconds < 0)
        return {};
    const auto rounded = static_cast<int>(std::ceil(seconds));
    if (rounded < 60)
        return QCoreApplication::translate("Duration", "%1 s").arg(rounded);
    if (rounded < 3600)
        return QCoreApplication::translate("Duration", "%1 min %2 s").arg(rounded / 60).arg(rounded % 60);
    return QCoreApplication::translate("Duration", "%1 h %2 min").arg(rounded / 3600).arg(rounded % 3600 / 60);
}

} // namespace steadyframe::ui
