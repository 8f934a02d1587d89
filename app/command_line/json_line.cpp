#include "command_line/report.h"
#include "recipe/json_text.h"

namespace steadyframe::command_line {
namespace {

using imaging::ImagingErrc;
using recipe::jsonNumber;
using recipe::jsonText;

const char *nameOf(ImagingErrc code)
{
    switch (code) {
    case ImagingErrc::empty:
        return "empty";
    case ImagingErrc::notAnImage:
        return "notAnImage";
    case ImagingErrc::unsupported:
        return "unsupported";
    case ImagingErrc::truncated:
        return "truncated";
    case ImagingErrc::corrupt:
        return "corrupt";
    case ImagingErrc::tooLarge:
        return "tooLarge";
    case ImagingErrc::changed:
        return "changed";
    case ImagingErrc::vanished:
        return "vanished";
    case ImagingErrc::noPermission:
        return "noPermission";
    case ImagingErrc::isDirectory:
        return "isDirectory";
    case ImagingErrc::notRegular:
        return "notRegular";
    case ImagingErrc::noSpace:
        return "noSpace";
    case ImagingErrc::cancelled:
        return "cancelled";
    case ImagingErrc::badSettings:
        return "badSettings";
    default:
        return "io";
    }
}

} // namespace

std::string jsonLine(const std::string &file, const FileOutcome &outcome)
{
    std::string line = "{\"file\":" + jsonText(file);
    if (!outcome) {
        const auto &error = outcome.error();
        const bool cancelled = error.code == ImagingErrc::cancelled;
        return line + ",\"status\":\"" + (cancelled ? "cancelled" : "failed") + "\",\"error\":{\"code\":\""
            + nameOf(error.code) + "\",\"message\":" + jsonText(messageOf(error)) + "}}";
    }
    const auto &result = outcome->result;
    const char *status = outcome->skipped ? "skipped" : result.keptOriginalBytes ? "kept" : "compressed";
    line += std::string(",\"status\":\"") + status + "\",\"result\":" + jsonText(result.path.native());
    if (outcome->skipped)
        return line + "}";
    line += ",\"bytesBefore\":" + std::to_string(result.sourceBytes) + ",\"bytesAfter\":"
        + std::to_string(result.resultBytes) + ",\"widthBefore\":" + std::to_string(result.sourceWidth)
        + ",\"heightBefore\":" + std::to_string(result.sourceHeight) + ",\"width\":" + std::to_string(result.width)
        + ",\"height\":" + std::to_string(result.height)
        + ",\"quality\":" + (result.quality > 0 ? std::to_string(result.quality) : "null") + ",\"similarity\":"
        + jsonNumber(result.similarity) + ",\"reachedTarget\":" + (result.reachedTarget ? "true" : "false");
    if (!result.reachedTarget && result.smallestBytes > 0)
        line += ",\"smallestBytes\":" + std::to_string(result.smallestBytes);
    line += std::string(",\"keptPixels\":") + (result.keptPixels ? "true" : "false");
    line += ",\"sha256\":" + jsonText(result.sha256);
    if (!outcome->inTrash.empty())
        line += ",\"originalInTrash\":" + jsonText(outcome->inTrash.native());
    line += ",\"warnings\":[";
    for (std::size_t i = 0; i < result.warnings.size(); ++i)
        line += (i == 0 ? "" : ",") + jsonText(result.warnings[i]);
    return line + "]}";
}

} // namespace steadyframe::command_line
