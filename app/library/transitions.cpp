#include "library/transitions.h"

#include <system_error>
#include <utility>

namespace steadyframe::library {

namespace {

using enum PhotoState;

constexpr std::uint8_t bit(PhotoState state)
{
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(state));
}

/// For each state the ones that may follow it.
constexpr std::array<std::uint8_t, photoStateCount> following{
    std::uint8_t(bit(compressing) | bit(failed) | bit(cancelled)), // queued
    std::uint8_t(bit(queued) | bit(compressed) | bit(failed) | bit(cancelled)), // compressing
    std::uint8_t(bit(uploading) | bit(failed) | bit(cancelled)), // compressed
    std::uint8_t(bit(queued) | bit(compressed) | bit(uploading) | bit(uploaded) | bit(failed) | bit(cancelled)),
    std::uint8_t(bit(queued) | bit(compressed)), // uploaded
    std::uint8_t(bit(queued) | bit(compressed)), // failed
    std::uint8_t(bit(queued) | bit(compressed)), // cancelled
};

LibraryError refused(const PhotoRecord &record, const PhotoChange &change, const std::string &why)
{
    return {LibraryErrorCode::refused,
            "Photo " + std::to_string(record.id) + " can't go from " + std::string(nameOf(record.state)) + " to "
                + std::string(nameOf(change.state)) + why};
}

bool resultIsOnDisk(const PhotoRecord &record)
{
    std::error_code error;
    return !record.resultPath.empty() && std::filesystem::file_size(record.resultPath, error) == record.resultBytes
        && !error;
}

void forgetUpload(PhotoRecord &record)
{
    record.uploadUrl.clear();
    record.destination.clear();
    record.acknowledgedBytes = 0;
}

void forgetResult(PhotoRecord &record)
{
    record.resultPath.clear();
    record.resultBytes = 0;
    record.resultSize = {};
    record.sha256.clear();
    record.note.clear();
    forgetUpload(record);
}

template <class T>
void take(T &field, const std::optional<T> &value)
{
    if (value)
        field = *value;
}

} // namespace

bool isAllowed(PhotoState from, PhotoState to) noexcept
{
    return following[static_cast<std::size_t>(from)] & bit(to);
}

isolate::Result<void, LibraryError> applyChange(PhotoRecord &record, const PhotoChange &change, UtcTime now)
{
    const PhotoState from = record.state;
    const PhotoState to = change.state;
    if (!isAllowed(from, to))
        return refused(record, change, ".");
    if (from == compressing && to == compressed && (!change.resultPath || !change.resultBytes))
        return refused(record, change, " without a result and its size.");
    if ((from == failed || from == cancelled || from == uploaded) && to == compressed && !resultIsOnDisk(record))
        return refused(record, change, ": its compressed file is gone. Queue it to compress it again.");
    if (to == failed && (!change.lastError || change.lastError->empty()))
        return refused(record, change, " without a reason.");

    record.lastError.clear();
    if (to == queued) {
        forgetResult(record);
        if (from != compressing)
            record.attempts = 0;
    }
    if ((from == compressing || from == uploaded) && to == compressed)
        forgetUpload(record);
    if (from == compressed && to == uploading)
        ++record.attempts;

    take(record.originalBytes, change.originalBytes);
    take(record.originalSize, change.originalSize);
    take(record.resultPath, change.resultPath);
    take(record.resultBytes, change.resultBytes);
    take(record.resultSize, change.resultSize);
    take(record.sha256, change.sha256);
    take(record.note, change.note);
    take(record.uploadUrl, change.uploadUrl);
    take(record.destination, change.destination);
    take(record.acknowledgedBytes, change.acknowledgedBytes);
    take(record.lastError, change.lastError);

    if (to == uploaded)
        record.acknowledgedBytes = record.resultBytes;
    if (from != to)
        record.enteredAt[static_cast<std::size_t>(to)] = now;
    record.state = to;
    return {};
}

} // namespace steadyframe::library
