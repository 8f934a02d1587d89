import QtQuick
import QtQuick.Templates as T

// A button: primary for what a page is about, quiet for the rest; with an icon alone when it has no text.
T.Button {
    id: button

    property string iconName: ""
    property bool primary: false
    property bool danger: false
    // What is said of it, and its shortcut.
    property string hint: text
    property string keys: ""

    readonly property color foreground: primary ? Theme.accentText : danger ? Theme.bad : Theme.text

    implicitWidth: text === "" ? Theme.controlHeight : implicitContentWidth + leftPadding + rightPadding
    implicitHeight: Theme.controlHeight
    leftPadding: text === "" ? 0 : Theme.spaceM
    rightPadding: text === "" ? 0 : Theme.spaceL
    focusPolicy: Qt.StrongFocus
    hoverEnabled: true
    opacity: enabled ? 1 : 0.45
    Accessible.name: hint
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    background: Rectangle {
        radius: Theme.radius
        color: button.primary ? (button.down ? Qt.darker(Theme.accent, 1.15) : button.hovered ? Qt.lighter(Theme.accent, 1.07) : Theme.accent)
             : button.down ? Theme.border
             : button.hovered || !button.flat ? Theme.raised : "transparent"
        border.width: button.visualFocus ? 2 : 0
        border.color: button.primary ? Theme.text : Theme.accent
    }
    contentItem: Item {
        implicitWidth: row.implicitWidth
        implicitHeight: row.implicitHeight

        Row {
            id: row
            anchors.centerIn: parent
            spacing: Theme.spaceS

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                visible: button.iconName !== ""
                name: button.iconName
                color: button.foreground
                size: 18
            }
            AppText {
                anchors.verticalCenter: parent.verticalCenter
                visible: button.text !== ""
                text: button.text
                color: button.foreground
                font.weight: Font.Medium
            }
        }
    }

    // Made when it is wanted: a list of photos has hundreds of buttons. (Qt 6.4 makes no bound component in a Loader.)
    Loader {
        anchors.fill: parent
        active: (button.hovered || button.visualFocus) && (button.text === "" || button.keys !== "") && button.hint !== ""
        sourceComponent: Hint {
            visible: true
            text: button.keys === "" ? button.hint : button.hint + "   " + button.keys  // qmllint disable unqualified
        }
    }
}
