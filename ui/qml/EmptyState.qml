import QtQuick
import QtQuick.Layouts

// What a page shows while it has nothing: what it is for, and how to begin.
ColumnLayout {
    id: empty

    required property string iconName
    required property string title
    required property string text
    default property alias actions: actionRow.data

    spacing: Theme.spaceM

    Rectangle {
        Layout.alignment: Qt.AlignHCenter
        Layout.bottomMargin: Theme.spaceS
        implicitWidth: 76
        implicitHeight: 76
        radius: 24
        color: Theme.accentSoft

        Icon {
            anchors.centerIn: parent
            name: empty.iconName
            color: Theme.accent
            size: 36
        }
    }
    AppText {
        Layout.alignment: Qt.AlignHCenter
        text: empty.title
        font.pixelSize: Theme.sizeTitle + 3
        font.weight: Font.DemiBold
    }
    AppText {
        Layout.alignment: Qt.AlignHCenter
        Layout.maximumWidth: 440
        Layout.fillWidth: true
        text: empty.text
        dim: true
        wrapMode: Text.WordWrap
        horizontalAlignment: Text.AlignHCenter
        lineHeight: 1.3
    }
    Row {
        id: actionRow
        Layout.alignment: Qt.AlignHCenter
        Layout.topMargin: Theme.spaceS
        spacing: Theme.spaceM
    }
}
