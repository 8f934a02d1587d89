pragma ComponentBehavior: Bound

import QtQuick
import JankMonitor

// The frame-time overlay: lies over any page, takes no keyboard focus, and asks for no frame of its own.
// Its text changes at most four times a second, its strips with the frames that are drawn anyway.
Item {
    id: root

    // What is shown: one of the overlay's own when none is given, which measures while the overlay is seen.
    property JankMonitor monitor: own
    // One line in place of the whole panel.
    property bool compact: false
    // Lanes beyond these are not shown.
    property int maximumLanes: 6

    property color panelColor: "#101420"
    property color outlineColor: "#26ffffff"
    property color textColor: "#f4f6fa"
    property color mutedColor: "#9aa4b8"
    property color trackColor: "#12ffffff"
    property color goodColor: "#4fc3b0"
    property color lateColor: "#f2b84b"
    property color missedColor: "#ff6b6b"
    property color keptColor: "#7aa8ff"
    property color lineColor: "#99ffffff"
    property list<color> laneColors: ["#7aa8ff", "#b08cff", "#5cc8e8", "#86d07c", "#f0a868", "#e88cb8"]
    property string fontFamily: applicationFont.font.family

    readonly property int laneCount: Math.min(root.monitor.workLanes.length, root.maximumLanes)
    readonly property string keptText: {
        const kept = root.monitor.framesKept;
        if (kept < 0)
            return kept === -1 ? qsTr("1 frame lost to contention") : qsTr("%1 frames lost to contention").arg(-kept);
        return kept === 1 ? qsTr("1 frame kept") : qsTr("%1 frames kept").arg(kept);
    }
    readonly property string summary: qsTr("%1 frames a second, %2 missed, longest stall %3 milliseconds, %4")
        .arg(root.monitor.statistics.fps.toFixed(0)).arg(root.monitor.framesMissed)
        .arg(root.monitor.longestStall.toFixed(0)).arg(root.keptText)

    implicitWidth: root.compact ? line.implicitWidth + 24 : 340
    implicitHeight: (root.compact ? line.implicitHeight + 14 : panel.implicitHeight + 24)
    width: implicitWidth
    height: implicitHeight

    activeFocusOnTab: false
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Frame times")
    Accessible.description: root.summary

    function milliseconds(value: real): string {
        return value < 9.95 ? value.toFixed(1) : value.toFixed(0);
    }

    FontMetrics { id: applicationFont }
    JankMonitor {
        id: own
        window: root.monitor === own ? root.Window.window : null
        enabled: root.monitor === own && root.visible
    }

    Rectangle {
        anchors.fill: parent
        radius: root.compact ? height / 2 : 14
        color: root.panelColor
        border { width: 1; color: root.outlineColor }
    }

    HoverHandler { cursorShape: drag.active ? Qt.ClosedHandCursor : Qt.OpenHandCursor }
    DragHandler {
        id: drag
        xAxis { minimum: 0; maximum: root.parent ? Math.max(0, root.parent.width - root.width) : 0 }
        yAxis { minimum: 0; maximum: root.parent ? Math.max(0, root.parent.height - root.height) : 0 }
    }
    TapHandler {
        acceptedButtons: Qt.LeftButton
        gesturePolicy: TapHandler.WithinBounds
        onDoubleTapped: root.compact = !root.compact
    }

    Row {
        id: line
        visible: root.compact
        x: 14
        anchors.verticalCenter: parent.verticalCenter
        spacing: 12

        Rectangle {
            width: 108
            height: 22
            radius: 3
            anchors.verticalCenter: parent.verticalCenter
            color: root.trackColor

            FrameStrip {
                anchors.fill: parent
                visible: root.compact
                monitor: root.monitor
                part: FrameStrip.UiThread
                goodColor: root.goodColor
                lateColor: root.lateColor
                missedColor: root.missedColor
                lineColor: root.lineColor
                Accessible.role: Accessible.Chart
                Accessible.name: qsTr("UI thread")
            }
        }
        component Brief: Text {
            required property real minimumWidth
            width: Math.max(implicitWidth, minimumWidth)
            anchors.verticalCenter: parent ? parent.verticalCenter : undefined
            color: root.textColor
            font { family: root.fontFamily; pixelSize: 12; weight: Font.DemiBold }
            textFormat: Text.PlainText
        }
        Brief {
            minimumWidth: 44
            text: qsTr("%1 fps").arg(root.monitor.statistics.fps.toFixed(0))
        }
        Brief {
            minimumWidth: 64
            text: (root.monitor.framesMissed > 0 ? "▲ " : "") + qsTr("%1 missed").arg(root.monitor.framesMissed)
            color: root.monitor.framesMissed > 0 ? root.missedColor : root.mutedColor
        }
        Brief {
            minimumWidth: 80
            text: root.keptText
            color: root.monitor.framesKept < 0 ? root.missedColor : root.keptColor
        }
        OverlayButton { }
    }

    Column {
        id: panel
        visible: !root.compact
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 12; leftMargin: 14; rightMargin: 14 }
        spacing: 10

        Item {
            width: panel.width
            height: 30

            Text {
                id: rate
                anchors.bottom: parent.bottom
                text: root.monitor.statistics.fps.toFixed(0)
                color: root.textColor
                font { family: root.fontFamily; pixelSize: 26; weight: Font.Bold }
                textFormat: Text.PlainText
                Accessible.ignored: true
            }
            Text {
                anchors { left: rate.right; leftMargin: 5; baseline: rate.baseline }
                text: qsTr("frames a second of %1").arg(root.monitor.refreshRate.toFixed(0))
                color: root.mutedColor
                font { family: root.fontFamily; pixelSize: 11 }
                textFormat: Text.PlainText
                Accessible.name: qsTr("%1 frames a second").arg(rate.text)
            }
            OverlayButton { anchors { right: parent.right; top: parent.top } }
        }

        Column {
            width: panel.width
            spacing: 4

            Item {
                width: panel.width
                height: 84

                component ThreadName: Text {
                    height: 40
                    verticalAlignment: Text.AlignVCenter
                    color: root.mutedColor
                    font { family: root.fontFamily; pixelSize: 11 }
                    textFormat: Text.PlainText
                }
                ThreadName { text: qsTr("UI") }
                ThreadName { y: 44; text: qsTr("Render") }
                FrameStrip {
                    x: 50
                    width: parent.width - x
                    height: parent.height
                    visible: !root.compact
                    monitor: root.monitor
                    part: FrameStrip.BothThreads
                    gap: 4
                    trackColor: root.trackColor
                    goodColor: root.goodColor
                    lateColor: root.lateColor
                    missedColor: root.missedColor
                    lineColor: root.lineColor
                    Accessible.role: Accessible.Chart
                    Accessible.name: qsTr("UI and render thread")
                }
            }
            Item {
                width: panel.width
                height: 14

                component Key: Text {
                    color: root.mutedColor
                    font { family: root.fontFamily; pixelSize: 10 }
                    textFormat: Text.PlainText
                    anchors.verticalCenter: parent ? parent.verticalCenter : undefined
                }
                Row {
                    x: 50
                    height: parent.height
                    spacing: 5

                    Rectangle { y: 3; width: 3; height: 9; color: root.goodColor }
                    Key { text: qsTr("good"); rightPadding: 5 }
                    Rectangle { y: 3; width: 4; height: 9; color: "transparent"; border { width: 1; color: root.lateColor } }
                    Key { text: qsTr("late"); rightPadding: 5 }
                    Item {
                        width: 3
                        height: parent.height
                        Rectangle { y: 1; width: 3; height: 2; color: root.missedColor }
                        Rectangle { y: 5; width: 3; height: 7; color: root.missedColor }
                    }
                    Key { text: qsTr("missed") }
                }
                Row {
                    anchors.right: parent.right
                    height: parent.height
                    spacing: 5

                    Row {
                        spacing: 2
                        anchors.verticalCenter: parent.verticalCenter
                        Repeater {
                            model: 3
                            Rectangle { width: 4; height: 1; color: root.lineColor }
                        }
                    }
                    Key { text: qsTr("deadline %1 ms").arg(root.monitor.interval.toFixed(1)) }
                }
            }
        }

        Grid {
            columns: 3
            columnSpacing: 0
            rowSpacing: 8

            component Figure: JankFigure {
                width: panel.width / 3
                textColor: root.textColor
                mutedColor: root.mutedColor
                warningColor: root.missedColor
                fontFamily: root.fontFamily
            }
            Figure {
                label: qsTr("Missed")
                value: root.monitor.framesMissed
                unit: qsTr("vsyncs")
                warning: root.monitor.framesMissed > 0
            }
            Figure {
                label: qsTr("95 · 99 percentile")
                value: root.milliseconds(root.monitor.statistics.p95) + " · "
                       + root.milliseconds(root.monitor.statistics.p99)
                unit: qsTr("ms")
                description: qsTr("95 percent of the frames took at most %1 milliseconds, 99 percent %2")
                    .arg(root.milliseconds(root.monitor.statistics.p95))
                    .arg(root.milliseconds(root.monitor.statistics.p99))
            }
            Figure {
                label: qsTr("Hitch ratio")
                value: root.milliseconds(root.monitor.statistics.hitchRatio)
                unit: qsTr("ms/s")
                warning: root.monitor.statistics.hitchRatio > 10
            }
            Figure {
                label: qsTr("Longest stall")
                value: root.milliseconds(root.monitor.longestStall)
                unit: qsTr("ms")
                warning: root.monitor.longestStall > 2 * root.monitor.interval
            }
            Figure {
                label: qsTr("Heartbeat")
                value: root.milliseconds(root.monitor.heartbeatDelay)
                unit: qsTr("ms")
                description: qsTr("The event loop would have answered within %1 milliseconds").arg(value)
            }
            Figure {
                label: qsTr("Monitor's own")
                value: (root.monitor.uiCost / 1000).toFixed(0) + " + " + (root.monitor.renderCost / 1000).toFixed(0)
                unit: qsTr("µs/frame")
                description: qsTr("The monitor takes %1 microseconds of the UI thread and %2 of the render thread a frame")
                    .arg((root.monitor.uiCost / 1000).toFixed(0)).arg((root.monitor.renderCost / 1000).toFixed(0))
            }
        }

        Rectangle {
            width: panel.width
            height: 1
            color: root.outlineColor
        }

        Column {
            width: panel.width
            spacing: 6

            Text {
                text: root.keptText
                color: root.monitor.framesKept < 0 ? root.missedColor : root.keptColor
                font { family: root.fontFamily; pixelSize: 14; weight: Font.DemiBold }
                textFormat: Text.PlainText
            }
            Item {
                visible: root.laneCount > 0
                width: panel.width
                height: root.laneCount * 14

                Column {
                    Repeater {
                        model: root.laneCount
                        Text {
                            required property int index
                            width: 92
                            height: 14
                            verticalAlignment: Text.AlignVCenter
                            text: root.monitor.workLanes[index] ?? ""
                            elide: Text.ElideRight
                            color: root.mutedColor
                            font { family: root.fontFamily; pixelSize: 10 }
                            textFormat: Text.PlainText
                        }
                    }
                }
                LaneStrip {
                    x: 96
                    y: 2
                    width: parent.width - x
                    height: parent.height
                    visible: !root.compact
                    monitor: root.monitor
                    laneCount: root.laneCount
                    colors: root.laneColors
                    trackColor: root.trackColor
                    Accessible.role: Accessible.Chart
                    Accessible.name: qsTr("What the isolates did meanwhile")
                }
            }
        }
    }

    component OverlayButton: Item {
        implicitWidth: 22
        implicitHeight: 22
        anchors.verticalCenter: root.compact && parent ? parent.verticalCenter : undefined
        Accessible.role: Accessible.Button
        Accessible.name: root.compact ? qsTr("Show all frame times") : qsTr("Show one line of frame times")
        Accessible.onPressAction: root.compact = !root.compact

        Rectangle {
            anchors.fill: parent
            radius: 6
            color: hover.hovered ? root.trackColor : "transparent"
        }
        Text {
            anchors.centerIn: parent
            text: root.compact ? "▾" : "▴"
            color: root.mutedColor
            font.pixelSize: 13
            Accessible.ignored: true
        }
        HoverHandler {
            id: hover
            cursorShape: Qt.PointingHandCursor
        }
        TapHandler {
            gesturePolicy: TapHandler.ReleaseWithinBounds
            onTapped: root.compact = !root.compact
        }
    }
}
