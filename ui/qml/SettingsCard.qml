import QtQuick
import QtQuick.Layouts

// A group of settings.
ColumnLayout {
    id: card

    required property string title
    default property alias rows: column.data

    Layout.fillWidth: true
    Layout.maximumWidth: 760
    Layout.leftMargin: Theme.spaceXl
    Layout.rightMargin: Theme.spaceXl
    spacing: Theme.spaceS

    AppText {
        text: card.title
        dim: true
        font.pixelSize: 13
        font.weight: Font.DemiBold
    }
    Rectangle {
        Layout.fillWidth: true
        implicitHeight: column.implicitHeight + 2 * Theme.spaceS
        radius: Theme.radiusLarge
        color: Theme.surface
        border.width: 1
        border.color: Theme.border

        ColumnLayout {
            id: column
            anchors.fill: parent
            anchors.margins: Theme.spaceS
            anchors.leftMargin: Theme.spaceL
            anchors.rightMargin: Theme.spaceL
            spacing: 0
        }
    }
}
