#pragma once

#include <cstdint>
#include <string>

namespace steadyframe::feed {

/// Why there is no feed.
enum class FeedErrorCode {
    notFound, ///< No file has this path.
    noPermission, ///< The file may not be read.
    notAFile, ///< A folder, a pipe or a device.
    readFailed, ///< The system failed to read it; the message has its words.
    writeFailed, ///< The system failed to write it; the message has its words.
    tooLarge, ///< More than `feedTextLimit` bytes.
    outOfMemory, ///< There is no memory for it.
    empty, ///< Nothing but blanks.
    malformed, ///< No JSON: line and column say where.
    invalidUtf8, ///< Bytes that are no UTF-8: line and column say where.
    notAnArray, ///< JSON, but no array of photos.
    cancelled, ///< The stop token was triggered.
    badAddress, ///< No address of http or https.
    network, ///< The server can't be reached, or the connection broke off: worth another try.
    untrusted, ///< The server could not prove who it is, or somebody stands between: worth another try elsewhere.
    refused, ///< The server answered, but not with the file.
    damaged, ///< Compressed bytes that can't be unpacked.
};

/// What to tell the person, and where in the text it is.
struct FeedError {
    FeedErrorCode code = FeedErrorCode::readFailed;
    /// One or two sentences: what is wrong and what to do.
    std::string message;
    /// Both count from 1, the column in characters; 0 where the error has no place in the text.
    std::uint64_t line = 0;
    std::uint64_t column = 0;
};

/// The message with its place before it, where it has one: `Line 3, column 14: …`. @thread any
[[nodiscard]] inline std::string describe(const FeedError &error)
{
    if (error.line == 0)
        return error.message;
    return "Line " + std::to_string(error.line) + ", column " + std::to_string(error.column) + ": " + error.message;
}

} // namespace steadyframe::feed
