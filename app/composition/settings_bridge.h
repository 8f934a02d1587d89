#pragma once

#include "composition/app_folders.h"
#include "models/compression_settings.h"
#include "models/session.h"
#include "recipe/recipe.h"

#include <isolate_core/pool.h>

#include <QObject>

#include <memory>
#include <vector>

namespace steadyframe::composition {

/// The values of the window as a recipe, and back. Values out of their range are kept as they are: `validate` names
/// them. @thread any
[[nodiscard]] recipe::Recipe toRecipe(const ui::CompressionValues &values);
[[nodiscard]] ui::CompressionValues toValues(const recipe::Recipe &recipe);

/// Connects the settings of the window to those who work by them: checks what the person sets, tells it on, remembers
/// it, and keeps presets. All files are read and written by an isolate. @thread ui
class SettingsBridge final : public QObject {
    Q_OBJECT
public:
    SettingsBridge(const AppFolders &folders, ui::CompressionSettings &settings, ui::Session &session,
                   QObject *parent = nullptr);
    ~SettingsBridge() override;

    /// Reads what was remembered; then `loaded`.
    void load();
    /// What the person has set by now holds from now on, if it is valid.
    void flush();
    /// The last valid one.
    [[nodiscard]] const recipe::Recipe &recipe() const { return m_recipe; }

signals:
    void loaded();
    /// There is a new valid recipe.
    void recipeChanged();

private:
    void valuesChanged();
    void showPresets();
    void choose(int index);
    void save(const QString &name);
    void removeOwn(int index);
    void exportTo(int index, const QUrl &file);
    void importFrom(const QUrl &file);
    void storePresets();
    [[nodiscard]] const recipe::Preset *presetAt(int index) const;
    /// Runs on the isolate of files, in order; `done` is not called after this is gone.
    template <class F, class Done>
    void runOnFiles(F work, Done done);
    void tell(const QString &text);

    const AppFolders m_folders;
    ui::CompressionSettings &m_settings;
    ui::Session &m_session;
    isolate::Pool m_files;
    recipe::Recipe m_recipe;
    std::vector<recipe::Preset> m_own;
    bool m_pending = false; ///< values changed, and are looked at once the event that changed them is over
    bool m_ready = false;
    bool m_presetsUnreadable = false; ///< then they are not written over
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace steadyframe::composition
