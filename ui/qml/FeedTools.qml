import QtQuick
import QtQuick.Layouts
import Steadyframe.Feed

// What of the feed is shown, and in which form.
RowLayout {
    id: tools

    required property FeedModel feed
    required property FeedActions actions
    required property bool wide
    signal exportWanted
    // On to the photos.
    signal photosWanted

    function focusSearch(): void {
        search.forceActiveFocus(Qt.ShortcutFocusReason)
        search.selectAll()
    }
    function counted(count: int): string { return count.toLocaleString(Qt.locale(), "f", 0) }

    spacing: Theme.spaceS

    TextBox {
        id: search
        objectName: "feedSearch"
        Layout.fillWidth: true
        Layout.maximumWidth: 380
        name: qsTr("Search titles, albums and numbers")
        placeholderText: qsTr("Search titles, albums, numbers")
        // More would be looked for in each line that is shown.
        maximumLength: 200
        leftPadding: 34
        rightPadding: clear.visible ? 36 : Theme.spaceM
        text: tools.feed.searchText
        onTextEdited: tools.feed.searchText = text
        Keys.onDownPressed: tools.photosWanted()
        Keys.onReturnPressed: tools.photosWanted()
        Keys.onEnterPressed: tools.photosWanted()

        Connections {
            target: tools.feed
            // Typing has taken the place of the binding.
            function onQueryChanged() { search.text = tools.feed.searchText }
        }
        Icon {
            x: 10
            anchors.verticalCenter: parent.verticalCenter
            name: "search"
            color: Theme.textDim
            size: 17
        }
        AppButton {
            id: clear
            objectName: "clearSearchButton"
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            visible: search.text !== ""
            flat: true
            iconName: "cancel"
            hint: qsTr("Clear the search")
            keys: "Esc"
            onClicked: tools.feed.searchText = ""
        }
    }
    TextBox {
        id: album
        objectName: "feedAlbum"
        Layout.preferredWidth: 92
        name: qsTr("Show one album")
        placeholderText: qsTr("Album")
        inputMethodHints: Qt.ImhDigitsOnly
        validator: RegularExpressionValidator {
            regularExpression: /-?[0-9]{0,19}/
        }
        text: tools.feed.album
        onTextEdited: tools.feed.album = text
        Keys.onDownPressed: tools.photosWanted()
        Keys.onReturnPressed: tools.photosWanted()
        Keys.onEnterPressed: tools.photosWanted()

        Connections {
            target: tools.feed
            function onQueryChanged() { album.text = tools.feed.album }
        }
    }
    AppText {
        objectName: "feedCount"
        Layout.leftMargin: Theme.spaceXs
        Layout.fillWidth: true
        text: tools.feed.filtered ? qsTr("%1 of %2").arg(tools.counted(tools.feed.matches)).arg(tools.counted(tools.feed.total))
            : tools.feed.total === 1 ? qsTr("1 photo") : qsTr("%1 photos").arg(tools.counted(tools.feed.total))
        dim: true
        font.pixelSize: 13
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }
    AppButton {
        objectName: "exportFeedButton"
        text: tools.wide ? qsTr("Export") : ""
        iconName: "save"
        hint: qsTr("Export what is shown")
        keys: "Ctrl+S"
        enabled: tools.feed.count > 0 && tools.actions.jobText === ""
        onClicked: tools.exportWanted()
    }
    Segments {
        accessibleName: qsTr("How photos are shown")
        current: tools.actions.grid ? 1 : 0
        options: [{ "text": qsTr("List"), "name": "feedAsList" }, { "text": qsTr("Grid"), "name": "feedAsGrid" }]
        onChosen: index => tools.actions.grid = index === 1
    }
}
