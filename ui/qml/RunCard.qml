import QtQuick
import QtQuick.Layouts
import JankMonitor
import Steadyframe.Models

// One way of the comparison: its frames as a plot, and the figures.
Rectangle {
    id: card

    required property string title
    required property comparisonRun run
    required property real deadline
    required property real yMaximum
    required property real duration
    readonly property real naturalMaximum: chart.naturalMaximum // of this run's frames alone
    readonly property bool bad: run.framesMissed > run.framesDrawn / 100

    Layout.fillWidth: true
    Layout.preferredWidth: 1
    implicitHeight: column.implicitHeight + 2 * Theme.spaceL
    radius: Theme.radiusLarge
    color: Theme.surface
    border.width: 1
    border.color: Theme.border

    ColumnLayout {
        id: column
        anchors.fill: parent
        anchors.margins: Theme.spaceL
        spacing: Theme.spaceM

        RowLayout {
            AppText {
                Layout.fillWidth: true
                text: card.title
                font.pixelSize: Theme.sizeTitle
                font.weight: Font.DemiBold
            }
            AppText {
                text: qsTr("%1 s").arg((card.run.duration / 1000).toFixed(1))
                dim: true
                font.pixelSize: 13
            }
        }
        FrameChart {
            id: chart
            Layout.fillWidth: true
            implicitHeight: 190
            times: card.run.times
            frameTimes: card.run.frameTimes
            missed: card.run.missed
            deadline: card.deadline
            duration: card.duration
            yMaximum: card.yMaximum
            goodColor: Theme.good
            lateColor: Theme.caution
            missedColor: Theme.bad
            lineColor: Theme.textDim
            gridColor: Theme.border
            Accessible.role: Accessible.Graphic
            Accessible.name: qsTr("Frame times %1").arg(card.title)
        }
        AppText {
            Layout.fillWidth: true
            text: qsTr("Time of each frame, up to %1 ms; the line is the deadline of %2 ms").arg(card.yMaximum.toFixed(0)).arg(card.deadline.toFixed(1))
            dim: true
            font.pixelSize: Theme.sizeSmall
        }
        GridLayout {
            Layout.fillWidth: true
            columns: 3
            rowSpacing: Theme.spaceM
            columnSpacing: Theme.spaceM

            Figure {
                value: card.run.framesMissed
                color: card.bad ? Theme.bad : Theme.good
                label: qsTr("frames missed of %1").arg(card.run.framesMissed + card.run.framesDrawn)
            }
            Figure {
                value: qsTr("%1 ms").arg(card.run.longestStall.toFixed(0))
                label: qsTr("longest stall")
            }
            Figure {
                value: qsTr("%1 ms").arg(card.run.stallTime.toFixed(0))
                label: qsTr("stalled in all")
            }
            Figure {
                value: qsTr("%1 ms").arg(card.run.p99.toFixed(0))
                label: qsTr("99 of 100 frames within")
            }
            Figure {
                value: card.run.hitchRatio.toFixed(1)
                label: qsTr("hitch, ms a second")
            }
            Figure {
                value: qsTr("%1 MB").arg(card.run.megabytes.toFixed(0))
                label: qsTr("worked through, %1 pictures").arg(card.run.photos)
            }
        }
    }
}
