pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Qt.labs.platform
import Steadyframe.Feed
import Steadyframe.Models

// A photo feed: parsed in an isolate, and scrolled through with every row in reach.
Item {
    id: page

    required property Session session
    required property FeedModel feed
    readonly property bool scrolling: list.moving

    function openFile(): void { dialog.open() }

    FileDialog {
        id: dialog
        title: qsTr("Open a photo feed")
        nameFilters: [qsTr("Photo feeds (*.json)"), qsTr("All files (*)")]
        onAccepted: page.session.openFeed(file)
    }

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.spaceM

        PageHeader {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            Layout.topMargin: Theme.spaceL
            title: qsTr("Feed")
            subtitle: page.feed.count === 0 ? ""
                : qsTr("%1 photos from %2, parsed in %3 ms (%4 MB/s)").arg(page.feed.count.toLocaleString(Qt.locale(), "f", 0))
                      .arg(page.feed.fileName).arg(page.feed.parseMilliseconds.toFixed(0)).arg(page.feed.megabytesPerSecond.toFixed(0))

            AppButton {
                objectName: "generateFeedButton"
                text: qsTr("Large sample")
                hint: qsTr("Make and open a feed of 211,640 photos")
                visible: page.feed.count > 0
                enabled: !page.feed.busy
                onClicked: page.session.generateFeed()
            }
            AppButton {
                objectName: "openFeedButton"
                text: qsTr("Open feed")
                iconName: "folder"
                primary: true
                onClicked: page.openFile()
            }
        }
        ProgressLine {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            visible: page.feed.busy
            value: page.feed.progress
        }
        Banner {
            objectName: "feedError"
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            serious: page.feed.error !== ""
            text: serious ? page.feed.error
                : page.feed.issueCount === 0 ? ""
                : qsTr("%1 entries have faults and were left out.").arg(page.feed.issueCount) + "\n" + page.feed.issueText
        }
        ListView {
            id: list
            objectName: "feedList"
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.leftMargin: Theme.spaceM
            visible: page.feed.count > 0
            model: page.feed
            clip: true
            reuseItems: true
            activeFocusOnTab: true
            boundsBehavior: Flickable.StopAtBounds
            highlightMoveDuration: 0
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Photos of the feed")
            ScrollBar.vertical: ScrollBar {
                policy: ScrollBar.AlwaysOn
                minimumSize: 0.04
            }
            Keys.onPressed: event => {
                const page = Math.max(1, Math.floor(height / 52))
                switch (event.key) {
                case Qt.Key_PageDown: currentIndex = Math.min(count - 1, currentIndex + page); break
                case Qt.Key_PageUp: currentIndex = Math.max(0, currentIndex - page); break
                case Qt.Key_Home: currentIndex = 0; break
                case Qt.Key_End: currentIndex = count - 1; break
                default: return
                }
                event.accepted = true
            }

            delegate: FeedDelegate {
                width: ListView.view.width - Theme.spaceL
                current: list.activeFocus && ListView.isCurrentItem
            }
        }
        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: page.feed.count === 0

            EmptyState {
                anchors.centerIn: parent
                width: Math.min(parent.width - 2 * Theme.spaceXl, 520)
                iconName: "feed"
                title: page.feed.busy ? qsTr("Reading the feed") : qsTr("Open a photo feed")
                text: qsTr("A JSON array of photos with albumId, id, title, url and thumbnailUrl. It is parsed in an isolate, however large it is.")

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
    }
}
