import QtQuick
import QtQuick.Layouts
import JankMonitor
import Steadyframe.Models

// The frames of one way as a plot: those of the round whose missed frames are the median.
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
                text: qsTr("%1 of %2 frames missed").arg(card.run.framesMissed).arg(card.run.framesMissed + card.run.framesDrawn)
                color: card.bad ? Theme.bad : Theme.good
                font.pixelSize: 13
                font.weight: Font.Medium
            }
        }
        FrameChart {
            id: chart
            Layout.fillWidth: true
            implicitHeight: 160
            times: card.run.times
            frameTimes: card.run.frameTimes
            missed: card.run.missedCounts
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
            text: qsTr("Each frame of the middle round, %1 s. Up to %2 ms; the line is the deadline of %3 ms.").arg((card.run.duration / 1000).toFixed(1)).arg(card.yMaximum.toFixed(0)).arg(card.deadline.toFixed(1))
            dim: true
            font.pixelSize: Theme.sizeSmall
            wrapMode: Text.WordWrap
            elide: Text.ElideNone
        }
    }
}
