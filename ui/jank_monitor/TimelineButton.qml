pragma ComponentBehavior: Bound

import QtQuick

// A small button of the timeline: text on a track.
FocusScope {
    id: root

    required property string text
    property string hint: root.text
    property bool highlighted: false
    property color textColor: "#f4f6fa"
    property color trackColor: "#14ffffff"
    property color accentColor: "#7aa8ff"
    property string fontFamily: ""
    signal clicked()

    implicitWidth: Math.max(28, label.implicitWidth + 18)
    implicitHeight: 26
    opacity: root.enabled ? 1 : 0.4
    activeFocusOnTab: true
    Accessible.role: Accessible.Button
    Accessible.name: root.hint
    Accessible.onPressAction: root.clicked()
    Keys.onReturnPressed: root.clicked()
    Keys.onEnterPressed: root.clicked()
    Keys.onSpacePressed: root.clicked()

    Rectangle {
        anchors.fill: parent
        radius: 7
        color: root.highlighted ? root.accentColor : root.trackColor
        border { width: root.activeFocus ? 2 : 0; color: root.accentColor }

        Rectangle {
            anchors.fill: parent
            radius: parent.radius
            visible: hover.hovered && root.enabled
            color: root.trackColor
        }
    }
    Text {
        id: label
        anchors.centerIn: parent
        text: root.text
        color: root.textColor
        font { family: root.fontFamily; pixelSize: 12; weight: Font.Medium }
        textFormat: Text.PlainText
        Accessible.ignored: true
    }
    HoverHandler {
        id: hover
        cursorShape: Qt.PointingHandCursor
    }
    TapHandler {
        gesturePolicy: TapHandler.ReleaseWithinBounds
        onTapped: root.clicked()
    }
}
