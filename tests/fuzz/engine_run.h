#pragma once

#include "fuzz/scratch.h"
#include "imaging/compress.h"
#include "imaging/thumbnail.h"

#include <algorithm>
#include <array>

namespace steadyframe::fuzz {

inline imaging::CompressSettings settingsFrom(const std::array<std::uint8_t, 4> &choice)
{
    imaging::CompressSettings settings;
    settings.target.kind = static_cast<imaging::TargetKind>(choice[0] % 4);
    settings.progressive = (choice[0] & 4) != 0;
    settings.colors = (choice[0] & 8) != 0 ? imaging::ColorRule::toSrgb : imaging::ColorRule::keepProfile;
    settings.target.quality = 1 + choice[1] % 100;
    settings.target.bytes = 1 + choice[1] * std::uint64_t{64};
    settings.target.similarity = 0.5 + choice[1] / 512.0;
    settings.resize.kind = static_cast<imaging::ResizeKind>(choice[2] % 6);
    settings.resize.width = 1 + choice[2] / 6;
    settings.resize.height = 1 + choice[2] / 4;
    settings.resize.percent = 1 + choice[2] % 100;
    if (settings.target.kind == imaging::TargetKind::lossless) { // keeps its size and its colours
        settings.resize = {};
        settings.colors = imaging::ColorRule::keepProfile;
    }
    settings.metadata = {(choice[3] & 1) != 0, (choice[3] & 2) != 0,  (choice[3] & 4) != 0,
                         (choice[3] & 8) != 0, (choice[3] & 16) != 0, (choice[3] & 32) != 0};
    return settings;
}

/// The whole engine: the first four bytes choose the settings, the rest is the photo. `readOther` may be null.
inline void runEngine(const std::uint8_t *data, std::size_t size, imaging::ReadOther readOther)
{
    const Scratch &files = scratch();
    std::array<std::uint8_t, 4> choice{};
    if (size < choice.size())
        return;
    std::copy_n(data, choice.size(), choice.begin());
    const auto photo = files.write({data + choice.size(), size - choice.size()});
    imaging::ImagingOptions options;
    options.limits.pixels = 1'000'000;
    options.readOther = readOther;
    const auto settings = settingsFrom(choice);
    double told = 0;
    const auto result = imaging::compressFile(
        photo, files.results(), "result", settings, {},
        [&](double fraction) {
            require(fraction >= told && fraction <= 1);
            told = fraction;
        },
        options);
    if (result) {
        require(std::filesystem::file_size(result->path) == result->resultBytes);
        require(!result->reachedTarget || settings.target.kind != imaging::TargetKind::bytes
                || result->resultBytes <= std::max(settings.target.bytes, result->sourceBytes));
        require(result->width > 0 && result->height > 0 && result->sha256.size() == 64);
        std::filesystem::remove(result->path);
    } else {
        require(!result.error().message.empty());
        require(result.error().code != imaging::ImagingErrc::badSettings);
    }
    require(std::filesystem::is_empty(files.results())); // nothing is left half written
    if (const auto thumbnail = imaging::makeThumbnail(photo, 64, {}, options))
        require(thumbnail->rgba.size()
                == static_cast<std::size_t>(thumbnail->width) * static_cast<std::size_t>(thumbnail->height) * 4);
}

} // namespace steadyframe::fuzz
