#include "command_line/compress_options.h"

#include "command_line/option_values.h"
#include "recipe/preset_store.h"

#include <algorithm>
#include <functional>
#include <map>

namespace steadyframe::command_line {
namespace {

using imaging::MetadataRule;
using imaging::ResizeKind;
using imaging::TargetKind;
using recipe::IfExists;
using recipe::OutputPlace;

/// Of options of one group only one may be given.
enum class Group { none, target, size, place };

struct Option {
    const char *title; ///< of what it begins, in the help; null in the midst of it
    Group group;
    const char *shortName; ///< "-q", or null
    const char *name;
    const char *value; ///< what it needs, as the help calls it; null: nothing
    const char *help;
    std::function<void(CompressOptions &, const std::string &)> apply; ///< throws WrongValue
};

void useTarget(CompressOptions &o, TargetKind kind)
{
    o.recipe.settings.target.kind = kind;
}
void useSize(CompressOptions &o, ResizeKind kind, int width, int height = 0)
{
    o.recipe.settings.resize = {.kind = kind, .width = width, .height = height};
}

MetadataRule metadataOf(const std::string &value)
{
    if (value == "all")
        return MetadataRule::all();
    if (value == "none")
        return MetadataRule::none();
    MetadataRule rule = MetadataRule::none();
    const std::map<std::string, bool MetadataRule::*> kinds{
        {"camera", &MetadataRule::camera},     {"date", &MetadataRule::date}, {"gps", &MetadataRule::gps},
        {"comments", &MetadataRule::comments}, {"xmp", &MetadataRule::xmp},   {"thumbnail", &MetadataRule::thumbnail}};
    for (const std::string &kind : splitByComma(value)) {
        const auto known = kinds.find(kind);
        if (known == kinds.end())
            throw WrongValue("all, none, or some of camera,date,gps,comments,xmp,thumbnail");
        rule.*known->second = true;
    }
    return rule;
}

IfExists ifExistsOf(const std::string &value)
{
    const std::map<std::string, IfExists> rules{{"number", IfExists::number},
                                                {"skip", IfExists::skip},
                                                {"overwrite", IfExists::overwrite},
                                                {"fail", IfExists::fail}};
    const auto known = rules.find(value);
    if (known == rules.end())
        throw WrongValue("number, skip, overwrite or fail");
    return known->second;
}

const std::vector<Option> &options()
{
    using O = CompressOptions;
    using S = const std::string;
    static const std::vector<Option> all{
        {"What to aim at (one of these; without any, quality 80)", Group::target, "-q", "--quality", "N",
         "quality of JPEG, 1 to 100",
         [](O &o, S &v) {
             useTarget(o, TargetKind::quality);
             o.recipe.settings.target.quality = wholeNumber(v, 1, 100);
         }},
        {nullptr, Group::target, "-b", "--max-size", "SIZE",
         "the best quality that is at most so long: 200KB, 1.5MB, 200KiB",
         [](O &o, S &v) {
             useTarget(o, TargetKind::bytes);
             o.recipe.settings.target.bytes = byteCount(v);
         }},
        {nullptr, Group::target, "-s", "--similarity", "X",
         "the fewest bytes that look so much like the original, 0 to 1: 0.98",
         [](O &o, S &v) {
             useTarget(o, TargetKind::similarity);
             o.recipe.settings.target.similarity = realNumber(v, 0, 1);
         }},
        {nullptr, Group::target, "-l", "--lossless", nullptr, "the same pixels in fewer bytes (JPEG only)",
         [](O &o, S &) { useTarget(o, TargetKind::lossless); }},
        {nullptr, Group::none, nullptr, "--min-quality", "N",
         "the lowest that --max-size and --similarity may choose (30)",
         [](O &o, S &v) { o.recipe.settings.target.floor = wholeNumber(v, 1, 100); }},
        {nullptr, Group::none, nullptr, "--max-quality", "N", "the highest that they may choose (95)",
         [](O &o, S &v) { o.recipe.settings.target.ceiling = wholeNumber(v, 1, 100); }},

        {"How large (one of these; never enlarged)", Group::size, nullptr, "--longest-side", "N",
         "pixels of the longer side",
         [](O &o, S &v) { useSize(o, ResizeKind::longestSide, wholeNumber(v, 1, imaging::longestJpegSide)); }},
        {nullptr, Group::size, nullptr, "--fit", "WxH", "fits into that box: 1920x1080",
         [](O &o, S &v) {
             const auto [width, height] = widthAndHeight(v, imaging::longestJpegSide);
             useSize(o, ResizeKind::box, width, height);
         }},
        {nullptr, Group::size, nullptr, "--width", "N", "pixels wide",
         [](O &o, S &v) { useSize(o, ResizeKind::width, wholeNumber(v, 1, imaging::longestJpegSide)); }},
        {nullptr, Group::size, nullptr, "--height", "N", "pixels high",
         [](O &o, S &v) { useSize(o, ResizeKind::height, 0, wholeNumber(v, 1, imaging::longestJpegSide)); }},
        {nullptr, Group::size, nullptr, "--percent", "P", "each side, of what it was: 50",
         [](O &o, S &v) {
             useSize(o, ResizeKind::percent, 0);
             o.recipe.settings.resize.percent = realNumber(v, 0, 100);
         }},

        {"What the result carries", Group::none, nullptr, "--progressive", nullptr,
         "shows a coarse picture early; a few percent smaller, slower to make",
         [](O &o, S &) { o.recipe.settings.progressive = true; }},
        {nullptr, Group::none, nullptr, "--metadata", "KINDS",
         "all, none, or some of camera,date,gps,comments,xmp,thumbnail\n(all but the thumbnail)",
         [](O &o, S &v) { o.recipe.settings.metadata = metadataOf(v); }},
        {nullptr, Group::none, nullptr, "--no-gps", nullptr, "leaves out where it was taken",
         [](O &o, S &) { o.recipe.settings.metadata.gps = false; }},
        {nullptr, Group::none, nullptr, "--srgb", nullptr,
         "converts the colours to sRGB instead of keeping their profile",
         [](O &o, S &) { o.recipe.settings.colors = imaging::ColorRule::toSrgb; }},

        {"Where results go (one of these; without any, beside the original as NAME-compressed)", Group::place, "-o",
         "--output", "DIR", "into this folder, which is made when it is missing",
         [](O &o, S &v) {
             o.recipe.output.place = OutputPlace::folder;
             if (v.empty())
                 throw WrongValue("the name of a folder");
             std::error_code error;
             o.recipe.output.folder = std::filesystem::absolute(v, error);
             if (error)
                 throw WrongValue("a whole path here: the folder that this was started in is gone");
         }},
        {nullptr, Group::place, nullptr, "--beside", nullptr, "into the folder of each original",
         [](O &o, S &) { o.recipe.output.place = OutputPlace::besideOriginal; }},
        {nullptr, Group::place, nullptr, "--replace", nullptr,
         "in place of each original, which goes into the trash; without a\ntrash nothing is replaced",
         [](O &o, S &) { o.recipe.output.place = OutputPlace::replaceOriginal; }},
        {nullptr, Group::none, nullptr, "--sub-folder", "NAME", "below that folder",
         [](O &o, S &v) { o.recipe.output.naming.subFolder = v; }},
        {nullptr, Group::none, nullptr, "--keep-folders", nullptr,
         "with --output: folders below a named PATH are made there, too", [](O &o, S &) { o.keepFolders = true; }},
        {nullptr, Group::none, "-n", "--name", "PATTERN",
         "{name}, {width}, {height}, {quality} and {date} are replaced:\n\"{name}-{width}\"",
         [](O &o, S &v) { o.recipe.output.naming.pattern = v; }},
        {nullptr, Group::none, nullptr, "--if-exists", "RULE",
         "when the name is taken: number (photo-2.jpg, the default), skip,\noverwrite or fail",
         [](O &o, S &v) { o.recipe.output.naming.ifExists = ifExistsOf(v); }},
        {nullptr, Group::none, nullptr, "--keep-dates", nullptr, "the file's times are the original's",
         [](O &o, S &) { o.recipe.output.naming.keepDates = true; }},
        {nullptr, Group::none, nullptr, "--keep-permissions", nullptr, "its permissions are the original's",
         [](O &o, S &) { o.recipe.output.naming.keepPermissions = true; }},

        {"Presets", Group::none, "-p", "--preset", "NAME|FILE",
         "settings with a name, or of a file that somebody gave you; other\noptions change them", [](O &, S &) {}},
        {nullptr, Group::none, nullptr, "--list-presets", nullptr, "names them, and ends",
         [](O &o, S &) { o.listPresets = true; }},

        {"How", Group::none, nullptr, "--files-from", "FILE", "a list of paths, one a line; - is the standard input",
         [](O &o, S &v) { o.listFile = v; }},
        {nullptr, Group::none, "-0", "--null", nullptr,
         "the paths of the list end with a zero byte, as find -print0 has it", [](O &o, S &) { o.listByNul = true; }},
        {nullptr, Group::none, "-j", "--jobs", "N", "pictures at once (one for each core); results are the same",
         [](O &o, S &v) { o.jobs = static_cast<unsigned>(wholeNumber(v, 1, 1024)); }},
        {nullptr, Group::none, nullptr, "--max-pixels", "N", "refuses originals with more (400000000)",
         [](O &o, S &v) { o.recipe.limits.pixels = byteCount(v); }},
        {nullptr, Group::none, nullptr, "--max-bytes", "SIZE", "refuses longer originals (1GB)",
         [](O &o, S &v) { o.recipe.limits.bytes = byteCount(v); }},
        {nullptr, Group::none, nullptr, "--max-memory", "SIZE",
         "refuses originals of which all is needed at once and takes more:\nprogressive ones, those of other formats "
         "than JPEG, and all with\n--lossless (1.5GB)",
         [](O &o, S &v) { o.recipe.limits.memory = byteCount(v); }},
        {nullptr, Group::none, nullptr, "--json", nullptr, "one JSON object a line for each file, then a summary",
         [](O &o, S &) { o.json = true; }},
        {nullptr, Group::none, nullptr, "--quiet", nullptr, "tells of failures only",
         [](O &o, S &) { o.quiet = true; }},
        {nullptr, Group::none, nullptr, "--no-progress", nullptr, "no progress bar, though there is a terminal",
         [](O &o, S &) { o.progress = false; }},
        {nullptr, Group::none, "-h", "--help", nullptr, "this", [](O &o, S &) { o.help = true; }},
    };
    return all;
}

struct Given {
    const Option *option;
    std::string value;
};

const char *nameOf(Group group)
{
    return group == Group::target ? "aim" : group == Group::size ? "size" : "place for results";
}

const Option *findOption(const std::string &name)
{
    for (const Option &option : options()) {
        if (name == option.name || (option.shortName && name == option.shortName))
            return &option;
    }
    return nullptr;
}

/// Splits into options with their values and paths; throws WrongValue with a whole sentence.
std::vector<Given> read(const std::vector<std::string> &arguments, std::vector<std::string> &paths)
{
    std::vector<Given> given;
    std::map<Group, std::string> chosen;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string &argument = arguments[i];
        if (argument == "--") {
            for (++i; i < arguments.size(); ++i)
                paths.push_back(arguments[i] == "-" ? "./-" : arguments[i]);
            break;
        }
        if (argument == "-" || !argument.starts_with('-')) {
            paths.push_back(argument);
            continue;
        }
        const auto equals = argument.starts_with("--") ? argument.find('=') : std::string::npos;
        const std::string name = argument.substr(0, equals);
        const Option *option = findOption(name);
        if (!option)
            throw WrongValue("There is no option " + name
                             + ". See steadyframe compress --help; for a file of that name "
                               "write ./"
                             + argument);
        Given one{option, {}};
        if (option->value && equals != std::string::npos)
            one.value = argument.substr(equals + 1);
        else if (option->value && i + 1 < arguments.size())
            one.value = arguments[++i];
        else if (option->value)
            throw WrongValue(name + " needs a value: " + name + " " + option->value);
        else if (equals != std::string::npos)
            throw WrongValue(name + " takes no value.");
        if (option->group != Group::none) {
            const auto [other, first] = chosen.emplace(option->group, option->name);
            if (!first && other->second != option->name)
                throw WrongValue(other->second + " and " + option->name + " can't be had together: choose one "
                                 + nameOf(option->group) + ".");
        }
        given.push_back(std::move(one));
    }
    return given;
}

void usePreset(CompressOptions &result, const std::string &wanted, const std::filesystem::path &presetFile)
{
    auto own = recipe::loadPresets(presetFile);
    const std::vector<recipe::Preset> known = own ? std::move(*own) : std::vector<recipe::Preset>();
    const recipe::Preset *preset = recipe::findPreset(known, wanted);
    std::vector<recipe::Preset> shared;
    std::error_code ignored;
    if (!preset && std::filesystem::is_regular_file(wanted, ignored)) {
        auto loaded = recipe::loadPresets(wanted);
        if (!loaded)
            throw WrongValue("The preset " + wanted + " can't be used. " + loaded.error());
        shared = std::move(*loaded);
        if (shared.size() != 1)
            throw WrongValue("The file " + wanted + " has " + std::to_string(shared.size())
                             + " presets; give the name of one that you have, or a file with one.");
        preset = &shared.front();
    }
    if (!preset)
        throw WrongValue("There is no preset and no file named " + wanted + ". See steadyframe compress --list-presets."
                         + (own ? "" : " Your own presets can't be read: " + own.error()));
    result.recipe.settings = preset->settings;
    result.recipe.output.naming = preset->naming;
}

void applyAll(CompressOptions &result, const std::vector<Given> &given, const std::filesystem::path &presetFile)
{
    result.recipe.output.place = OutputPlace::besideOriginal;
    for (const Given &one : given) {
        if (std::string(one.option->name) == "--preset")
            usePreset(result, one.value, presetFile);
    }
    for (const Given &one : given) {
        try {
            one.option->apply(result, one.value);
        } catch (const WrongValue &wrong) {
            throw WrongValue(std::string(one.option->name) + " " + one.value + ": it takes " + wrong.what() + ".");
        }
    }
    // Whatever the preset or --metadata says, and wherever it stands.
    if (std::ranges::any_of(given, [](const Given &one) { return std::string(one.option->name) == "--no-gps"; }))
        result.recipe.settings.metadata.gps = false;
    auto &output = result.recipe.output;
    // Beside the original the same name is always taken.
    if (output.place == OutputPlace::besideOriginal && output.naming.pattern == "{name}"
        && output.naming.subFolder.empty())
        output.naming.pattern = "{name}-compressed";
    if (auto valid = imaging::validate(result.recipe.settings); !valid)
        throw WrongValue(valid.error().message);
    if (auto valid = recipe::validate(output); !valid)
        throw WrongValue(valid.error().message);
    if (result.keepFolders && output.place != OutputPlace::folder)
        throw WrongValue("--keep-folders needs --output DIR.");
}

} // namespace

