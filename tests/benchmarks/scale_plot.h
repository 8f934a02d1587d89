#pragma once

#include <string>
#include <vector>

namespace steadyframe::benchmarks {

/// What was measured at one number of isolates.
struct ScalePoint {
    double count = 0;
    double spawnMicroseconds = 0;
    double bytes = 0; ///< of one isolate
    double messagesPerSecond = 0;
};

/// Writes the three costs over the number of isolates as an SVG picture. False, with a message on stderr, when the file
/// could not be written.
bool writeScalePlot(const std::string &path, const std::vector<ScalePoint> &points);

} // namespace steadyframe::benchmarks
