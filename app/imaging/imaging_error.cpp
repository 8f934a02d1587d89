#include "imaging/imaging_error.h"

#include "imaging/imaging_limits.h"

#include <cerrno>
#include <system_error>

namespace steadyframe::imaging {
namespace {

/// The system's words, as the second half of a sentence. Unlike strerror, safe on any thread.
std::string wordsOf(int error)
{
    return std::system_category().message(error);
}

} // namespace

std::string grouped(std::uint64_t number)
{
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3; at -= 3)
        digits.insert(at - 3, ",");
    return digits;
}

ImagingError cancelledError()
{
    return {ImagingErrc::cancelled, "Cancelled. Retry to compress it after all."};
}

ImagingError outOfMemoryError()
{
    return {ImagingErrc::tooLarge, "The picture needs more memory than is free. Close other programs and retry."};
}

ImagingError tooManyPixelsError(std::uint64_t width, std::uint64_t height, const ImagingLimits &limits)
{
    return {ImagingErrc::tooLarge,
            "The picture claims " + grouped(width) + " by " + grouped(height) + " pixels, " + grouped(width * height)
                + " in all; the limit is " + grouped(limits.pixels) + ". Raise the limit, or pick a smaller picture."};
}

ImagingError readError(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ESTALE:
        return {ImagingErrc::vanished, "The file is gone: it was moved, renamed or deleted. Pick it again."};
    case EACCES:
    case EPERM:
        return {ImagingErrc::noPermission,
                "The file can't be read: you have no permission. Change its permissions, then retry."};
    case EISDIR:
        return {ImagingErrc::isDirectory, "This is a folder, not a photo. Pick the photos in it."};
    case ELOOP:
        return {ImagingErrc::vanished, "The link leads in a circle. Pick the photo itself."};
    case ENXIO:
    case ENODEV:
        return {ImagingErrc::notRegular, "This is a device, a pipe or a socket, not a photo. Pick a file."};
    case EMFILE:
    case ENFILE:
        return {ImagingErrc::io, "Too many files are open at once. Retry in a moment."};
    default:
        return {ImagingErrc::io, "The file could not be read (" + wordsOf(error) + "). Check the disk, then retry."};
    }
}

ImagingError writeError(int error, std::uint64_t wanted)
{
    switch (error) {
    case ENOSPC: {
        const std::uint64_t megabytes = wanted / 1'000'000 + 1;
        return {ImagingErrc::noSpace,
                "The disk of the results is full: free " + grouped(megabytes) + " MB, then retry."};
    }
    case EDQUOT:
        return {ImagingErrc::noSpace, "Your quota on the disk of the results is used up: free some space, then retry."};
    case EFBIG:
        return {ImagingErrc::noSpace,
                "The result is larger than a file may be there. Choose a smaller size or another folder, then retry."};
    case EACCES:
    case EPERM:
    case EROFS:
        return {ImagingErrc::noPermission,
                "The folder of the results can't be written to: change its permissions or choose another, then retry."};
    default:
        return {ImagingErrc::io,
                "The result could not be written (" + wordsOf(error) + "). Check the disk, then retry."};
    }
}

} // namespace steadyframe::imaging
