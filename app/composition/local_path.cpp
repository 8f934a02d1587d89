#include "composition/local_path.h"

namespace steadyframe::composition {

std::filesystem::path localPath(const QUrl &url)
{
    return QByteArray::fromPercentEncoding(url.path(QUrl::FullyEncoded).toLatin1()).toStdString();
}

QUrl localUrl(const std::filesystem::path &path)
{
    if (path.empty())
        return {};
    const QByteArray bytes(path.c_str());
    return QUrl::fromEncoded("file://" + bytes.toPercentEncoding("/"));
}

} // namespace steadyframe::composition
