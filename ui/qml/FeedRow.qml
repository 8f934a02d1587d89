import QtQuick

// One photo of a feed, as a line of the list. Few items and fixed sizes, because lines fly by.
Item {
    id: delegate

    required property int row
    required property string title
    required property string markedTitle
    required property string albumId
    required property string photoId
    required property string url
    required property color swatch
    required property bool albumMarked
    required property bool photoIdMarked
    required property bool selected
    required property string thumbnailId
    // Whether its picture is worth fetching now.
    required property bool pictures
    required property FeedColumns layout

    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1, album %2, number %3").arg(title).arg(albumId).arg(photoId)
    Accessible.selectable: true
    Accessible.selected: selected
    Accessible.ignored: row < 0

    Rectangle {
        x: 1
        y: 1
        width: parent.width - 2
        height: parent.height - 2
        radius: Theme.radius
        visible: delegate.selected
        color: Theme.accentSoft
    }
    FeedPicture {
        x: Theme.spaceM
        y: 8
        width: 48
        height: 36
        swatch: delegate.swatch
        thumbnailId: delegate.pictures ? delegate.thumbnailId : ""
        longestSide: 96
    }
    AppText {
        x: delegate.layout.titleX
        width: delegate.layout.titleWidth
        height: parent.height
        verticalAlignment: Text.AlignVCenter
        text: delegate.markedTitle === "" ? delegate.title : delegate.markedTitle
        textFormat: delegate.markedTitle === "" ? Text.PlainText : Text.StyledText
        linkColor: Theme.accent
    }
    AppText {
        x: delegate.layout.addressX
        width: delegate.layout.addressWidth
        height: parent.height
        visible: delegate.layout.addressWidth > 0
        verticalAlignment: Text.AlignVCenter
        text: delegate.url
        dim: true
        font.pixelSize: Theme.sizeSmall
        elide: Text.ElideMiddle
    }
    AppText {
        x: delegate.layout.albumX
        width: delegate.layout.numberWidth
        height: parent.height
        verticalAlignment: Text.AlignVCenter
        horizontalAlignment: Text.AlignRight
        text: delegate.albumId
        color: delegate.albumMarked ? Theme.accent : Theme.text
        font.pixelSize: 13
        font.weight: delegate.albumMarked ? Font.Bold : Font.Normal
    }
    AppText {
        x: delegate.layout.idX
        width: delegate.layout.numberWidth
        height: parent.height
        verticalAlignment: Text.AlignVCenter
        horizontalAlignment: Text.AlignRight
        text: delegate.photoId
        color: delegate.photoIdMarked ? Theme.accent : Theme.textDim
        font.pixelSize: 13
        font.weight: delegate.photoIdMarked ? Font.Bold : Font.Normal
    }
}
