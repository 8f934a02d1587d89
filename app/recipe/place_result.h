#pragma once

#include "imaging/compress.h"
#include "recipe/recipe.h"

#include <isolate_core/sendable.h>

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace steadyframe::recipe {

/// Puts a file into the person's trash and gives its place there; the error is a sentence. @thread any
using MoveToTrash = isolate::Result<std::filesystem::path, std::string> (*)(const std::filesystem::path &file);

/// Files that no result may overwrite, however their names are written: each one's device and number.
using Originals = std::set<std::pair<dev_t, ino_t>>;
/// What can't be found is left out. @thread any; asks the disk for each
[[nodiscard]] Originals originalsAmong(const std::vector<std::string> &paths);

/// What a photo is made with, the same for all of a run.
struct Workshop {
    imaging::ImagingOptions imaging; ///< but its limits, which are the recipe's
    std::filesystem::path ownFolder; ///< for `OutputPlace::ownFolder`
    MoveToTrash moveToTrash = nullptr; ///< Without it nothing is replaced.
    /// Of the photos that are compressed together; a photo's own original is spared anyway.
    std::shared_ptr<const Originals> originals{};
    /// With `IfExists::overwrite`: the file that is there goes into the trash, too.
    bool overwrittenToTrash = false;
};

/// A result that is whole, but has no name yet: it goes with this object unless `place` gives it one. Sendable.
class Staged {
public:
    Staged(std::filesystem::path source, struct stat original, imaging::CompressResult result) noexcept;
    Staged(Staged &&other) noexcept;
    Staged &operator=(Staged &&other) noexcept;
    ~Staged();

    [[nodiscard]] const std::filesystem::path &source() const noexcept { return m_source; }
    [[nodiscard]] const struct stat &original() const noexcept { return m_original; }
    /// Its path is that of the unnamed file.
    [[nodiscard]] const imaging::CompressResult &result() const noexcept { return m_result; }
    /// The result, once its file has the name `path`.
    [[nodiscard]] imaging::CompressResult named(std::filesystem::path path) noexcept;

private:
    void remove() noexcept;
    std::filesystem::path m_source;
    struct stat m_original {};
    imaging::CompressResult m_result; ///< with an empty path once it has a name
};

/// What `place` did.
struct Placed {
    imaging::CompressResult result;
    bool skipped = false; ///< the name was taken, and so it was to be; there is no result, and its path is that name
    bool originalStays = false; ///< it was to be replaced, but nothing smaller came out; its path is the result's
    std::filesystem::path inTrash{}; ///< of the original that was replaced
};

/// The folder that the result of `source` goes into; not for `OutputPlace::ownFolder`. @thread any
[[nodiscard]] std::filesystem::path folderFor(const std::filesystem::path &source, const OutputRule &output);

/// Compresses a photo into the folder that it will stay in, under a hidden name. As `imaging::compressFile` in all
/// else, but that what ends early does not replace its original: then it is the error `truncated`. Not for
/// `OutputPlace::ownFolder`. @thread any; blocks until done
[[nodiscard]] isolate::Result<Staged, imaging::ImagingError> stage(const std::filesystem::path &source,
                                                                   const Recipe &recipe, const Workshop &workshop,
                                                                   std::stop_token stop,
                                                                   const std::function<void(double)> &progress = {});

/// Gives a staged result its name, in one step, as the rule for names that are taken wants it. Replacing: the original
/// goes into the trash; when that fails nothing changed. See `replaceFile`.
/// @thread any; blocks on the disk
[[nodiscard]] isolate::Result<Placed, imaging::ImagingError> place(Staged staged, const OutputRule &output,
                                                                   const Workshop &workshop);

/// What the person should know of a result, in sentences; empty when all went as it was wanted. @thread any
[[nodiscard]] std::string noteOn(const imaging::CompressResult &result);

/// The path that this photo's result is to get, without its extension, where it is known before it is compressed; else
/// empty. Not for `OutputPlace::ownFolder`. @thread any; asks the disk
[[nodiscard]] std::filesystem::path knownResult(const std::filesystem::path &source, const OutputRule &output);
/// The file that has the name of this photo's result, where such photos are to be skipped and the name is known before
/// it is compressed; else empty. @thread any
[[nodiscard]] std::filesystem::path alreadyThere(const std::filesystem::path &source, const OutputRule &output);

} // namespace steadyframe::recipe

template <>
struct isolate::IsSendableClass<steadyframe::recipe::Staged> : std::true_type {
};
