import QtQuick

// One side of the comparison: the whole picture, and over it the part that is there in detail.
Item {
    id: side

    required property url whole
    required property url part
    required property rect partRect
    required property size pixels
    // Where the picture lies, in the coordinates of this item, and how large it is drawn.
    required property point origin
    required property real zoom

    clip: true

    Image {
        x: side.origin.x
        y: side.origin.y
        width: side.pixels.width * side.zoom
        height: side.pixels.height * side.zoom
        source: side.whole
        cache: false
        smooth: true
    }
    Image {
        x: side.origin.x + side.partRect.x * side.zoom
        y: side.origin.y + side.partRect.y * side.zoom
        width: side.partRect.width * side.zoom
        height: side.partRect.height * side.zoom
        visible: side.partRect.width > 0
        source: side.part
        cache: false
        // Pixels are to be seen as they are where they are enlarged.
        smooth: side.zoom * Screen.devicePixelRatio < 1.99
    }
}
