#pragma once

#include "upload/encoding.h"
#include "upload/http_client.h"

#include <cstdint>
#include <optional>

namespace steadyframe::upload {

/// What a tus server says of itself in its answer to OPTIONS.
struct TusServerFeatures {
    bool speaksVersion1 = true;
    bool canCreate = true;
    bool canTerminate = true;
    std::optional<Hash::Algorithm> checksum; ///< The best one that both sides know, for `Upload-Checksum`.
    std::optional<std::uint64_t> maximumBytes; ///< Of one upload.

    /// A server that does not describe itself is taken to have creation and termination.
    [[nodiscard]] static TusServerFeatures of(const HttpResponse &response);
};

/// The name of the algorithm in `Upload-Checksum`.
[[nodiscard]] const char *checksumName(Hash::Algorithm algorithm);

} // namespace steadyframe::upload
