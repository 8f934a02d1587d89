#pragma once

#include <string>

namespace steadyframe::benchmarks {

/// What no engine on libjpeg-turbo can beat by much: decodes a JPEG to the planes that it stores, and encodes those at
/// `quality` with Huffman tables made for them. Sampling and colour stay as they are. False when libjpeg stops.
bool decodeAndEncode(const std::string &source, const std::string &target, int quality);

} // namespace steadyframe::benchmarks
