#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace steadyframe::upload {

/// An absolute http or https URL for a reference as RFC 3986 resolves it; nothing when there is none. @thread any
[[nodiscard]] std::optional<std::string> resolveUrl(const std::string &base, const std::string &reference);

/// True when scheme, host and port are the same. @thread any
[[nodiscard]] bool haveSameOrigin(const std::string &first, const std::string &second);

/// Path and query of an absolute URL. @thread any
[[nodiscard]] std::string pathAndQuery(const std::string &url);

/// With everything but letters, digits and `-._~` percent-encoded, slashes too; bytes as they are. @thread any
[[nodiscard]] std::string percentEncoded(std::string_view text);

/// A URL for something in a folder: the folder, one slash, and the name, encoded. @thread any
[[nodiscard]] std::string urlInFolder(const std::string &folder, std::string_view name);

/// True when the host is this very machine by the loopback address or `localhost`. @thread any
[[nodiscard]] bool isLoopback(const std::string &url);

} // namespace steadyframe::upload
