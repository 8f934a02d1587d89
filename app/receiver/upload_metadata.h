#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace steadyframe::receiver {

/// What the receiver uses of a tus `Upload-Metadata` header. Empty where the sender said nothing.
struct UploadMetadata {
    std::string fileName; ///< Bytes as sent: neither UTF-8 nor safe.
    std::string sha256; ///< Of the whole file; lower-case hexadecimal.
    std::string key; ///< Names this upload for its sender: a creation that is asked for again finds the first one.
};

/// Reads the header: pairs of a key and a base64 value, separated by commas. Nothing when it is malformed. @thread any
[[nodiscard]] std::optional<UploadMetadata> parseUploadMetadata(std::string_view header);

/// Nothing when the text is not base64 (RFC 4648, padded). @thread any
[[nodiscard]] std::optional<std::string> decodeBase64(std::string_view text);

} // namespace steadyframe::receiver
