#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace steadyframe::receiver {

/// A file that arrived completely, is flushed to the disk and has its final name.
struct StoredFile {
    std::filesystem::path path; ///< Where it is now.
    std::string requestedName; ///< The name the sender asked for, as bytes, before it was made safe; may be empty.
    std::uint64_t bytes = 0;
    std::string sha256; ///< Lower-case hexadecimal, checked against the bytes; empty when the sender declared none.
    std::string uploadId; ///< The last segment of the upload's URL.
};

/// How the receiver works. All of it is fixed at the start.
struct ReceiverOptions {
    std::filesystem::path folder; ///< Where files are stored; created when missing.
    std::uint16_t port = 0; ///< 0: any free one; see `Receiver::port`.
    bool keepsPort = false; ///< With port 0: the one of the last start on this folder, where that is free.
    std::string token; ///< The bearer token that requests must carry; empty: 128 random bits.
    std::uint64_t maximumBytes = std::uint64_t(64) << 30; ///< A larger upload is refused (413).
    std::uint64_t minimumFreeBytes = std::uint64_t(64) << 20; ///< Space that stays free on the disk (507).
    std::chrono::hours expireAfter{24 * 7}; ///< An unfinished upload that got nothing for so long is removed.
    unsigned maximumConnections = 64; ///< Connections served at once, a thread each; at least 1.
    std::chrono::seconds idleTimeout{60}; ///< A connection without a request is closed after this.
    int niceValue = 10; ///< Scheduling priority of the receiver's threads, as in nice(1); only on Linux.

    /// Told of each file once it is durable, before the sender is told. @thread a receiver thread, several at a time.
    std::function<void(const StoredFile &)> onStored;
};

} // namespace steadyframe::receiver
