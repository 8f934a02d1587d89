pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Steadyframe.Models

// The same work both ways, side by side.
Item {
    id: page

    required property ComparisonModel comparison

    readonly property bool done: comparison.state === ComparisonModel.Done
    readonly property bool running: comparison.state === ComparisonModel.Running

    ScrollView {
        anchors.fill: parent
        contentWidth: availableWidth

        ColumnLayout {
            width: parent.width
            spacing: Theme.spaceL

            PageHeader {
                Layout.fillWidth: true
                Layout.leftMargin: Theme.spaceXl
                Layout.rightMargin: Theme.spaceXl
                Layout.topMargin: Theme.spaceL
                title: qsTr("Comparison")
                subtitle: qsTr("The same pictures and the same feed, once in isolates and once on the main isolate, while every frame is drawn.")

                AppButton {
                    objectName: "startComparisonButton"
                    text: page.running ? qsTr("Running") : page.done ? qsTr("Run again") : qsTr("Run the comparison")
                    iconName: "play"
                    primary: true
                    enabled: !page.running
                    onClicked: page.comparison.start()
                }
            }
            Rectangle {
                Layout.fillWidth: true
                Layout.leftMargin: Theme.spaceXl
                Layout.rightMargin: Theme.spaceXl
                visible: page.comparison.text !== ""
                implicitHeight: 48
                radius: Theme.radius
                color: page.comparison.state === ComparisonModel.Failed ? Theme.badSoft : Theme.accentSoft

                Row {
                    anchors.verticalCenter: parent.verticalCenter
                    x: Theme.spaceL
                    spacing: Theme.spaceM

                    // It turns while frames are wanted, and stands still when the window can't draw: that is the point.
                    Icon {
                        name: page.running ? "retry" : "failed"
                        color: page.running ? Theme.accent : Theme.bad
                        anchors.verticalCenter: parent.verticalCenter

                        RotationAnimation on rotation {
                            running: page.running && page.visible
                            from: 0
                            to: 360
                            duration: 1000
                            loops: Animation.Infinite
                        }
                    }
                    AppText {
                        anchors.verticalCenter: parent.verticalCenter
                        text: page.comparison.text
                        color: page.running ? Theme.accent : Theme.bad
                        font.weight: Font.Medium
                    }
                }
            }
            EmptyState {
                Layout.fillWidth: true
                Layout.topMargin: 60
                Layout.leftMargin: Theme.spaceXl
                Layout.rightMargin: Theme.spaceXl
                visible: !page.done && page.comparison.text === ""
                iconName: "compare"
                title: qsTr("See what isolates spare you")
                text: qsTr("Six pictures of 12 megapixels are compressed and a feed of 35 MB is parsed. Watch the frames, and how the window feels meanwhile.")
            }
            GridLayout {
                Layout.fillWidth: true
                Layout.leftMargin: Theme.spaceXl
                Layout.rightMargin: Theme.spaceXl
                visible: page.done
                columns: page.width > 760 ? 2 : 1
                columnSpacing: Theme.spaceL
                rowSpacing: Theme.spaceL

                RunCard {
                    id: isolatesCard
                    objectName: "isolatesRun"
                    title: qsTr("In isolates")
                    run: page.comparison.isolates
                    deadline: page.comparison.deadline
                    yMaximum: mainCard.naturalMaximum
                    duration: Math.max(run.duration, page.comparison.mainIsolate.duration)
                }
                RunCard {
                    id: mainCard
                    objectName: "mainRun"
                    title: qsTr("On the main isolate")
                    run: page.comparison.mainIsolate
                    deadline: page.comparison.deadline
                    yMaximum: naturalMaximum
                    duration: isolatesCard.duration
                }
            }
            Rectangle {
                Layout.fillWidth: true
                Layout.leftMargin: Theme.spaceXl
                Layout.rightMargin: Theme.spaceXl
                Layout.bottomMargin: Theme.spaceXl
                visible: page.done
                implicitHeight: verdict.implicitHeight + 2 * Theme.spaceL
                radius: Theme.radiusLarge
                color: Theme.surface
                border.width: 1
                border.color: Theme.border

                RowLayout {
                    id: verdict
                    anchors.fill: parent
                    anchors.margins: Theme.spaceL
                    spacing: Theme.space2xl

                    Figure {
                        value: page.comparison.predictedMissed
                        label: qsTr("missed frames predicted from what the isolates did")
                    }
                    Figure {
                        value: page.comparison.measuredMissed
                        label: qsTr("missed frames measured on the main isolate")
                    }
                    Figure {
                        value: page.comparison.predictionError < 0 ? "–" : page.comparison.predictionError.toFixed(0) + " %"
                        label: qsTr("off was the prediction")
                    }
                }
            }
        }
    }
}
