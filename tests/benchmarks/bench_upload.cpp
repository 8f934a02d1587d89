// Uploads on the loopback address to the receiver as a program: one file of 1 GB beside `curl -T`, 500 files of 100 KB
// beside tus-js-client with as many at once, and what the pipeline itself costs a photo.
#include "benchmarks/figures.h"
#include "imaging/photo_maker.h"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace fs = std::filesystem;
using namespace steadyframe;

namespace {

constexpr std::size_t megabyte = std::size_t(1) << 20;
constexpr std::size_t largeBytes = 1024 * megabyte;
constexpr int smallFiles = 500;
constexpr std::size_t smallBytes = 100'000;
constexpr int parallel = 6;
constexpr int photos = 300;
constexpr int rounds = 3;

[[noreturn]] void fail(const std::string &message)
{
    std::fprintf(stderr, "%s\n", message.c_str());
    std::exit(1);
}

/// What a command writes; ends the program when it fails.
std::string outputOf(const std::string &command)
{
    std::string text;
    std::FILE *pipe = ::popen(command.c_str(), "r");
    std::array<char, 4096> block{};
    while (const auto count = std::fread(block.data(), 1, block.size(), pipe))
        text.append(block.data(), count);
    if (::pclose(pipe) != 0)
        fail("failed: " + command);
    return text;
}

double seconds(const std::string &command)
{
    const auto start = std::chrono::steady_clock::now();
    outputOf(command);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void writeRandom(const fs::path &path, std::size_t bytes, unsigned seed)
{
    std::mt19937_64 random(seed);
    std::vector<std::uint64_t> block(megabyte / sizeof(std::uint64_t));
    std::ofstream file(path, std::ios::binary);
    for (std::size_t left = bytes; left > 0;) {
        for (auto &word : block)
            word = random();
        const std::size_t count = std::min(left, megabyte);
        file.write(reinterpret_cast<const char *>(block.data()), static_cast<std::streamsize>(count));
        left -= count;
    }
}

/// The receiver in a process of its own.
class ReceiverProcess {
public:
    explicit ReceiverProcess(const fs::path &folder) : m_folder(folder / "received")
    {
        const auto tokenFile = folder / "token";
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0)
            fail("no pipe");
        m_process = ::fork();
        if (m_process == 0) {
            ::dup2(ends[1], STDOUT_FILENO);
            ::close(ends[0]);
            ::execl(RECEIVER_PROGRAM, "receiver", "--dir", m_folder.c_str(), "--token-file", tokenFile.c_str(),
                    nullptr);
            ::_exit(127);
        }
        ::close(ends[1]);
        std::FILE *said = ::fdopen(ends[0], "r");
        std::array<char, 256> line{};
        if (!std::fgets(line.data(), line.size(), said))
            fail("the receiver did not start");
        std::fclose(said);
        endpoint = std::string(line.data());
        endpoint.pop_back();
        std::ifstream(tokenFile) >> token;
    }
    ~ReceiverProcess()
    {
        ::kill(m_process, SIGTERM);
        ::waitpid(m_process, nullptr, 0);
    }
    ReceiverProcess(const ReceiverProcess &) = delete;
    ReceiverProcess &operator=(const ReceiverProcess &) = delete;

    /// Its peak of memory so far, in megabytes.
    [[nodiscard]] double peak() const
    {
        std::ifstream status("/proc/" + std::to_string(m_process) + "/status");
        for (std::string word; status >> word;) {
            double kilobytes = 0;
            if (word == "VmHWM:" && status >> kilobytes)
                return kilobytes / 1024;
        }
        return 0;
    }
    /// Forgets what arrived, so that the disk does not fill; how many files there were.
    int clear() const
    {
        int count = 0;
        for (const auto &entry : fs::directory_iterator(m_folder)) {
            if (entry.is_regular_file() && fs::remove(entry.path()))
                ++count;
        }
        ::sync(); // the next run does not pay for what this one left to be written
        return count;
    }

    std::string endpoint;
    std::string token;

private:
    const fs::path m_folder;
    pid_t m_process = -1;
};

std::string quoted(const fs::path &path)
{
    return '\'' + path.native() + '\'';
}

/// What upload_measure says of itself.
struct Measured {
    double seconds = 0;
    double waited = 0; ///< of these, for a core
};

/// Runs it, and keeps the largest peak of memory in megabytes.
Measured measure(const std::string &arguments, double &peak)
{
    std::istringstream said(outputOf(std::string(MEASURE_PROGRAM) + ' ' + arguments));
    Measured measured;
    double kilobytes = 0;
    said >> measured.seconds >> kilobytes >> measured.waited;
    peak = std::max(peak, kilobytes / 1024);
    return measured;
}

double withCurl(const ReceiverProcess &receiver, const fs::path &file, const std::string &sha256Base64)
{
    const std::string headers = " -H 'Tus-Resumable: 1.0.0' -H 'Authorization: Bearer " + receiver.token + "' ";
    const std::string metadata = "-H 'Upload-Metadata: sha256 " + sha256Base64 + "' ";
    const auto created = outputOf("curl -s -D - -X POST" + headers + metadata + "-H 'Upload-Length: "
                                  + std::to_string(fs::file_size(file)) + "' " + receiver.endpoint);
    auto at = created.find("Location: /files");
    if (at == std::string::npos)
        fail("curl created nothing:\n" + created);
    at += std::string("Location: /files").size();
    const auto id = created.substr(at, created.find('\r', at) - at);
    return seconds("curl -s -f -X PATCH" + headers
                   + "-H 'Upload-Offset: 0' -H 'Content-Type: application/offset+octet-stream' -T " + quoted(file) + ' '
                   + receiver.endpoint + id);
}

void one(benchmarks::Figures &figures, const fs::path &folder)
{
    const ReceiverProcess receiver(folder);
    const auto file = folder / "large.bin";
    writeRandom(file, largeBytes, 1);
    const auto sha256 = outputOf("sha256sum " + quoted(file)).substr(0, 64);
    const auto base64 = outputOf("printf %s " + sha256 + " | base64 -w0");
    const double size = static_cast<double>(largeBytes) / 1e6;
    const auto access = receiver.endpoint + ' ' + receiver.token + ' ' + quoted(file) + ' ';
    double peak = 0;
    const std::vector<benchmarks::Contender> contenders{
        {"1 GB by Steadyframe, its hash verified", "MB/s",
         [&] {
             const double rate = size / measure("one " + access + sha256, peak).seconds;
             receiver.clear();
             return rate;
         }},
        {"1 GB by curl -T, its hash verified", "MB/s",
         [&] {
             const double rate = size / withCurl(receiver, file, base64);
             receiver.clear();
             return rate;
         }},
    };
    benchmarks::interleave(figures, rounds, contenders);
    figures.add("peak of memory, 1 GB, the sender", "MB", {peak});
    figures.add("peak of memory, 1 GB, the receiver", "MB", {receiver.peak()});
    fs::remove(file);
}

void many(benchmarks::Figures &figures, const fs::path &folder)
{
    const ReceiverProcess receiver(folder);
    const auto files = folder / "small";
    fs::create_directories(files);
    for (int i = 0; i < smallFiles; ++i)
        writeRandom(files / (std::to_string(i) + ".bin"), smallBytes, static_cast<unsigned>(i));
    const auto access = receiver.endpoint + ' ' + receiver.token + ' ' + quoted(files) + ' ' + std::to_string(parallel);
    double peak = 0;
    const auto cleared = [&](double time) {
        if (receiver.clear() != smallFiles)
            fail("not all files arrived");
        return smallFiles / time;
    };
    std::vector<benchmarks::Contender> contenders{{"500 files of 100 KB by Steadyframe", "files/s",
                                                   [&] { return cleared(measure("many " + access, peak).seconds); }}};
    outputOf("cmake -DSOURCE=" + std::string(PEERS_SCRIPTS) + " -DFOLDER=" + quoted(PEERS_FOLDER) + " -P "
             + std::string(PEERS_SCRIPTS) + "/install.cmake");
    if (fs::exists(std::string(PEERS_FOLDER) + "/why-not.txt")) {
        std::cout << "tus-js-client is not measured: " << std::ifstream(PEERS_FOLDER "/why-not.txt").rdbuf() << '\n';
    } else {
        fs::copy_file(TUS_JS_SCRIPT, PEERS_FOLDER "/tus_js_many.mjs", fs::copy_options::overwrite_existing);
        contenders.push_back(
            {"500 files of 100 KB by tus-js-client", "files/s",
             [&] { return cleared(std::stod(outputOf("node " PEERS_FOLDER "/tus_js_many.mjs " + access))); }});
    }
    benchmarks::interleave(figures, rounds, contenders);
    figures.add("peak of memory, 500 files, the sender", "MB", {peak});
    figures.add("peak of memory, 500 files, the receiver", "MB", {receiver.peak()});
}

void overhead(benchmarks::Figures &figures, const fs::path &folder)
{
    const ReceiverProcess receiver(folder);
    // With and without the time for which they were ready, but compressing and sending had all cores.
    std::vector<double> own, all;
    for (int round = 0; round < rounds; ++round) {
        const auto work = folder / ("work-" + std::to_string(round));
        fs::create_directories(work / "photos");
        for (int i = 0; i < photos; ++i) {
            if (!imaging::makePhoto(work / "photos" / (std::to_string(i) + ".jpg"), 64, 48,
                                    static_cast<std::uint64_t>(round * photos + i)))
                fail("no photo could be made");
        }
        double peak = 0;
        const auto busy = measure("photos " + receiver.endpoint + ' ' + receiver.token + ' ' + quoted(work), peak);
        own.push_back((busy.seconds - busy.waited) / photos * 1000);
        all.push_back(busy.seconds / photos * 1000);
    }
    figures.add("pipeline and library, a photo", "ms", own);
    figures.add("the same, with waiting for a core", "ms", all);
}

} // namespace

int main(int argc, char **argv)
{
    benchmarks::Figures figures("upload", argc, argv);
    const auto folder = fs::temp_directory_path() / ("steadyframe-bench-upload-" + std::to_string(::getpid()));
    for (const auto measurement : {one, many, overhead}) {
        fs::create_directories(folder);
        measurement(figures, folder);
        fs::remove_all(folder);
    }
    return figures.finish();
}
