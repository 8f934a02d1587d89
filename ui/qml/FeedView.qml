pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Controls.Basic
import Steadyframe.Feed

// The photos of a feed, as a list or a grid, however many there are: a few cells are used again and again. They lie
// beside what is scrolled, not in it, and are placed from the nearest round number, since the coordinates of a drawing
// are exact to some millions of pixels only.
Flickable {
    id: view

    required property FeedModel feed
    required property bool grid

    property int currentIndex: -1
    // Follows `grid` when it is known what is at the top.
    property bool tiled: false
    // Where the columns of the list lie.
    readonly property FeedColumns layout: FeedColumns {
        width: view.lineWidth
    }
    readonly property real lineWidth: width - Theme.spaceL
    readonly property int lineHeight: 52
    readonly property int tileColumns: Math.max(1, Math.floor(width / 180))
    readonly property real tileWidth: lineWidth / tileColumns
    readonly property int tileHeight: Math.round(tileWidth * 0.75) + 56
    readonly property int columns: tiled ? tileColumns : 1
    readonly property real cellWidth: tiled ? tileWidth : lineWidth
    readonly property real cellHeight: tiled ? tileHeight : lineHeight
    readonly property int lines: Math.ceil(feed.count / columns)
    // The grid's cells are made when it is first wanted, and stay.
    property bool tilesWanted: false
    // Where the view stands, in rows and the part of a line that is above it: kept when lines get longer or shorter.
    property int topRow: 0
    property real topPart: 0
    property bool settling: false
    readonly property real origin: Math.floor(contentY / 65536) * 65536
    // What flies by is not worth fetching.
    readonly property bool flying: Math.abs(verticalVelocity) > 6000

    function rowAt(x: real, y: real): int {
        const column = Math.floor(x / cellWidth)
        const row = Math.floor((contentY + y) / cellHeight) * columns + column
        return column >= 0 && column < columns && row < feed.count ? row : -1
    }
    function reveal(row: int): void {
        const top = Math.floor(row / columns) * cellHeight
        const lowest = Math.max(0, contentHeight - height)
        if (top < contentY)
            contentY = Math.min(top, lowest)
        else if (top + cellHeight > contentY + height)
            contentY = Math.min(Math.max(0, top + cellHeight - height), lowest)
    }
    function move(row: int, modifiers: int): void {
        if (feed.count === 0)
            return
        const before = currentIndex
        currentIndex = Math.max(0, Math.min(feed.count - 1, row))
        if (modifiers & Qt.ShiftModifier)
            feed.select(currentIndex, Qt.ShiftModifier, before)
        reveal(currentIndex)
    }
    function keepTop(): void {
        settling = true
        contentY = Math.min((Math.floor(topRow / columns) + topPart) * cellHeight, Math.max(0, contentHeight - height))
        settling = false
    }
    function begin(): void {
        cancelFlick()
        contentY = 0
        currentIndex = feed.count > 0 ? 0 : -1
    }

    clip: true
    contentWidth: width
    contentHeight: lines * cellHeight
    boundsBehavior: Flickable.StopAtBounds
    flickableDirection: Flickable.VerticalFlick
    activeFocusOnTab: true
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Photos of the feed")
    ScrollBar.vertical: ScrollBar {
        policy: ScrollBar.AlwaysOn
        minimumSize: 0.04
    }

    onActiveFocusChanged: {
        if (activeFocus && currentIndex < 0 && feed.count > 0)
            currentIndex = 0
    }
    onContentYChanged: {
        if (settling)
            return
        const line = Math.floor(contentY / cellHeight)
        topRow = line * columns
        topPart = contentY / cellHeight - line
    }
    // What is at the top stays there.
    onGridChanged: {
        topPart = 0
        settling = true
        tiled = grid
        keepTop()
    }
    onColumnsChanged: keepTop()
    onCellHeightChanged: keepTop()
    // The bar of the selection comes from below.
    onHeightChanged: {
        const top = Math.floor(currentIndex / columns) * cellHeight
        if (activeFocus && currentIndex >= 0 && top + cellHeight > contentY && top < contentY + height + 2 * cellHeight)
            reveal(currentIndex)
    }
    Component.onCompleted: tiled = grid

    Keys.onPressed: event => {
        const screenful = Math.max(1, Math.floor(height / cellHeight)) * columns
        switch (event.key) {
        case Qt.Key_Down: view.move(currentIndex + columns, event.modifiers); break
        case Qt.Key_Up: view.move(currentIndex - columns, event.modifiers); break
        case Qt.Key_Right: view.move(currentIndex + 1, event.modifiers); break
        case Qt.Key_Left: view.move(currentIndex - 1, event.modifiers); break
        case Qt.Key_PageDown: view.move(currentIndex + screenful, event.modifiers); break
        case Qt.Key_PageUp: view.move(currentIndex - screenful, event.modifiers); break
        case Qt.Key_Home: view.move(0, event.modifiers); break
        case Qt.Key_End: view.move(feed.count - 1, event.modifiers); break
        case Qt.Key_Space: view.feed.select(currentIndex, event.modifiers & Qt.ShiftModifier ? Qt.ShiftModifier : Qt.ControlModifier); break
        case Qt.Key_A:
            if (!(event.modifiers & Qt.ControlModifier))
                return
            view.feed.selectAll()
            break
        default: return
        }
        event.accepted = true
    }

    Connections {
        target: view.feed
        function onViewReplaced() { view.begin() }
    }
    onTiledChanged: {
        if (tiled)
            tilesWanted = true
    }
    // Those that are not shown have no feed, and so no rows.
    FeedCells {
        id: lineCells
        feed: view.tiled ? null : view.feed
        first: Math.floor(view.contentY / view.lineHeight)
        // Made before there is a feed: then showing one costs less.
        cells: Math.min(Math.ceil(view.height / view.lineHeight) + 1, 512)
    }
    FeedCells {
        id: tileCells
        feed: view.tiled ? view.feed : null
        first: Math.floor(view.contentY / view.tileHeight) * view.tileColumns
        cells: view.tilesWanted ? Math.min((Math.ceil(view.height / view.tileHeight) + 1) * view.tileColumns, 512) : 0
    }
    Item {
        id: stage
        parent: view
        width: view.width
        y: Math.round(view.origin - view.contentY)

        Repeater {
            model: lineCells
            delegate: FeedRow {
                id: line
                y: line.row * view.lineHeight - view.origin
                width: view.lineWidth
                height: view.lineHeight
                visible: line.row >= 0
                pictures: !view.flying
                layout: view.layout
            }
        }
        Repeater {
            model: tileCells
            delegate: FeedTile {
                id: tile
                x: (tile.row % view.tileColumns) * view.tileWidth
                y: Math.floor(tile.row / view.tileColumns) * view.tileHeight - view.origin
                width: view.tileWidth
                height: view.tileHeight
                visible: tile.row >= 0
                pictures: !view.flying
            }
        }
        Rectangle {
            objectName: "feedCurrent"
            x: (view.currentIndex % view.columns) * view.cellWidth + 1
            y: Math.floor(view.currentIndex / view.columns) * view.cellHeight - view.origin + 1
            width: view.cellWidth - 2
            height: view.cellHeight - 2
            visible: view.activeFocus && view.currentIndex >= 0
            radius: Theme.radius
            color: "transparent"
            border.width: 2
            border.color: Theme.accent
        }
    }
    MouseArea {
        parent: view
        anchors.fill: parent
        anchors.rightMargin: Theme.spaceL
        onClicked: mouse => {
            view.forceActiveFocus(Qt.MouseFocusReason)
            const row = view.rowAt(mouse.x, mouse.y)
            if (row < 0)
                return
            view.currentIndex = row
            view.feed.select(row, mouse.modifiers)
        }
    }
}
