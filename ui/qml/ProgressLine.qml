import QtQuick

// How much of something is done, 0 to 1.
Rectangle {
    id: line

    required property real value
    property color color1: Theme.accent

    implicitHeight: 4
    radius: height / 2
    color: Theme.border
    Accessible.role: Accessible.ProgressBar
    Accessible.name: Math.round(value * 100) + " %"

    Rectangle {
        width: Math.max(height, parent.width * Math.min(1, line.value))
        height: parent.height
        radius: parent.radius
        color: line.color1
        visible: line.value > 0
    }
}
