#pragma once

#include "imaging/jpeg_forge.h"
#include "imaging/photo_maker.h"
#include "recipe/place_result.h"
#include "recipe/trash.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>

#define VERIFY_PLACED(placed)                                                                                          \
    do {                                                                                                               \
        const auto &checked = (placed);                                                                                \
        QVERIFY2(checked.ok(), checked.ok() ? "" : checked.error().message.c_str());                                   \
    } while (false)
#define VERIFY_SAYS(placed, words)                                                                                     \
    do {                                                                                                               \
        const auto &checked = (placed);                                                                                \
        QVERIFY(!checked.ok());                                                                                        \
        QVERIFY2(QString::fromStdString(checked.error().message).contains(words), checked.error().message.c_str());    \
    } while (false)

namespace steadyframe::tests {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

inline isolate::Result<fs::path, std::string> brokenTrash(const fs::path &)
{
    return std::string("it is full.");
}

/// A trash beside the folder of the originals, which never takes anything back.
inline fs::path trashed(const fs::path &root, const fs::path &name)
{
    return root / "trash" / "files" / name;
}

inline fs::path rootOfTrash; ///< of those below, which can't be told by an argument
inline bool originalWasThere = false; ///< when the trash was called

inline isolate::Result<fs::path, std::string> plainTrash(const fs::path &file)
{
    originalWasThere = fs::exists(rootOfTrash / "in" / file.filename());
    const fs::path to = trashed(rootOfTrash, file.filename());
    fs::create_directories(to.parent_path());
    fs::rename(file, to);
    return to;
}

/// A photo in a folder of its own, and what becomes of it.
class PlaceResultWorld : public QObject {
protected:
    void begin()
    {
        // On the disk of the home, whose trash is there; of other disks it is where all would see it.
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_DATA_HOME", m_folder->filePath("data").toUtf8());
        rootOfTrash = root();
        originalWasThere = false;
        fs::create_directory(root() / "in");
        m_photo = root() / "in" / "photo.JPG";
        QVERIFY(imaging::makePhoto(m_photo, 320, 240, 1, 95).ok());
        m_original = readBytes(m_photo);
        m_recipe = {};
        m_recipe.output.place = recipe::OutputPlace::besideOriginal;
        m_workshop = {};
        m_workshop.moveToTrash = recipe::moveToTrash;
    }
    [[nodiscard]] fs::path root() const { return m_folder->path().toStdString(); }
    [[nodiscard]] Names names(const char *folder) const { return namesIn(root() / folder); }
    [[nodiscard]] isolate::Result<recipe::Placed, imaging::ImagingError> make() const
    {
        auto staged = recipe::stage(m_photo, m_recipe, m_workshop, {});
        if (!staged)
            return std::move(staged).error();
        return recipe::place(std::move(*staged), m_recipe.output, m_workshop);
    }
    void intoOut()
    {
        m_recipe.output.place = recipe::OutputPlace::folder;
        m_recipe.output.folder = root() / "out";
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_photo;
    Bytes m_original;
    recipe::Recipe m_recipe;
    recipe::Workshop m_workshop;
};

} // namespace steadyframe::tests
