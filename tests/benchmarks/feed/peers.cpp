// Built for the processor at hand: simdjson's on-demand reader does not choose at run time.
#include "peers.h"

#include <QByteArray>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>

namespace steadyframe::benchmarks {

namespace {

template <class Text>
struct Photo {
    std::int64_t albumId;
    std::int64_t id;
    Text title;
    Text url;
    Text thumbnailUrl;
};

template <class Text>
std::size_t readWithSimdjson(const char *path)
{
    simdjson::padded_string json;
    if (simdjson::padded_string::load(path).get(json) != simdjson::SUCCESS)
        return 0;
    simdjson::ondemand::parser parser;
    std::vector<Photo<Text>> photos;
    try {
        simdjson::ondemand::document document = parser.iterate(json);
        for (simdjson::ondemand::object object : document.get_array()) {
            Photo<Text> &photo = photos.emplace_back();
            photo.albumId = object["albumId"].get_int64();
            photo.id = object["id"].get_int64();
            photo.title = std::string_view(object["title"].get_string());
            photo.url = std::string_view(object["url"].get_string());
            photo.thumbnailUrl = std::string_view(object["thumbnailUrl"].get_string());
        }
    } catch (const simdjson::simdjson_error &) {
        return 0;
    }
    return photos.size();
}

} // namespace

std::size_t readWithSimdjsonToStrings(const char *path)
{
    return readWithSimdjson<std::string>(path);
}

std::size_t readWithSimdjsonToViews(const char *path)
{
    return readWithSimdjson<std::string_view>(path);
}

std::size_t readWithQt(const char *path)
{
    QFile file(QString::fromLocal8Bit(path));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return static_cast<std::size_t>(QJsonDocument::fromJson(file.readAll()).array().size());
}

std::size_t inflateAlone(const char *path)
{
    constexpr std::size_t windowBytes = std::size_t{512} << 10;
    constexpr int gzipOnly = 15 + 16;
    QFile file(QString::fromLocal8Bit(path));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    QByteArray packed = file.readAll();
    std::vector<Bytef> window(windowBytes);
    z_stream stream{};
    if (::inflateInit2(&stream, gzipOnly) != Z_OK)
        return 0;
    stream.next_in = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_in = static_cast<uInt>(packed.size());
    int result = Z_OK;
    while (result == Z_OK) {
        stream.next_out = window.data();
        stream.avail_out = static_cast<uInt>(window.size());
        result = ::inflate(&stream, Z_NO_FLUSH);
    }
    const std::size_t total = stream.total_out;
    ::inflateEnd(&stream);
    return result == Z_STREAM_END ? total : 0;
}

} // namespace steadyframe::benchmarks
