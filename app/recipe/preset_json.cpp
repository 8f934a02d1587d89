#include "recipe/preset_json.h"

#include "recipe/json_text.h"

#include <simdjson.h>

#include <array>
#include <functional>
#include <limits>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace steadyframe::recipe {
namespace {

namespace dom = simdjson::dom;
using imaging::ColorRule;
using imaging::ResizeKind;
using imaging::TargetKind;

constexpr std::string_view formatName = "steadyframe-preset";
constexpr std::string_view listName = "steadyframe-presets";
constexpr std::string_view recipeName = "steadyframe-settings";
constexpr int version = 1;
constexpr std::size_t longestName = 100;
constexpr std::size_t mostPresets = 1000;

template <class E>
using Names = std::span<const std::pair<E, std::string_view>>;

constexpr std::array<std::pair<TargetKind, std::string_view>, 4> targetNames{{
    {TargetKind::quality, "quality"},
    {TargetKind::bytes, "bytes"},
    {TargetKind::similarity, "similarity"},
    {TargetKind::lossless, "lossless"},
}};
constexpr std::array<std::pair<ResizeKind, std::string_view>, 6> resizeNames{{
    {ResizeKind::keep, "keep"},
    {ResizeKind::longestSide, "longestSide"},
    {ResizeKind::box, "box"},
    {ResizeKind::width, "width"},
    {ResizeKind::height, "height"},
    {ResizeKind::percent, "percent"},
}};
constexpr std::array<std::pair<ColorRule, std::string_view>, 2> colorNames{{
    {ColorRule::keepProfile, "keepProfile"},
    {ColorRule::toSrgb, "toSrgb"},
}};
constexpr std::array<std::pair<OutputPlace, std::string_view>, 4> placeNames{{
    {OutputPlace::ownFolder, "ownFolder"},
    {OutputPlace::besideOriginal, "besideOriginal"},
    {OutputPlace::folder, "folder"},
    {OutputPlace::replaceOriginal, "replaceOriginal"},
}};
constexpr std::array<std::pair<IfExists, std::string_view>, 4> ifExistsNames{{
    {IfExists::number, "number"},
    {IfExists::skip, "skip"},
    {IfExists::overwrite, "overwrite"},
    {IfExists::fail, "fail"},
}};

template <class E>
std::string nameOf(E value, std::type_identity_t<Names<E>> names)
{
    for (const auto &[known, name] : names) {
        if (known == value)
            return std::string(name);
    }
    return {};
}

/// Ends the reading; caught where it began.
struct Invalid : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A value and what leads to it: "resize.width".
struct Value {
    dom::element element;
    std::string path;

