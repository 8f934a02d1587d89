#pragma once

#include "composition/destination_settings.h"
#include "composition/secret_store.h"
#include "models/destination_model.h"
#include "pipeline/messages.h"

#include <QObject>

#include <filesystem>
#include <functional>
#include <optional>

namespace steadyframe::composition {

/// Keeps where photos go: takes the person's wishes from the model, keeps them and their secret, tests destinations,
/// and tells the pipeline. @thread ui
class DestinationService final : public QObject {
    Q_OBJECT
public:
    /// `send` tells the pipeline.
    DestinationService(ui::DestinationModel &model, const std::filesystem::path &folder,
                       std::function<void(pipeline::Command)> send, QObject *parent = nullptr);

    /// Reads what was chosen in an earlier run. Nothing is told to the pipeline before.
    void load();
    /// The built-in receiver has started, and this is where.
    void setReceiver(upload::Target receiver);
    /// Where destinations are whose identities don't tell.
    [[nodiscard]] std::map<std::string, std::string> addresses() const;

signals:
    /// A sentence for the person.
    void problem(const QString &text);

private:
    void use(const ui::DestinationModel::Entry &entry);
    void test(const ui::DestinationModel::Entry &entry);
    void runTest(const upload::Target &target);
    void changeUploads(int atOnce, int kilobytesPerSecond);
    /// Gives the target once the secret is known, which is the entry's own or the one that is kept.
    void withTarget(const DestinationSettings &settings, const QString &entered,
                    std::function<void(const upload::Target &, SecretStore::Place)> done);
    void chosen(const upload::Target &target, SecretStore::Place place);
    void showPlace(SecretStore::Place place);
    void tell();
    void save();

    ui::DestinationModel &m_model;
    const std::filesystem::path m_file;
    const std::function<void(pipeline::Command)> m_send;
    SecretStore m_secrets;
    DestinationSettings m_settings;
    bool m_isLoaded = false;
    std::optional<upload::Target> m_receiver;
    std::optional<upload::Target> m_target; ///< other than the receiver; empty while its secret is not known
};

} // namespace steadyframe::composition
