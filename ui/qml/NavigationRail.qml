pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T

// The pages, on the left.
Rectangle {
    id: rail

    required property int current
    property bool narrow: false
    property bool recording: false
    signal chosen(page: int)

    readonly property var pages: [
        { "page": 0, "name": "photos", "icon": "photos", "text": qsTr("Photos") },
        { "page": 6, "name": "preview", "icon": "before-after", "text": qsTr("Before and after") },
        { "page": 1, "name": "feed", "icon": "feed", "text": qsTr("Feed") },
        { "page": 2, "name": "comparison", "icon": "compare", "text": qsTr("Comparison") },
        { "page": 3, "name": "timeline", "icon": "timeline", "text": qsTr("Timeline") },
        { "page": 4, "name": "isolates", "icon": "isolates", "text": qsTr("Isolates") },
        { "page": 5, "name": "settings", "icon": "settings", "text": qsTr("Settings") }
    ]

    implicitWidth: narrow ? 64 : 176
    color: Theme.rail

    Row {
        id: brand
        x: rail.narrow ? 18 : Theme.spaceL
        y: Theme.spaceL + 2
        spacing: 10

        Rectangle {
            width: 28
            height: 28
            radius: 8
            color: Theme.accent

            Row {
                anchors.centerIn: parent
                spacing: 2
                Repeater {
                    model: [8, 12, 8, 12]
                    Rectangle {
                        required property int modelData
                        anchors.bottom: parent?.bottom
                        width: 3
                        height: modelData
                        radius: 1
                        color: Theme.accentText
                    }
                }
            }
        }
        AppText {
            anchors.verticalCenter: parent.verticalCenter
            visible: !rail.narrow
            text: "Steadyframe"
            font.weight: Font.Bold
            font.pixelSize: 15
        }
    }
    Column {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: brand.bottom
        anchors.margins: Theme.spaceS
        anchors.topMargin: Theme.spaceXl
        spacing: 2

        Repeater {
            model: rail.pages

            T.AbstractButton {
                id: entry
                required property var modelData
                readonly property bool selected: modelData.page === rail.current
                readonly property bool recording: rail.recording && modelData.name === "timeline"

                objectName: "nav_" + modelData.name
                width: parent?.width ?? 0
                height: 40
                focusPolicy: Qt.StrongFocus
                hoverEnabled: true
                text: modelData.text
                Accessible.role: Accessible.PageTab
                Accessible.name: recording ? qsTr("%1, recording").arg(text) : text
                Accessible.selected: selected
                onClicked: rail.chosen(modelData.page)
                Keys.onReturnPressed: clicked()
                Keys.onUpPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
                Keys.onDownPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)

                background: Rectangle {
                    radius: Theme.radius
                    color: entry.selected ? Theme.accentSoft : entry.hovered ? Theme.raised : "transparent"
                    border.width: entry.visualFocus ? 2 : 0
                    border.color: Theme.accent
                }
                contentItem: Item {
                    Icon {
                        id: symbol
                        x: rail.narrow ? (parent.width - width) / 2 : Theme.spaceM
                        anchors.verticalCenter: parent.verticalCenter
                        name: entry.modelData.icon
                        color: entry.selected ? Theme.accent : Theme.textDim
                    }
                    Rectangle {
                        objectName: entry.recording ? "recordingDot" : ""
                        x: symbol.x + symbol.width - 3
                        y: symbol.y - 3
                        width: 8
                        height: 8
                        radius: 4
                        visible: entry.recording
                        color: Theme.bad
                    }
                    AppText {
                        anchors.left: symbol.right
                        anchors.leftMargin: Theme.spaceM
                        anchors.verticalCenter: parent.verticalCenter
                        visible: !rail.narrow
                        text: entry.text
                        color: entry.selected ? Theme.accent : Theme.text
                        font.weight: entry.selected ? Font.DemiBold : Font.Normal
                    }
                }
                Hint {
                    visible: entry.hovered && rail.narrow
                    text: entry.text
                }
            }
        }
    }
}