    [[noreturn]] void refuse(const std::string &why) const { throw Invalid(path + " " + why); }
};
using Member = std::pair<std::string_view, std::function<void(const Value &)>>;

void readMembers(const Value &value, const std::vector<Member> &members)
{
    dom::object object;
    if (value.element.get(object) != simdjson::SUCCESS)
        throw Invalid((value.path.empty() ? "It" : value.path) + " is not an object in braces.");
    for (const auto [key, element] : object) {
        const std::string path = (value.path.empty() ? "" : value.path + ".") + std::string(key);
        const Member *known = nullptr;
        for (const Member &member : members) {
            if (member.first == key)
                known = &member;
        }
        if (!known)
            throw Invalid("There is no setting named " + path + ". It may be of a newer version.");
        known->second({element, path});
    }
}

void read(const Value &value, bool &to)
{
    if (value.element.get(to) != simdjson::SUCCESS)
        value.refuse("is neither true nor false.");
}
void read(const Value &value, double &to)
{
    if (value.element.get(to) != simdjson::SUCCESS)
        value.refuse("is not a number.");
}
void read(const Value &value, std::uint64_t &to)
{
    if (value.element.get(to) != simdjson::SUCCESS)
        value.refuse("is not a whole number of at least 0.");
}
void read(const Value &value, int &to)
{
    std::int64_t number = 0;
    if (value.element.get(number) != simdjson::SUCCESS || number < std::numeric_limits<int>::min()
        || number > std::numeric_limits<int>::max())
        value.refuse("is not a whole number that a setting can have.");
    to = static_cast<int>(number);
}
void read(const Value &value, std::string &to)
{
    std::string_view text;
    if (value.element.get(text) != simdjson::SUCCESS)
        value.refuse("is not a text in quotes.");
    to = text;
}
template <class E>
void read(const Value &value, E &to, std::type_identity_t<Names<E>> names)
{
    std::string text;
    read(value, text);
    std::string all;
    for (const auto &[known, name] : names) {
        if (name == text) {
            to = known;
            return;
        }
        all += (all.empty() ? "" : ", ") + std::string(name);
    }
    value.refuse("is not one of these: " + all + ".");
}

/// A member that is read into `to`, by the type of that.
template <class T>
Member member(std::string_view name, T &to)
{
    return {name, [&to](const Value &value) { read(value, to); }};
}
template <class E>
Member member(std::string_view name, E &to, std::type_identity_t<Names<E>> names)
{
    return {name, [&to, names](const Value &value) { read<E>(value, to, names); }};
}

Member group(std::string_view name, std::vector<Member> members)
{
    return {name, [members = std::move(members)](const Value &value) { readMembers(value, members); }};
}

/// What presets and recipes share.
std::vector<Member> settingsMembers(imaging::CompressSettings &settings, NamingRule &naming)
{
    auto &target = settings.target;
    auto &resize = settings.resize;
    auto &metadata = settings.metadata;
    return {group("target",
                  {member("kind", target.kind, targetNames), member("quality", target.quality),
                   member("bytes", target.bytes), member("similarity", target.similarity),
                   member("floor", target.floor), member("ceiling", target.ceiling)}),
            group("resize",
                  {member("kind", resize.kind, resizeNames), member("width", resize.width),
                   member("height", resize.height), member("percent", resize.percent)}),
            member("progressive", settings.progressive),
            group("metadata",
                  {member("camera", metadata.camera), member("date", metadata.date), member("gps", metadata.gps),
                   member("comments", metadata.comments), member("xmp", metadata.xmp),
                   member("thumbnail", metadata.thumbnail)}),
            member("colors", settings.colors, colorNames),
            group("naming",
                  {member("pattern", naming.pattern), member("subFolder", naming.subFolder),
                   member("ifExists", naming.ifExists, ifExistsNames), member("keepDates", naming.keepDates),
                   member("keepPermissions", naming.keepPermissions)})};
}

/// Reads the members of an object, `more` and those of the settings, and checks the settings.
void readSettings(const Value &value, std::vector<Member> more, imaging::CompressSettings &settings, NamingRule &naming)
{
    std::string format;
    int itsVersion = version;
    more.push_back(member("format", format));
    more.push_back(member("version", itsVersion));
    for (Member &one : settingsMembers(settings, naming))
        more.push_back(std::move(one));
    readMembers(value, more);
    if (itsVersion != version)
        throw Invalid("It is of version " + std::to_string(itsVersion) + "; this program reads version "
                      + std::to_string(version) + ". Renew the program.");
    if (auto valid = imaging::validate(settings); !valid)
        throw Invalid(valid.error().message);
    if (auto valid = validate(naming); !valid)
        throw Invalid(valid.error().message);
}

Preset readPreset(const Value &value)
{
    Preset preset;
    readSettings(value, {member("name", preset.name)}, preset.settings, preset.naming);
    const std::string who = value.path.empty() ? "It" : value.path;
    if (preset.name.empty() || preset.name.size() > longestName)
        throw Invalid(who + " has no name, or one that is longer than " + std::to_string(longestName) + " bytes.");
    return preset;
}

Recipe readRecipe(const dom::element &root)
{
    Recipe recipe;
    std::string folder;
    auto &limits = recipe.limits;
    readSettings(
        {root, ""},
        {member("place", recipe.output.place, placeNames), member("folder", folder),
         group("limits",
               {member("pixels", limits.pixels), member("bytes", limits.bytes), member("memory", limits.memory)})},
        recipe.settings, recipe.output.naming);
    if (limits.pixels == 0 || limits.bytes == 0 || limits.memory == 0)
        throw Invalid("A limit is 0, which nothing is below.");
    recipe.output.folder = folder;
    if (auto valid = validate(recipe.output); !valid)
        throw Invalid(valid.error().message);
    return recipe;
}

std::string formatOf(const dom::element &root)
{
    std::string_view format;
    dom::object object;
    if (root.get(object) != simdjson::SUCCESS || object.at_key("format").get(format) != simdjson::SUCCESS)
        return {};
    return std::string(format);
}

std::vector<Preset> readAny(const dom::element &root)
{
    const std::string format = formatOf(root);
    if (format == formatName)
        return {readPreset({root, ""})};
    if (format != listName)
        throw Invalid("It is no preset: a preset says \"format\": \"" + std::string(formatName) + "\".");
    std::vector<Preset> presets;
    std::string ignored;
    int itsVersion = version;
    readMembers({root, ""},
                {member("format", ignored),
                 member("version", itsVersion),
                 {"presets", [&](const Value &value) {
                      dom::array array;
                      if (value.element.get(array) != simdjson::SUCCESS)
                          value.refuse("is not a list in brackets.");
                      for (const dom::element element : array) {
                          if (presets.size() == mostPresets)
                              value.refuse("has more than a thousand presets.");
                          presets.push_back(readPreset({element, "presets[" + std::to_string(presets.size()) + "]"}));
                      }
                  }}});
    return presets;
}

std::string yesOrNo(bool yes)
{
    return yes ? "true" : "false";
}

/// An object of format `format`, with `members` of its own before those of the settings.
std::string objectText(std::string_view format, const std::string &members, const imaging::CompressSettings &settings,
                       const NamingRule &naming, const std::string &indent)
{
    const auto &[target, resize, progressive, metadata, colors] = settings;
    const std::string next = ",\n" + indent + "  ";
    return "{\n" + indent + "  \"format\": " + jsonText(format) + next + "\"version\": " + std::to_string(version)
        + next + members + next + "\"target\": { \"kind\": " + jsonText(nameOf(target.kind, targetNames))
        + ", \"quality\": " + std::to_string(target.quality) + ", \"bytes\": " + std::to_string(target.bytes)
        + ", \"similarity\": " + jsonNumber(target.similarity) + ", \"floor\": " + std::to_string(target.floor)
        + ", \"ceiling\": " + std::to_string(target.ceiling) + " }" + next
        + "\"resize\": { \"kind\": " + jsonText(nameOf(resize.kind, resizeNames))
        + ", \"width\": " + std::to_string(resize.width) + ", \"height\": " + std::to_string(resize.height)
        + ", \"percent\": " + jsonNumber(resize.percent) + " }" + next + "\"progressive\": " + yesOrNo(progressive)
        + next + "\"metadata\": { \"camera\": " + yesOrNo(metadata.camera) + ", \"date\": " + yesOrNo(metadata.date)
        + ", \"gps\": " + yesOrNo(metadata.gps) + ", \"comments\": " + yesOrNo(metadata.comments)
        + ", \"xmp\": " + yesOrNo(metadata.xmp) + ", \"thumbnail\": " + yesOrNo(metadata.thumbnail) + " }" + next
        + "\"colors\": " + jsonText(nameOf(colors, colorNames)) + next + "\"naming\": { \"pattern\": "
        + jsonText(naming.pattern) + ", \"subFolder\": " + jsonText(naming.subFolder) + ", \"ifExists\": "
        + jsonText(nameOf(naming.ifExists, ifExistsNames)) + ", \"keepDates\": " + yesOrNo(naming.keepDates)
        + ", \"keepPermissions\": " + yesOrNo(naming.keepPermissions) + " }\n" + indent + "}";
}

std::string presetText(const Preset &preset, const std::string &indent)
{
    return objectText(formatName, "\"name\": " + jsonText(preset.name), preset.settings, preset.naming, indent);
}

/// Reads JSON with `read`, which may throw Invalid.
template <class Read>
auto parsed(std::string_view text, Read read) -> isolate::Result<decltype(read(dom::element())), std::string>
{
    dom::parser parser;
    dom::element root;
    if (const auto error = parser.parse(simdjson::padded_string(text)).get(root); error != simdjson::SUCCESS)
        return "It is no JSON: " + std::string(simdjson::error_message(error)) + ".";
    try {
        return read(root);
    } catch (const Invalid &invalid) {
        return std::string(invalid.what());
    }
}

} // namespace

