pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Qt.labs.platform
import Steadyframe.Models

// Presets: choose one, keep one's own, give and take.
SettingsRow {
    id: row

    required property CompressionSettings settings
    readonly property bool own: settings.currentPreset >= 0 && settings.currentPreset < settings.ownPresets

    label: qsTr("Preset")
    detail: qsTr("Settings with a name. Where results go is no part of it.")

    FileDialog {
        id: importDialog
        title: qsTr("Take presets from a file")
        fileMode: FileDialog.OpenFile
        nameFilters: [qsTr("Presets (*.json)"), qsTr("All files (*)")]
        onAccepted: row.settings.importPreset(file)
    }
    FileDialog {
        id: exportDialog
        title: qsTr("Save the preset for others")
        fileMode: FileDialog.SaveFile
        defaultSuffix: "json"
        nameFilters: [qsTr("Presets (*.json)")]
        onAccepted: row.settings.exportPreset(row.settings.currentPreset, file)
    }
    T.Popup {
        id: nameDialog
        objectName: "presetNameDialog"
        parent: T.Overlay.overlay
        anchors.centerIn: parent
        padding: Theme.spaceXl
        modal: true
        focus: true
        closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
        implicitWidth: 380
        implicitHeight: column.implicitHeight + 2 * Theme.spaceXl
        T.Overlay.modal: Rectangle {
            color: "#80000000"
        }
        background: Rectangle {
            radius: Theme.radiusLarge
            color: Theme.surface
            border.width: 1
            border.color: Theme.border
        }
        onOpened: {
            nameField.text = row.own ? row.settings.presets[row.settings.currentPreset] : ""
            nameField.forceActiveFocus(Qt.PopupFocusReason)
        }
        contentItem: ColumnLayout {
            id: column
            spacing: Theme.spaceM

            AppText {
                text: qsTr("Keep these settings as a preset")
                font.pixelSize: Theme.sizeTitle
                font.weight: Font.DemiBold
            }
            TextBox {
                id: nameField
                objectName: "presetNameField"
                Layout.fillWidth: true
                name: qsTr("Name of the preset")
                placeholderText: qsTr("Name")
                maximumLength: 60
                onAccepted: saveButton.clicked()
            }
            Row {
                Layout.alignment: Qt.AlignRight
                spacing: Theme.spaceS

                AppButton {
                    text: qsTr("Cancel")
                    flat: true
                    onClicked: nameDialog.close()
                }
                AppButton {
                    id: saveButton
                    objectName: "presetSaveButton"
                    text: qsTr("Keep")
                    primary: true
                    enabled: nameField.text.trim() !== ""
                    onClicked: {
                        if (!enabled)
                            return
                        row.settings.savePreset(nameField.text)
                        nameDialog.close()
                    }
                }
            }
        }
    }

    AppCombo {
        objectName: "presetBox"
        name: qsTr("Preset")
        width: 190
        model: row.settings.presets
        currentIndex: row.settings.currentPreset
        displayText: row.settings.currentPreset < 0 ? qsTr("None of them") : row.settings.presets[row.settings.currentPreset]
        onActivated: index => row.settings.choosePreset(index)
    }
    AppButton {
        objectName: "presetKeepButton"
        iconName: "add"
        hint: qsTr("Keep these settings as a preset")
        onClicked: nameDialog.open()
    }
    AppButton {
        objectName: "presetRemoveButton"
        iconName: "remove"
        hint: qsTr("Remove this preset of yours")
        enabled: row.own
        onClicked: row.settings.removePreset(row.settings.currentPreset)
    }
    AppButton {
        objectName: "presetExportButton"
        iconName: "save"
        hint: qsTr("Save this preset for others")
        enabled: row.settings.currentPreset >= 0
        onClicked: exportDialog.open()
    }
    AppButton {
        objectName: "presetImportButton"
        iconName: "open"
        hint: qsTr("Take presets from a file")
        onClicked: importDialog.open()
    }
}
