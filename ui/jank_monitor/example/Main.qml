pragma ComponentBehavior: Bound

import QtQuick
import JankMonitor
import JankMonitorExample

Window {
    id: root
    width: 960
    height: 620
    visible: true
    title: qsTr("Orrery")
    color: "#0b1026"

    JankMonitor {
        id: monitor
        window: root
        enabled: true
    }
    Busywork {
        id: busywork
        monitor: monitor
    }

    Item {
        id: system
        anchors.fill: parent
        property real turn
        NumberAnimation on turn { from: 0; to: 360; duration: 12000; loops: Animation.Infinite }

        Rectangle {
            anchors.centerIn: parent
            width: 84; height: 84; radius: 42
            gradient: Gradient {
                GradientStop { position: 0; color: "#ffe08a" }
                GradientStop { position: 1; color: "#ff9e4f" }
            }
        }
        Repeater {
            model: [
                { orbit: 90, size: 14, speed: 6, tint: "#b9c0d4" }, { orbit: 140, size: 22, speed: 4, tint: "#e8c58b" },
                { orbit: 200, size: 24, speed: 3, tint: "#6fb3ff" }, { orbit: 255, size: 18, speed: 2, tint: "#ff7a5c" },
                { orbit: 330, size: 46, speed: 1, tint: "#d9b48f" }
            ]
            Item {
                id: planet
                required property var modelData
                anchors.centerIn: parent
                rotation: system.turn * planet.modelData.speed
                Rectangle {
                    anchors.centerIn: parent
                    width: 2 * planet.modelData.orbit; height: width; radius: width / 2
                    color: "transparent"
                    border { width: 1; color: "#20ffffff" }
                }
                Rectangle {
                    x: planet.modelData.orbit - width / 2
                    y: -height / 2
                    width: planet.modelData.size; height: width; radius: width / 2
                    color: planet.modelData.tint
                }
            }
        }
    }

    Row {
        anchors { bottom: parent.bottom; horizontalCenter: parent.horizontalCenter; margins: 20 }
        spacing: 10
        component Act: Rectangle {
            id: act
            required property string text
            signal pressed()
            width: caption.implicitWidth + 28
            height: 34
            radius: 17
            color: tap.pressed ? "#3b4677" : "#232b52"
            Accessible.role: Accessible.Button
            Accessible.name: act.text
            Accessible.onPressAction: act.pressed()
            Text { id: caption; anchors.centerIn: parent; text: act.text; color: "#e6eaff"; font.pixelSize: 13 }
            TapHandler { id: tap; onTapped: act.pressed() }
        }
        Act { text: qsTr("Block here for 34 ms"); onPressed: busywork.block(34) }
        Act { text: qsTr("Block here for 700 ms"); onPressed: busywork.block(700) }
        Act { text: qsTr("Work 300 ms on two threads"); onPressed: busywork.workElsewhere(2, 300) }
    }

    JankOverlay {
        objectName: "overlay"
        x: 20
        y: 20
        monitor: monitor
        fontFamily: "Inter"
    }
}
