#pragma once

#include <cstdint>
#include <string>

namespace steadyframe::imaging {

/// Why there is no result.
enum class ImagingErrc {
    empty, ///< The file has no bytes.
    notAnImage, ///< The content is no picture, whatever the name says.
    unsupported, ///< A picture of a kind that can't be read here.
    truncated, ///< The file ends before the picture does.
    corrupt, ///< The content contradicts itself.
    tooLarge, ///< More pixels or bytes than the limits, or than the memory that is there.
    changed, ///< The file was written to while it was read.
    vanished, ///< There is no file of that name any more.
    noPermission, ///< The system does not let us read the original or write the result.
    isDirectory, ///< A folder.
    notRegular, ///< A pipe, a socket or a device.
    noSpace, ///< The disk of the results is full, or a quota is used up.
    cancelled, ///< The stop token was triggered.
    badSettings, ///< A setting is out of its range.
    io, ///< The disk or the system failed.
};

/// A limit that the person can raise.
enum class ImagingLimit : std::uint8_t { none, pixels, bytes, memory };

/// The cause, and what to do.
struct ImagingError {
    ImagingErrc code = ImagingErrc::io;
    std::string message; ///< One or two sentences for the person. Without the path: the row names the photo already.
    ImagingLimit limit = ImagingLimit::none; ///< with `tooLarge`: the one that was in the way
};

/// The error of a stop token. @thread any
[[nodiscard]] ImagingError cancelledError();
/// The error of an allocation that failed. @thread any
[[nodiscard]] ImagingError outOfMemoryError();
/// For errno when the original could not be opened or read. @thread any
[[nodiscard]] ImagingError readError(int error);
/// For errno when the result could not be written; `wanted` is how many bytes it may need. @thread any
[[nodiscard]] ImagingError writeError(int error, std::uint64_t wanted);
/// "1,234,567". @thread any
[[nodiscard]] std::string grouped(std::uint64_t number);
/// "1.5 GB", "61 KB". @thread any
[[nodiscard]] std::string readableBytes(std::uint64_t bytes);

} // namespace steadyframe::imaging
