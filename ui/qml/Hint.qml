import QtQuick
import QtQuick.Templates as T

// What a control is for, shown beside it.
T.ToolTip {
    id: hint

    x: parent ? Math.round((parent.width - implicitWidth) / 2) : 0
    y: parent ? parent.height + Theme.spaceXs : 0
    implicitWidth: label.implicitWidth + 2 * Theme.spaceS
    implicitHeight: label.implicitHeight + 2 * Theme.spaceXs
    margins: Theme.spaceS
    delay: 500
    closePolicy: T.Popup.CloseOnEscape

    contentItem: AppText {
        id: label
        text: hint.text
        color: Theme.window
        font.pixelSize: Theme.sizeSmall
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
    }
    background: Rectangle {
        radius: 6
        color: Theme.text
    }
}
