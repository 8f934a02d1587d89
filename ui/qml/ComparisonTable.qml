import QtQuick
import QtQuick.Layouts
import Steadyframe.Models

// The figures of every way beside each other. Its rows are written out: Qt's layouts don't bear it when a Repeater
// makes others in their place.
ColumnLayout {
    id: table

    required property ComparisonModel comparison

    component Heading: AppText {
        Layout.fillWidth: true
        Layout.preferredWidth: 2
        Layout.alignment: Qt.AlignBottom
        dim: true
        font.pixelSize: Theme.sizeSmall
        font.weight: Font.Medium
        horizontalAlignment: Text.AlignRight
        wrapMode: Text.WordWrap
        elide: Text.ElideNone
    }

    spacing: 0

    RowLayout {
        Layout.bottomMargin: Theme.spaceS
        spacing: Theme.spaceM

        Heading {
            Layout.preferredWidth: 3
            horizontalAlignment: Text.AlignLeft
            text: qsTr("Medians, and the range of the rounds")
        }
        Heading {
            text: qsTr("Idle")
        }
        Heading {
            text: qsTr("In isolates")
        }
        Heading {
            text: qsTr("On the main isolate")
        }
        Heading {
            text: qsTr("Predicted")
        }
    }
    ComparisonRow {
        label: qsTr("Missed frames")
        idle: table.comparison.idle.missed
        isolates: table.comparison.isolates.missed
        mainIsolate: table.comparison.mainIsolate.missed
        predicted: table.comparison.predictedMissed
    }
    ComparisonRow {
        label: qsTr("Hitch ratio")
        unit: qsTr("ms/s")
        decimals: 1
        idle: table.comparison.idle.hitchRatio
        isolates: table.comparison.isolates.hitchRatio
        mainIsolate: table.comparison.mainIsolate.hitchRatio
        predicted: table.comparison.predictedMissed
        predictedKnown: false
    }
    ComparisonRow {
        label: qsTr("Longest stall")
        unit: qsTr("ms")
        idle: table.comparison.idle.longestStall
        isolates: table.comparison.isolates.longestStall
        mainIsolate: table.comparison.mainIsolate.longestStall
        predicted: table.comparison.predictedLongestStall
    }
    ComparisonRow {
        label: qsTr("Stalled in all")
        unit: qsTr("ms")
        idle: table.comparison.idle.stallTime
        isolates: table.comparison.isolates.stallTime
        mainIsolate: table.comparison.mainIsolate.stallTime
        predicted: table.comparison.predictedStallTime
    }
    ComparisonRow {
        label: qsTr("99 of 100 frames within")
        unit: qsTr("ms")
        idle: table.comparison.idle.p99
        isolates: table.comparison.isolates.p99
        mainIsolate: table.comparison.mainIsolate.p99
        predicted: table.comparison.predictedMissed
        predictedKnown: false
    }
    ComparisonRow {
        label: qsTr("Throughput")
        unit: qsTr("MB/s")
        idle: table.comparison.idle.throughput
        idleKnown: false
        isolates: table.comparison.isolates.throughput
        mainIsolate: table.comparison.mainIsolate.throughput
        predicted: table.comparison.predictedMissed
        predictedKnown: false
    }
}
