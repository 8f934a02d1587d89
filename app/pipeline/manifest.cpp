#include "pipeline/manifest.h"

#include "upload/encoding.h"
#include "upload/file_source.h"
#include "upload/url.h"

#include <isolate_core/spawn.h>

#include <zlib.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <memory>
#include <string_view>
#include <unistd.h>

namespace steadyframe::pipeline {

namespace {

using library::PhotoRecord;
using library::PhotoState;
using Addresses = std::map<std::string, std::string>;

constexpr std::uint32_t photosInAPage = 1000;
constexpr unsigned mostNames = 1000;

std::string timeText(std::time_t time, const char *format)
{
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    char text[64];
    return {text, std::strftime(text, sizeof text, format, &parts)};
}

void appendQuoted(std::string &json, std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    json += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            json += {'\\', c};
        else if (byte < 0x20)
            json.append("\\u00").append({digits[byte >> 4], digits[byte & 15]});
        else
            json += c;
    }
    json += '"';
}

/// Not against where uploads go now: this one went where they went then.
std::string urlOf(const PhotoRecord &photo, const Addresses &addresses)
{
    const auto known = addresses.find(photo.destination);
    const std::string &base = known == addresses.end() ? photo.destination : known->second;
    return upload::resolveUrl(base, photo.uploadUrl).value_or(photo.uploadUrl);
}

std::string rowOf(const PhotoRecord &photo, const Addresses &addresses)
{
    const auto url = urlOf(photo, addresses);
    const auto &uploaded = photo.enteredAt[static_cast<std::size_t>(PhotoState::uploaded)];
    std::string json = "{\"albumId\": 1, \"id\": " + std::to_string(photo.id);
    const auto text = [&](const char *key, std::string_view value) {
        json.append(", \"").append(key).append("\": ");
        appendQuoted(json, value);
    };
    const auto number = [&](const char *key, std::uint64_t value) {
        json.append(", \"").append(key).append("\": ").append(std::to_string(value));
    };
    text("title", photo.name);
    text("url", url);
    text("thumbnailUrl", url);
    text("sha256", photo.sha256);
    number("bytes", photo.resultBytes);
    number("originalBytes", photo.originalBytes);
    number("width", static_cast<std::uint64_t>(photo.resultSize.width));
    number("height", static_cast<std::uint64_t>(photo.resultSize.height));
    text("destination", photo.destination);
    if (uploaded) {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(*uploaded).time_since_epoch().count();
        text("uploadedAt", timeText(seconds, "%Y-%m-%dT%H:%M:%SZ"));
    }
    json += '}';
    return json;
}

/// A gzip file under a name of its own, which is gone unless it was published.
class GzipFile {
public:
    explicit GzipFile(std::filesystem::path path) : m_path(std::move(path)), m_file(::gzopen(m_path.c_str(), "wbx6")) {}
    ~GzipFile()
    {
        if (m_file)
            ::gzclose_w(m_file);
        ::unlink(m_path.c_str());
    }
    GzipFile(const GzipFile &) = delete;
    GzipFile &operator=(const GzipFile &) = delete;

    [[nodiscard]] bool write(std::string_view text)
    {
        return m_file
            && (text.empty()
                || ::gzwrite(m_file, text.data(), static_cast<unsigned>(text.size())) == static_cast<int>(text.size()));
    }
    /// Ends it and gives it a name that no other file has; 0 or errno.
    [[nodiscard]] int publish(const std::filesystem::path &folder, const std::string &stem,
                              std::filesystem::path &published)
    {
        if (!m_file || ::gzclose_w(std::exchange(m_file, nullptr)) != Z_OK)
            return errno ? errno : EIO;
        if (std::FILE *file = std::fopen(m_path.c_str(), "rb")) {
            ::fsync(::fileno(file));
            std::fclose(file);
        }
        for (unsigned attempt = 1; attempt <= mostNames; ++attempt) {
            published = folder / (stem + (attempt == 1 ? "" : " (" + std::to_string(attempt) + ")") + ".json.gz");
            if (::link(m_path.c_str(), published.c_str()) == 0)
                return 0;
            if (errno != EEXIST)
                return errno;
        }
        return EEXIST;
    }

private:
    const std::filesystem::path m_path;
    gzFile m_file;
};

std::string writeError(int error)
{
    return std::string("The manifest could not be written: ") + std::strerror(error)
        + ". Check the disk, then try again.";
}

isolate::Task<isolate::Result<Manifest, std::string>> writeAll(isolate::SendPort<library::LibraryMessage> library,
                                                               std::filesystem::path folder, Addresses addresses)
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    GzipFile file(folder / (".manifest-" + std::to_string(::getpid()) + ".part"));
    Manifest manifest;
    std::string text = "[\n";
    for (std::int64_t after = 0;;) {
        library::QueryPage wanted{after, photosInAPage, PhotoState::uploaded};
        auto page = co_await library::ask(library, wanted);
        if (!page)
            co_return page.error().message;
        if (page->empty())
            break;
        after = page->back().position;
        for (const PhotoRecord &photo : *page) {
            if (photo.destination.empty())
                continue; // left out, for a file of the same name
            text += manifest.photos++ ? ",\n" : "";
            text += rowOf(photo, addresses);
        }
        errno = 0;
        if (!file.write(text))
            co_return writeError(errno);
        text.clear();
    }
    text += "\n]\n";
    errno = 0;
    int failed = file.write(text) ? 0 : (errno ? errno : EIO);
    if (failed == 0)
        failed = file.publish(folder, "manifest " + timeText(std::time(nullptr), "%Y-%m-%d %H.%M.%S"), manifest.path);
    if (failed != 0)
        co_return writeError(failed);
    upload::UploadRequest request;
    request.file = manifest.path;
    request.bytes = manifest.bytes = std::filesystem::file_size(manifest.path, error);
    if (const auto source = upload::FileSource::open(request)) {
        if (const auto hash = source->hash(upload::Hash::Algorithm::sha256, 0, manifest.bytes))
            manifest.sha256 = upload::toHex(*hash);
    }
    co_return manifest;
}

isolate::Task<> serve(isolate::SendPort<library::LibraryMessage> library, std::filesystem::path folder,
                      Addresses addresses, isolate::Completer<isolate::Result<Manifest, std::string>> written)
{
    isolate::setActivity("writing a manifest");
    auto result = co_await writeAll(std::move(library), std::move(folder), std::move(addresses));
    written.complete(std::move(result));
}

} // namespace

isolate::Future<isolate::Result<Manifest, std::string>>
writeManifest(isolate::SendPort<library::LibraryMessage> library, std::filesystem::path folder,
              std::map<std::string, std::string> addresses)
{
    isolate::Completer<isolate::Result<Manifest, std::string>> written;
    auto result = written.future();
    static_cast<void>(isolate::spawnWith({.name = "manifest"}, serve, std::move(library), std::move(folder),
                                         std::move(addresses), std::move(written))
                          .ok());
    return result;
}

} // namespace steadyframe::pipeline
