pragma ComponentBehavior: Bound
import QtQuick
import Qt.labs.platform
import Steadyframe.Models

// Where results go, and what they are called.
SettingsCard {
    id: card

    required property CompressionSettings settings
    readonly property bool named: settings.place === CompressionSettings.BesideOriginal || settings.place === CompressionSettings.NamedFolder

    title: qsTr("Where results go")

    FolderDialog {
        id: folderDialog
        title: qsTr("Folder for the results")
        onAccepted: {
            card.settings.folder = folder
            card.settings.place = CompressionSettings.NamedFolder
        }
    }

    SettingsRow {
        label: qsTr("Place")
        detail: [qsTr("The application keeps them, and your folders stay as they are."),
                 qsTr("Into the folder of each original, under a name of their own."),
                 card.settings.folderText === "" ? qsTr("Choose a folder.") : card.settings.folderText,
                 qsTr("Each original goes into the trash. Without a trash nothing is replaced.")][card.settings.place]

        AppCombo {
            objectName: "placeBox"
            name: qsTr("Where results go")
            width: 230
            model: [qsTr("The application's folder"), qsTr("Beside the original"), qsTr("A folder of mine"), qsTr("Replace the originals")]
            currentIndex: card.settings.place
            onActivated: index => {
                if (index === CompressionSettings.NamedFolder && card.settings.folderText === "")
                    folderDialog.open()
                else
                    card.settings.place = index
                currentIndex = Qt.binding(() => card.settings.place)
            }
        }
        AppButton {
            objectName: "folderButton"
            visible: card.settings.place === CompressionSettings.NamedFolder
            iconName: "folder"
            hint: qsTr("Choose the folder")
            onClicked: folderDialog.open()
        }
    }
    Banner {
        objectName: "replaceWarning"
        width: parent?.width ?? 0
        text: card.settings.place === CompressionSettings.ReplaceOriginal
            ? qsTr("From now on your originals are replaced by their results. They lie in the trash until you empty it. At the next start this is off again.") : ""
        serious: false
    }
    SettingsRow {
        visible: card.named
        label: qsTr("Name")
        detail: qsTr("{name}, {width}, {height}, {quality} and {date} are replaced.")

        TextBox {
            objectName: "patternField"
            name: qsTr("Naming pattern")
            width: 230
            text: card.settings.pattern
            onEditingFinished: card.settings.pattern = text
        }
    }
    SettingsRow {
        visible: card.named
        label: qsTr("Sub-folder")
        detail: qsTr("Below that folder; empty for none.")

        TextBox {
            objectName: "subFolderField"
            name: qsTr("Sub-folder")
            width: 230
            text: card.settings.subFolder
            onEditingFinished: card.settings.subFolder = text
        }
    }
    SettingsRow {
        visible: card.named
        label: qsTr("When the name is taken")
        detail: qsTr("By another file, or by a result. An original is never overwritten.")

        AppCombo {
            objectName: "ifExistsBox"
            name: qsTr("When the name is taken")
            width: 230
            model: [qsTr("Add a number"), qsTr("Skip the photo"), qsTr("Overwrite"), qsTr("Say so as an error")]
            currentIndex: card.settings.ifExists
            onActivated: index => card.settings.ifExists = index
        }
    }
    SwitchRow {
        visible: card.settings.place !== CompressionSettings.OwnFolder
        label: qsTr("Keep the dates")
        detail: qsTr("The file's times are those of the original.")
        on: card.settings.keepDates
        switchName: "keepDatesSwitch"
        onSwitched: on => card.settings.keepDates = on
    }
    SwitchRow {
        visible: card.settings.place !== CompressionSettings.OwnFolder
        label: qsTr("Keep the permissions")
        detail: qsTr("Who may read and write it is as with the original.")
        on: card.settings.keepPermissions
        switchName: "keepPermissionsSwitch"
        onSwitched: on => card.settings.keepPermissions = on
    }
}
