#pragma once

#include "composition/app_folders.h"
#include "imaging/compress_settings.h"
#include "jank_monitor/work_log.h"

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace steadyframe::composition {

/// What the comparison works on.
enum class WorkKind : std::uint8_t { mix, compression, parsing };

/// What is compressed and parsed.
struct WorkSources {
    std::vector<std::filesystem::path> photos;
    std::filesystem::path feed;
    std::string problem; ///< why they could not be made; empty when they are there
};

/// What one task took, and what it did.
struct TaskReport {
    jank::WorkInterval work;
    std::int64_t waited = 0; ///< nanoseconds that it waited for a processor while others had it
    std::int64_t bytes = 0; ///< of the original, or of the feed
    std::string problem; ///< empty when it succeeded
};

/// Makes six photos of 12 megapixels and a feed of 35 MB in `samples`, unless they are there, and removes what an
/// earlier comparison may have left. @thread any; takes seconds
[[nodiscard]] WorkSources prepareSources(std::filesystem::path samples, std::stop_token stop);

/// Where the results of the tasks go until the comparison has ended. @thread any
[[nodiscard]] std::filesystem::path comparisonResults(const std::filesystem::path &samples);

/// A piece of work that can be sent to where it is done.
struct WorkTask {
    enum class Sort : std::uint8_t { compress, parse };
    Sort sort = Sort::compress;
    std::filesystem::path source;
    std::filesystem::path results; ///< the folder for what comes out
    std::string stem; ///< its name there
    imaging::CompressSettings settings;
};

/// Does it here and now, and times it. @thread any
[[nodiscard]] TaskReport perform(WorkTask task, std::stop_token stop);

/// How often the tasks of a kind go over their sources: with once, a frame more or less would be 5 % of what is missed.
inline constexpr int passesOverSources = 3;
/// The tasks of a kind, in their order, pass by pass; no two write the same file. @thread any
[[nodiscard]] std::vector<WorkTask> tasksOf(WorkKind kind, const WorkSources &sources,
                                            const std::filesystem::path &results,
                                            const imaging::CompressSettings &settings);

/// The first task of each sort that there is, so many times: to have code and memory warm where they run. @thread any
[[nodiscard]] std::vector<WorkTask> runInOf(const std::vector<WorkTask> &tasks, std::size_t times);

} // namespace steadyframe::composition
