#pragma once

#include "upload/target.h"

#include <QString>

#include <cstdint>
#include <filesystem>
#include <string>

namespace steadyframe::composition {

/// Where the person wants photos to go, and how; without the secret.
struct DestinationSettings {
    bool isReceiver = true; ///< The built-in one; the rest of the address does not count.
    upload::Protocol protocol = upload::Protocol::tus;
    std::string address;
    std::string user;
    std::string region;
    unsigned atOnce = 0; ///< Files; 0: found out by trying.
    std::uint64_t bytesPerSecond = 0; ///< 0: no limit.

    bool operator==(const DestinationSettings &) const = default;
};

/// What the file holds; what it started with when it is missing or damaged. @thread any; blocks on the disk
[[nodiscard]] DestinationSettings loadDestinationSettings(const std::filesystem::path &file);

/// Replaces the file as a whole. The problem as a sentence for the person; empty when there was none. @thread any;
/// blocks on the disk
[[nodiscard]] std::string saveDestinationSettings(const std::filesystem::path &file,
                                                  const DestinationSettings &settings);

/// The target for settings that are not the receiver's. Where there is no user, the secret is a token. @thread any
[[nodiscard]] upload::Target targetOf(const DestinationSettings &settings, const std::string &secret);

/// Why the settings can't be used, as a sentence for the person; empty when they can. @thread any
[[nodiscard]] std::string problemOf(const DestinationSettings &settings);

/// Under which a secret is kept: it belongs to one address and one user. @thread any
[[nodiscard]] QString secretKeyOf(const DestinationSettings &settings);

} // namespace steadyframe::composition
