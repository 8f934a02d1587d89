#pragma once

#include <isolate_core/sendable.h>

#include <QImage>

#include <filesystem>
#include <string>

/// Copies share their pixels until one of them is written to.
template <>
struct isolate::IsSendableClass<QImage> : std::true_type {
};

namespace steadyframe::composition {

/// Writes a picture as PNG, and makes the folder for it when it is missing. Empty when it was written, else a sentence
/// for the person. Encoding takes longer than a frame, so run it in an isolate. @thread any
[[nodiscard]] std::string saveImage(QImage image, std::filesystem::path path);

} // namespace steadyframe::composition
