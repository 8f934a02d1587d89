pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import JankMonitor
import Steadyframe.Feed
import Steadyframe.Models

// The window: the pages, what is above all of them, and the shortcuts.
ApplicationWindow {
    id: window

    required property Session session
    required property CompressionSettings settings
    required property PreviewModel preview
    required property PhotoListModel photos
    required property FeedModel feed
    required property FeedActions feedActions
    required property IsolateListModel isolates
    required property ComparisonModel comparison
    required property JankMonitor monitor

    property int currentPage: 0
    property bool overlayVisible: false

    function toggleTheme(): void { Theme.toggle() }

    width: 1180
    height: 760
    minimumWidth: 720
    minimumHeight: 480
    visible: true
    title: session.left > 0 ? qsTr("%1 to go — Steadyframe").arg(session.left) : "Steadyframe"
    color: Theme.window
    // The clear colour alone is not part of what can be grabbed.
    background: Rectangle {
        color: Theme.window
    }
    palette {
        window: Theme.window
        windowText: Theme.text
        base: Theme.surface
        text: Theme.text
        button: Theme.raised
        buttonText: Theme.text
        highlight: Theme.accent
        // The file dialog that Qt brings writes it on a tint of the accent.
        highlightedText: Theme.text
        mid: Theme.border
        midlight: Theme.raised
        light: Theme.raised
        dark: Theme.textDim
    }

    onClosing: close => close.accepted = timelinePage.mayEnd(() => window.close())

    RowLayout {
        anchors.fill: parent
        spacing: 0

        NavigationRail {
            Layout.fillHeight: true
            narrow: window.width < 1000
            current: window.currentPage
            recording: window.monitor.recording
            onChosen: page => window.currentPage = page
        }
        ColumnLayout {
            Layout.fillWidth: true
            Layout.fillHeight: true
            spacing: 0

            RowLayout {
                Layout.fillWidth: true
                Layout.leftMargin: Theme.spaceXl
                Layout.rightMargin: Theme.spaceXl
                Layout.topMargin: Theme.spaceM
                spacing: Theme.spaceM

                AppText {
                    Layout.fillWidth: true
                    horizontalAlignment: Text.AlignRight
                    text: window.width > 860 ? qsTr("Run the work on") : qsTr("Work on")
                    dim: true
                    font.pixelSize: 13
                }
                Segments {
                    accessibleName: qsTr("Run the work on")
                    current: window.session.executionMode
                    enabled: window.comparison.state !== ComparisonModel.Running
                    opacity: enabled ? 1 : 0.5
                    options: [{ "text": qsTr("Isolates"), "name": "modeIsolates" }, { "text": qsTr("The main isolate"), "name": "modeMain" }]
                    onChosen: index => window.session.chooseExecutionMode(index)
                }
                AppButton {
                    objectName: "overlayToggle"
                    iconName: "gauge"
                    hint: window.overlayVisible ? qsTr("Hide the frame overlay") : qsTr("Show the frame overlay")
                    keys: "F12"
                    primary: window.overlayVisible
                    onClicked: window.overlayVisible = !window.overlayVisible
                }
                AppButton {
                    objectName: "themeButton"
                    iconName: Theme.dark ? "sun" : "moon"
                    hint: qsTr("Light or dark")
                    keys: "Ctrl+T"
                    onClicked: Theme.toggle()
                }
                AppButton {
                    objectName: "shortcutsButton"
                    iconName: "keyboard"
                    hint: qsTr("Shortcuts")
                    keys: "F1"
                    onClicked: shortcuts.open()
                }
            }
            Item {
                Layout.fillWidth: true
                Layout.fillHeight: true

                PhotosPage {
                    id: photosPage
                    objectName: "page_photos"
                    anchors.fill: parent
                    visible: window.currentPage === 0
                    session: window.session
                    photos: window.photos
                    onCompareWanted: id => {
                        window.preview.show(id)
                        window.currentPage = 6
                    }
                }
                FeedPage {
                    id: feedPage
                    objectName: "page_feed"
                    anchors.fill: parent
                    visible: window.currentPage === 1
                    session: window.session
                    feed: window.feed
                    actions: window.feedActions
                }
                ComparisonPage {
                    objectName: "page_comparison"
                    anchors.fill: parent
                    visible: window.currentPage === 2
                    comparison: window.comparison
                }
                TimelinePage {
                    id: timelinePage
                    objectName: "page_timeline"
                    anchors.fill: parent
                    visible: window.currentPage === 3
                    monitor: window.monitor
                    onAsking: window.currentPage = 3
                }
                IsolatesPage {
                    objectName: "page_isolates"
                    anchors.fill: parent
                    visible: window.currentPage === 4
                    session: window.session
                    isolates: window.isolates
                }
                SettingsPage {
                    objectName: "page_settings"
                    anchors.fill: parent
                    visible: window.currentPage === 5
                    session: window.session
                    settings: window.settings
                }
                PreviewPage {
                    objectName: "page_preview"
                    anchors.fill: parent
                    visible: window.currentPage === 6
                    preview: window.preview
                    settings: window.settings
                    photos: window.photos
                }
            }
        }
    }
    JankLabel {
        monitor: window.monitor
        text: qsTr("compressing and uploading")
        when: window.session.left > 0
    }
    JankLabel {
        monitor: window.monitor
        text: qsTr("opening a feed")
        when: window.feed.busy
    }
    JankLabel {
        monitor: window.monitor
        text: qsTr("searching the feed")
        when: window.feed.searching
    }
    JankLabel {
        monitor: window.monitor
        text: window.feedActions.jobText
        when: window.feedActions.jobText !== ""
    }
    JankLabel {
        monitor: window.monitor
        text: qsTr("scrolling the feed")
        when: feedPage.scrolling
    }
    JankOverlay {
        id: overlay
        objectName: "jankOverlay"
        monitor: window.monitor
        visible: window.overlayVisible
        fontFamily: Theme.family
        compact: window.width < 1000 || window.height < 640
        x: window.width - width - Theme.spaceL
        y: window.height - height - 100
    }
    Toasts {
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.spaceXl + (window.currentPage === 0 && window.photos.count > 0 ? 76 : 0)
        session: window.session
    }
    ShortcutSheet {
        id: shortcuts
    }

    Shortcut {
        sequences: [StandardKey.Open]  // qmllint disable unqualified
        onActivated: {
            if (window.currentPage === 1) {
                feedPage.openFile()
                return
            }
            if (window.currentPage === 3) {
                timelinePage.pickOpen()
                return
            }
            window.currentPage = 0
            photosPage.pickFiles()
        }
    }
    Shortcut {
        sequences: [StandardKey.Save]  // qmllint disable unqualified
        enabled: window.currentPage === 3 || (window.currentPage === 1 && window.feed.count > 0 && window.feedActions.jobText === "")
        onActivated: window.currentPage === 3 ? timelinePage.pickSave() : feedPage.exportFeed(false)
    }
    Shortcut {
        sequence: "Ctrl+R"
        onActivated: {
            if (window.monitor.recording)
                window.currentPage = 3
            timelinePage.toggleRecording()
        }
    }
    Shortcut {
        sequence: "Ctrl+Shift+O"
        onActivated: {
            window.currentPage = 0
            photosPage.pickFolder()
        }
    }
    Shortcut {
        sequences: [StandardKey.Paste]  // qmllint disable unqualified
        onActivated: window.currentPage === 1 ? feedPage.paste() : window.session.paste()
    }
    Shortcut {
        sequence: "Ctrl+P"
        onActivated: window.session.togglePause()
    }
    Shortcut {
        sequence: "F12"
        onActivated: window.overlayVisible = !window.overlayVisible
    }
    Shortcut {
        sequence: "F1"
        onActivated: shortcuts.open()
    }
    Shortcut {
        sequence: "Ctrl+T"
        onActivated: Theme.toggle()
    }
    Shortcut {
        sequences: [StandardKey.Quit]  // qmllint disable unqualified
        onActivated: {
            if (timelinePage.mayEnd(Qt.quit))
                Qt.quit()
        }
    }
    Instantiator {
        model: 7

        Shortcut {
            required property int index
            sequence: "Ctrl+" + (index + 1)
            onActivated: window.currentPage = index
        }
    }
}
