pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Steadyframe.Models

// The figures of every way beside each other: medians, and under them from where to where the rounds went.
ColumnLayout {
    id: table

    required property ComparisonModel comparison

    readonly property var rows: [
        { "label": qsTr("Missed frames"), "unit": "", "decimals": 0, "cells": [comparison.idle.missed, comparison.isolates.missed, comparison.mainIsolate.missed, comparison.predictedMissed] },
        { "label": qsTr("Hitch ratio"), "unit": qsTr("ms/s"), "decimals": 1, "cells": [comparison.idle.hitchRatio, comparison.isolates.hitchRatio, comparison.mainIsolate.hitchRatio, null] },
        { "label": qsTr("Longest stall"), "unit": qsTr("ms"), "decimals": 0, "cells": [comparison.idle.longestStall, comparison.isolates.longestStall, comparison.mainIsolate.longestStall, comparison.predictedLongestStall] },
        { "label": qsTr("Stalled in all"), "unit": qsTr("ms"), "decimals": 0, "cells": [comparison.idle.stallTime, comparison.isolates.stallTime, comparison.mainIsolate.stallTime, comparison.predictedStallTime] },
        { "label": qsTr("99 of 100 frames within"), "unit": qsTr("ms"), "decimals": 0, "cells": [comparison.idle.p99, comparison.isolates.p99, comparison.mainIsolate.p99, null] },
        { "label": qsTr("Throughput"), "unit": qsTr("MB/s"), "decimals": 0, "cells": [null, comparison.isolates.throughput, comparison.mainIsolate.throughput, null] }
    ]
    readonly property var columns: [qsTr("Idle"), qsTr("In isolates"), qsTr("On the main isolate"), qsTr("Predicted")]

    spacing: 0

    RowLayout {
        Layout.bottomMargin: Theme.spaceS
        spacing: Theme.spaceM

        Item {
            Layout.fillWidth: true
            Layout.preferredWidth: 3
        }
        Repeater {
            model: table.columns

            AppText {
                required property string modelData
                Layout.fillWidth: true
                Layout.preferredWidth: 2
                text: modelData
                dim: true
                font.pixelSize: Theme.sizeSmall
                font.weight: Font.Medium
                horizontalAlignment: Text.AlignRight
                wrapMode: Text.WordWrap
            }
        }
    }
    Repeater {
        model: table.rows

        ColumnLayout {
            id: line
            required property var modelData
            Layout.fillWidth: true
            spacing: 0

            Rectangle {
                Layout.fillWidth: true
                implicitHeight: 1
                color: Theme.border
            }
            RowLayout {
                Layout.topMargin: Theme.spaceS
                Layout.bottomMargin: Theme.spaceS
                spacing: Theme.spaceM

                ColumnLayout {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 3
                    spacing: 0

                    AppText {
                        Layout.fillWidth: true
                        text: line.modelData.label
                        font.pixelSize: 13
                    }
                    AppText {
                        visible: text !== ""
                        text: line.modelData.unit
                        dim: true
                        font.pixelSize: Theme.sizeSmall
                    }
                }
                Repeater {
                    model: line.modelData.cells

                    ColumnLayout {
                        id: cell
                        required property var modelData
                        required property int index
                        readonly property int decimals: line.modelData.decimals
                        Layout.fillWidth: true
                        Layout.preferredWidth: 2
                        spacing: 0
                        Accessible.role: Accessible.StaticText
                        Accessible.name: line.modelData.label + ", " + table.columns[index] + ": " + median.text + " " + line.modelData.unit + (range.text === "" ? "" : ", " + range.text)

                        AppText {
                            id: median
                            Layout.fillWidth: true
                            horizontalAlignment: Text.AlignRight
                            text: cell.modelData ? cell.modelData.median.toFixed(cell.decimals) : "–"
                            dim: !cell.modelData
                            font.weight: Font.DemiBold
                        }
                        AppText {
                            id: range
                            Layout.fillWidth: true
                            horizontalAlignment: Text.AlignRight
                            text: cell.modelData && cell.modelData.least !== cell.modelData.most ? qsTr("%1 to %2").arg(cell.modelData.least.toFixed(cell.decimals)).arg(cell.modelData.most.toFixed(cell.decimals)) : ""
                            dim: true
                            font.pixelSize: Theme.sizeSmall
                        }
                    }
                }
            }
        }
    }
}