std::string compressUsage()
{
    std::string text
        = "steadyframe compress [OPTION...] PATH...\n"
          "\n"
          "Compresses pictures to JPEG: files, and folders with all below them; - is a list of paths on the\n"
          "standard input. Originals are never changed, unless --replace asks for it. Results of earlier runs\n"
          "are left out: what lies in the folder of --output below a named one, and NAME-compressed beside NAME.\n";
    constexpr std::size_t column = 28;
    for (const Option &option : options()) {
        if (option.title)
            text += "\n" + std::string(option.title) + "\n";
        std::string line = option.shortName ? "  " + std::string(option.shortName) + ", " : "      ";
        line += option.name;
        if (option.value)
            line += " " + std::string(option.value);
        line.resize(std::max(line.size() + 2, column), ' ');
        for (const char *c = option.help; *c; ++c)
            line += *c == '\n' ? "\n" + std::string(column, ' ') : std::string(1, *c);
        text += line + "\n";
    }
    return text
        + "\n"
          "Examples\n"
          "  steadyframe compress photo.jpg\n"
          "  steadyframe compress -q 75 --longest-side 1920 --output small ~/Pictures\n"
          "  steadyframe compress --max-size 200KB --no-gps --name \"{name}-web\" *.jpg\n"
          "  steadyframe compress --lossless --replace --keep-dates photos\n"
          "  find . -name \"*.jpg\" -print0 | steadyframe compress -0 --json --output out -\n"
          "\n"
          "Ends with 0 when all was done; 1 when something failed; 2 when it was called wrongly; 3 when all was\n"
          "done, but a result missed what was aimed at; 130, 143 or 129 when it was cancelled (Ctrl+C, kill, a\n"
          "terminal that was closed): what was done by then stays, and nothing is half written.\n";
}

isolate::Result<CompressOptions, std::string> parseCompressOptions(const std::vector<std::string> &arguments,
                                                                   const std::filesystem::path &presetFile)
{
    CompressOptions result;
    try {
        const auto given = read(arguments, result.paths);
        applyAll(result, given, presetFile);
    } catch (const WrongValue &wrong) {
        return std::string(wrong.what());
    }
    if (result.paths.empty() && result.listFile.empty() && !result.help && !result.listPresets)
        return std::string("No file and no folder is named. See steadyframe compress --help.");
    return result;
}

} // namespace steadyframe::command_line
