pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Steadyframe.Models

// The isolates that live, and what each is doing.
Item {
    id: page

    required property Session session
    required property IsolateListModel isolates

    onVisibleChanged: session.showIsolates(visible)

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.spaceM

        PageHeader {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            Layout.topMargin: Theme.spaceL
            title: qsTr("Isolates")
            subtitle: qsTr("%1 alive. Each has its own state; they talk by messages alone.").arg(page.isolates.count)
        }
        Rectangle {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.margins: Theme.spaceXl
            Layout.topMargin: 0
            radius: Theme.radiusLarge
            color: Theme.surface
            border.width: 1
            border.color: Theme.border

            IsolateCells {
                id: heading
                x: 1
                y: 1
                width: parent.width - 2
                cells: [qsTr("Name"), qsTr("Runs"), qsTr("State"), qsTr("Doing"), qsTr("Waiting"), qsTr("Handled"), qsTr("Busy")]
                heading: true
            }
            ListView {
                id: list
                objectName: "isolateList"
                anchors.fill: parent
                anchors.margins: 1
                anchors.topMargin: 1 + heading.height
                clip: true
                model: page.isolates
                activeFocusOnTab: true
                boundsBehavior: Flickable.StopAtBounds
                Accessible.role: Accessible.Table
                Accessible.name: qsTr("Isolates")
                ScrollBar.vertical: ScrollBar {}

                delegate: IsolateCells {
                    id: delegate
                    required property string name
                    required property string placement
                    required property string isolateState
                    required property string activity
                    required property double waiting
                    required property double received
                    required property string busy
                    width: list.width
                    running: isolateState === "running"
                    cells: [name, placement, isolateState, activity, waiting, received, busy]
                }
            }
        }
    }
}
