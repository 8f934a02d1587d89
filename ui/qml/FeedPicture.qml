import QtQuick

// A photo's thumbnail; before it comes, and without a network, the colour that the feed knows of it.
Rectangle {
    id: picture

    required property color swatch
    required property string thumbnailId
    required property int longestSide
    readonly property bool shown: image.visible && image.implicitWidth > 0

    color: swatch.a > 0 ? swatch : Theme.raised

    Image {
        id: image
        anchors.fill: parent
        // Not that of the photo before, while this one's is on its way.
        visible: status === Image.Ready
        source: picture.thumbnailId === "" ? "" : "image://feed/" + picture.thumbnailId
        sourceSize.width: picture.longestSide
        sourceSize.height: picture.longestSide
        asynchronous: true
        // The provider keeps them, up to a bound.
        cache: false
        fillMode: Image.PreserveAspectCrop
    }
}
