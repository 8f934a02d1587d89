import QtQuick
import QtQuick.Layouts
import Steadyframe.Feed

// What can be done with the selected photos.
Rectangle {
    id: bar

    required property FeedModel feed
    required property FeedActions actions
    readonly property string counted: feed.selectedCount.toLocaleString(Qt.locale(), "f", 0)
    signal exportWanted

    implicitHeight: 60
    color: Theme.surface

    Rectangle {
        width: parent.width
        height: 1
        color: Theme.border
    }
    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.spaceXl
        anchors.rightMargin: Theme.spaceXl
        spacing: Theme.spaceS

        AppText {
            objectName: "feedSelected"
            Layout.fillWidth: true
            text: qsTr("%1 selected").arg(bar.counted)
            font.weight: Font.DemiBold
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
        AppButton {
            objectName: "selectAllButton"
            text: qsTr("Select all")
            hint: qsTr("Select all that are shown")
            keys: "Ctrl+A"
            flat: true
            onClicked: bar.feed.selectAll()
        }
        AppButton {
            objectName: "clearSelectionButton"
            text: qsTr("Clear")
            hint: qsTr("Select none")
            keys: "Esc"
            flat: true
            onClicked: bar.feed.clearSelection()
        }
        AppButton {
            objectName: "exportSelectionButton"
            text: qsTr("Export")
            iconName: "save"
            hint: qsTr("Export the selected photos")
            enabled: bar.actions.jobText === ""
            onClicked: bar.exportWanted()
        }
        AppButton {
            objectName: "sendButton"
            text: bar.feed.selectedCount === 1 ? qsTr("Send 1 photo") : qsTr("Send %1 photos").arg(bar.counted)
            iconName: "uploading"
            hint: qsTr("Fetch, compress and upload the selected photos")
            primary: true
            enabled: bar.actions.jobText === ""
            onClicked: bar.actions.send()
        }
    }
}
