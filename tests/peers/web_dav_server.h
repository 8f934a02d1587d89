#pragma once

#include <QProcess>
#include <QString>

namespace steadyframe::tests {

/// nginx with its WebDAV modules, in a process of its own, with a folder in which all it has to write lies. It serves
/// FOLDER/served: `/basic/` for person with the password secret, `/bearer/` for the token the-token; 1 MB a file.
/// @thread one
class WebDavServer {
public:
    /// Why it can't be run; empty when it can.
    [[nodiscard]] static QString whyNot();

    WebDavServer() = default;
    ~WebDavServer();

    /// Its port, once it takes connections; 0 when it did not come so far.
    [[nodiscard]] quint16 start(const QString &folder);

private:
    QProcess m_process;
};

} // namespace steadyframe::tests
