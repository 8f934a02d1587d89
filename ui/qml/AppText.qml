import QtQuick

// Text in the window's type.
Text {
    property bool dim: false

    color: dim ? Theme.textDim : Theme.text
    font.family: Theme.family
    font.pixelSize: Theme.sizeBody
    elide: Text.ElideRight
    textFormat: Text.PlainText
}
