import QtQuick
import QtQuick.Layouts
import Steadyframe.Models

// What the comparison comes to: a sentence, and the prediction beside what was measured, on one scale.
Rectangle {
    id: card

    required property ComparisonModel comparison

    readonly property bool wide: width > 640
    readonly property real maximum: Math.max(1, comparison.predictedMissed.most, comparison.measuredMissed.most, comparison.isolates.missed.most, comparison.idle.missed.most)
    readonly property bool exact: !isNaN(comparison.predictionError)
    readonly property color tone: comparison.outcome === ComparisonModel.Kept ? Theme.good : comparison.outcome === ComparisonModel.Lost ? Theme.bad : Theme.textDim

    implicitHeight: column.implicitHeight + 2 * Theme.spaceXl
    radius: Theme.radiusLarge
    color: Theme.surface
    border.width: 1
    border.color: Theme.border

    ColumnLayout {
        id: column
        anchors.fill: parent
        anchors.margins: Theme.spaceXl
        spacing: Theme.spaceL

        ColumnLayout {
            spacing: Theme.spaceXs

            AppText {
                objectName: "comparisonVerdict"
                Layout.fillWidth: true
                text: card.comparison.verdict
                color: card.tone
                font.pixelSize: Theme.sizeTitle + 2
                font.weight: Font.DemiBold
                wrapMode: Text.WordWrap
                elide: Text.ElideNone
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            AppText {
                Layout.fillWidth: true
                text: card.comparison.summary
                dim: true
                font.pixelSize: 13
                wrapMode: Text.WordWrap
                elide: Text.ElideNone
            }
            AppText {
                Layout.fillWidth: true
                visible: text !== ""
                text: card.comparison.remark
                color: Theme.caution
                font.pixelSize: 13
                wrapMode: Text.WordWrap
                elide: Text.ElideNone
            }
        }
        GridLayout {
            columns: card.wide ? 2 : 1
            columnSpacing: Theme.space2xl
            rowSpacing: Theme.spaceL

            ColumnLayout {
                Layout.fillWidth: true
                spacing: Theme.spaceS

                AppText {
                    text: qsTr("Missed frames, median and range of the rounds")
                    dim: true
                    font.pixelSize: Theme.sizeSmall
                    font.weight: Font.Medium
                }
                SpreadRow {
                    label: qsTr("Predicted for one thread")
                    value: card.comparison.predictedMissed
                    maximum: card.maximum
                    color: Theme.accent
                }
                SpreadRow {
                    label: qsTr("Measured on the main isolate")
                    value: card.comparison.measuredMissed
                    maximum: card.maximum
                    color: Theme.bad
                }
                SpreadRow {
                    label: qsTr("Measured in isolates")
                    value: card.comparison.isolates.missed
                    maximum: card.maximum
                    color: Theme.good
                }
                SpreadRow {
                    label: qsTr("Measured idle")
                    value: card.comparison.idle.missed
                    maximum: card.maximum
                    color: Theme.textDim
                }
            }
            RowLayout {
                Layout.preferredWidth: card.wide ? 300 : -1
                Layout.maximumWidth: card.wide ? 300 : card.width
                Layout.fillWidth: !card.wide
                Layout.alignment: Qt.AlignTop
                spacing: Theme.spaceM

                Figure {
                    value: card.comparison.predictedAvoided.median.toFixed(0)
                    label: qsTr("frames avoided, predicted")
                }
                Figure {
                    value: card.comparison.measuredAvoided.median.toFixed(0)
                    label: qsTr("frames avoided, measured")
                }
                Figure {
                    value: !card.exact ? "–" : qsTr("%1%2 %").arg(card.comparison.predictionError > 0 ? "+" : card.comparison.predictionError < 0 ? "−" : "").arg(Math.abs(card.comparison.predictionError).toFixed(0))
                    color: !card.exact ? Theme.textDim : Math.abs(card.comparison.predictionError) <= 10 ? Theme.good : Theme.caution
                    label: qsTr("off was the prediction")
                }
            }
        }
        AppText {
            Layout.fillWidth: true
            text: qsTr("Avoided is what one thread misses less what was missed beside the isolates, so contention counts against them.")
            dim: true
            font.pixelSize: Theme.sizeSmall
            wrapMode: Text.WordWrap
            elide: Text.ElideNone
        }
    }
}
