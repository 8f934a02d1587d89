import QtQuick
import Steadyframe.Models

// The median of several rounds as a bar, and the least and the most of them as a whisker on it.
Item {
    id: bar

    required property spread value
    required property real maximum // the end of the scale
    property color color: Theme.accent

    readonly property real unit: maximum > 0 ? width / maximum : 0

    implicitHeight: 14

    Rectangle {
        anchors.fill: parent
        radius: 3
        color: Theme.raised
    }
    Rectangle {
        width: bar.value.median > 0 ? Math.max(2, bar.value.median * bar.unit) : 0
        height: parent.height
        radius: 3
        color: bar.color
    }
    // From the least to the most, with a stop at each end.
    Item {
        x: Math.max(0, bar.value.least * bar.unit)
        y: (parent.height - height) / 2
        width: Math.max(1, bar.value.most * bar.unit - x)
        height: 8
        visible: bar.value.most > bar.value.least

        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width
            height: 2
            color: Theme.text
        }
        Rectangle {
            width: 2
            height: parent.height
            color: Theme.text
        }
        Rectangle {
            x: parent.width - 2
            width: 2
            height: parent.height
            color: Theme.text
        }
    }
}
