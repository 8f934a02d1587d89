#include "recipe/place_result.h"

#include "imaging/file_name.h"
#include "imaging/picture_format.h"
#include "recipe/file_steps.h"
#include "recipe/name_pattern.h"
#include "recipe/replace_file.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

namespace steadyframe::recipe {

namespace fs = std::filesystem;
using imaging::CompressResult;
using imaging::ImagingErrc;
using imaging::ImagingError;

namespace {

constexpr int mostNumbers = 9999;

std::string stemOf(const fs::path &source)
{
    std::string stem = source.stem().native();
    return stem.empty() ? "photo" : stem;
}

std::string nameFor(const Staged &staged, const NamingRule &naming)
{
    NameFacts facts;
    facts.name = stemOf(staged.source());
    facts.width = staged.result().width;
    facts.height = staged.result().height;
    facts.quality = staged.result().keptOriginalBytes ? 0 : staged.result().quality;
    facts.changed = std::chrono::sys_seconds(std::chrono::seconds(staged.original().st_mtim.tv_sec));
    return expanded(naming.pattern, facts);
}

/// By its content; names lie.
bool isJpeg(const fs::path &path)
{
    std::string beginning(imaging::formatBytes, '\0');
    std::ifstream file(path, std::ios::binary);
    file.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
    beginning.resize(static_cast<std::size_t>(file.gcount()));
    return imaging::formatOf(beginning) == imaging::PictureFormat::jpeg;
}

/// Gives the result this name, whoever has it, but for an original.
isolate::Result<void, ImagingError> overwrite(const Staged &staged, const fs::path &path, const Workshop &workshop)
{
    const fs::path &unnamed = staged.result().path;
    struct stat there {};
    const bool isLink = ::lstat(path.c_str(), &there) == 0 && S_ISLNK(there.st_mode);
    if (::stat(path.c_str(), &there) == 0) {
        std::error_code ignored;
        if (sameFile(path, staged.original()) || fs::equivalent(path, staged.source(), ignored)
            || (workshop.originals && workshop.originals->contains({there.st_dev, there.st_ino})))
            return ImagingError{ImagingErrc::badSettings,
                                "The result would overwrite the original " + path.filename().native()
                                    + ". Choose another folder or name, or have originals replaced: then they go into "
                                      "the trash."};
        if (workshop.overwrittenToTrash && !isLink) {
            auto inTrash = replaceFile(unnamed, path, there, workshop.moveToTrash);
            if (!inTrash)
                return std::move(inTrash).error();
            return {};
        }
    }
    if (::rename(unnamed.c_str(), path.c_str()) != 0)
        return imaging::writeError(errno, staged.result().resultBytes);
    return {};
}

isolate::Result<Placed, ImagingError> placeUnder(Staged staged, const NamingRule &naming, const Workshop &workshop)
{
    const fs::path unnamed = staged.result().path;
    const fs::path folder = unnamed.parent_path();
    const std::string extension = unnamed.extension().native();
    const std::string name = nameFor(staged, naming);
    for (int number = 1; number <= mostNumbers; ++number) {
        const std::string ending = (number > 1 ? "-" + std::to_string(number) : std::string()) + extension;
        const fs::path path = folder / imaging::fileName(name, ending);
        int error = 0;
        if (naming.ifExists == IfExists::overwrite) {
            if (auto written = overwrite(staged, path, workshop); !written)
                return std::move(written).error();
        } else {
            error = renameToFree(unnamed, path);
        }
        if (error == 0) {
            flushFolder(folder);
            return Placed{staged.named(path)};
        }
        if (error != EEXIST)
            return imaging::writeError(error, staged.result().resultBytes);
        if (naming.ifExists == IfExists::skip) {
            CompressResult result = staged.result();
            result.path = path;
            return Placed{.result = std::move(result), .skipped = true};
        }
        if (naming.ifExists == IfExists::fail)
            return nameTakenError(path);
    }
    return ImagingError{ImagingErrc::io,
                        "Ten thousand files of that name are in the folder of the results already. "
                        "Choose another folder or naming pattern."};
}

isolate::Result<Placed, ImagingError> replace(Staged staged, MoveToTrash moveToTrash)
{
    const fs::path original = realPath(staged.source());
    if (staged.result().keptOriginalBytes)
        return Placed{.result = staged.named(original), .originalStays = true};
    if (!moveToTrash)
        return ImagingError{ImagingErrc::badSettings, "There is no trash here, so originals are not replaced."};
    struct stat now {};
    if (::stat(original.c_str(), &now) != 0 || !sameFile(original, staged.original())
        || now.st_mtim.tv_sec != staged.original().st_mtim.tv_sec
        || now.st_mtim.tv_nsec != staged.original().st_mtim.tv_nsec || now.st_size != staged.original().st_size)
        return changedMeanwhileError(original);
    // The name stays what it was where the format does; otherwise another file may have the new one already.
    const fs::path unnamed = staged.result().path;
    fs::path path = original;
    if (!isJpeg(original))
        path.replace_extension(unnamed.extension());
    auto inTrash = path == original ? replaceFile(unnamed, path, now, moveToTrash)
                                    : replaceUnderAnotherName(unnamed, path, original, moveToTrash);
    if (!inTrash)
        return std::move(inTrash).error();
    flushFolder(path.parent_path());
    return Placed{.result = staged.named(path), .inTrash = std::move(*inTrash)};
}

isolate::Result<void, ImagingError> keepAttributes(const fs::path &file, const struct stat &original,
                                                   const NamingRule &naming)
{
    if (naming.keepPermissions && ::chmod(file.c_str(), original.st_mode & 0777) != 0)
        return imaging::writeError(errno, 0);
    const std::array<timespec, 2> times{original.st_atim, original.st_mtim};
    if (naming.keepDates && ::utimensat(AT_FDCWD, file.c_str(), times.data(), 0) != 0)
        return imaging::writeError(errno, 0);
    return {};
}

} // namespace

Staged::Staged(fs::path source, struct stat original, CompressResult result) noexcept
    : m_source(std::move(source)), m_original(original), m_result(std::move(result))
{
}
Staged::Staged(Staged &&other) noexcept
    : m_source(std::move(other.m_source)), m_original(other.m_original),
      m_result(std::exchange(other.m_result, CompressResult()))
{
}
Staged &Staged::operator=(Staged &&other) noexcept
{
    if (this != &other) {
        remove();
        m_source = std::move(other.m_source);
        m_original = other.m_original;
        m_result = std::exchange(other.m_result, CompressResult());
    }
    return *this;
}
Staged::~Staged()
{
    remove();
}
void Staged::remove() noexcept
{
    if (!m_result.path.empty())
        ::unlink(m_result.path.c_str());
}
CompressResult Staged::named(fs::path path) noexcept
{
    // What stays under the hidden name, because the original was better, goes.
    if (m_result.path != path && m_result.keptOriginalBytes)
        remove();
    CompressResult result = std::exchange(m_result, CompressResult());
    result.path = std::move(path);
    return result;
}

fs::path folderFor(const fs::path &source, const OutputRule &output)
{
    switch (output.place) {
    case OutputPlace::replaceOriginal:
        return realPath(source).parent_path();
    case OutputPlace::folder:
        return (output.folder / output.naming.subFolder).lexically_normal();
    default:
        return (source.parent_path() / output.naming.subFolder).lexically_normal();
    }
}

isolate::Result<Staged, ImagingError> stage(const fs::path &source, const Recipe &recipe, const Workshop &workshop,
                                            std::stop_token stop, const std::function<void(double)> &progress)
{
    struct stat original {};
    if (::stat(source.c_str(), &original) != 0)
        return imaging::readError(errno);
    imaging::ImagingOptions options = workshop.imaging;
    options.limits = recipe.limits;
    options.lastingName = false; // `place` gives it another
    if (recipe.output.place == OutputPlace::replaceOriginal)
        options.takeWhatIsThere = false;
    auto result = imaging::compressFile(source, folderFor(source, recipe.output), hiddenName(), recipe.settings,
                                        std::move(stop), progress, options);
    if (!result)
        return std::move(result).error();
    Staged staged(source, original, std::move(*result));
    if (auto kept = keepAttributes(staged.result().path, original, recipe.output.naming); !kept)
        return std::move(kept).error();
    return staged;
}

isolate::Result<Placed, ImagingError> place(Staged staged, const OutputRule &output, const Workshop &workshop)
{
    if (output.place == OutputPlace::replaceOriginal)
        return replace(std::move(staged), workshop.moveToTrash);
    return placeUnder(std::move(staged), output.naming, workshop);
}

Originals originalsAmong(const std::vector<std::string> &paths)
{
    Originals originals;
    struct stat file {};
    for (const std::string &path : paths) {
        if (::stat(path.c_str(), &file) == 0)
            originals.emplace(file.st_dev, file.st_ino);
    }
    return originals;
}

fs::path knownResult(const fs::path &source, const OutputRule &output)
{
    struct stat file {};
    if (output.place == OutputPlace::replaceOriginal || !knownBeforehand(output.naming.pattern)
        || ::stat(source.c_str(), &file) != 0)
        return {};
    NameFacts facts;
    facts.name = stemOf(source);
    facts.changed = std::chrono::sys_seconds(std::chrono::seconds(file.st_mtim.tv_sec));
    const fs::path path = folderFor(source, output) / imaging::fileName(expanded(output.naming.pattern, facts), ".jpg");
    return path.parent_path() / path.stem();
}

fs::path alreadyThere(const fs::path &source, const OutputRule &output)
{
    fs::path path = output.naming.ifExists == IfExists::skip ? knownResult(source, output) : fs::path();
    if (path.empty())
        return {};
    path += ".jpg";
    struct stat file {};
    return ::lstat(path.c_str(), &file) == 0 ? path : fs::path();
}

} // namespace steadyframe::recipe
