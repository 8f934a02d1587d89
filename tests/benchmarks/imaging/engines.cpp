#include "benchmarks/imaging/engines.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

namespace steadyframe::benchmarks {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// Starts a program; its standard input and output become these descriptors, or nothing where they are negative.
pid_t start(const std::vector<std::string> &command, int input, int output)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (const auto &[descriptor, standard] : {std::pair{input, 0}, {output, 1}}) {
        if (descriptor >= 0)
            posix_spawn_file_actions_adddup2(&actions, descriptor, standard);
        else
            posix_spawn_file_actions_addopen(&actions, standard, "/dev/null", O_RDWR, 0);
    }
    std::vector<char *> arguments;
    for (const std::string &word : command)
        arguments.push_back(const_cast<char *>(word.c_str())); // posix_spawnp wants no const, and changes nothing
    arguments.push_back(nullptr);
    pid_t pid = -1;
    if (posix_spawnp(&pid, arguments.front(), &actions, nullptr, arguments.data(), environ) != 0)
        pid = -1;
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

/// Whether it ended well.
bool waitFor(pid_t pid)
{
    int status = 1;
    return pid > 0 && ::waitpid(pid, &status, 0) == pid && status == 0;
}

/// A started worker, and the two ends of its pipes that are ours.
class Process {
public:
    explicit Process(const std::vector<std::string> &command)
    {
        std::array<int, 2> in{}, out{};
        if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0)
            return;
        m_pid = start(command, in[0], out[1]);
        ::close(in[0]);
        ::close(out[1]);
        m_orders = ::fdopen(in[1], "w");
        m_answers = ::fdopen(out[0], "r");
    }
    Process(const Process &) = delete;
    Process &operator=(const Process &) = delete;
    ~Process()
    {
        if (m_orders)
            std::fclose(m_orders); // which ends it
        if (m_answers)
            std::fclose(m_answers);
        waitFor(m_pid);
    }

    Outcome run(const Order &order)
    {
        std::ostringstream line;
        line << order.task << ' ' << order.quality << ' ' << order.inFlight << ' ' << order.count;
        for (const std::string &source : order.sources)
            line << ' ' << source;
        Outcome outcome;
        char path[4096] = "";
        if (m_pid > 0 && m_orders && std::fprintf(m_orders, "%s\n", line.str().c_str()) > 0
            && std::fflush(m_orders) == 0 && std::fscanf(m_answers, "%lf %4095s", &outcome.seconds, path) == 2)
            outcome.result = path;
        return outcome;
    }

private:
    pid_t m_pid = -1;
    std::FILE *m_orders = nullptr;
    std::FILE *m_answers = nullptr;
};

} // namespace

Engine worker(const std::string &name, const std::vector<std::string> &command)
{
    auto process = std::make_shared<Process>(command);
    return {name, [process](const Order &order) { return process->run(order); }};
}

Engine commandLine(const std::string &name, const std::string &folder,
                   std::function<std::vector<std::string>(const Order &, const std::string &results)> arguments)
{
    return {name, [folder, arguments = std::move(arguments)](const Order &order) {
                const std::string results = folder + "/results";
                fs::remove_all(folder);
                fs::create_directories(results);
                std::vector<std::vector<std::string>> commands(static_cast<std::size_t>(order.inFlight),
                                                               arguments(order, results));
                for (int i = 0; i < order.count; ++i) {
                    const std::string link = folder + "/" + std::to_string(i) + ".jpg";
                    fs::create_hard_link(order.sources[static_cast<std::size_t>(i) % order.sources.size()], link);
                    commands[static_cast<std::size_t>(i % order.inFlight)].push_back(link);
                }
                const auto begun = Clock::now();
                std::vector<pid_t> started;
                for (const auto &command : commands)
                    started.push_back(start(command, -1, -1));
                bool well = true;
                for (const pid_t pid : started)
                    well = waitFor(pid) && well;
                Outcome outcome{std::chrono::duration<double>(Clock::now() - begun).count(), {}};
                const std::string first = results + "/0.jpg";
                if (well && fs::exists(first))
                    outcome.result = first;
                return outcome;
            }};
}

std::string outputOf(const std::vector<std::string> &command)
{
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
        return {};
    const pid_t pid = start(command, -1, pipe[1]);
    ::close(pipe[1]);
    std::string text;
    std::array<char, 4096> buffer;
    for (ssize_t got = 0; (got = ::read(pipe[0], buffer.data(), buffer.size())) > 0;)
        text.append(buffer.data(), static_cast<std::size_t>(got));
    ::close(pipe[0]);
    return waitFor(pid) ? text : std::string();
}

bool isThere(const std::string &program)
{
    return !outputOf({"which", program}).empty();
}

} // namespace steadyframe::benchmarks
