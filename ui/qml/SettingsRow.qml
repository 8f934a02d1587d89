import QtQuick
import QtQuick.Layouts

// One setting: what it is, a line about it, and its control.
RowLayout {
    id: row

    required property string label
    property string detail: ""
    default property alias control: controls.data

    Layout.fillWidth: true
    Layout.minimumHeight: 60
    spacing: Theme.spaceL

    ColumnLayout {
        Layout.fillWidth: true
        spacing: 2

        AppText {
            Layout.fillWidth: true
            text: row.label
            font.weight: Font.Medium
        }
        AppText {
            Layout.fillWidth: true
            visible: row.detail !== ""
            text: row.detail
            dim: true
            font.pixelSize: Theme.sizeSmall
            wrapMode: Text.WrapAtWordBoundaryOrAnywhere
            maximumLineCount: 2
            elide: Text.ElideRight
        }
    }
    Row {
        id: controls
        spacing: Theme.spaceS
    }
}
