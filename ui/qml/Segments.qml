pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T

// A choice of one among a few, side by side.
FocusScope {
    id: segments

    // Maps with text, and perhaps name (for tests) and count.
    required property var options
    required property int current
    property string accessibleName: ""
    signal chosen(index: int)

    implicitWidth: row.implicitWidth + 6
    implicitHeight: Theme.controlHeight
    Accessible.role: Accessible.RadioButton
    Accessible.name: accessibleName

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: Theme.raised
    }
    Row {
        id: row
        x: 3
        y: 3
        height: parent.height - 6

        Repeater {
            model: segments.options

            T.AbstractButton {
                id: option
                required property var modelData
                required property int index
                readonly property bool selected: index === segments.current

                objectName: modelData.name ?? ""
                implicitWidth: label.implicitWidth + 2 * Theme.spaceM
                implicitHeight: row.height
                focusPolicy: Qt.StrongFocus
                hoverEnabled: true
                text: modelData.text
                Accessible.role: Accessible.RadioButton
                Accessible.name: text
                Accessible.checked: selected
                onClicked: segments.chosen(index)
                Keys.onReturnPressed: clicked()
                Keys.onLeftPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
                Keys.onRightPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)

                background: Rectangle {
                    radius: Theme.radius - 2
                    color: option.selected ? Theme.surface : option.hovered ? Theme.hovered : "transparent"
                    border.width: option.visualFocus ? 2 : option.selected ? 1 : 0
                    border.color: option.visualFocus ? Theme.accent : Theme.border
                }
                contentItem: AppText {
                    id: label
                    text: option.modelData.count === undefined ? option.text : option.text + "  " + option.modelData.count
                    color: option.selected ? Theme.text : Theme.textDim
                    font.weight: option.selected ? Font.DemiBold : Font.Normal
                    font.pixelSize: 13
                    horizontalAlignment: Text.AlignHCenter
                    verticalAlignment: Text.AlignVCenter
                }
            }
        }
    }
}
