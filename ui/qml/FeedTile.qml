import QtQuick

// One photo of a feed, as a tile of the grid.
Item {
    id: delegate

    required property int row
    required property string title
    required property string markedTitle
    required property string albumId
    required property string photoId
    required property color swatch
    required property bool albumMarked
    required property bool photoIdMarked
    required property bool selected
    required property string thumbnailId
    // Whether its picture is worth fetching now.
    required property bool pictures

    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1, album %2, number %3").arg(title).arg(albumId).arg(photoId)
    Accessible.selectable: true
    Accessible.selected: selected
    Accessible.ignored: row < 0

    Rectangle {
        x: 2
        y: 2
        width: parent.width - 4
        height: parent.height - 4
        radius: Theme.radius
        visible: delegate.selected
        color: Theme.accentSoft
    }
    FeedPicture {
        id: picture
        x: 8
        y: 8
        width: parent.width - 16
        height: parent.height - 62
        swatch: delegate.swatch
        thumbnailId: delegate.pictures ? delegate.thumbnailId : ""
        longestSide: 320
    }
    AppText {
        x: 8
        y: parent.height - 50
        width: parent.width - 16
        text: delegate.markedTitle === "" ? delegate.title : delegate.markedTitle
        textFormat: delegate.markedTitle === "" ? Text.PlainText : Text.StyledText
        linkColor: Theme.accent
        font.pixelSize: 13
        font.weight: Font.Medium
    }
    AppText {
        x: 8
        y: parent.height - 29
        width: parent.width - 16
        text: qsTr("Album %1  ·  %2").arg(delegate.albumId).arg(delegate.photoId)
        color: delegate.albumMarked || delegate.photoIdMarked ? Theme.accent : Theme.textDim
        font.pixelSize: Theme.sizeSmall
        font.weight: delegate.albumMarked || delegate.photoIdMarked ? Font.Bold : Font.Normal
    }
}
