#pragma once

#include <functional>
#include <string>
#include <vector>

namespace steadyframe::benchmarks {

/// What an engine is asked to do: "resize" (longest side 720), "full" (the size stays), "bytes" (at most 200 KB) or
/// "limit" (nothing but libjpeg), each at a quality where one counts.
struct Order {
    std::string task;
    int quality = 80;
    int inFlight = 1; ///< pictures at once
    int count = 1; ///< pictures; the sources are taken in turn
    std::vector<std::string> sources;
};

/// What came of it. `result` is the path of one of the results, empty when the engine failed.
struct Outcome {
    double seconds = 0;
    std::string result;
};

/// Something that compresses pictures.
struct Engine {
    std::string name;
    std::function<Outcome(const Order &)> run;
};

/// A process that goes on: it reads orders as lines and answers each with a line. Its start is not measured.
/// `command`: a program and its arguments.
Engine worker(const std::string &name, const std::vector<std::string> &command);

/// A command line, started for each order with a share of the files, once for each picture in flight, and timed with
/// its start. `folder` is for its links to the sources and its results. `arguments` gives what it is called with
/// before the names of the files, and gets the folder of the results, which may keep its own.
Engine commandLine(const std::string &name, const std::string &folder,
                   std::function<std::vector<std::string>(const Order &, const std::string &results)> arguments);

/// What a command prints; nothing when it fails.
std::string outputOf(const std::vector<std::string> &command);

/// Whether the shell would find it.
bool isThere(const std::string &program);

} // namespace steadyframe::benchmarks
