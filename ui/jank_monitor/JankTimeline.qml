pragma ComponentBehavior: Bound

import QtQuick
import JankMonitor

// A recording over time: all of it in a strip, a part of it in lanes, and what was selected. By keyboard: arrows pan
// and scroll, + and - zoom, 0 shows all, Home and End go to the ends, N and P to the next and the previous frame that
// missed a vsync or stall, Enter zooms to the selection, Escape clears it.
FocusScope {
    id: root

    required property JankRecording recording
    property alias view: view

    property color textColor: "#f4f6fa"
    property color mutedColor: "#9aa4b8"
    property color trackColor: "#0cffffff"
    property color panelColor: "#14ffffff"
    property color outlineColor: "#26ffffff"
    property color gridColor: "#1affffff"
    property color lineColor: "#8cffffff"
    property color fillTextColor: "#101420"
    property color accentColor: "#7aa8ff"
    property color accentTextColor: "#101420"
    property color goodColor: "#4fc3b0"
    property color lateColor: "#f2b84b"
    property color missedColor: "#ff6b6b"
    property color uiColor: "#7aa8ff"
    property color waitColor: "#66808a9c"
    property color syncColor: "#b08cff"
    property color renderColor: "#5cc8e8"
    property color blockColor: "#8c98b4"
    property color labelColor: "#5cc8e8"
    property color selectionColor: "#ffffff"
    property list<color> laneColors: ["#7aa8ff", "#b08cff", "#5cc8e8", "#86d07c", "#f0a868", "#e88cb8"]
    property string fontFamily: applicationFont.font.family

    implicitWidth: 800
    implicitHeight: 480
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Timeline")

    FontMetrics { id: applicationFont }

    component Tool: TimelineButton {
        textColor: highlighted ? root.accentTextColor : root.textColor
        trackColor: root.panelColor
        accentColor: root.accentColor
        fontFamily: root.fontFamily
    }

    TimelineOverview {
        id: overview
        objectName: "timelineOverview"
        anchors { left: parent.left; right: parent.right; top: parent.top }
        height: 44
        view: view
        Accessible.role: Accessible.Chart
        Accessible.name: qsTr("The whole recording")
        Accessible.description: view.description
    }

    Item {
        id: tools
        anchors { left: parent.left; right: parent.right; top: overview.bottom; topMargin: 8 }
        height: 26

        Row {
            id: legend
            anchors { left: parent.left; verticalCenter: parent.verticalCenter }
            spacing: 12
            visible: legend.implicitWidth + buttons.width + 24 < tools.width

            component Key: Row {
                id: key
                required property color swatch
                required property string name
                property bool hollow: false
                property bool notched: false
                spacing: 5

                Item {
                    width: 8
                    height: 12
                    anchors.verticalCenter: parent.verticalCenter
                    Rectangle {
                        y: key.notched ? 5 : 1
                        width: 8
                        height: key.notched ? 7 : 10
                        radius: key.notched ? 0 : 2
                        color: key.hollow ? "transparent" : key.swatch
                        border { width: key.hollow ? 1 : 0; color: key.swatch }
                    }
                    Rectangle {
                        visible: key.notched
                        width: 8
                        height: 3
                        color: key.swatch
                    }
                }
                Text {
                    anchors.verticalCenter: parent.verticalCenter
                    text: key.name
                    color: root.mutedColor
                    font { family: root.fontFamily; pixelSize: 11 }
                    textFormat: Text.PlainText
                }
            }
            Key { swatch: root.goodColor; name: qsTr("On time") }
            Key { swatch: root.uiColor; name: qsTr("UI") }
            Key { swatch: root.waitColor; name: qsTr("Wait") }
            Key { swatch: root.syncColor; name: qsTr("Sync") }
            Key { swatch: root.renderColor; name: qsTr("Render") }
            Key { swatch: Qt.alpha(root.renderColor, 0.3); name: qsTr("Swap") }
            Key { swatch: root.lateColor; name: qsTr("Late"); hollow: true }
            Key { swatch: root.missedColor; name: qsTr("Missed"); notched: true }
        }
        Row {
            id: buttons
            anchors { right: parent.right; verticalCenter: parent.verticalCenter }
            spacing: 6

            Tool {
                objectName: "timelinePrevious"
                text: "‹"
                hint: qsTr("Previous missed frame or stall")
                enabled: !root.recording.empty
                onClicked: view.selectPreviousProblem()
            }
            Tool {
                objectName: "timelineNext"
                text: qsTr("Next problem ›")
                hint: qsTr("Next missed frame or stall")
                enabled: !root.recording.empty
                onClicked: view.selectNextProblem()
            }
            Tool {
                objectName: "timelineZoomOut"
                text: "−"
                hint: qsTr("Zoom out")
                onClicked: view.zoom(1 / 0.6)
            }
            Tool {
                objectName: "timelineZoomIn"
                text: "+"
                hint: qsTr("Zoom in")
                onClicked: view.zoom(0.6)
            }
            Tool {
                objectName: "timelineAll"
                text: qsTr("All")
                hint: qsTr("Show the whole recording")
                onClicked: view.showAll()
            }
            Tool {
                objectName: "timelineFollow"
                text: qsTr("Follow")
                hint: view.following ? qsTr("Following the newest") : qsTr("Follow the newest")
                visible: root.recording.live
                highlighted: view.following
                onClicked: view.following = !view.following
            }
        }
    }

    TimelineView {
        id: view
        objectName: "timelineView"
        anchors {
            left: parent.left
            right: parent.right
            top: tools.bottom
            bottom: details.visible ? details.top : parent.bottom
            topMargin: 6
            bottomMargin: details.visible ? 8 : 0
        }
        clip: true
        focus: true
        activeFocusOnTab: true
        recording: root.recording
        fontFamily: root.fontFamily
        textColor: root.textColor
        mutedColor: root.mutedColor
        trackColor: root.trackColor
        gridColor: root.gridColor
        lineColor: root.lineColor
        fillTextColor: root.fillTextColor
        goodColor: root.goodColor
        lateColor: root.lateColor
        missedColor: root.missedColor
        uiColor: root.uiColor
        waitColor: root.waitColor
        syncColor: root.syncColor
        renderColor: root.renderColor
        blockColor: root.blockColor
        labelColor: root.labelColor
        selectionColor: root.selectionColor
        laneColors: root.laneColors
        Accessible.role: Accessible.Chart
        Accessible.name: qsTr("Frames and work over time")
        Accessible.description: view.description
        Accessible.focusable: true

        PinchHandler {
            target: null
            property real before: 1
            onActiveChanged: before = 1
            onActiveScaleChanged: {
                view.zoomAt(centroid.position.x, before / activeScale);
                before = activeScale;
            }
        }
        // How far the lanes are scrolled.
        Rectangle {
            readonly property real area: view.height - view.lanesTop
            visible: view.scrollMaximum > 0 && area > 40
            anchors.right: parent.right
            y: view.lanesTop + (area - height) * view.scroll / Math.max(1, view.scrollMaximum)
            width: 4
            height: Math.max(20, area * area / (area + view.scrollMaximum))
            radius: 2
            color: root.mutedColor
            opacity: 0.6
        }
        Rectangle {
            anchors.fill: parent
            visible: view.activeFocus
            color: "transparent"
            radius: 4
            border { width: 1; color: root.accentColor }
            opacity: 0.7
        }
    }

    TimelineDetails {
        id: details
        objectName: "timelineDetails"
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        visible: view.hasSelection
        selection: view.selection
        fontFamily: root.fontFamily
        textColor: root.textColor
        mutedColor: root.mutedColor
        missedColor: root.missedColor
        goodColor: root.goodColor
        trackColor: root.panelColor
        outlineColor: root.outlineColor
        onClosed: {
            view.clearSelection();
            view.forceActiveFocus();
        }
    }
}
