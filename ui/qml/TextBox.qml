import QtQuick
import QtQuick.Templates as T

// A line of text.
T.TextField {
    id: field

    // What it is for, for those who don't see the line beside it.
    required property string name

    implicitWidth: 180
    implicitHeight: Theme.controlHeight
    leftPadding: Theme.spaceM
    rightPadding: Theme.spaceM
    verticalAlignment: TextInput.AlignVCenter
    color: Theme.text
    selectionColor: Theme.accentSoft
    selectedTextColor: Theme.text
    placeholderTextColor: Theme.textDim
    font.family: Theme.family
    font.pixelSize: Theme.sizeBody
    selectByMouse: true
    activeFocusOnTab: true
    Accessible.name: name
    Accessible.role: Accessible.EditableText

    AppText {
        x: field.leftPadding
        width: field.width - field.leftPadding - field.rightPadding
        height: field.height
        visible: field.text === "" && field.preeditText === ""
        verticalAlignment: Text.AlignVCenter
        text: field.placeholderText
        color: field.placeholderTextColor
    }
    background: Rectangle {
        radius: Theme.radius
        color: Theme.window
        border.width: field.activeFocus ? 2 : 1
        border.color: field.activeFocus ? Theme.accent : field.acceptableInput ? Theme.border : Theme.bad
    }
}
