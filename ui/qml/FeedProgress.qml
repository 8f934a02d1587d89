import QtQuick
import QtQuick.Layouts

// What is being done with the feed, how far it is, and the way to stop it.
RowLayout {
    id: progress

    required property string text
    required property real value
    signal cancelled

    spacing: Theme.spaceM

    AppText {
        text: progress.text
        dim: true
        font.pixelSize: 13
    }
    ProgressLine {
        Layout.fillWidth: true
        value: progress.value
    }
    AppButton {
        objectName: progress.objectName + "Cancel"
        text: qsTr("Cancel")
        hint: qsTr("Cancel: %1").arg(progress.text)
        flat: true
        onClicked: progress.cancelled()
    }
}
