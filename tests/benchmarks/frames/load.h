#pragma once

#include <isolate_core/pool.h>
#include <isolate_core/send_port.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace steadyframe::benchmarks {

/// What is to keep the machine busy.
struct LoadPlan {
    bool compress = false; ///< photos, as many at once as there are cores
    bool parse = false; ///< a feed, again and again
    bool upload = false; ///< files of 100 KB to the built-in receiver, two at once
    bool messages = false; ///< 400,000 a second to the main isolate
    std::filesystem::path inputs; ///< as `makeInputs` left them
    std::filesystem::path outputs; ///< a folder for what comes of it
    bool onMainIsolate = false; ///< uploads too; for the rest it is the runtime's execution mode that counts
};

/// What was done since the program began. Called on the main thread, for its time to be told from the rest.
struct LoadDone {
    std::uint64_t photos = 0;
    std::uint64_t feeds = 0;
    std::uint64_t files = 0;
    std::uint64_t messages = 0;
    double photoSeconds = 0; ///< of a processor that the photos took
    double feedSeconds = 0; ///< likewise
    double fileSeconds = 0; ///< likewise, sent and received: what the process took, less all others and its main thread
};
[[nodiscard]] LoadDone loadDone() noexcept;

/// Writes six photos of 12 megapixels, a feed of 211,640 rows and 500 files of 100 KB below `folder`, unless they are
/// there. Gives what is wrong, or nothing. Blocks for some seconds. @thread any
std::string makeInputs(const std::filesystem::path &folder);

/// Counts what arrives at it: the receiving end of `LoadPlan::messages`. @thread isolate
void countMessage() noexcept;

/// Starts the work, which never ends by itself. `toMain` gets the messages. @thread any
[[nodiscard]] bool startLoad(const LoadPlan &plan, isolate::SendPort<std::int64_t> toMain);

} // namespace steadyframe::benchmarks
