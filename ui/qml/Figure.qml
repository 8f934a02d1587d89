import QtQuick
import QtQuick.Layouts

// A number that matters, and what it counts.
ColumnLayout {
    id: figure

    required property var value
    required property string label
    property color color: Theme.text

    Layout.fillWidth: true
    Layout.preferredWidth: 1
    spacing: 2
    Accessible.role: Accessible.StaticText
    Accessible.name: value + " " + label

    AppText {
        text: figure.value
        color: figure.color
        font.pixelSize: Theme.sizeHeading
        font.weight: Font.DemiBold
    }
    AppText {
        Layout.fillWidth: true
        text: figure.label
        dim: true
        font.pixelSize: Theme.sizeSmall
        wrapMode: Text.WordWrap
        elide: Text.ElideNone
    }
}
