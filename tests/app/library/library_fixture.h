#pragma once

#include "library/database.h"

#include <QTemporaryDir>
#include <QtTest>

#include <string>
#include <vector>

namespace steadyframe::library {

/// A folder that goes with the test, and what is common when a library is used.
class LibraryFixture {
public:
    [[nodiscard]] std::filesystem::path path(const std::string &name = "library.sqlite") const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }

    /// Opens it, or ends the test program with the reason.
    [[nodiscard]] Database open(const std::string &name = "library.sqlite") const
    {
        auto opened = Database::open(path(name), {.lockTimeout = std::chrono::milliseconds(0)});
        if (!opened)
            qFatal("%s", opened.error().message.c_str());
        return std::move(*opened);
    }

    [[nodiscard]] static std::vector<NewPhoto> picks(std::size_t count)
    {
        std::vector<NewPhoto> photos;
        for (std::size_t i = 0; i < count; ++i)
            photos.push_back({"/photos/folder/" + std::to_string(i) + ".jpg", 1000 + i, {40, 30}});
        return photos;
    }

private:
    QTemporaryDir m_folder;
};

/// A change that its target state accepts, whatever the state before.
inline PhotoChange changeTo(PhotoId id, PhotoState state)
{
    PhotoChange change{.id = id, .state = state};
    if (state == PhotoState::compressed) {
        change.resultPath = "/results/" + std::to_string(id) + ".jpg";
        change.resultBytes = 100;
        change.resultSize = PixelSize{20, 15};
        change.sha256 = std::string(64, 'a');
    }
    if (state == PhotoState::uploading) {
        change.uploadUrl = "http://127.0.0.1/files/" + std::to_string(id);
        change.acknowledgedBytes = 10;
    }
    if (state == PhotoState::failed)
        change.lastError = "The test made it fail.";
    return change;
}

/// The steps from queued to a state, in their order.
inline std::vector<PhotoState> wayTo(PhotoState state)
{
    using enum PhotoState;
    switch (state) {
    case queued:
        return {};
    case compressing:
        return {compressing};
    case compressed:
        return {compressing, compressed};
    case uploading:
        return {compressing, compressed, uploading};
    case uploaded:
        return {compressing, compressed, uploading, uploaded};
    case failed:
        return {compressing, failed};
    case cancelled:
        return {compressing, cancelled};
    }
    return {};
}

/// Counts what `totals()` keeps, the long way.
inline LibraryTotals counted(Database &database)
{
    LibraryTotals totals;
    const auto all = database.page(0, std::numeric_limits<std::uint32_t>::max());
    if (!all)
        qFatal("%s", all.error().message.c_str());
    for (const PhotoRecord &record : *all) {
        StateTotals &state = totals[record.state];
        ++state.count;
        state.originalBytes += record.originalBytes;
        state.resultBytes += record.resultBytes;
    }
    return totals;
}

} // namespace steadyframe::library
