#include "command_line/find_jobs.h"

#include "pipeline/file_finder.h"
#include "recipe/place_result.h"

#include <fstream>
#include <iostream>
#include <set>

namespace steadyframe::command_line {
namespace {

namespace fs = std::filesystem;
using recipe::OutputPlace;

std::vector<std::string> listedPaths(std::istream &list, char end)
{
    std::vector<std::string> paths;
    for (std::string path; std::getline(list, path, end);) {
        if (!path.empty())
            paths.push_back(path);
    }
    return paths;
}

/// Why a name leads nowhere, where that can be said better than of something that was picked.
std::string problemOf(const std::string &path)
{
    if (path.empty())
        return "This is an empty name. Name a file or a folder.";
    std::error_code error;
    return fs::symlink_status(path, error).type() == fs::file_type::not_found
        ? "There is no file and no folder of this name."
        : "";
}

/// In it, or the folder itself.
bool isIn(const fs::path &path, const fs::path &folder)
{
    const fs::path from = path.lexically_relative(folder);
    return !from.empty() && *from.begin() != "..";
}

fs::path real(const fs::path &path)
{
    std::error_code error;
    fs::path result = fs::weakly_canonical(path, error);
    return error ? path.lexically_normal() : result;
}

/// Without the number that a name gets when it is taken: "photo-compressed" of "photo-compressed-2".
fs::path withoutNumber(const fs::path &path)
{
    const std::string &name = path.native();
    const auto last = name.find_last_not_of("0123456789");
    return last != std::string::npos && last + 1 < name.size() && name[last] == '-' ? fs::path(name.substr(0, last))
                                                                                    : path;
}

/// Beside its original a result is found by the next run.
std::size_t leaveOutResults(std::vector<Job> &jobs, const recipe::OutputRule &output)
{
    // A date alone may be what an original is called.
    if (output.place != OutputPlace::besideOriginal || output.naming.pattern.find("{name}") == std::string::npos)
        return 0;
    std::set<fs::path> results;
    for (const Job &job : jobs) {
        if (job.problem.empty())
            results.insert(recipe::knownResult(job.file, output));
    }
    results.erase(fs::path());
    return std::erase_if(jobs, [&](const Job &job) {
        const fs::path path(job.file);
        const fs::path name = path.parent_path() / path.stem();
        return results.contains(name) || results.contains(withoutNumber(name));
    });
}

} // namespace

isolate::Result<std::vector<std::string>, std::string> namedPaths(const CompressOptions &options)
{
    const char end = options.listByNul ? '\0' : '\n';
    std::vector<std::string> paths;
    const auto add = [&](const std::vector<std::string> &more) { paths.insert(paths.end(), more.begin(), more.end()); };
    for (const std::string &path : options.paths)
        add(path == "-" ? listedPaths(std::cin, end) : std::vector<std::string>{path});
    if (options.listFile == "-") {
        add(listedPaths(std::cin, end));
    } else if (!options.listFile.empty()) {
        std::ifstream list(options.listFile, std::ios::binary);
        if (list)
            add(listedPaths(list, end));
        // A folder can be opened, but not read.
        if (!list.eof())
            return "The list " + options.listFile + " can't be read.";
    }
    return paths;
}

Jobs findJobs(const std::vector<std::string> &paths, const recipe::OutputRule &output, const std::stop_token &stop)
{
    Jobs jobs;
    std::set<std::string> known;
    const fs::path results = output.place == OutputPlace::folder ? real(output.folder) : fs::path();
    for (const std::string &pick : paths) {
        std::error_code error;
        const fs::path root = fs::absolute(pick, error).lexically_normal();
        if (std::string problem = problemOf(pick); !problem.empty()) {
            jobs.all.push_back({pick.empty() ? "\"\"" : root.native(), std::move(problem), {}});
            continue;
        }
        const fs::path whole = results.empty() ? fs::path() : real(root);
        const bool holdsResults = !results.empty() && isIn(results, whole) && results != whole;
        fs::path folder; // the last one that was looked at
        bool ofResults = false;
        pipeline::findFiles(
            {pick}, 1024,
            [&](const std::vector<pipeline::FoundFile> &found) {
                for (const pipeline::FoundFile &file : found) {
                    if (!known.insert(file.path).second)
                        continue;
                    fs::path parent = fs::path(file.path).parent_path();
                    fs::path below = parent.lexically_relative(root);
                    if (holdsResults && folder != parent) {
                        ofResults = isIn(real(parent), results);
                        folder = std::move(parent);
                    }
                    if (ofResults) {
                        ++jobs.leftOut;
                        continue;
                    }
                    if (below == "." || below.native().starts_with(".."))
                        below.clear();
                    jobs.all.push_back({file.path, file.problem, std::move(below)});
                }
            },
            stop);
    }
    jobs.leftOut += leaveOutResults(jobs.all, output);
    return jobs;
}

} // namespace steadyframe::command_line
