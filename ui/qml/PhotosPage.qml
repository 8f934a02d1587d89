pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Qt.labs.platform
import Steadyframe.Models

// Picking photos, and how far each has come.
Item {
    id: page

    required property Session session
    required property PhotoListModel photos
    // Before and after, of this photo.
    signal compareWanted(id: double)

    function pickFiles(): void { fileDialog.open() }
    function pickFolder(): void { folderDialog.open() }

    FileDialog {
        id: fileDialog
        title: qsTr("Pick photos")
        fileMode: FileDialog.OpenFiles
        nameFilters: [qsTr("Pictures (*.jpg *.jpeg *.png *.webp *.tif *.tiff *.bmp *.gif *.heic *.avif)"), qsTr("All files (*)")]
        onAccepted: page.session.pick(files)
    }
    FolderDialog {
        id: folderDialog
        title: qsTr("Pick a folder of photos")
        onAccepted: page.session.pick([folder])
    }
    PhotoFilterModel {
        id: filter
        photos: page.photos
    }

    ColumnLayout {
        anchors.fill: parent
        spacing: 0

        PageHeader {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            Layout.topMargin: Theme.spaceL
            title: qsTr("Photos")
            subtitle: page.photos.count === 0 ? "" : qsTr("%1 in the list").arg(page.photos.count)

            AppButton {
                objectName: "pasteButton"
                iconName: "paste"
                hint: qsTr("Paste files or a picture")
                keys: "Ctrl+V"
                onClicked: page.session.paste()
            }
            AppButton {
                objectName: "pickFolderButton"
                text: qsTr("Folder")
                iconName: "folder"
                hint: qsTr("Pick a folder")
                keys: "Ctrl+Shift+O"
                onClicked: page.pickFolder()
            }
            AppButton {
                objectName: "pickButton"
                text: qsTr("Pick photos")
                iconName: "add"
                primary: true
                keys: "Ctrl+O"
                onClicked: page.pickFiles()
            }
        }
        Banner {
            objectName: "obstacle"
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            Layout.topMargin: Theme.spaceM
            text: page.session.obstacle
        }
        AttentionBanner {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            Layout.topMargin: Theme.spaceM
            session: page.session
        }
        RowLayout {
            Layout.fillWidth: true
            Layout.margins: Theme.spaceXl
            Layout.topMargin: Theme.spaceM
            Layout.bottomMargin: Theme.spaceS
            visible: page.photos.count > 0

            Segments {
                accessibleName: qsTr("Which photos are shown")
                current: filter.kind
                options: [
                    { "text": qsTr("All"), "count": filter.allCount, "name": "filterAll" },
                    { "text": qsTr("In progress"), "count": filter.activeCount, "name": "filterActive" },
                    { "text": qsTr("Stopped"), "count": filter.failedCount, "name": "filterFailed" },
                    { "text": qsTr("Uploaded"), "count": filter.doneCount, "name": "filterDone" }
                ]
                onChosen: index => filter.kind = index
            }
            Item {
                Layout.fillWidth: true
            }
            AppButton {
                objectName: "removeSelectedButton"
                text: qsTr("Remove %1").arg(list.selectedCount)
                visible: list.selectedCount > 1
                iconName: "remove"
                flat: true
                onClicked: list.removeSelected()
            }
        }
        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true

            PhotoList {
                id: list
                anchors.fill: parent
                anchors.leftMargin: Theme.spaceM
                session: page.session
                filter: filter
                visible: page.photos.count > 0
                onCompareWanted: id => page.compareWanted(id)
            }
            AppText {
                anchors.centerIn: parent
                visible: page.photos.count > 0 && list.count === 0
                text: qsTr("No photo of this kind")
                dim: true
            }
            EmptyState {
                objectName: "emptyState"
                anchors.centerIn: parent
                width: Math.min(parent.width - 2 * Theme.spaceXl, 520)
                visible: page.photos.count === 0
                iconName: "drop"
                title: qsTr("Drop photos here")
                text: qsTr("Each one is compressed and uploaded as soon as it is picked. Your originals are never changed.")

                AppButton {
                    text: qsTr("Pick photos")
                    iconName: "add"
                    primary: true
                    keys: "Ctrl+O"
                    onClicked: page.pickFiles()
                }
                AppButton {
                    text: qsTr("Pick a folder")
                    iconName: "folder"
                    keys: "Ctrl+Shift+O"
                    onClicked: page.pickFolder()
                }
            }
        }
        OverallBar {
            Layout.fillWidth: true
            session: page.session
            visible: page.photos.count > 0
        }
    }

    DropArea {
        id: drop
        objectName: "dropArea"
        anchors.fill: parent
        keys: ["text/uri-list"]
        onDropped: event => {
            event.acceptProposedAction()
            page.session.pick(event.urls)
        }
    }
    Rectangle {
        anchors.fill: parent
        anchors.margins: Theme.spaceM
        visible: drop.containsDrag
        radius: Theme.radiusLarge
        color: Theme.accentSoft
        opacity: 0.94
        border.width: 2
        border.color: Theme.accent

        Row {
            anchors.centerIn: parent
            spacing: Theme.spaceM

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: "drop"
                color: Theme.accent
                size: 32
            }
            AppText {
                anchors.verticalCenter: parent.verticalCenter
                text: qsTr("Drop to compress and upload")
                color: Theme.accent
                font.pixelSize: Theme.sizeTitle
                font.weight: Font.DemiBold
            }
        }
    }
}
