#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace steadyframe::upload {

/// The text of the first element of this name, without what XML escapes; nothing when there is none. Enough for the
/// flat answers of S3. @thread any
[[nodiscard]] std::optional<std::string> elementText(std::string_view xml, std::string_view name);

/// The insides of all elements of this name, in their order. @thread any
[[nodiscard]] std::vector<std::string_view> elements(std::string_view xml, std::string_view name);

/// The same text within XML. @thread any
[[nodiscard]] std::string escapedForXml(std::string_view text);

} // namespace steadyframe::upload
