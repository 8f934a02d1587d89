#include "pipeline/file_finder.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <utility>

namespace steadyframe::pipeline {

namespace fs = std::filesystem;

namespace {

std::string reason(const std::error_code &error)
{
    if (error == std::errc::permission_denied)
        return "You have no permission to read it. Change its permissions, or pick a copy.";
    if (error == std::errc::no_such_file_or_directory)
        return "It is not there any more. Pick it again from where it is now.";
    return "It can't be read: " + error.message() + ".";
}

/// Collects what was found and hands it on in batches.
class Batches {
public:
    Batches(std::size_t size, const std::function<void(std::vector<FoundFile>)> &found) : m_size(size), m_found(found)
    {
    }
    ~Batches() { flush(); }
    Batches(const Batches &) = delete;
    Batches &operator=(const Batches &) = delete;

    void add(FoundFile file)
    {
        m_files.push_back(std::move(file));
        ++m_count;
        if (m_files.size() >= m_size)
            flush();
    }
    [[nodiscard]] std::size_t count() const { return m_count; }

private:
    void flush()
    {
        if (!m_files.empty())
            m_found(std::exchange(m_files, {}));
    }
    const std::size_t m_size;
    const std::function<void(std::vector<FoundFile>)> &m_found;
    std::vector<FoundFile> m_files;
    std::size_t m_count = 0;
};

void addFile(const fs::path &path, Batches &batches)
{
    std::error_code error;
    const auto bytes = fs::file_size(path, error);
    batches.add({path.native(), error ? -1 : static_cast<std::int64_t>(bytes), {}});
}

void walk(const fs::path &folder, Batches &batches, const std::stop_token &stop)
{
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator it(folder, error), end; !error && it != end && !stop.stop_requested();
         it.increment(error))
        entries.push_back(*it);
    if (error) {
        batches.add({folder.native(), -1, "This folder could not be searched. " + reason(error)});
        return;
    }
    std::sort(entries.begin(), entries.end());
    for (const auto &entry : entries) {
        if (stop.stop_requested())
            return;
        std::error_code ignored;
        if (entry.is_directory(ignored) && !entry.is_symlink(ignored))
            walk(entry.path(), batches, stop);
        else if (entry.is_regular_file(ignored) && looksLikePicture(entry.path().filename().native()))
            addFile(entry.path(), batches);
    }
}

} // namespace

bool looksLikePicture(const std::string &name)
{
    static constexpr std::array<std::string_view, 14> extensions{".jpg",  ".jpeg", ".jpe",  ".jfif", ".png",
                                                                 ".webp", ".tif",  ".tiff", ".bmp",  ".gif",
                                                                 ".heic", ".heif", ".avif", ".mpo"};
    const auto dot = name.rfind('.');
    if (dot == std::string::npos || dot == 0)
        return false;
    std::string extension = name.substr(dot);
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; });
    return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

void findFiles(const std::vector<std::string> &picks, std::size_t batch,
               const std::function<void(std::vector<FoundFile>)> &found, const std::stop_token &stop)
{
    Batches batches(batch, found);
    for (const std::string &pick : picks) {
        if (stop.stop_requested())
            return;
        std::error_code error;
        const fs::path path = fs::absolute(pick, error).lexically_normal();
        const auto status = fs::status(path, error);
        if (!fs::exists(status)) {
            batches.add({path.native(), -1,
                         reason(error ? error : std::make_error_code(std::errc::no_such_file_or_directory))});
        } else if (fs::is_directory(status)) {
            const auto before = batches.count();
            walk(path, batches, stop);
            if (batches.count() == before && !stop.stop_requested())
                batches.add(
                    {path.native(), -1, "There is no picture in this folder. Pick one that has pictures in it."});
        } else {
            addFile(path, batches);
        }
    }
}

} // namespace steadyframe::pipeline
