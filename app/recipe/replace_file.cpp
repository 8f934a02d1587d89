#include "recipe/replace_file.h"

#include "recipe/file_steps.h"

#include <cctype>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <sstream>
#include <unistd.h>

namespace steadyframe::recipe {

namespace fs = std::filesystem;
using imaging::ImagingErrc;
using imaging::ImagingError;
using isolate::Result;

namespace {

ImagingError refused(const fs::path &path, const std::string &reason)
{
    return {ImagingErrc::io,
            "The file " + path.filename().native()
                + " was not replaced, since it can't be moved to the trash: " + reason};
}

/// The note beside a file in the trash, by which the trash knows where it was.
fs::path noteOf(const fs::path &inTrash)
{
    return inTrash.parent_path().parent_path() / "info" / (inTrash.filename().native() + ".trashinfo");
}

std::string percentEncoded(const std::string &path)
{
    std::string encoded;
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x80 && std::isalnum(byte) != 0) || std::string_view("/-._~").find(c) != std::string_view::npos) {
            encoded += c;
        } else {
            char digits[4];
            std::snprintf(digits, sizeof digits, "%%%02X", byte);
            encoded += digits;
        }
    }
    return encoded;
}

/// The note is to tell of the place without `folder`, which was made for the way into the trash alone, and as trashes
/// write it, which Qt 6.4 does not. `moved` is what went there.
void correctNote(const fs::path &inTrash, const fs::path &moved, const std::string &folder)
{
    constexpr std::string_view begin = "\nPath=";
    const fs::path note = noteOf(inTrash);
    std::ostringstream text;
    if (std::ifstream file(note, std::ios::binary); !file || !(text << file.rdbuf()))
        return;
    std::string words = text.str();
    auto from = words.find(begin);
    if (from == std::string::npos)
        return;
    from += begin.size();
    const auto length = words.find('\n', from) - from;
    std::string path = words.substr(from, length);
    const bool encoded = !moved.native().ends_with(path);
    if (const auto at = path.find(folder + "/"); at != std::string::npos)
        path.erase(at, folder.size() + 1);
    words.replace(from, length, encoded ? path : percentEncoded(path));
    const fs::path fresh = note.native() + folder;
    std::ofstream file(fresh, std::ios::binary);
    if (file << words && (file.close(), file.good()) && ::rename(fresh.c_str(), note.c_str()) == 0)
        return;
    ::unlink(fresh.c_str());
}

/// A second name of a file, in a hidden folder beside it, with which this name goes unless a trash took it.
class SecondName {
public:
    /// Nothing where the file system has no such names.
    static std::optional<SecondName> make(const fs::path &file)
    {
        SecondName name;
        name.m_folder = file.parent_path() / hiddenName();
        name.m_path = name.m_folder / file.filename();
        if (::mkdir(name.m_folder.c_str(), 0700) != 0 || ::link(file.c_str(), name.m_path.c_str()) != 0)
            return std::nullopt;
        return name;
    }
    SecondName(SecondName &&other) noexcept
        : m_folder(std::exchange(other.m_folder, {})), m_path(std::exchange(other.m_path, {}))
    {
    }
    SecondName &operator=(SecondName &&) = delete;
    ~SecondName()
    {
        if (m_folder.empty())
            return;
        ::unlink(m_path.c_str());
        ::rmdir(m_folder.c_str());
    }
    [[nodiscard]] const fs::path &path() const noexcept { return m_path; }
    [[nodiscard]] std::string folder() const { return m_folder.filename().native(); }

private:
    SecondName() = default;
    fs::path m_folder;
    fs::path m_path;
};

/// Takes the second name away that the trash has, once the first is known to lead to that file still.
void takeOutOfTrash(const fs::path &inTrash, const fs::path &path, const struct stat &old)
{
    if (!sameFile(path, old) || !sameFile(inTrash, old))
        return;
    ::unlink(inTrash.c_str());
    ::unlink(noteOf(inTrash).c_str());
}

/// Puts `unnamed` under the name, in one step, if that leads to `old`; 0 or errno, EEXIST where it leads elsewhere.
int exchange(const fs::path &unnamed, const fs::path &path, const struct stat &old)
{
    if (!sameFile(path, old))
        return EEXIST;
    if (::renameat2(AT_FDCWD, unnamed.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) == 0) {
        if (sameFile(unnamed, old))
            return ::unlink(unnamed.c_str()) == 0 ? 0 : errno;
        // Another program came between: what it put there goes back, or else at least stays.
        if (::renameat2(AT_FDCWD, unnamed.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) == 0)
            return EEXIST;
        const int error = errno;
        (void)renameToFree(unnamed, unnamed.parent_path() / hiddenName());
        return error;
    }
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    return ::rename(unnamed.c_str(), path.c_str()) == 0 ? 0 : errno;
}

/// Where files have one name only: the old one goes, then the new one comes.
Result<fs::path, ImagingError> replaceInTwoSteps(const fs::path &unnamed, const fs::path &path, MoveToTrash moveToTrash)
{
    auto inTrash = moveToTrash(path);
    if (!inTrash)
        return refused(path, inTrash.error());
    const int error = renameToFree(unnamed, path);
    if (error == 0)
        return std::move(*inTrash);
    ImagingError failed = imaging::writeError(error, 0);
    if (renameToFree(*inTrash, path) == 0)
        ::unlink(noteOf(*inTrash).c_str());
    else
        failed.message += " The original is in the trash.";
    return failed;
}

} // namespace

ImagingError changedMeanwhileError(const fs::path &path)
{
    return {ImagingErrc::changed,
            "The file " + path.filename().native()
                + " was changed meanwhile, so it was not replaced. Try again when nothing else writes to it."};
}

ImagingError nameTakenError(const fs::path &path)
{
    return {ImagingErrc::io,
            "There is a file named " + path.filename().native() + " in the folder of the results already."};
}

Result<fs::path, ImagingError> replaceFile(const fs::path &unnamed, const fs::path &path, const struct stat &old,
                                           MoveToTrash moveToTrash)
{
    const auto second = SecondName::make(path);
    if (!second)
        return replaceInTwoSteps(unnamed, path, moveToTrash);
    if (!sameFile(second->path(), old))
        return changedMeanwhileError(path);
    auto inTrash = moveToTrash(second->path());
    if (!inTrash)
        return refused(path, inTrash.error());
    correctNote(*inTrash, second->path(), second->folder());
    const int error = exchange(unnamed, path, old);
    if (error == 0)
        return std::move(*inTrash);
    takeOutOfTrash(*inTrash, path, old);
    return error == EEXIST ? changedMeanwhileError(path) : imaging::writeError(error, 0);
}

Result<fs::path, ImagingError> replaceUnderAnotherName(const fs::path &unnamed, const fs::path &path,
                                                       const fs::path &old, MoveToTrash moveToTrash)
{
    if (const int error = renameToFree(unnamed, path); error != 0)
        return error == EEXIST ? nameTakenError(path) : imaging::writeError(error, 0);
    auto inTrash = moveToTrash(old);
    if (inTrash) {
        correctNote(*inTrash, old, hiddenName());
        return std::move(*inTrash);
    }
    (void)renameToFree(path, unnamed); // a name that nobody has
    return refused(old, inTrash.error());
}

} // namespace steadyframe::recipe
