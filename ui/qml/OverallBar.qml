import QtQuick
import QtQuick.Layouts
import Steadyframe.Models

// How the work as a whole stands, and what can be done with all of it.
Rectangle {
    id: bar

    required property Session session

    function joined(first: string, second: string): string {
        return first === "" || second === "" ? first + second : first + "  ·  " + second
    }

    implicitHeight: column.implicitHeight + 2 * Theme.spaceM
    color: Theme.surface

    Rectangle {
        width: parent.width
        height: 1
        color: Theme.border
    }
    ColumnLayout {
        id: column
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.leftMargin: Theme.spaceXl
        anchors.rightMargin: Theme.spaceXl
        spacing: Theme.spaceS

        RowLayout {
            spacing: Theme.spaceS

            ColumnLayout {
                Layout.fillWidth: true
                spacing: 2

                AppText {
                    objectName: "overallText"
                    Layout.fillWidth: true
                    text: bar.session.paused ? qsTr("Paused, %1 to go").arg(bar.session.left)
                        : bar.session.left > 0 ? (bar.session.left === 1 ? qsTr("1 photo to go") : qsTr("%1 photos to go").arg(bar.session.left))
                        : bar.session.failed > 0 ? qsTr("Done, %1 failed").arg(bar.session.failed)
                        : bar.session.cancelled > 0 ? qsTr("Done, %1 left out").arg(bar.session.cancelled)
                        : bar.session.uploaded === 1 ? qsTr("1 photo uploaded") : qsTr("%1 photos uploaded").arg(bar.session.uploaded)
                    font.weight: Font.DemiBold
                }
                AppText {
                    Layout.fillWidth: true
                    text: bar.joined(bar.joined(bar.session.savedText, bar.session.paceText), bar.session.timeLeftText)
                    dim: true
                    font.pixelSize: Theme.sizeSmall
                    visible: text !== ""
                }
            }
            AppButton {
                objectName: "retryFailedButton"
                text: qsTr("Retry failed")
                iconName: "retry"
                visible: bar.session.failed > 0
                onClicked: bar.session.retryFailed()
            }
            AppButton {
                objectName: "retryCancelledButton"
                text: qsTr("Try those again")
                iconName: "retry"
                visible: bar.session.cancelled > 0 && bar.session.failed === 0 && bar.session.left === 0
                onClicked: bar.session.retryCancelled()
            }
            AppButton {
                objectName: "clearFinishedButton"
                text: qsTr("Clear uploaded")
                flat: true
                visible: bar.session.uploaded > 0 && bar.session.left === 0
                onClicked: bar.session.clearFinished()
            }
            AppButton {
                objectName: "openFolderButton"
                iconName: "folder"
                hint: qsTr("Open the folder of the results")
                onClicked: bar.session.openResultFolder()
            }
            AppButton {
                objectName: "cancelAllButton"
                text: qsTr("Cancel all")
                visible: bar.session.left > 0
                danger: true
                onClicked: bar.session.cancelAll()
            }
            AppButton {
                objectName: "pauseButton"
                text: bar.session.paused ? qsTr("Resume") : qsTr("Pause")
                iconName: bar.session.paused ? "play" : "pause"
                keys: "Ctrl+P"
                visible: bar.session.left > 0 || bar.session.paused
                onClicked: bar.session.togglePause()
            }
        }
        ProgressLine {
            Layout.fillWidth: true
            value: bar.session.fraction
            color1: bar.session.left + bar.session.failed + bar.session.cancelled === 0 ? Theme.good : Theme.accent
        }
    }
}
