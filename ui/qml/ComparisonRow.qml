import QtQuick
import QtQuick.Layouts
import Steadyframe.Models

// One figure of every way.
ColumnLayout {
    id: row

    required property string label
    property string unit: ""
    property int decimals: 0
    required property spread idle
    required property spread isolates
    required property spread mainIsolate
    required property spread predicted
    property bool idleKnown: true
    property bool predictedKnown: true

    Layout.fillWidth: true
    spacing: Theme.spaceS

    Rectangle {
        Layout.fillWidth: true
        implicitHeight: 1
        color: Theme.border
    }
    RowLayout {
        Layout.bottomMargin: Theme.spaceS
        spacing: Theme.spaceM

        ColumnLayout {
            Layout.fillWidth: true
            Layout.preferredWidth: 3
            Layout.alignment: Qt.AlignTop
            spacing: 0

            AppText {
                Layout.fillWidth: true
                text: row.label
                font.pixelSize: 13
            }
            AppText {
                text: row.unit
                dim: true
                font.pixelSize: Theme.sizeSmall
            }
        }
        ComparisonCell {
            what: qsTr("%1 idle").arg(row.label)
            value: row.idle
            decimals: row.decimals
            known: row.idleKnown
        }
        ComparisonCell {
            what: qsTr("%1 in isolates").arg(row.label)
            value: row.isolates
            decimals: row.decimals
        }
        ComparisonCell {
            what: qsTr("%1 on the main isolate").arg(row.label)
            value: row.mainIsolate
            decimals: row.decimals
        }
        ComparisonCell {
            what: qsTr("%1 predicted").arg(row.label)
            value: row.predicted
            decimals: row.decimals
            known: row.predictedKnown
        }
    }
}
