#include "imaging/imaging_error.h"

#include "imaging/imaging_limits.h"

#include <array>
#include <cerrno>
#include <cstdio>
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

std::string readableBytes(std::uint64_t bytes)
{
    constexpr std::array<const char *, 5> units{"bytes", "KB", "MB", "GB", "TB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 999.5 && unit + 1 < units.size(); ++unit)
        value /= 1000;
    std::array<char, 32> text;
    std::snprintf(text.data(), text.size(), unit < 2 || value >= 99.95 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    return text.data();
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
                + " in all; the limit is " + grouped(limits.pixels) + ". Raise the limit, or pick a smaller picture.",
            ImagingLimit::pixels};
}

ImagingError tooManyBytesError(std::uint64_t bytes, const ImagingLimits &limits)
{
    return {ImagingErrc::tooLarge,
            "The file has " + grouped(bytes) + " bytes; the limit is " + grouped(limits.bytes)
                + ". Raise the limit, or pick a smaller photo.",
            ImagingLimit::bytes};
}

ImagingError tooMuchMemoryError(const std::string &what, std::uint64_t bytes, const std::string &why,
                                const ImagingLimits &limits)
{
    std::string needed = readableBytes(bytes), most = readableBytes(limits.memory);
    if (needed == most) {
        needed = grouped(bytes) + " bytes";
        most = grouped(limits.memory) + " bytes";
    }
    return {ImagingErrc::tooLarge,
            what + " needs " + needed + " of memory, since " + why + "; the limit is " + most
                + ". Raise the limit, or pick a smaller picture.",
            ImagingLimit::memory};
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
    case EEXIST:
    case ENOTDIR:
        return {ImagingErrc::io,
                "Where the folder of the results should be is a file: choose another folder, then retry."};
    case ENOENT:
        return {ImagingErrc::io,
                "The folder of the results is gone, or can't be made there: choose another, then retry."};
    default:
        return {ImagingErrc::io,
                "The result could not be written (" + wordsOf(error) + "). Check the disk, then retry."};
    }
}

} // namespace steadyframe::imaging
