import QtQuick

// A word on a picture.
Rectangle {
    id: label

    required property string text

    implicitWidth: words.implicitWidth + 2 * Theme.spaceS
    implicitHeight: words.implicitHeight + Theme.spaceS
    radius: 6
    color: Theme.surface
    border.width: 1
    border.color: Theme.border

    AppText {
        id: words
        anchors.centerIn: parent
        text: label.text
        font.pixelSize: Theme.sizeSmall
        font.weight: Font.DemiBold
    }
}
