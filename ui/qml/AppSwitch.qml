import QtQuick
import QtQuick.Templates as T

// On or off.
T.Switch {
    id: control

    // What it is for, for those who don't see the line beside it.
    required property string name

    implicitWidth: 44
    implicitHeight: Theme.controlHeight
    focusPolicy: Qt.StrongFocus
    hoverEnabled: true
    opacity: enabled ? 1 : 0.45
    Accessible.name: name
    Accessible.role: Accessible.CheckBox
    Accessible.checked: checked
    Keys.onReturnPressed: {
        toggle()
        toggled()
    }

    indicator: Rectangle {
        anchors.verticalCenter: parent?.verticalCenter
        width: 44
        height: 24
        radius: 12
        color: control.checked ? Theme.accent : Theme.raised
        border.width: control.visualFocus ? 2 : 1
        border.color: control.visualFocus ? (control.checked ? Theme.text : Theme.accent) : control.checked ? Theme.accent : Theme.border

        Rectangle {
            x: control.checked ? parent.width - width - 4 : 4
            anchors.verticalCenter: parent.verticalCenter
            width: 16
            height: 16
            radius: 8
            color: control.checked ? Theme.accentText : Theme.textDim

            Behavior on x {
                NumberAnimation {
                    duration: Theme.quick
                }
            }
        }
    }
}
