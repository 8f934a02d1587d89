#pragma once

#include "feed/feed_parser.h"

#include <QtTest>

#include <zlib.h>

#include <string>
#include <string_view>

namespace steadyframe::feed {

/// A photo as it stands in a feed, with its number in every field.
inline std::string photoText(int number)
{
    const std::string n = std::to_string(number);
    return R"({"albumId": )" + n + R"(, "id": )" + n + R"(, "title": "title )" + n + R"(", "url": "https://u/)" + n
        + R"(", "thumbnailUrl": "https://t/)" + n + R"("})";
}

/// A feed with one photo whose title is this JSON string, quotes included.
inline std::string feedWithTitle(std::string_view title)
{
    return R"([{"albumId": 1, "id": 2, "title": )" + std::string(title) + R"(, "url": "u", "thumbnailUrl": "t"}])";
}

/// A feed with one photo that has one more field, which no photo has, with this value.
inline std::string feedWithUnknown(std::string_view value)
{
    return R"([{"albumId": 1, "unknown": )" + std::string(value)
        + R"(, "id": 2, "title": "a", "url": "u", "thumbnailUrl": "t"}])";
}

/// What a parse came to, in words that can be compared: the rows and issues, or the error with its place.
inline std::string outcome(const FeedResult &result)
{
    std::string text;
    if (!result)
        return "error " + std::to_string(static_cast<int>(result.error().code)) + ' ' + describe(result.error());
    const ui::FeedTable &table = **result;
    for (std::size_t row = 0; row < table.rowCount(); ++row) {
        text += std::to_string(table.albumId(row)) + '|' + std::to_string(table.id(row)) + '|';
        text.append(table.title(row)).append("|").append(table.url(row)).append("|").append(table.thumbnailUrl(row));
        text += '\n';
    }
    for (const ui::FeedIssue &issue : table.facts().issues)
        text += "issue " + std::to_string(issue.row) + ' ' + std::to_string(issue.line) + ':'
            + std::to_string(issue.column) + ' ' + issue.message + '\n';
    return text;
}

/// Parses in windows of several sizes, which must not matter, and gives what it came to.
inline std::string outcomeInAnyWindow(std::string_view text)
{
    const std::string whole = outcome(parseFeedText(text, "test"));
    for (const std::size_t window : {1, 3, 16, 64, 150}) {
        const std::string pieces = outcome(parseFeedText(text, "test", {}, {}, {.windowBytes = window}));
        if (pieces != whole)
            return "In windows of " + std::to_string(window) + " bytes: " + pieces + "\nat once: " + whole;
    }
    return whole;
}

/// What gzip makes of a text.
inline std::string zipped(const std::string &text)
{
    constexpr int gzipWindow = 15 + 16;
    constexpr int memoryLevel = 8;
    z_stream stream{};
    if (::deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzipWindow, memoryLevel, Z_DEFAULT_STRATEGY) != Z_OK)
        qFatal("zlib does not start");
    std::string out(::deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    if (::deflate(&stream, Z_FINISH) != Z_STREAM_END)
        qFatal("zlib does not end");
    out.resize(stream.total_out);
    ::deflateEnd(&stream);
    return out;
}

} // namespace steadyframe::feed
