pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Qt.labs.platform
import Steadyframe.Feed
import Steadyframe.Models

// A photo feed, from a file or an address: looked through, searched, sorted, sent on and written to files.
Item {
    id: page

    required property Session session
    required property FeedModel feed
    required property FeedActions actions
    readonly property bool scrolling: view.moving
    readonly property bool empty: feed.total === 0
    readonly property bool wide: width > 760

    function openFile(): void { openDialog.open() }
    function openAddress(): void { addressDialog.open() }
    function focusSearch(): void {
        if (!empty)
            tools.focusSearch()
    }
    function paste(): void {
        if (!actions.paste())
            session.notice(qsTr("There is no address and no file of a feed on the clipboard."), Session.Info)
    }
    function exportFeed(selection: bool): void {
        exportDialog.selection = selection
        exportDialog.open()
    }
    function counted(count: int): string { return count.toLocaleString(Qt.locale(), "f", 0) }

    FileDialog {
        id: openDialog
        title: qsTr("Open a photo feed")
        nameFilters: [qsTr("Photo feeds (*.json *.json.gz)"), qsTr("All files (*)")]
        onAccepted: page.session.openFeed(file)
    }
    FileDialog {
        id: exportDialog
        objectName: "exportFeedDialog"

        property bool selection: false

        title: selection ? qsTr("Export the selected photos") : qsTr("Export what is shown")
        fileMode: FileDialog.SaveFile
        nameFilters: [qsTr("JSON (*.json)"), qsTr("JSON, compressed (*.json.gz)"), qsTr("CSV (*.csv)"), qsTr("CSV, compressed (*.csv.gz)")]
        // Without it there is no filter at all until another one is chosen.
        selectedNameFilter.index: FeedActions.Json
        onAccepted: page.actions.exportTo(file, selectedNameFilter.index, selection)
    }
    FeedAddressDialog {
        id: addressDialog
        actions: page.actions
    }

    ColumnLayout {
        anchors.fill: parent
        spacing: 0

        PageHeader {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            Layout.topMargin: Theme.spaceL
            title: qsTr("Feed")
            subtitle: page.empty ? ""
                : (page.feed.total === 1 ? qsTr("%1 photo from %2, parsed in %3 ms (%4 MB/s)") : qsTr("%1 photos from %2, parsed in %3 ms (%4 MB/s)")).arg(page.counted(page.feed.total))
                      .arg(page.feed.fileName).arg(page.feed.parseMilliseconds.toFixed(0)).arg(page.feed.megabytesPerSecond.toFixed(0))

            AppButton {
                objectName: "generateFeedButton"
                text: page.wide ? qsTr("Large sample") : ""
                iconName: page.wide ? "" : "add"
                hint: qsTr("Make and open a feed of 211,640 photos")
                visible: !page.empty
                enabled: !page.feed.busy
                onClicked: page.session.generateFeed()
            }
            AppButton {
                objectName: "openAddressButton"
                text: page.wide ? qsTr("Address") : ""
                iconName: "link"
                hint: qsTr("Open a feed of the web")
                keys: "Ctrl+L"
                onClicked: page.openAddress()
            }
            AppButton {
                objectName: "openFeedButton"
                text: qsTr("Open feed")
                iconName: "folder"
                primary: true
                keys: "Ctrl+O"
                onClicked: page.openFile()
            }
        }
        FeedProgress {
            objectName: "feedOpening"
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            Layout.topMargin: Theme.spaceM
            visible: page.feed.busy
            text: qsTr("Opening the feed")
            value: page.feed.progress
            onCancelled: page.actions.cancelOpening()
        }
        FeedProgress {
            objectName: "feedJob"
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            Layout.topMargin: Theme.spaceM
            visible: text !== ""
            text: page.actions.jobText
            value: page.actions.jobProgress
            onCancelled: page.actions.cancelJob()
        }
        Banner {
            objectName: "feedError"
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            Layout.topMargin: Theme.spaceM
            serious: page.feed.error !== ""
            text: serious ? page.feed.error
                : page.feed.issueCount === 0 ? ""
                : (page.feed.issueCount === 1 ? qsTr("%1 fault. The entry that has it was left out.") : qsTr("%1 faults. Entries that have one were left out.")).arg(page.counted(page.feed.issueCount)) + "\n" + page.feed.issueText
        }
        FeedTools {
            id: tools
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            Layout.topMargin: Theme.spaceM
            visible: !page.empty
            feed: page.feed
            actions: page.actions
            wide: page.wide
            onExportWanted: page.exportFeed(false)
            onPhotosWanted: view.forceActiveFocus(Qt.TabFocusReason)
        }
        FeedHeader {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spaceM
            Layout.rightMargin: Theme.spaceL
            Layout.topMargin: Theme.spaceS
            visible: !page.empty
            feed: page.feed
            grid: page.actions.grid
            columns: view.layout
        }
        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true

            FeedView {
                id: view
                objectName: "feedList"
                anchors.fill: parent
                anchors.leftMargin: Theme.spaceM
                visible: page.feed.count > 0
                feed: page.feed
                grid: page.actions.grid
                layout.longestNumber: page.feed.longestNumber
            }
            EmptyState {
                objectName: "feedNoMatch"
                anchors.centerIn: parent
                width: Math.min(parent.width - 2 * Theme.spaceXl, 520)
                visible: !page.empty && page.feed.count === 0 && !page.feed.searching
                iconName: "search"
                title: qsTr("No photo fits")
                text: page.feed.album === "" ? qsTr("None of the %1 photos has “%2” in its title, or that number. Every word has to be there.").arg(page.counted(page.feed.total)).arg(page.feed.searchText)
                    : page.feed.searchText === "" ? qsTr("The feed has no album %1.").arg(page.feed.album)
                    : qsTr("Nothing in album %1 has “%2” in its title, or that number.").arg(page.feed.album).arg(page.feed.searchText)

                AppButton {
                    objectName: "clearFilterButton"
                    text: qsTr("Show all photos")
                    keys: "Esc"
                    onClicked: page.feed.clearFilter()
                }
            }
            EmptyState {
                objectName: "feedEmpty"
                anchors.centerIn: parent
                width: Math.min(parent.width - 2 * Theme.spaceXl, 520)
                visible: page.empty
                iconName: "feed"
                title: page.feed.busy ? qsTr("Reading the feed")
                    : page.feed.fileName !== "" ? qsTr("%1 has no photos").arg(page.feed.fileName) : qsTr("Open a photo feed")
                text: qsTr("A JSON array of photos with albumId, id, title, url and thumbnailUrl, compressed or not. Drop a file here, paste an address, or open one. However large it is, the window stays smooth.")

                AppButton {
                    text: qsTr("Open feed")
                    iconName: "folder"
                    primary: true
                    enabled: !page.feed.busy
                    onClicked: page.openFile()
                }
                AppButton {
                    objectName: "generateFeedEmptyButton"
                    text: qsTr("Make one of 211,640 photos")
                    enabled: !page.feed.busy
                    onClicked: page.session.generateFeed()
                }
            }
        }
        FeedSelectionBar {
            Layout.fillWidth: true
            visible: page.feed.selectedCount > 0
            feed: page.feed
            actions: page.actions
            onExportWanted: page.exportFeed(true)
        }
    }

    DropArea {
        id: drop
        objectName: "feedDrop"
        anchors.fill: parent
        keys: ["text/uri-list"]
        onDropped: event => {
            event.acceptProposedAction()
            page.session.openFeeds(event.urls)
        }
    }
    Rectangle {
        anchors.fill: parent
        anchors.margins: Theme.spaceM
        visible: drop.containsDrag
        radius: Theme.radiusLarge
        color: "transparent"
        border.width: 2
        border.color: Theme.accent
    }
    Shortcut {
        sequences: [StandardKey.Find]  // qmllint disable unqualified
        enabled: page.visible
        onActivated: page.focusSearch()
    }
    Shortcut {
        sequence: "Ctrl+L"
        enabled: page.visible
        onActivated: page.openAddress()
    }
    Shortcut {
        sequence: "Escape"
        enabled: page.visible && !addressDialog.visible && (page.feed.filtered || page.feed.selectedCount > 0)
        onActivated: page.feed.filtered ? page.feed.clearFilter() : page.feed.clearSelection()
    }
}
