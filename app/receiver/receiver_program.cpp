#include "receiver/receiver_program.h"

#include "receiver/posix_file.h"
#include "receiver/receiver.h"
#include "receiver/upload_record.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <optional>
#include <sys/stat.h>

namespace steadyframe::receiver {

namespace {

constexpr std::size_t longestToken = 4096;
constexpr mode_t ownerOnly = 0600;

std::string withoutLineEnd(std::string text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    return text;
}

/// Takes the token from a file that only its owner can read; nothing is taken where there is no file. The problem, or
/// empty.
std::string takeToken(const std::filesystem::path &path, std::string &token)
{
    struct stat status {};
    const std::string file = "The token file " + path.string();
    if (::stat(path.c_str(), &status) != 0)
        return errno == ENOENT ? std::string() : file + " can't be read: " + std::strerror(errno) + '.';
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return file + " is open to others. Make it yours alone (chmod 600), with another token in it.";
    const auto text = readSmallFile(path, longestToken);
    if (!text)
        return file + " can't be read, or is longer than a token.";
    token = withoutLineEnd(*text);
    return token.empty() ? file + " is empty. Write a token into it, or remove it to have one made." : std::string();
}

/// Writes the token for others of the same person to read; the problem, or empty.
std::string keepToken(const std::filesystem::path &path, const std::string &token)
{
    const PosixFile file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, ownerOnly));
    std::size_t written = 0;
    const int error = file.isOpen() ? file.writeAt(token + '\n', 0, written) : errno;
    return error == 0 ? std::string()
                      : "The token can't be written to " + path.string() + ": " + std::strerror(error) + '.';
}

/// Which of the signals that end a program came.
void waitForEnd(const sigset_t &signals)
{
    int signal = 0;
    while (::sigwait(&signals, &signal) == EINTR) {}
}

} // namespace

const char *ReceiverCommand::usage()
{
    return "steadyframe receiver --dir DIR [--port PORT] [--token-file FILE]\n"
           "\n"
           "A tus 1.0 server on the loopback address that stores what it is sent into DIR.\n"
           "  --dir DIR          where files are stored; made when it is missing\n"
           "  --port PORT        the port to listen on; without it any that is free, which is printed\n"
           "  --token-file FILE  holds the token that requests carry as \"Authorization: Bearer TOKEN\";\n"
           "                     made when it is missing, and only for you to read. Without it a new token is printed\n"
           "  --max-bytes N      refuse larger files\n"
           "  --help             this\n";
}

isolate::Result<ReceiverCommand, std::string> parseReceiverCommand(const std::vector<std::string> &arguments)
{
    ReceiverCommand command;
    command.options.niceValue = 0; // here it is the work itself, not a helper of a window
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string &name = arguments[i];
        if (name == "--help" || name == "-h") {
            command.help = true;
            return command;
        }
        if (name != "--dir" && name != "--port" && name != "--token-file" && name != "--max-bytes")
            return "There is no option " + name + ". See steadyframe receiver --help";
        if (i + 1 == arguments.size())
            return name + " needs a value. See steadyframe receiver --help";
        const std::string &value = arguments[++i];
        const auto number = parseNumber(value);
        if (name == "--dir") {
            command.options.folder = value;
        } else if (name == "--token-file") {
            command.tokenFile = value;
        } else if (name == "--port") {
            if (!number || *number > std::numeric_limits<std::uint16_t>::max())
                return "A port is a number up to 65535, not " + value + '.';
            command.options.port = static_cast<std::uint16_t>(*number);
        } else {
            if (!number)
                return "--max-bytes takes a number of bytes, not " + value + '.';
            command.options.maximumBytes = *number;
        }
    }
    if (command.options.folder.empty())
        return std::string("Say where to store files: steadyframe receiver --dir DIR");
    return command;
}

int runReceiverProgram(const std::vector<std::string> &arguments)
{
    auto command = parseReceiverCommand(arguments);
    if (!command) {
        std::fprintf(stderr, "steadyframe receiver: %s\n", command.error().c_str());
        return 2;
    }
    if (command->help) {
        std::printf("%s", ReceiverCommand::usage());
        return 0;
    }
    const auto &tokenFile = command->tokenFile;
    const auto problem = tokenFile.empty() ? std::string() : takeToken(tokenFile, command->options.token);
    if (!problem.empty()) {
        std::fprintf(stderr, "steadyframe receiver: %s\n", problem.c_str());
        return 1;
    }
    const bool newToken = command->options.token.empty();

    // Before there are threads, so that all of them leave the signals to this one.
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    const auto receiver = Receiver::start(command->options);
    if (!receiver) {
        std::fprintf(stderr, "steadyframe receiver: %s\n", receiver.error().message.c_str());
        return 1;
    }
    if (newToken && !tokenFile.empty()) {
        if (const auto failed = keepToken(tokenFile, (*receiver)->token()); !failed.empty()) {
            std::fprintf(stderr, "steadyframe receiver: %s\n", failed.c_str());
            return 1;
        }
    }
    std::printf("%s\n", (*receiver)->endpoint().c_str());
    if (tokenFile.empty())
        std::printf("Authorization: Bearer %s\n", (*receiver)->token().c_str());
    std::fflush(stdout);
    waitForEnd(signals);
    (*receiver)->stop();
    return 0;
}

} // namespace steadyframe::receiver
