pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T

// All shortcuts at a glance.
T.Popup {
    id: sheet

    readonly property var shortcuts: [
        ["Ctrl+O", qsTr("Pick photos")], ["Ctrl+Shift+O", qsTr("Pick a folder")], ["Ctrl+V", qsTr("Paste files or a picture")],
        ["Ctrl+P", qsTr("Pause or resume")], ["F12", qsTr("Frame overlay")], ["Ctrl+1 … 7", qsTr("Pages")],
        ["Ctrl+T", qsTr("Light or dark")], ["↑ ↓  Shift  Ctrl", qsTr("Select photos")], ["Ctrl+A", qsTr("Select all photos")],
        ["Delete", qsTr("Remove the selected photos")], ["Enter", qsTr("Open the result")], ["C", qsTr("Compare before and after")],
        ["← →  + −  0  1", qsTr("Divider, zoom, fit, 100 %")], ["Shift+← → ↑ ↓", qsTr("Move the compared picture")], ["Ctrl+R", qsTr("Start or stop a recording")],
        ["Ctrl+S", qsTr("Save the timeline, export the feed")], ["N  P", qsTr("Next and previous missed frame or stall")], ["Ctrl+F  Esc", qsTr("Search the feed, show all again")],
        ["Ctrl+L", qsTr("Open a feed of the web")], ["Ctrl+Q", qsTr("Quit")]
    ]

    parent: T.Overlay.overlay
    anchors.centerIn: parent
    implicitWidth: grid.implicitWidth + 2 * Theme.spaceL
    implicitHeight: grid.implicitHeight + 2 * Theme.spaceL
    padding: Theme.spaceL
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
    T.Overlay.modal: Rectangle {
        color: "#80000000"
    }
    background: Rectangle {
        radius: Theme.radiusLarge
        color: Theme.surface
        border.width: 1
        border.color: Theme.border
    }
    contentItem: GridLayout {
        id: grid
        columns: 4
        columnSpacing: Theme.spaceM
        rowSpacing: Theme.spaceM

        AppText {
            Layout.columnSpan: 4
            Layout.bottomMargin: Theme.spaceS
            text: qsTr("Shortcuts")
            font.pixelSize: Theme.sizeTitle
            font.weight: Font.DemiBold
        }
        Repeater {
            model: sheet.shortcuts.length * 2

            AppText {
                required property int index
                text: sheet.shortcuts[Math.floor(index / 2)][index % 2]
                dim: index % 2 === 1
                font.weight: index % 2 === 0 ? Font.DemiBold : Font.Normal
                font.pixelSize: 13
            }
        }
    }
}
