import QtQuick
import QtQuick.Layouts

// The title of a page, a line about it, and its actions.
RowLayout {
    id: header

    required property string title
    property string subtitle: ""
    default property alias actions: actionRow.data

    spacing: Theme.spaceM

    ColumnLayout {
        Layout.fillWidth: true
        Layout.minimumWidth: 80
        spacing: 2

        AppText {
            Layout.fillWidth: true
            text: header.title
            font.pixelSize: Theme.sizeHeading
            font.weight: Font.Bold
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }
        AppText {
            Layout.fillWidth: true
            visible: text !== ""
            text: header.subtitle
            dim: true
            font.pixelSize: 13
        }
    }
    Row {
        id: actionRow
        Layout.alignment: Qt.AlignTop
        spacing: Theme.spaceS
    }
}
