#pragma once

#include <cstddef>

/// What others make of a feed, each on the file alone. They give the number of photos; 0 when they failed.
namespace steadyframe::benchmarks {

/// simdjson's on-demand reader, each photo into a structure with texts of its own.
std::size_t readWithSimdjsonToStrings(const char *path);
/// The same with views of what simdjson holds.
std::size_t readWithSimdjsonToViews(const char *path);
/// Qt's tree.
std::size_t readWithQt(const char *path);
/// zlib alone: every byte unpacked, and none of them looked at. Gives their number.
std::size_t inflateAlone(const char *path);

} // namespace steadyframe::benchmarks
