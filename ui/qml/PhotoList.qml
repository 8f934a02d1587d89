pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Controls.Basic
import Steadyframe.Models

// The list of photos, with a selection by mouse and keyboard. The selection is kept by id, which stays when rows move.
ListView {
    id: list

    required property Session session
    required property PhotoFilterModel filter

    signal compareWanted(id: double)

    property var selection: ({})
    property int anchorRow: -1
    readonly property int selectedCount: Object.keys(selection).length

    function select(row: int, modifiers: int): void {
        if (row < 0 || row >= count)
            return
        let next = (modifiers & Qt.ControlModifier) ? Object.assign({}, selection) : ({})
        if ((modifiers & Qt.ShiftModifier) && anchorRow >= 0) {
            for (let i = Math.min(anchorRow, row); i <= Math.max(anchorRow, row); ++i)
                next[filter.idAt(i)] = true
        } else {
            const id = filter.idAt(row)
            if ((modifiers & Qt.ControlModifier) && next[id])
                delete next[id]
            else
                next[id] = true
            anchorRow = row
        }
        selection = next
        currentIndex = row
    }
    function selectAll(): void {
        let next = ({})
        for (let i = 0; i < count; ++i)
            next[filter.idAt(i)] = true
        selection = next
    }
    function selectedIds(): list<double> {
        return Object.keys(selection).map(id => Number(id))
    }
    // What is done by key is done to the row that has the focus when nothing is selected.
    function selectCurrent(): void {
        if (selectedCount === 0)
            select(currentIndex, Qt.NoModifier)
    }
    function openMenu(): void {
        selectCurrent()
        if (currentItem)
            menu.popup(currentItem, Theme.spaceXl, currentItem.height / 2)
    }
    function removeSelected(): void {
        selectCurrent()
        if (selectedCount > 0)
            session.remove(selectedIds())
        selection = ({})
    }
    function move(row: int, modifiers: int): void {
        select(Math.max(0, Math.min(count - 1, row)), modifiers & Qt.ShiftModifier)
    }

    objectName: "photoList"
    model: filter
    clip: true
    reuseItems: true
    activeFocusOnTab: true
    boundsBehavior: Flickable.StopAtBounds
    highlightFollowsCurrentItem: false
    cacheBuffer: 200
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Photos")
    ScrollBar.vertical: ScrollBar {}

    onActiveFocusChanged: {
        if (activeFocus && currentIndex < 0 && count > 0)
            currentIndex = 0
    }
    onCurrentIndexChanged: positionViewAtIndex(currentIndex, ListView.Contain)
    Keys.onPressed: event => {
        const page = Math.max(1, Math.floor(height / 84) - 1)
        switch (event.key) {
        case Qt.Key_Down: list.move(currentIndex + 1, event.modifiers); break
        case Qt.Key_Up: list.move(currentIndex - 1, event.modifiers); break
        case Qt.Key_PageDown: list.move(currentIndex + page, event.modifiers); break
        case Qt.Key_PageUp: list.move(currentIndex - page, event.modifiers); break
        case Qt.Key_Home: list.move(0, event.modifiers); break
        case Qt.Key_End: list.move(count - 1, event.modifiers); break
        case Qt.Key_Space: list.select(currentIndex, Qt.ControlModifier); break
        case Qt.Key_Delete: list.removeSelected(); break
        case Qt.Key_Return:
        case Qt.Key_Enter: session.openResult(filter.idAt(currentIndex)); break
        case Qt.Key_Menu: list.openMenu(); break
        case Qt.Key_C:
            if (event.modifiers !== Qt.NoModifier || currentIndex < 0)
                return
            list.compareWanted(filter.idAt(currentIndex))
            break
        case Qt.Key_F10:
            if (!(event.modifiers & Qt.ShiftModifier))
                return
            list.openMenu()
            break
        case Qt.Key_A:
            if (!(event.modifiers & Qt.ControlModifier))
                return
            list.selectAll()
            break
        default: return
        }
        event.accepted = true
    }

    delegate: PhotoDelegate {
        width: list.width - Theme.spaceM
        selected: list.selection[photoId] === true
        current: list.activeFocus && list.currentIndex === index
        onPressed: modifiers => {
            list.forceActiveFocus(Qt.MouseFocusReason)
            list.select(index, modifiers)
        }
        onCancelWanted: list.session.cancel(photoId)
        onRetryWanted: list.session.retry(photoId)
        onRemoveWanted: list.session.remove([photoId])
        onOpenWanted: list.session.openResult(photoId)
        onCompareWanted: list.compareWanted(photoId)
        onMenuWanted: menu.popup()
    }

    Menu {
        id: menu
        MenuItem {
            text: qsTr("Open the result")
            onTriggered: list.session.openResult(list.filter.idAt(list.currentIndex))
        }
        MenuItem {
            text: qsTr("Compare before and after")
            onTriggered: list.compareWanted(list.filter.idAt(list.currentIndex))
        }
        MenuItem {
            text: qsTr("Try again")
            onTriggered: list.selectedIds().forEach(id => list.session.retry(id))
        }
        MenuItem {
            objectName: "menuAgain"
            text: qsTr("Upload again")
            onTriggered: list.session.uploadAgain(list.selectedIds())
        }
        MenuItem {
            objectName: "menuPause"
            text: qsTr("Pause")
            onTriggered: list.session.hold(list.selectedIds(), true)
        }
        MenuItem {
            objectName: "menuGoOn"
            text: qsTr("Go on")
            onTriggered: list.session.hold(list.selectedIds(), false)
        }
        MenuItem {
            objectName: "menuFirst"
            text: qsTr("Put first")
            onTriggered: list.session.prioritize(list.selectedIds(), 1)
        }
        MenuItem {
            objectName: "menuLast"
            text: qsTr("Put last")
            onTriggered: list.session.prioritize(list.selectedIds(), -1)
        }
        MenuItem {
            text: qsTr("Cancel")
            onTriggered: list.selectedIds().forEach(id => list.session.cancel(id))
        }
        MenuItem {
            text: qsTr("Remove from the list")
            onTriggered: list.removeSelected()
        }
    }
}