std::string toJson(const Preset &preset)
{
    return presetText(preset, "") + "\n";
}

std::string toJson(const std::vector<Preset> &presets)
{
    std::string text = "{\n  \"format\": " + jsonText(listName) + ",\n  \"version\": " + std::to_string(version)
        + ",\n  \"presets\": [";
    for (std::size_t i = 0; i < presets.size(); ++i)
        text += (i == 0 ? "\n    " : ",\n    ") + presetText(presets[i], "    ");
    return text + (presets.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

std::string toJson(const Recipe &recipe)
{
    const std::string members = "\"place\": " + jsonText(nameOf(recipe.output.place, placeNames))
        + ",\n  \"folder\": " + jsonText(recipe.output.folder.native()) + ",\n  \"limits\": { \"pixels\": "
        + std::to_string(recipe.limits.pixels) + ", \"bytes\": " + std::to_string(recipe.limits.bytes)
        + ", \"memory\": " + std::to_string(recipe.limits.memory) + " }";
    return objectText(recipeName, members, recipe.settings, recipe.output.naming, "") + "\n";
}

isolate::Result<std::vector<Preset>, std::string> presetsFromJson(std::string_view text)
{
    return parsed(text, readAny);
}

isolate::Result<Recipe, std::string> recipeFromJson(std::string_view text)
{
    return parsed(text, readRecipe);
}

} // namespace steadyframe::recipe
