#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace steadyframe::receiver {

/// What is known of an upload from its creation on; kept in the journal, so that it survives a restart.
struct UploadRecord {
    std::uint64_t length = 0; ///< Bytes of the whole file.
    std::string safeName; ///< See `safeFileName`.
    std::string requestedName; ///< Bytes as the sender gave them.
    std::string sha256; ///< Lower-case hexadecimal, or empty.
    std::string key{}; ///< See `UploadMetadata::key`.
};

/// The largest text `recordText` makes of an acceptable record, in bytes.
inline constexpr std::size_t maximumRecordBytes = 64 * 1024;

/// The text of the file beside an upload.
[[nodiscard]] std::string recordText(const UploadRecord &record);

/// Nothing when the text is damaged or of another version.
[[nodiscard]] std::optional<UploadRecord> parseRecord(std::string_view text);

/// A whole decimal number without a sign; nothing when it is something else or too large.
[[nodiscard]] std::optional<std::uint64_t> parseNumber(std::string_view text);

} // namespace steadyframe::receiver
