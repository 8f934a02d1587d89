pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Steadyframe.Models

// The same work both ways, several times, side by side.
Item {
    id: page

    required property ComparisonModel comparison

    readonly property bool busy: comparison.busy
    readonly property bool shown: comparison.hasResult
    readonly property bool stopped: comparison.state === ComparisonModel.Failed || comparison.state === ComparisonModel.Cancelled
    readonly property var roundChoices: [1, 3, 5]

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
                subtitle: qsTr("The same work both ways, in turn, while every frame is drawn.")

                AppButton {
                    objectName: "saveReportButton"
                    visible: page.shown && !page.busy
                    text: qsTr("Save report")
                    iconName: "drop"
                    onClicked: page.comparison.saveReport()
                }
                AppButton {
                    objectName: "cancelComparisonButton"
                    visible: page.busy
                    enabled: page.comparison.state === ComparisonModel.Running
                    text: qsTr("Cancel")
                    iconName: "cancel"
                    onClicked: page.comparison.cancel()
                }
                AppButton {
                    objectName: "startComparisonButton"
                    visible: !page.busy
                    text: page.shown ? qsTr("Run again") : qsTr("Run the comparison")
                    iconName: "play"
                    primary: true
                    onClicked: page.comparison.start()
                }
            }
            Flow {
                Layout.fillWidth: true
                Layout.leftMargin: Theme.spaceXl
                Layout.rightMargin: Theme.spaceXl
                spacing: Theme.spaceXl
                enabled: !page.busy
                opacity: enabled ? 1 : 0.5

                Row {
                    spacing: Theme.spaceM

                    AppText {
                        anchors.verticalCenter: parent.verticalCenter
                        text: qsTr("Work")
                        dim: true
                        font.pixelSize: 13
                    }
                    Segments {
                        accessibleName: qsTr("Kind of work")
                        current: page.comparison.kind
                        options: [{ "text": qsTr("A mix"), "name": "kindMix" }, { "text": qsTr("Compression"), "name": "kindCompression" },
                                  { "text": qsTr("Parsing"), "name": "kindParsing" }]
                        onChosen: index => page.comparison.chooseKind(index)
                    }
                }
                Row {
                    spacing: Theme.spaceM

                    AppText {
                        anchors.verticalCenter: parent.verticalCenter
                        text: qsTr("Rounds")
                        dim: true
                        font.pixelSize: 13
                    }
                    Segments {
                        accessibleName: qsTr("Rounds")
                        current: page.roundChoices.indexOf(page.comparison.rounds)
                        options: page.roundChoices.map(count => ({ "text": String(count), "name": "rounds" + count }))
                        onChosen: index => page.comparison.chooseRounds(page.roundChoices[index])
                    }
                }
            }
            Rectangle {
                Layout.fillWidth: true
                Layout.leftMargin: Theme.spaceXl
                Layout.rightMargin: Theme.spaceXl
                visible: page.busy
                implicitHeight: progress.implicitHeight + 2 * Theme.spaceM
                radius: Theme.radius
                color: Theme.accentSoft

                ColumnLayout {
                    id: progress
                    anchors.fill: parent
                    anchors.margins: Theme.spaceM
                    spacing: Theme.spaceS

                    RowLayout {
                        spacing: Theme.spaceM

                        // It turns while frames are wanted, and stands still when the window can't draw: that is the
                        // point.
                        Icon {
                            name: "retry"
                            color: Theme.accent

                            RotationAnimation on rotation {
                                running: page.busy && page.visible
                                from: 0
                                to: 360
                                duration: 1000
                                loops: Animation.Infinite
                            }
                        }
                        AppText {
                            objectName: "comparisonProgress"
                            Layout.fillWidth: true
                            text: page.comparison.text
                            color: Theme.accent
                            font.weight: Font.Medium
                        }
                        AppText {
                            text: qsTr("%1 %").arg(Math.round(page.comparison.progress * 100))
                            color: Theme.accent
                            font.pixelSize: 13
                        }
                    }
                    ProgressLine {
                        Layout.fillWidth: true
                        value: page.comparison.progress
                    }
                }
            }
            Banner {
                objectName: "comparisonBanner"
                Layout.fillWidth: true
                Layout.leftMargin: Theme.spaceXl
                Layout.rightMargin: Theme.spaceXl
                text: page.stopped ? page.comparison.text : ""
                serious: page.comparison.state === ComparisonModel.Failed
            }
            Rectangle {
                Layout.fillWidth: true
                Layout.leftMargin: Theme.spaceXl
                Layout.rightMargin: Theme.spaceXl
                visible: page.comparison.reportText !== ""
                implicitHeight: report.implicitHeight + 2 * Theme.spaceM
                radius: Theme.radius
                color: page.comparison.reportFailed ? Theme.badSoft : Theme.goodSoft

                AppText {
                    id: report
                    objectName: "comparisonReport"
                    anchors.fill: parent
                    anchors.margins: Theme.spaceM
                    text: page.comparison.reportText
                    color: page.comparison.reportFailed ? Theme.bad : Theme.good
                    wrapMode: Text.WrapAnywhere
                    elide: Text.ElideNone
                    Accessible.role: Accessible.AlertMessage
                    Accessible.name: text
                }
            }
            EmptyState {
                Layout.alignment: Qt.AlignHCenter
                Layout.preferredWidth: Math.min(440, page.width - 2 * Theme.spaceXl)
                Layout.topMargin: 60
                visible: !page.shown && !page.busy
                iconName: "compare"
                title: qsTr("See what isolates spare you")
                text: qsTr("Photos of 12 megapixels are compressed and feeds of 35 MB parsed, in isolates and on the main isolate, with idle time beside them. Watch the frames, and how the window feels meanwhile.")
            }
            ComparisonVerdict {
                Layout.fillWidth: true
                Layout.leftMargin: Theme.spaceXl
                Layout.rightMargin: Theme.spaceXl
                visible: page.shown
                opacity: page.busy ? 0.45 : 1 // of the comparison before
                comparison: page.comparison
            }
            GridLayout {
                Layout.fillWidth: true
                Layout.leftMargin: Theme.spaceXl
                Layout.rightMargin: Theme.spaceXl
                visible: page.shown
                opacity: page.busy ? 0.45 : 1
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
                visible: page.shown
                opacity: page.busy ? 0.45 : 1
                implicitHeight: figures.implicitHeight + 2 * Theme.spaceXl
                radius: Theme.radiusLarge
                color: Theme.surface
                border.width: 1
                border.color: Theme.border

                ComparisonTable {
                    id: figures
                    anchors.fill: parent
                    anchors.margins: Theme.spaceXl
                    comparison: page.comparison
                }
            }
        }
    }
}
