#pragma once

#include "models/feed/feed_table.h"

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace steadyframe::tests {

struct FeedPhoto {
    std::int64_t albumId;
    std::int64_t id;
    std::string title;
    std::string url;
    std::string thumbnailUrl;
};

inline std::shared_ptr<const ui::FeedTable> tableOf(const std::vector<FeedPhoto> &photos, ui::FeedFacts facts = {})
{
    std::string text;
    ui::FeedRows rows;
    const auto add = [&](const std::string &part) {
        text += part;
        return static_cast<std::uint32_t>(text.size() - part.size());
    };
    for (const FeedPhoto &photo : photos) {
        ui::FeedRow row{};
        row.albumId = photo.albumId;
        row.id = photo.id;
        row.titleOffset = add(photo.title);
        row.titleLength = static_cast<std::uint32_t>(photo.title.size());
        row.urlOffset = add(photo.url);
        row.urlLength = static_cast<std::uint32_t>(photo.url.size());
        row.thumbnailUrlOffset = add(photo.thumbnailUrl);
        row.thumbnailUrlLength = static_cast<std::uint32_t>(photo.thumbnailUrl.size());
        rows.append(row);
    }
    ui::FeedText copy(static_cast<char *>(std::malloc(text.size() + 1)));
    std::memcpy(copy.get(), text.c_str(), text.size() + 1);
    return std::make_shared<const ui::FeedTable>(std::move(copy), std::move(rows), std::move(facts));
}

/// Photos 0 to `count`, fifty an album.
inline std::vector<FeedPhoto> numberedPhotos(int count)
{
    std::vector<FeedPhoto> photos;
    for (int i = 0; i < count; ++i)
        photos.push_back({i / 50, i, "title " + std::to_string(i), "u", "t"});
    return photos;
}

} // namespace steadyframe::tests
