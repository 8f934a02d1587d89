#include "composition/settings_bridge.h"

#include "composition/local_path.h"
#include "recipe/preset_store.h"

#include <QFileInfo>

#include <algorithm>
#include <cmath>

namespace steadyframe::composition {

using imaging::ColorRule;
using imaging::ResizeKind;
using imaging::TargetKind;
using recipe::OutputPlace;

namespace {

using Loaded = isolate::Result<std::vector<recipe::Preset>, std::string>;
using Written = isolate::Result<void, std::string>;

struct Remembered {
    isolate::Result<recipe::Recipe, std::string> recipe;
    Loaded presets;
};

Remembered readAll(std::filesystem::path settings, std::filesystem::path presets)
{
    return {recipe::loadRecipe(settings), recipe::loadPresets(presets)};
}
Written writeRecipe(std::filesystem::path file, recipe::Recipe recipe)
{
    return recipe::saveRecipe(file, recipe);
}
Written writePresets(std::filesystem::path file, std::vector<recipe::Preset> presets)
{
    return recipe::savePresets(file, presets);
}
Written writePreset(std::filesystem::path file, recipe::Preset preset)
{
    return recipe::savePreset(file, preset);
}
Loaded readPresets(std::filesystem::path file)
{
    std::error_code error;
    if (!std::filesystem::exists(file, error))
        return std::string("It is not there any more.");
    return recipe::loadPresets(file);
}

/// Without the values that are not in use, so that settings that do the same are equal.
imaging::CompressSettings inUse(imaging::CompressSettings settings)
{
    const imaging::CompressSettings standard;
    auto &target = settings.target;
    auto &resize = settings.resize;
    if (target.kind != TargetKind::quality)
        target.quality = standard.target.quality;
    if (target.kind != TargetKind::bytes)
        target.bytes = standard.target.bytes;
    if (target.kind != TargetKind::similarity)
        target.similarity = standard.target.similarity;
    if (target.kind != TargetKind::bytes && target.kind != TargetKind::similarity) {
        target.floor = standard.target.floor;
        target.ceiling = standard.target.ceiling;
    }
    const ResizeKind kind = resize.kind;
    if (kind != ResizeKind::longestSide && kind != ResizeKind::box && kind != ResizeKind::width)
        resize.width = standard.resize.width;
    if (kind != ResizeKind::box && kind != ResizeKind::height)
        resize.height = standard.resize.height;
    if (kind != ResizeKind::percent)
        resize.percent = standard.resize.percent;
    return settings;
}

constexpr double million = 1e6;

std::uint64_t fromMillions(double count)
{
    return static_cast<std::uint64_t>(std::max(1.0, std::round(count * million)));
}

QString text(const std::string &bytes)
{
    return QString::fromStdString(bytes);
}

} // namespace

recipe::Recipe toRecipe(const ui::CompressionValues &v)
{
    recipe::Recipe recipe;
    auto &target = recipe.settings.target;
    target.kind = static_cast<TargetKind>(v.target);
    target.quality = v.quality;
    target.bytes = static_cast<std::uint64_t>(qMax(0.0, v.kilobytes * 1000));
    target.similarity = v.similarity;
    target.floor = v.lowestQuality;
    target.ceiling = v.highestQuality;
    recipe.settings.resize = {static_cast<ResizeKind>(v.resize), v.pixelWidth, v.pixelHeight, v.percent};
    recipe.settings.progressive = v.progressive;
    recipe.settings.metadata = {v.keepCamera, v.keepDate, v.keepGps, v.keepComments, v.keepXmp, v.keepThumbnail};
    recipe.settings.colors = v.toSrgb ? ColorRule::toSrgb : ColorRule::keepProfile;
    recipe.settings = inUse(recipe.settings);
    recipe.output.place = static_cast<OutputPlace>(v.place);
    recipe.output.folder = localPath(v.folder);
    recipe.output.naming = {v.pattern.toStdString(), v.subFolder.toStdString(),
                            static_cast<recipe::IfExists>(v.ifExists), v.keepDates, v.keepPermissions};
    recipe.limits.pixels = fromMillions(v.mostMegapixels);
    recipe.limits.bytes = fromMillions(v.mostFileMegabytes);
    recipe.limits.memory = fromMillions(v.mostMemoryMegabytes);
    return recipe;
}

ui::CompressionValues toValues(const recipe::Recipe &recipe)
{
    const auto &[target, resize, progressive, metadata, colors] = recipe.settings;
    const auto &naming = recipe.output.naming;
    const ui::CompressionValues standard;
    ui::CompressionValues v;
    v.target = static_cast<int>(target.kind);
    v.quality = target.quality;
    // What is not in use keeps a value that the controls can show.
    v.kilobytes = target.bytes > 0 ? static_cast<double>(target.bytes) / 1000 : standard.kilobytes;
    v.similarity = target.similarity;
    v.lowestQuality = target.floor;
    v.highestQuality = target.ceiling;
    v.resize = static_cast<int>(resize.kind);
    v.pixelWidth = resize.width > 0 ? resize.width : standard.pixelWidth;
    v.pixelHeight = resize.height > 0 ? resize.height : standard.pixelHeight;
    v.percent = resize.kind == ResizeKind::percent ? resize.percent : standard.percent;
    v.progressive = progressive;
    v.keepCamera = metadata.camera;
    v.keepDate = metadata.date;
    v.keepGps = metadata.gps;
    v.keepComments = metadata.comments;
    v.keepXmp = metadata.xmp;
    v.keepThumbnail = metadata.thumbnail;
    v.toSrgb = colors == ColorRule::toSrgb;
    v.place = static_cast<int>(recipe.output.place);
    v.folder = localUrl(recipe.output.folder);
    v.subFolder = text(naming.subFolder);
    v.pattern = text(naming.pattern);
    v.ifExists = static_cast<int>(naming.ifExists);
    v.keepDates = naming.keepDates;
    v.keepPermissions = naming.keepPermissions;
    v.mostMegapixels = static_cast<double>(recipe.limits.pixels) / million;
    v.mostFileMegabytes = static_cast<double>(recipe.limits.bytes) / million;
    v.mostMemoryMegabytes = static_cast<double>(recipe.limits.memory) / million;
    return v;
}

SettingsBridge::SettingsBridge(const AppFolders &folders, ui::CompressionSettings &settings, ui::Session &session,
                               QObject *parent)
    : QObject(parent), m_folders(folders), m_settings(settings), m_session(session),
      m_files({.name = "settings", .workers = 1})
{
    using ui::CompressionSettings;
    connect(&settings, &CompressionSettings::changed, this, [this] {
        if (!std::exchange(m_pending, true))
            QMetaObject::invokeMethod(this, &SettingsBridge::flush, Qt::QueuedConnection);
    });
    connect(&settings, &CompressionSettings::presetChosen, this, &SettingsBridge::choose);
    connect(&settings, &CompressionSettings::presetToSave, this, &SettingsBridge::save);
    connect(&settings, &CompressionSettings::presetToRemove, this, &SettingsBridge::removeOwn);
    connect(&settings, &CompressionSettings::presetToExport, this, &SettingsBridge::exportTo);
    connect(&settings, &CompressionSettings::presetToImport, this, &SettingsBridge::importFrom);
    showPresets();
}

SettingsBridge::~SettingsBridge()
{
    *m_alive = false;
}

template <class F, class Done>
void SettingsBridge::runOnFiles(F work, Done done)
{
    std::move(work).then(
        [alive = m_alive, done](auto result) {
            if (*alive)
                done(std::move(result));
        },
        [this, alive = m_alive](std::exception_ptr) {
            if (*alive)
                tell(tr("The settings were not written, since the program is ending."));
        });
}

void SettingsBridge::load()
{
    runOnFiles(m_files.submit(readAll, m_folders.settings(), m_folders.presets()), [this](Remembered remembered) {
        if (remembered.recipe)
            m_recipe = toRecipe(toValues(*remembered.recipe));
        else
            tell(tr("Your settings can't be used, so those of the beginning hold. %1")
                     .arg(text(remembered.recipe.error())));
        if (remembered.presets) {
            m_own = std::move(*remembered.presets);
        } else {
            m_presetsUnreadable = true;
            tell(tr("Your presets can't be read: %1").arg(text(remembered.presets.error())));
        }
        m_settings.setValues(toValues(m_recipe));
        m_ready = true;
        showPresets();
        emit recipeChanged();
        emit loaded();
    });
}

void SettingsBridge::flush()
{
    if (std::exchange(m_pending, false))
        valuesChanged();
}

void SettingsBridge::valuesChanged()
{
    recipe::Recipe recipe = toRecipe(m_settings.values());
    auto valid = imaging::validate(recipe.settings);
    if (valid)
        valid = recipe::validate(recipe.output);
    m_settings.setProblem(valid ? QString() : text(valid.error().message));
    if (!valid || recipe == m_recipe)
        return;
    m_recipe = std::move(recipe);
    showPresets();
    emit recipeChanged();
    if (m_ready)
        runOnFiles(m_files.submit(writeRecipe, m_folders.settings(), m_recipe), [this](const Written &written) {
            if (!written)
                tell(tr("The settings could not be kept for the next start: %1").arg(text(written.error())));
        });
}

void SettingsBridge::showPresets()
{
    QStringList names;
    int current = -1;
    for (const auto *presets : {&std::as_const(m_own), &recipe::builtInPresets()}) {
        for (const recipe::Preset &preset : *presets) {
            if (current < 0 && inUse(preset.settings) == m_recipe.settings && preset.naming == m_recipe.output.naming)
                current = static_cast<int>(names.size());
            names.append(text(preset.name));
        }
    }
    if (names != m_settings.presets())
        m_settings.setPresets(names, static_cast<int>(m_own.size()));
    m_settings.setCurrentPreset(current);
}

const recipe::Preset *SettingsBridge::presetAt(int index) const
{
    const auto at = static_cast<std::size_t>(index);
    const auto &builtIn = recipe::builtInPresets();
    if (index < 0 || at >= m_own.size() + builtIn.size())
        return nullptr;
    return at < m_own.size() ? &m_own[at] : &builtIn[at - m_own.size()];
}

void SettingsBridge::choose(int index)
{
    if (const recipe::Preset *preset = presetAt(index)) {
        recipe::Recipe recipe = toRecipe(m_settings.values());
        recipe.settings = preset->settings;
        recipe.output.naming = preset->naming;
        m_settings.setValues(toValues(recipe));
    }
}

void SettingsBridge::save(const QString &name)
{
    if (name.isEmpty() || name.toUtf8().size() > 100)
        return tell(tr("Give the preset a name, of at most a hundred letters."));
    flush();
    recipe::Preset preset{name.toStdString(), m_recipe.settings, m_recipe.output.naming};
    const auto same = std::ranges::find(m_own, preset.name, &recipe::Preset::name);
    if (same != m_own.end())
        *same = std::move(preset);
    else
        m_own.push_back(std::move(preset));
    storePresets();
}

void SettingsBridge::removeOwn(int index)
{
    if (index < 0 || static_cast<std::size_t>(index) >= m_own.size())
        return;
    m_own.erase(m_own.begin() + index);
    storePresets();
}

void SettingsBridge::storePresets()
{
    showPresets();
    if (m_presetsUnreadable)
        return tell(tr("Presets are not kept, since the file of those that you have can't be read: %1")
                        .arg(QString::fromStdString(m_folders.presets().native())));
    runOnFiles(m_files.submit(writePresets, m_folders.presets(), m_own), [this](const Written &written) {
        if (!written)
            tell(tr("The presets could not be kept: %1").arg(text(written.error())));
    });
}

void SettingsBridge::exportTo(int index, const QUrl &file)
{
    const recipe::Preset *preset = presetAt(index);
    if (!preset || !file.isLocalFile())
        return;
    runOnFiles(m_files.submit(writePreset, localPath(file), *preset), [this, file](const Written &written) {
        if (written)
            m_session.notify(tr("Preset saved in %1").arg(file.toLocalFile()), ui::Session::Info);
        else
            tell(tr("The preset could not be saved: %1").arg(text(written.error())));
    });
}

void SettingsBridge::importFrom(const QUrl &file)
{
    if (!file.isLocalFile())
        return tell(tr("%1 is not on this machine. Save it first, then open the file.").arg(file.toDisplayString()));
    runOnFiles(m_files.submit(readPresets, localPath(file)), [this, file](Loaded presets) {
        const QString name = QFileInfo(file.toLocalFile()).fileName();
        if (!presets)
            return tell(tr("%1 can't be used. %2").arg(name, text(presets.error())));
        for (recipe::Preset &preset : *presets) {
            const std::string wanted = preset.name;
            // Nobody's preset takes the place of one's own.
            for (int number = 2; recipe::findPreset(m_own, preset.name); ++number)
                preset.name = wanted + " " + std::to_string(number);
            m_own.push_back(std::move(preset));
        }
        storePresets();
        if (!presets->empty())
            choose(static_cast<int>(m_own.size()) - 1);
        m_session.notify(tr("%n preset(s) taken from %1", nullptr, static_cast<int>(presets->size())).arg(name),
                         ui::Session::Info);
    });
}

void SettingsBridge::tell(const QString &sentence)
{
    m_session.notify(sentence, ui::Session::Warning);
}

} // namespace steadyframe::composition
