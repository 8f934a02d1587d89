pragma ComponentBehavior: Bound
import QtQuick

// One line of the table of isolates.
Item {
    id: line

    required property var cells
    property bool heading: false
    property bool running: false
    readonly property var shares: [0.2, 0.1, 0.1, 0.31, 0.09, 0.1, 0.1]

    implicitHeight: 40
    Accessible.name: cells.join(", ")

    Rectangle {
        width: parent.width
        height: 1
        anchors.bottom: parent.bottom
        color: Theme.border
        opacity: 0.7
    }
    Row {
        anchors.fill: parent
        anchors.leftMargin: Theme.spaceL
        anchors.rightMargin: Theme.spaceL

        Repeater {
            model: line.cells

            AppText {
                required property int index
                required property var modelData
                width: (line.width - 2 * Theme.spaceL) * line.shares[index]
                height: line.height
                rightPadding: Theme.spaceS
                verticalAlignment: Text.AlignVCenter
                horizontalAlignment: index > 3 ? Text.AlignRight : Text.AlignLeft
                text: modelData
                color: line.heading ? Theme.textDim : index === 2 && line.running ? Theme.good : index === 0 ? Theme.text : Theme.textDim
                font.pixelSize: line.heading ? Theme.sizeSmall : 13
                font.weight: line.heading || index === 0 ? Font.DemiBold : Font.Normal
            }
        }
    }
}
