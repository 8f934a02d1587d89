#include "recipe/preset_store.h"

#include "imaging/result_file.h"
#include "recipe/preset_json.h"

#include <fstream>
#include <optional>

namespace steadyframe::recipe {
namespace {

constexpr std::uintmax_t largestFile = 1'000'000;

isolate::Result<void, std::string> write(const std::filesystem::path &file, const std::string &text)
{
    const auto folder = file.parent_path().empty() ? std::filesystem::path(".") : file.parent_path();
    auto result = imaging::ResultFile::create(folder, text.size());
    if (!result)
        return result.error().message;
    const auto *bytes = reinterpret_cast<const std::uint8_t *>(text.data());
    if (!(*result)->write({bytes, text.size()}))
        return (*result)->error().message;
    if (auto published = (*result)->publish(file.filename().native(), ""); !published)
        return published.error().message;
    return {};
}

/// Nothing of a file that is not there.
isolate::Result<std::optional<std::string>, std::string> read(const std::filesystem::path &file)
{
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error == std::errc::no_such_file_or_directory)
        return std::optional<std::string>();
    if (error)
        return "It can't be read: " + error.message() + ".";
    if (size > largestFile)
        return std::string("It is larger than a megabyte, so it is no preset.");
    std::string text(static_cast<std::size_t>(size), '\0');
    std::ifstream stream(file, std::ios::binary);
    if (!stream.read(text.data(), static_cast<std::streamsize>(text.size())))
        return std::string("It can't be read. Check its permissions.");
    return std::optional<std::string>(std::move(text));
}

Preset preset(std::string name)
{
    Preset made;
    made.name = std::move(name);
    return made;
}

std::vector<Preset> makeBuiltIn()
{
    std::vector<Preset> all;
    all.push_back(preset("Balanced"));

    Preset &web = all.emplace_back(preset("Web page"));
    web.settings.resize = {.kind = imaging::ResizeKind::longestSide, .width = 1920};
    web.settings.target.quality = 78;
    web.settings.progressive = true;
    web.settings.metadata = imaging::MetadataRule::none();
    web.settings.colors = imaging::ColorRule::toSrgb;

    Preset &mail = all.emplace_back(preset("E-mail, 500 KB"));
    mail.settings.resize = {.kind = imaging::ResizeKind::longestSide, .width = 2048};
    mail.settings.target.kind = imaging::TargetKind::bytes;
    mail.settings.target.bytes = 500'000;
    mail.settings.metadata.gps = false;

    Preset &archive = all.emplace_back(preset("Archive"));
    archive.settings.target.kind = imaging::TargetKind::similarity;
    archive.settings.target.similarity = 0.99;
    archive.settings.target.floor = 70;
    archive.settings.metadata = imaging::MetadataRule::all();
    archive.naming.keepDates = true;

    Preset &lossless = all.emplace_back(preset("Lossless"));
    lossless.settings.target.kind = imaging::TargetKind::lossless;
    lossless.settings.progressive = true;
    lossless.settings.metadata = imaging::MetadataRule::all();
    lossless.naming.keepDates = true;
    return all;
}

} // namespace

const std::vector<Preset> &builtInPresets()
{
    static const std::vector<Preset> presets = makeBuiltIn();
    return presets;
}

isolate::Result<std::vector<Preset>, std::string> loadPresets(const std::filesystem::path &file)
{
    auto text = read(file);
    if (!text)
        return std::move(text).error();
    return *text ? presetsFromJson(**text) : std::vector<Preset>();
}

isolate::Result<void, std::string> savePreset(const std::filesystem::path &file, const Preset &preset)
{
    return write(file, toJson(preset));
}

isolate::Result<void, std::string> savePresets(const std::filesystem::path &file, const std::vector<Preset> &presets)
{
    return write(file, toJson(presets));
}

isolate::Result<void, std::string> saveRecipe(const std::filesystem::path &file, const Recipe &recipe)
{
    Recipe kept = recipe;
    if (kept.output.place == OutputPlace::replaceOriginal)
        kept.output.place = OutputPlace::ownFolder;
    return write(file, toJson(kept));
}

isolate::Result<Recipe, std::string> loadRecipe(const std::filesystem::path &file)
{
    auto text = read(file);
    if (!text)
        return std::move(text).error();
    return *text ? recipeFromJson(**text) : Recipe();
}

const Preset *findPreset(const std::vector<Preset> &own, std::string_view name)
{
    for (const auto *presets : {&own, &builtInPresets()}) {
        for (const Preset &preset : *presets) {
            if (preset.name == name)
                return &preset;
        }
    }
    return nullptr;
}

} // namespace steadyframe::recipe
