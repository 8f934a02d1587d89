#pragma once

#include <QObject>
#include <QStringList>
#include <QUrl>
#include <QtQml/qqmlregistration.h>

namespace steadyframe::ui {

/// How photos are compressed and where results go, as the person set it.
struct CompressionValues {
    int target = 0; ///< a CompressionSettings::Target
    int quality = 80;
    double kilobytes = 200;
    double similarity = 0.98;
    int lowestQuality = 30;
    int highestQuality = 95;
    int resize = 0; ///< a CompressionSettings::Resize
    int pixelWidth = 1920;
    int pixelHeight = 1080;
    double percent = 50;
    bool progressive = false;
    bool keepCamera = true;
    bool keepDate = true;
    bool keepGps = true;
    bool keepComments = true;
    bool keepXmp = true;
    bool keepThumbnail = false;
    bool toSrgb = false;
    int place = 0; ///< a CompressionSettings::Place
    QUrl folder;
    QString subFolder;
    QString pattern = QStringLiteral("{name}");
    int ifExists = 0; ///< a CompressionSettings::IfExists
    bool keepDates = false;
    bool keepPermissions = false;
    double mostMegapixels = 400; ///< millions of pixels of an original
    double mostFileMegabytes = 1000; ///< millions of bytes of its file
    double mostMemoryMegabytes = 1500; ///< millions of bytes, where all of one is needed at once

    bool operator==(const CompressionValues &) const = default;
};

/// Those values for QML, which binds to each and writes it; any change is told as `changed`. Besides, presets: their
/// names as facts, and the wishes of the person. All members: @thread ui
class CompressionSettings : public QObject, public CompressionValues {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(int target MEMBER target NOTIFY changed FINAL)
    Q_PROPERTY(int quality MEMBER quality NOTIFY changed FINAL)
    Q_PROPERTY(double kilobytes MEMBER kilobytes NOTIFY changed FINAL)
    Q_PROPERTY(double similarity MEMBER similarity NOTIFY changed FINAL)
    Q_PROPERTY(int lowestQuality MEMBER lowestQuality NOTIFY changed FINAL)
    Q_PROPERTY(int highestQuality MEMBER highestQuality NOTIFY changed FINAL)
    Q_PROPERTY(int resize MEMBER resize NOTIFY changed FINAL)
    Q_PROPERTY(int pixelWidth MEMBER pixelWidth NOTIFY changed FINAL)
    Q_PROPERTY(int pixelHeight MEMBER pixelHeight NOTIFY changed FINAL)
    Q_PROPERTY(double percent MEMBER percent NOTIFY changed FINAL)
    Q_PROPERTY(bool progressive MEMBER progressive NOTIFY changed FINAL)
    Q_PROPERTY(bool keepCamera MEMBER keepCamera NOTIFY changed FINAL)
    Q_PROPERTY(bool keepDate MEMBER keepDate NOTIFY changed FINAL)
    Q_PROPERTY(bool keepGps MEMBER keepGps NOTIFY changed FINAL)
    Q_PROPERTY(bool keepComments MEMBER keepComments NOTIFY changed FINAL)
    Q_PROPERTY(bool keepXmp MEMBER keepXmp NOTIFY changed FINAL)
    Q_PROPERTY(bool keepThumbnail MEMBER keepThumbnail NOTIFY changed FINAL)
    Q_PROPERTY(bool toSrgb MEMBER toSrgb NOTIFY changed FINAL)
    Q_PROPERTY(int place MEMBER place NOTIFY changed FINAL)
    Q_PROPERTY(QUrl folder MEMBER folder NOTIFY changed FINAL)
    Q_PROPERTY(QString folderText READ folderText NOTIFY changed FINAL)
    Q_PROPERTY(QString subFolder MEMBER subFolder NOTIFY changed FINAL)
    Q_PROPERTY(QString pattern MEMBER pattern NOTIFY changed FINAL)
    Q_PROPERTY(int ifExists MEMBER ifExists NOTIFY changed FINAL)
    Q_PROPERTY(bool keepDates MEMBER keepDates NOTIFY changed FINAL)
    Q_PROPERTY(bool keepPermissions MEMBER keepPermissions NOTIFY changed FINAL)
    Q_PROPERTY(double mostMegapixels MEMBER mostMegapixels NOTIFY changed FINAL)
    Q_PROPERTY(double mostFileMegabytes MEMBER mostFileMegabytes NOTIFY changed FINAL)
    Q_PROPERTY(double mostMemoryMegabytes MEMBER mostMemoryMegabytes NOTIFY changed FINAL)
    /// Why the values can't be used, so that those before them hold; empty while all is well.
    Q_PROPERTY(QString problem READ problem NOTIFY problemChanged FINAL)
    /// The person's own presets, then those that the application brings.
    Q_PROPERTY(QStringList presets READ presets NOTIFY presetsChanged FINAL)
    Q_PROPERTY(int ownPresets READ ownPresets NOTIFY presetsChanged FINAL)
    /// The one that the values are, or -1.
    Q_PROPERTY(int currentPreset READ currentPreset NOTIFY currentPresetChanged FINAL)

public:
    enum Target { Quality, Bytes, Similarity, Lossless };
    Q_ENUM(Target)
    enum Resize { KeepSize, LongestSide, Box, Width, Height, Percent };
    Q_ENUM(Resize)
    enum Place { OwnFolder, BesideOriginal, NamedFolder, ReplaceOriginal };
    Q_ENUM(Place)
    enum IfExists { Number, Skip, Overwrite, Fail };
    Q_ENUM(IfExists)

    using QObject::QObject;

    [[nodiscard]] QString folderText() const { return folder.toLocalFile(); }
    [[nodiscard]] QString problem() const { return m_problem; }
    [[nodiscard]] QStringList presets() const { return m_presets; }
    [[nodiscard]] int ownPresets() const { return m_ownPresets; }
    [[nodiscard]] int currentPreset() const { return m_currentPreset; }
    [[nodiscard]] const CompressionValues &values() const { return *this; }

    // Facts.
    void setValues(const CompressionValues &values);
    void setProblem(const QString &text);
    void setPresets(const QStringList &names, int own);
    void setCurrentPreset(int index);

    // Wishes.
    Q_INVOKABLE void choosePreset(int index) { emit presetChosen(index); }
    /// Keeps the values under a name; the person's preset of that name is replaced.
    Q_INVOKABLE void savePreset(const QString &name) { emit presetToSave(name.trimmed()); }
    Q_INVOKABLE void removePreset(int index) { emit presetToRemove(index); }
    /// Writes a preset into a file for others.
    Q_INVOKABLE void exportPreset(int index, const QUrl &file) { emit presetToExport(index, file); }
    Q_INVOKABLE void importPreset(const QUrl &file) { emit presetToImport(file); }

signals:
    void changed();
    void problemChanged();
    void presetsChanged();
    void currentPresetChanged();
    void presetChosen(int index);
    void presetToSave(const QString &name);
    void presetToRemove(int index);
    void presetToExport(int index, const QUrl &file);
    void presetToImport(const QUrl &file);

private:
    QString m_problem;
    QStringList m_presets;
    int m_ownPresets = 0;
    int m_currentPreset = -1;
};

} // namespace steadyframe::ui
