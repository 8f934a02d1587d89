#pragma once

#include "feed/feed_error.h"
#include "models/feed/feed_table.h"

#include <isolate_core/result.h>
#include <isolate_core/sendable.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

/// Its columns are its own, and nobody changes it once it is parsed.
template <>
struct isolate::IsSendableClass<steadyframe::ui::FeedTable> : std::true_type {
};

namespace steadyframe::feed {

/// The longest text that is accepted, in bytes: positions in it have 32 bits.
inline constexpr std::uint64_t feedTextLimit = 0xFFFF'0000;

/// How far a parse has come: in bytes of the file or the download, packed ones if it is.
struct FeedProgress {
    std::uint64_t bytesParsed = 0;
    std::uint64_t bytesTotal = 0; ///< 0 when the server has not told
    std::uint64_t rows = 0;
};

/// Called on the parsing thread, about every half megabyte; returns soon and does not throw.
using FeedProgressHandler = std::function<void(const FeedProgress &)>;

struct FeedOptions {
    /// How many faults of single entries are kept with their places; the others are counted.
    std::size_t issueLimit = 1000;
    /// How much text is read and parsed at a time, in bytes, not 0. The default keeps text and index in the
    /// second-level cache. The result is the same with every size.
    std::size_t windowBytes = std::size_t{512} << 10;
    /// How many bytes of text are taken at most.
    std::uint64_t textLimit = feedTextLimit;
};

using FeedResult = isolate::Result<std::shared_ptr<const ui::FeedTable>, FeedError>;

/// Reads and parses a photo feed: a JSON array of `{albumId, id, title, url, thumbnailUrl}`, the fields in any order,
/// as jsonplaceholder serves it or as the manifest of what was uploaded has it; plain, or compressed by gzip.
///
/// All of RFC 8259 is accepted and nothing beyond it, but for a byte order mark, which is skipped. A feed with values
/// that are nested more than 1024 deep is refused, as that standard allows. Fields with other
/// names are checked and skipped; of a field that occurs twice the last one counts. An entry that lacks a field, or has
/// one of a wrong kind, is left out and listed in the table's facts; the others are not affected. Escapes are decoded;
/// half a surrogate pair becomes U+FFFD. Titles and addresses stay where they are in the text, which the table keeps.
///
/// simdjson finds the tokens and checks the encoding; what they mean is read from its index by RowWalker, and not by
/// simdjson's own readers: its tree and its on-demand reader copy each text, the latter neither checks what it skips
/// nor goes on behind an entry with a fault, and both want the whole document before they begin.
///
/// A packed file is unpacked by a thread of its own, a few windows ahead. Blocks while it reads; cancelled within
/// milliseconds of parsing once @p stop is triggered; a single entry of gigabytes is scanned to its end before.
/// @thread any
[[nodiscard]] FeedResult parseFeedFile(const std::filesystem::path &path, std::stop_token stop = {},
                                       const FeedProgressHandler &progress = {}, const FeedOptions &options = {});

/// The same for what an address of http or https gives, parsed while it comes. @thread any
[[nodiscard]] FeedResult parseFeedUrl(const std::string &url, std::stop_token stop = {},
                                      const FeedProgressHandler &progress = {}, const FeedOptions &options = {});

/// The same for a text in memory, which is copied. @p name is for `FeedFacts::name`. @thread any
[[nodiscard]] FeedResult parseFeedText(std::string_view text, std::string name, std::stop_token stop = {},
                                       const FeedProgressHandler &progress = {}, const FeedOptions &options = {});

} // namespace steadyframe::feed
