pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Qt.labs.platform
import JankMonitor

// What the window and the isolates did, over time: now, in a recording, or in a file.
Item {
    id: page

    required property JankMonitor monitor

    readonly property string stateText: {
        const length = timeText(recording.seconds)
        const stalls = recording.stalls === 1 ? qsTr("1 stall") : qsTr("%1 stalls").arg(recording.stalls.toLocaleString(Qt.locale(), "f", 0))
        const counted = qsTr("%1 frames, %2 missed, %3").arg(recording.frames.toLocaleString(Qt.locale(), "f", 0))
            .arg(recording.missed.toLocaleString(Qt.locale(), "f", 0)).arg(stalls)
        if (recording.source === JankRecording.File)
            return qsTr("%1: %2, %3").arg(recording.fileName).arg(length).arg(counted)
        if (recording.source === JankRecording.Ended)
            return (recording.unsaved ? qsTr("Recorded, not saved yet: %1, %2") : qsTr("Recorded: %1, %2")).arg(length).arg(counted)
        return page.monitor.recording ? qsTr("Recording for %1. Remembered: %2").arg(timeText(page.monitor.recordedSeconds)).arg(counted)
                                      : qsTr("The last %1: %2").arg(length).arg(counted)
    }

    function timeText(seconds: real): string {
        const whole = Math.floor(seconds)
        if (whole < 60)
            return qsTr("%1 s").arg(whole)
        return qsTr("%1 min %2 s").arg(Math.floor(whole / 60)).arg(whole % 60)
    }
    // The person is asked for here: the page should be shown.
    signal asking()

    // What waits for the person to say what becomes of a recording that is not saved.
    property var wish: null

    function wishFor(action: var): void {
        if (recording.unsaved) {
            page.wish = action
            page.asking()
        } else {
            action()
        }
    }
    // Whether the program may end now; else it is asked what becomes of the recording, and then `action` is called.
    function mayEnd(action: var): bool {
        if (page.monitor.recording)
            recording.endRecording()
        if (!recording.unsaved)
            return true
        page.wishFor(action)
        return false
    }
    function fulfil(): void {
        const action = page.wish
        page.wish = null
        if (action)
            action()
    }
    function startRecording(): void {
        recording.showLive()
        page.monitor.recording = true
    }
    function toggleRecording(): void {
        if (page.monitor.recording)
            recording.endRecording()
        else
            page.wishFor(page.startRecording)
    }
    function openFile(file: url): void { page.wishFor(() => recording.open(file)) }
    function pickSave(): void { saveDialog.open() }
    function pickOpen(): void { openDialog.open() }

    JankRecording {
        id: recording
        objectName: "timelineRecording"
        monitor: page.monitor
        active: page.visible
    }
    FileDialog {
        id: saveDialog
        title: qsTr("Save the recording")
        fileMode: FileDialog.SaveFile
        defaultSuffix: ["json", "csv", "html"][selectedNameFilter.index] ?? "json"
        nameFilters: [qsTr("Chrome trace, for Perfetto and this page (*.json)"), qsTr("CSV (*.csv)"), qsTr("Report (*.html)")]
        onAccepted: recording.save(file)
    }
    FileDialog {
        id: openDialog
        title: qsTr("Open a recording")
        nameFilters: [qsTr("Recordings (*.json *.csv)"), qsTr("All files (*)")]
        onAccepted: page.openFile(file)
    }
    Connections {
        target: recording
        function onSaved(file: url): void {
            const name = decodeURIComponent(String(file).replace("file://", ""))
            page.savedText = recording.unsaved ? qsTr("Saved: %1. Only a .json file brings the whole recording back here.").arg(name)
                                               : qsTr("Saved: %1").arg(name)
            if (!recording.unsaved)
                page.fulfil()
        }
        function onChanged(): void {
            if (!recording.live)
                page.savedText = ""
        }
        function onUnsavedChanged(): void {
            if (recording.unsaved)
                page.savedText = ""
        }
    }
    property string savedText: ""

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.spaceM

        PageHeader {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            Layout.topMargin: Theme.spaceL
            title: qsTr("Timeline")
            subtitle: page.stateText

            AppButton {
                objectName: "timelineLiveButton"
                visible: !recording.live
                text: qsTr("Live")
                iconName: "gauge"
                hint: qsTr("Back to what happens now")
                onClicked: page.wishFor(recording.showLive)
            }
            AppButton {
                objectName: "openTimelineButton"
                text: page.width > 760 ? qsTr("Open") : ""
                iconName: "folder"
                hint: qsTr("Open a recording")
                keys: "Ctrl+O"
                onClicked: page.pickOpen()
            }
            AppButton {
                objectName: "saveTimelineButton"
                text: page.width <= 760 ? "" : recording.live ? qsTr("Save the last minutes") : qsTr("Save")
                iconName: "save"
                hint: recording.live ? qsTr("Save the last minutes") : qsTr("Save the recording")
                keys: "Ctrl+S"
                primary: recording.unsaved
                enabled: !recording.empty && !recording.busy
                onClicked: page.pickSave()
            }
            AppButton {
                objectName: "recordButton"
                text: page.monitor.recording ? qsTr("Stop") : qsTr("Record")
                iconName: page.monitor.recording ? "stop" : "record"
                hint: page.monitor.recording ? qsTr("Stop recording") : qsTr("Record")
                keys: "Ctrl+R"
                danger: page.monitor.recording
                primary: !page.monitor.recording && recording.source !== JankRecording.Ended
                onClicked: page.toggleRecording()
            }
        }
        RowLayout {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            visible: recording.busy
            spacing: Theme.spaceM

            ProgressLine {
                Layout.fillWidth: true
                value: recording.progress
            }
            AppButton {
                objectName: "cancelTimelineButton"
                text: qsTr("Cancel")
                flat: true
                onClicked: recording.cancel()
            }
        }
        RowLayout {
            objectName: "unsavedQuestion"
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            visible: page.wish !== null
            spacing: Theme.spaceS
            Accessible.role: Accessible.AlertMessage
            Accessible.name: unsavedText.text

            Banner {
                id: unsavedText
                Layout.fillWidth: true
                serious: false
                text: page.wish ? qsTr("The recording is not saved, and would be gone.") : ""
            }
            AppButton {
                objectName: "saveFirstButton"
                text: qsTr("Save")
                hint: qsTr("Save the recording, then go on")
                primary: true
                onClicked: page.pickSave()
            }
            AppButton {
                objectName: "discardButton"
                text: qsTr("Discard")
                hint: qsTr("Discard the recording and go on")
                danger: true
                onClicked: {
                    recording.discard()
                    page.fulfil()
                }
            }
            AppButton {
                objectName: "keepButton"
                text: qsTr("Keep it")
                hint: qsTr("Go on with this recording")
                onClicked: page.wish = null
            }
        }
        Banner {
            objectName: "timelineError"
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            serious: recording.error !== ""
            text: serious ? recording.error : recording.notice
        }
        AppText {
            objectName: "timelineSaved"
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            visible: text !== "" && !recording.busy
            text: page.savedText
            color: Theme.good
            font.pixelSize: 13
            elide: Text.ElideMiddle
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
        JankTimeline {
            objectName: "timeline"
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            Layout.bottomMargin: Theme.spaceL
            visible: !recording.empty
            focus: true
            recording: recording
            fontFamily: Theme.family
            textColor: Theme.text
            mutedColor: Theme.textDim
            trackColor: Theme.dark ? "#0cffffff" : "#09000000"
            panelColor: Theme.raised
            outlineColor: Theme.border
            gridColor: Theme.dark ? "#1cffffff" : "#1a000000"
            lineColor: Theme.dark ? "#8cffffff" : "#8c000000"
            fillTextColor: Theme.dark ? "#0d1117" : "#ffffff"
            accentColor: Theme.accent
            accentTextColor: Theme.accentText
            goodColor: Theme.dark ? "#4fc3b0" : "#128a76"
            lateColor: Theme.dark ? "#f2b84b" : "#b97a00"
            missedColor: Theme.dark ? "#ff6b6b" : "#d3263d"
            uiColor: Theme.dark ? "#7aa8ff" : "#2f6fe0"
            waitColor: Theme.dark ? "#66808a9c" : "#668793a8"
            syncColor: Theme.dark ? "#b08cff" : "#7c4fe0"
            renderColor: Theme.dark ? "#5cc8e8" : "#0f7fa8"
            blockColor: Theme.dark ? "#8c98b4" : "#6c7a94"
            labelColor: Theme.dark ? "#5cc8e8" : "#0f7fa5"
            selectionColor: Theme.text
            laneColors: Theme.dark ? ["#7aa8ff", "#b08cff", "#5cc8e8", "#86d07c", "#f0a868", "#e88cb8"]
                                   : ["#2f6fe0", "#7c4fe0", "#0f7fa5", "#3d8b31", "#b3620f", "#b83a7c"]
        }
        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: recording.empty

            EmptyState {
                anchors.centerIn: parent
                width: Math.min(parent.width - 2 * Theme.spaceXl, 520)
                iconName: "timeline"
                title: recording.busy ? qsTr("Reading the recording") : qsTr("Nothing was recorded yet")
                text: qsTr("Every frame, every stall and what each isolate did is remembered for some minutes, and for hours while you record. Drop a recording here to open it.")
            }
        }
    }
    DropArea {
        id: drop
        objectName: "timelineDrop"
        anchors.fill: parent
        keys: ["text/uri-list"]
        onDropped: event => {
            event.acceptProposedAction()
            page.openFile(event.urls[0])
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
}
