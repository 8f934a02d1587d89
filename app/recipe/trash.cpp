#include "recipe/trash.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>

namespace steadyframe::recipe {

isolate::Result<std::filesystem::path, std::string> moveToTrash(const std::filesystem::path &file)
{
    const QString name = QFile::decodeName(file.c_str());
    if (QFile::encodeName(name) != QByteArray(file.c_str()))
        return std::string("its name is not UTF-8. Rename it first.");
    // Where the trash of the person's home is; Qt makes the trash, but not this.
    QDir().mkpath(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation));
    QFile original(name);
    if (!original.moveToTrash())
        return (original.errorString() + QLatin1Char('.')).toStdString();
    // Where the system does not tell, nothing could be brought back from it.
    return std::filesystem::path(QFile::encodeName(original.fileName()).toStdString());
}

} // namespace steadyframe::recipe
