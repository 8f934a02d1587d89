import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Steadyframe.Feed

// Asks for the address of a feed.
T.Popup {
    id: dialog

    required property FeedActions actions

    function accept(): void {
        problem.text = actions.openAddress(address.text)
        if (problem.text === "")
            close()
    }

    parent: T.Overlay.overlay
    anchors.centerIn: parent
    implicitWidth: 460
    implicitHeight: implicitContentHeight + 2 * padding
    padding: Theme.spaceXl
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
    onAboutToShow: {
        problem.text = ""
        address.selectAll()
        address.forceActiveFocus(Qt.PopupFocusReason)
    }
    T.Overlay.modal: Rectangle {
        color: "#80000000"
    }
    background: Rectangle {
        radius: Theme.radiusLarge
        color: Theme.surface
        border.width: 1
        border.color: Theme.border
    }
    contentItem: ColumnLayout {
        spacing: Theme.spaceM

        AppText {
            text: qsTr("Open a feed of the web")
            font.pixelSize: Theme.sizeTitle
            font.weight: Font.DemiBold
        }
        TextBox {
            id: address
            objectName: "feedAddress"
            Layout.fillWidth: true
            name: qsTr("Address of the feed")
            placeholderText: "https://example.org/photos.json"
            inputMethodHints: Qt.ImhUrlCharactersOnly | Qt.ImhNoPredictiveText
            Keys.onReturnPressed: dialog.accept()
            Keys.onEnterPressed: dialog.accept()
        }
        AppText {
            id: problem
            objectName: "feedAddressProblem"
            Layout.fillWidth: true
            visible: text !== ""
            color: Theme.bad
            font.pixelSize: 13
            wrapMode: Text.WordWrap
            Accessible.role: Accessible.AlertMessage
            Accessible.name: text
        }
        Row {
            Layout.alignment: Qt.AlignRight
            Layout.topMargin: Theme.spaceS
            spacing: Theme.spaceS

            AppButton {
                objectName: "feedAddressCancel"
                text: qsTr("Cancel")
                onClicked: dialog.close()
            }
            AppButton {
                objectName: "feedAddressOpen"
                text: qsTr("Open")
                primary: true
                enabled: address.text.trim() !== ""
                onClicked: dialog.accept()
            }
        }
    }
}
