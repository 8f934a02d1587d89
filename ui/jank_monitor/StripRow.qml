pragma ComponentBehavior: Bound

import QtQuick
import JankMonitor

// A thread's strip with its name.
Item {
    id: root

    required property JankMonitor monitor
    required property int part
    required property string label
    required property string fontFamily
    property color mutedColor: "#98a2b3"
    property color trackColor: "#14ffffff"
    property color goodColor: "#4fc3b0"
    property color lateColor: "#f2b84b"
    property color missedColor: "#ff6b6b"
    property color lineColor: "#8cffffff"

    implicitHeight: 40

    Text {
        id: name
        width: 50
        anchors.verticalCenter: parent.verticalCenter
        text: root.label
        color: root.mutedColor
        font { family: root.fontFamily; pixelSize: 11 }
        textFormat: Text.PlainText
    }
    Rectangle {
        anchors { left: name.right; right: parent.right; top: parent.top; bottom: parent.bottom }
        radius: 3
        color: root.trackColor

        FrameStrip {
            anchors.fill: parent
            monitor: root.monitor
            part: root.part
            goodColor: root.goodColor
            lateColor: root.lateColor
            missedColor: root.missedColor
            lineColor: root.lineColor
            Accessible.role: Accessible.Chart
            Accessible.name: root.label
        }
    }
}
