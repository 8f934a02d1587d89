#include "composition/fetched_photos.h"

#include "library/library_isolate.h"

#include <isolate_core/run.h>

#include <set>
#include <system_error>
#include <utility>

namespace steadyframe::composition {

namespace {

namespace fs = std::filesystem;

std::set<fs::path> filesIn(const fs::path &folder, fs::file_time_type before)
{
    std::set<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator file(folder, error), end; !error && file != end; file.increment(error)) {
        std::error_code gone;
        if (file->is_regular_file(gone) && file->last_write_time(gone) < before && !gone)
            files.insert(file->path());
    }
    return files;
}

isolate::Task<std::size_t> removeAbandoned(fs::path folder, fs::file_time_type before,
                                           isolate::SendPort<library::LibraryMessage> library)
{
    isolate::setActivity("looking for photos that nobody needs");
    std::set<fs::path> abandoned = filesIn(folder, before);
    for (std::int64_t after = 0; !abandoned.empty();) {
        library::QueryPage query;
        query.afterPosition = after;
        const auto page = co_await library::ask(library, query);
        if (!page)
            co_return 0;
        if (page->empty())
            break;
        for (const library::PhotoRecord &photo : *page)
            abandoned.erase(photo.sourcePath);
        after = page->back().position;
    }
    std::size_t removed = 0;
    std::error_code ignored;
    for (const fs::path &file : abandoned)
        removed += fs::remove(file, ignored) ? 1 : 0;
    co_return removed;
}

} // namespace

isolate::Future<std::size_t> removeAbandonedPhotos(fs::path folder, fs::file_time_type before,
                                                   isolate::SendPort<library::LibraryMessage> library)
{
    return isolate::runWith({.name = "fetched photos", .placement = isolate::Placement::dedicated}, removeAbandoned,
                            std::move(folder), before, std::move(library));
}

} // namespace steadyframe::composition
