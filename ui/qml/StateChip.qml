import QtQuick
import Steadyframe.Models

// The state of a photo: an icon and a word, in the colour of its kind.
Rectangle {
    id: chip

    required property int photoState
    required property string text

    readonly property bool failed: photoState === Photo.Failed
    readonly property bool done: photoState === Photo.Uploaded
    readonly property bool waiting: photoState === Photo.Queued || photoState === Photo.Cancelled
    readonly property color foreground: failed ? Theme.bad : done ? Theme.good : waiting ? Theme.textDim : Theme.accent
    readonly property list<string> icons: ["queued", "compressing", "compressed", "uploading", "uploaded", "failed", "cancelled"]

    implicitWidth: row.implicitWidth + Theme.spaceS + Theme.spaceM
    implicitHeight: 26
    radius: height / 2
    color: failed ? Theme.badSoft : done ? Theme.goodSoft : waiting ? Theme.raised : Theme.accentSoft

    Row {
        id: row
        x: Theme.spaceS
        anchors.verticalCenter: parent.verticalCenter
        spacing: 5

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            name: chip.icons[chip.photoState]
            color: chip.foreground
            size: 15
        }
        AppText {
            anchors.verticalCenter: parent.verticalCenter
            text: chip.text
            color: chip.foreground
            font.pixelSize: Theme.sizeSmall
            font.weight: Font.DemiBold
        }
    }
}
