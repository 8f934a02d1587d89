pragma ComponentBehavior: Bound

import QtQuick

// One figure: what it is, its value in digits that do not jump, and its unit.
Item {
    id: root

    required property string label
    required property string value
    required property string fontFamily
    property string unit: ""
    // What assistive technology reads in place of label, value and unit.
    property string description: root.label + " " + root.value + " " + root.unit
    property color textColor: "#f4f6fa"
    property color mutedColor: "#98a2b3"
    // Drawn before the value, so that a warning is told by more than its colour.
    property bool warning: false
    property color warningColor: "#ff6b6b"
    property real valueSize: 15

    implicitWidth: 72
    implicitHeight: column.implicitHeight

    Accessible.role: Accessible.StaticText
    Accessible.name: root.description

    Column {
        id: column
        width: root.width
        spacing: 1

        Text {
            text: root.label
            color: root.mutedColor
            font { family: root.fontFamily; pixelSize: 10 }
            textFormat: Text.PlainText
            Accessible.ignored: true
        }
        Row {
            spacing: 3
            Text {
                id: number
                text: (root.warning ? "▲ " : "") + root.value
                color: root.warning ? root.warningColor : root.textColor
                font { family: root.fontFamily; pixelSize: root.valueSize; weight: Font.DemiBold }
                textFormat: Text.PlainText
                Accessible.ignored: true
            }
            Text {
                anchors.baseline: number.baseline
                text: root.unit
                color: root.mutedColor
                font { family: root.fontFamily; pixelSize: 10 }
                textFormat: Text.PlainText
                Accessible.ignored: true
            }
        }
    }
}
