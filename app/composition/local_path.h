#pragma once

#include <QUrl>

#include <filesystem>

namespace steadyframe::composition {

/// The bytes of a local file's path; empty of an empty address. Not by way of text: a name that is not UTF-8 would lose
/// bytes. @thread any
[[nodiscard]] std::filesystem::path localPath(const QUrl &url);
/// The other way, as faithfully. @thread any
[[nodiscard]] QUrl localUrl(const std::filesystem::path &path);

} // namespace steadyframe::composition
