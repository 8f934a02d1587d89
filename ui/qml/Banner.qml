import QtQuick

// Something that is wrong, until it no longer is. Not there while it has no text.
Rectangle {
    id: banner

    required property string text
    property bool serious: true

    readonly property color foreground: serious ? Theme.bad : Theme.caution

    visible: text !== ""
    implicitHeight: words.implicitHeight + 2 * Theme.spaceM
    radius: Theme.radius
    color: serious ? Theme.badSoft : Theme.cautionSoft
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text

    Icon {
        id: sign
        x: Theme.spaceM
        y: Theme.spaceM
        name: "failed"
        color: banner.foreground
    }
    AppText {
        id: words
        anchors.left: sign.right
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.margins: Theme.spaceM
        text: banner.text
        color: banner.foreground
        wrapMode: Text.WordWrap
        maximumLineCount: 6
    }
}
