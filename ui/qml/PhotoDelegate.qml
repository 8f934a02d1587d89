pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Steadyframe.Models

// One photo: what it is, how far it has come, and what can be done with it.
Item {
    id: delegate

    required property int index
    required property double photoId
    required property string name
    required property string folder
    required property int photoState
    required property string stateText
    required property real progress
    required property string sizeText
    required property int savedPercent
    required property string savedText
    required property string dimensions
    required property string message
    required property url thumbnail
    required property bool selected
    required property bool current

    readonly property bool moving: photoState === Photo.Compressing || photoState === Photo.Uploading
    readonly property bool ended: photoState >= Photo.Uploaded
    readonly property bool wide: width > 720

    signal pressed(modifiers: int)
    signal cancelWanted
    signal retryWanted
    signal removeWanted
    signal openWanted
    signal compareWanted
    signal menuWanted

    implicitHeight: 84
    Accessible.role: Accessible.ListItem
    Accessible.name: name + ", " + stateText + (message === "" ? "" : ", " + message)
    Accessible.selected: selected

    Rectangle {
        anchors.fill: parent
        anchors.topMargin: 2
        anchors.bottomMargin: 2
        radius: Theme.radius + 2
        color: delegate.selected ? Theme.accentSoft : hover.hovered ? Theme.hovered : "transparent"
        border.width: delegate.current ? 1.5 : 0
        border.color: Theme.accent
    }
    HoverHandler {
        id: hover
    }
    MouseArea {
        anchors.fill: parent
        acceptedButtons: Qt.LeftButton | Qt.RightButton
        onClicked: mouse => {
            delegate.pressed(mouse.modifiers)
            if (mouse.button === Qt.RightButton)
                delegate.menuWanted()
        }
        onDoubleClicked: delegate.openWanted()
    }

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.spaceM
        anchors.rightMargin: Theme.spaceM
        spacing: Theme.spaceL

        Rectangle {
            implicitWidth: 64
            implicitHeight: 64
            radius: Theme.radius
            color: Theme.raised
            clip: true

            Icon {
                anchors.centerIn: parent
                visible: picture.implicitWidth === 0
                name: delegate.photoState === Photo.Failed ? "failed" : "photos"
                color: Theme.textDim
                opacity: 0.6
                size: 26
            }
            Image {
                id: picture
                anchors.fill: parent
                source: delegate.thumbnail
                sourceSize.width: 128
                sourceSize.height: 128
                asynchronous: true
                fillMode: Image.PreserveAspectCrop
                smooth: true
            }
        }

        ColumnLayout {
            Layout.fillWidth: true
            Layout.minimumWidth: 100
            spacing: 3

            AppText {
                Layout.fillWidth: true
                text: delegate.name
                font.weight: Font.DemiBold
                elide: Text.ElideMiddle
            }
            AppText {
                Layout.fillWidth: true
                text: delegate.message !== "" ? delegate.message
                    : delegate.dimensions === "" ? delegate.folder : delegate.dimensions + "  ·  " + delegate.folder
                color: delegate.photoState === Photo.Failed ? Theme.bad : Theme.textDim
                font.pixelSize: Theme.sizeSmall
                wrapMode: delegate.message !== "" ? Text.WordWrap : Text.NoWrap
                maximumLineCount: 2
                elide: delegate.message !== "" ? Text.ElideRight : Text.ElideMiddle
            }
            ProgressLine {
                Layout.fillWidth: true
                Layout.topMargin: 3
                visible: delegate.moving
                value: delegate.progress
            }
        }

        ColumnLayout {
            Layout.preferredWidth: 150
            visible: delegate.wide
            spacing: 3

            AppText {
                Layout.fillWidth: true
                text: delegate.sizeText
                font.pixelSize: 13
                horizontalAlignment: Text.AlignRight
            }
            AppText {
                Layout.fillWidth: true
                visible: delegate.savedText !== ""
                text: delegate.savedText
                color: delegate.savedPercent > 0 ? Theme.good : Theme.textDim
                font.pixelSize: Theme.sizeSmall
                horizontalAlignment: Text.AlignRight
            }
        }
        Item {
            Layout.preferredWidth: 132
            implicitHeight: chip.implicitHeight

            StateChip {
                id: chip
                anchors.left: parent.left
                photoState: delegate.photoState
                text: delegate.photoState === Photo.Uploading ? qsTr("Uploading %1 %").arg(Math.floor(delegate.progress * 100)) : delegate.stateText
            }
        }
        Row {
            Layout.preferredWidth: 3 * Theme.controlHeight + 2 * Theme.spaceXs
            layoutDirection: Qt.RightToLeft
            spacing: Theme.spaceXs

            AppButton {
                objectName: "rowRemove"
                iconName: "remove"
                hint: qsTr("Remove from the list")
                flat: true
                visible: delegate.ended
                focusPolicy: Qt.NoFocus
                onClicked: delegate.removeWanted()
            }
            AppButton {
                objectName: "rowCancel"
                iconName: "cancel"
                hint: qsTr("Cancel")
                flat: true
                visible: !delegate.ended
                focusPolicy: Qt.NoFocus
                onClicked: delegate.cancelWanted()
            }
            AppButton {
                objectName: "rowRetry"
                iconName: "retry"
                hint: qsTr("Try again")
                flat: true
                visible: delegate.photoState === Photo.Failed || delegate.photoState === Photo.Cancelled
                focusPolicy: Qt.NoFocus
                onClicked: delegate.retryWanted()
            }
            AppButton {
                objectName: "rowOpen"
                iconName: "open"
                hint: qsTr("Open the result")
                flat: true
                visible: delegate.photoState === Photo.Uploaded
                focusPolicy: Qt.NoFocus
                onClicked: delegate.openWanted()
            }
            AppButton {
                objectName: "rowCompare"
                iconName: "before-after"
                hint: qsTr("Compare before and after")
                flat: true
                visible: delegate.photoState !== Photo.Failed && delegate.photoState !== Photo.Cancelled
                focusPolicy: Qt.NoFocus
                onClicked: delegate.compareWanted()
            }
        }
    }
}
