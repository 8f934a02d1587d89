#include "upload/upload_error.h"

#include <algorithm>
#include <string_view>

namespace steadyframe::upload {

namespace {

constexpr std::size_t maximumQuotedBytes = 200;

/// The server's words as one line fit for a message: a page of HTML says nothing to a person.
std::string quoted(const std::string &words)
{
    std::string line = words.substr(0, std::min(words.find_first_of("\r\n"), maximumQuotedBytes));
    const bool printable = std::all_of(line.begin(), line.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
    if (line.empty() || line.front() == '<' || !printable)
        return {};
    return " It says: \"" + line + "\".";
}

} // namespace

UploadError errorOfStatus(int httpStatus, const std::string &words, std::optional<std::chrono::milliseconds> retryAfter)
{
    UploadError error;
    error.httpStatus = httpStatus;
    error.retryAfter = retryAfter;
    const std::string code = " (" + std::to_string(httpStatus) + ")";
    const auto set = [&](UploadErrc errc, bool retryable, const std::string &sentence, const char *advice) {
        error.code = errc;
        error.retryable = retryable;
        error.message = sentence + code + "." + quoted(words) + " " + advice;
    };
    switch (httpStatus) {
    case 401:
    case 403:
        set(UploadErrc::credentials, false, "The server does not accept the credentials",
            "Enter them again in the settings.");
        break;
    case 413:
        set(UploadErrc::request, false, "The file is larger than the server accepts",
            "Lower the quality or the longest side.");
        break;
    case 423:
        set(UploadErrc::server, true, "The server is still busy with this upload", "It will be tried again.");
        break;
    case 408:
    case 425:
    case 429:
        set(UploadErrc::server, true, "The server asks to send less at a time", "It will be tried again.");
        break;
    case 507:
        set(UploadErrc::serverFull, true, "The server's disk is full", "Free some space there, then retry.");
        break;
    default:
        if (httpStatus >= 500) {
            set(UploadErrc::server, true, "The server failed", "It will be tried again.");
        } else if (httpStatus >= 400) {
            set(UploadErrc::request, false, "The server refused the upload",
                "Check the address of the server in the settings.");
        } else {
            const bool isElsewhere = httpStatus >= 300;
            set(UploadErrc::protocol, false,
                isElsewhere ? "The server wants the upload to go to another address"
                            : "The server gave an answer that does not belong to an upload",
                "Check the address of the server in the settings.");
        }
    }
    return error;
}

UploadError cancelledError()
{
    return {UploadErrc::cancelled, "The upload was stopped.", true, std::nullopt, 0};
}

UploadError protocolError(const std::string &protocol, const std::string &what)
{
    return {UploadErrc::protocol,
            "The server does not speak " + protocol + " as it should: " + what
                + ". Check its address in the settings, or ask who runs it.",
            false, std::nullopt, 0};
}

} // namespace steadyframe::upload
