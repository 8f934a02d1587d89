pragma ComponentBehavior: Bound

import QtQuick

// What was selected in a timeline: its parts to scale, its figures, its labels, and where a stall was.
Rectangle {
    id: root

    // As JankMonitor's TimelineView describes it.
    required property var selection
    required property string fontFamily
    property color textColor: "#f4f6fa"
    property color mutedColor: "#9aa4b8"
    property color missedColor: "#ff6b6b"
    property color goodColor: "#4fc3b0"
    property color trackColor: "#14ffffff"
    property color outlineColor: "#26ffffff"
    signal closed()

    readonly property var parts: root.selection.parts ?? []
    readonly property var figures: root.selection.rows ?? []
    readonly property var stack: root.selection.stack ?? []
    readonly property var labels: root.selection.labels ?? []
    readonly property bool bad: root.selection.bad ?? false
    readonly property real whole: root.parts.reduce((sum, part) => sum + part.length, 0)

    implicitHeight: 194
    radius: 10
    color: root.trackColor
    border { width: 1; color: root.outlineColor }
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Selection: %1, %2").arg(root.selection.title ?? "").arg(root.selection.summary ?? "")

    component Word: Text {
        color: root.textColor
        elide: Text.ElideRight
        font { family: root.fontFamily; pixelSize: 12 }
        textFormat: Text.PlainText
    }

    Item {
        id: heading
        anchors { left: parent.left; right: close.left; top: parent.top; margins: 12; topMargin: 9 }
        height: 22

        Word {
            id: title
            anchors.verticalCenter: parent.verticalCenter
            width: Math.min(implicitWidth, parent.width * 0.6)
            text: root.selection.title ?? ""
            font { pixelSize: 14; weight: Font.DemiBold }
        }
        Word {
            anchors { left: title.right; right: parent.right; leftMargin: 10; baseline: title.baseline }
            text: (root.bad ? "▲ " : "") + (root.selection.summary ?? "")
            color: root.bad ? root.missedColor : root.mutedColor
        }
    }
    TimelineButton {
        id: close
        anchors { right: parent.right; top: parent.top; margins: 8 }
        text: "×"
        hint: qsTr("Clear the selection")
        textColor: root.mutedColor
        trackColor: root.trackColor
        fontFamily: root.fontFamily
        onClicked: root.closed()
    }

    // The parts of a frame, to scale.
    Item {
        id: bar
        anchors { left: parent.left; right: parent.right; top: heading.bottom; margins: 12; topMargin: 5 }
        height: visible ? 34 : 0
        visible: root.parts.length > 0

        Row {
            id: segments
            width: parent.width
            height: 10

            Repeater {
                model: root.parts.length
                Rectangle {
                    required property int index
                    width: root.whole > 0 ? segments.width * (root.parts[index]?.length ?? 0) / root.whole : 0
                    height: segments.height
                    color: root.parts[index]?.color ?? "transparent"
                }
            }
        }
        Row {
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
            spacing: 14
            clip: true

            Repeater {
                model: root.parts.length
                Row {
                    id: key
                    required property int index
                    spacing: 5
                    visible: (root.parts[index]?.length ?? 0) >= 0.001

                    Rectangle {
                        width: 8
                        height: 8
                        radius: 2
                        anchors.verticalCenter: parent.verticalCenter
                        color: root.parts[key.index]?.color ?? "transparent"
                    }
                    Word {
                        text: root.parts[key.index]?.name ?? ""
                        color: root.mutedColor
                    }
                    Word { text: root.parts[key.index]?.text ?? "" }
                }
            }
        }
    }

    Item {
        id: columns
        anchors { left: parent.left; right: parent.right; top: bar.bottom; bottom: parent.bottom; margins: 12; topMargin: 9 }

        Flickable {
            id: figureArea
            width: root.stack.length > 0 ? columns.width * 0.45 : columns.width
            height: columns.height
            contentHeight: figureFlow.height
            clip: true
            boundsBehavior: Flickable.StopAtBounds

            Grid {
                id: figureFlow
                width: figureArea.width
                columns: figureArea.width >= 480 ? 2 : 1
                columnSpacing: 24
                rowSpacing: 3

                Repeater {
                    model: root.figures.length
                    Item {
                        id: figure
                        required property int index
                        width: (figureFlow.width - (figureFlow.columns - 1) * 24) / figureFlow.columns
                        height: 16
                        Accessible.role: Accessible.StaticText
                        Accessible.name: (root.figures[index]?.label ?? "") + " " + (root.figures[index]?.value ?? "")

                        Word {
                            width: 132
                            text: root.figures[figure.index]?.label ?? ""
                            color: root.mutedColor
                            Accessible.ignored: true
                        }
                        Word {
                            x: 138
                            width: parent.width - x
                            text: root.figures[figure.index]?.value ?? ""
                            Accessible.ignored: true
                        }
                    }
                }
                Item {
                    width: (figureFlow.width - (figureFlow.columns - 1) * 24) / figureFlow.columns
                    height: 16
                    visible: root.labels.length > 0

                    Word {
                        width: 132
                        text: qsTr("Labels")
                        color: root.mutedColor
                    }
                    Word {
                        x: 138
                        width: parent.width - x
                        text: root.labels.join(", ")
                    }
                }
            }
        }
        Flickable {
            id: stackArea
            anchors { left: figureArea.right; right: parent.right; leftMargin: 16; top: parent.top; bottom: parent.bottom }
            visible: root.stack.length > 0
            contentHeight: stackColumn.height
            clip: true
            activeFocusOnTab: visible
            boundsBehavior: Flickable.StopAtBounds
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Where the UI thread was, innermost first")
            Keys.onUpPressed: contentY = Math.max(0, contentY - 32)
            Keys.onDownPressed: contentY = Math.max(0, Math.min(contentHeight - height, contentY + 32))

            Column {
                id: stackColumn
                width: stackArea.width

                Word {
                    text: qsTr("Where the UI thread was")
                    color: root.mutedColor
                }
                Repeater {
                    model: root.stack.length
                    Word {
                        required property int index
                        width: stackColumn.width
                        text: root.stack[index] ?? ""
                        font { family: "monospace"; pixelSize: 11 }
                    }
                }
            }
        }
    }
}
