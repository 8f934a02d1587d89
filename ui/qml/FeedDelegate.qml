import QtQuick

// One photo of a feed. Few items and fixed sizes, because rows fly by.
Item {
    id: delegate

    required property int index
    required property string title
    required property double albumId
    required property double photoId
    required property string url
    required property color swatch
    required property bool current

    implicitHeight: 52
    Accessible.role: Accessible.ListItem
    Accessible.name: title

    Rectangle {
        anchors.fill: parent
        anchors.margins: 1
        radius: Theme.radius
        color: "transparent"
        border.width: delegate.current ? 1.5 : 0
        border.color: Theme.accent
    }
    Rectangle {
        x: Theme.spaceM
        width: 36
        height: 36
        anchors.verticalCenter: parent.verticalCenter
        radius: 6
        color: delegate.swatch
        border.width: 1
        border.color: Theme.border
    }
    AppText {
        x: 64
        y: 7
        width: parent.width - 64 - 190
        text: delegate.title
        font.weight: Font.Medium
    }
    AppText {
        x: 64
        y: 28
        width: parent.width - 64 - 190
        text: delegate.url
        dim: true
        font.pixelSize: Theme.sizeSmall
    }
    AppText {
        anchors.right: parent.right
        anchors.rightMargin: Theme.spaceM
        anchors.verticalCenter: parent.verticalCenter
        text: qsTr("Album %1   #%2").arg(delegate.albumId).arg(delegate.photoId)
        dim: true
        font.pixelSize: Theme.sizeSmall
    }
}
