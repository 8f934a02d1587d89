#include "upload/tus_server_features.h"

#include <algorithm>
#include <string_view>

namespace steadyframe::upload {

namespace {

/// True when a list separated by commas has the word.
bool lists(std::string_view list, std::string_view word)
{
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        auto item = list.substr(0, comma);
        while (!item.empty() && item.front() == ' ')
            item.remove_prefix(1);
        while (!item.empty() && item.back() == ' ')
            item.remove_suffix(1);
        if (item == word)
            return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

} // namespace

TusServerFeatures TusServerFeatures::of(const HttpResponse &response)
{
    TusServerFeatures features;
    if (response.status != 200 && response.status != 204)
        return features;
    if (const auto *versions = response.header("tus-version"))
        features.speaksVersion1 = lists(*versions, "1.0.0");
    if (const auto *extensions = response.header("tus-extension")) {
        features.canCreate = lists(*extensions, "creation");
        features.canTerminate = lists(*extensions, "termination");
        const auto *algorithms = response.header("tus-checksum-algorithm");
        if (lists(*extensions, "checksum") && algorithms) {
            if (lists(*algorithms, "sha256"))
                features.checksum = Hash::Algorithm::sha256;
            else if (lists(*algorithms, "sha1"))
                features.checksum = Hash::Algorithm::sha1;
        }
    }
    features.maximumBytes = response.number("tus-max-size");
    if (features.maximumBytes == 0U)
        features.maximumBytes.reset(); // some servers mean "no limit"
    return features;
}

const char *checksumName(Hash::Algorithm algorithm)
{
    return algorithm == Hash::Algorithm::sha1 ? "sha1" : "sha256";
}

} // namespace steadyframe::upload
