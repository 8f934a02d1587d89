#pragma once

#include <filesystem>

namespace steadyframe::composition {

/// Where the application keeps its own files. Nothing is made before it is needed.
struct AppFolders {
    std::filesystem::path root;
    std::filesystem::path cache = {}; ///< for what can be had again; empty: a folder in `root`

    /// In the person's data and cache folders, as the XDG base directories have it. @thread any
    static AppFolders standard();

    [[nodiscard]] std::filesystem::path library() const { return root / "library.sqlite"; }
    [[nodiscard]] std::filesystem::path results() const { return root / "results"; }
    [[nodiscard]] std::filesystem::path received() const { return root / "received"; }
    [[nodiscard]] std::filesystem::path pasted() const { return root / "pasted"; }
    [[nodiscard]] std::filesystem::path reports() const { return root / "reports"; }
    [[nodiscard]] std::filesystem::path settings() const { return root / "settings.json"; }
    [[nodiscard]] std::filesystem::path presets() const { return root / "presets.json"; }
    [[nodiscard]] std::filesystem::path previews() const { return root / "previews"; }
    [[nodiscard]] std::filesystem::path manifests() const { return root / "manifests"; }
    [[nodiscard]] std::filesystem::path feedLayout() const { return root / "feed_layout"; }
    [[nodiscard]] std::filesystem::path thumbnails() const
    {
        return (cache.empty() ? root / "cache" : cache) / "thumbnails";
    }
    /// Photos of a feed that were fetched to be sent, until they are taken off the list.
    [[nodiscard]] std::filesystem::path fetched() const { return root / "fetched" / "photos"; }
    [[nodiscard]] std::filesystem::path samples() const { return root / "samples"; }
};

} // namespace steadyframe::composition
