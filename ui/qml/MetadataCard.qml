import QtQuick
import Steadyframe.Models

// What results tell about the photo, by kind.
SettingsCard {
    id: card

    required property CompressionSettings settings
    readonly property bool all: settings.keepCamera && settings.keepDate && settings.keepGps && settings.keepComments && settings.keepXmp && settings.keepThumbnail
    readonly property bool none: !settings.keepCamera && !settings.keepDate && !settings.keepGps && !settings.keepComments && !settings.keepXmp && !settings.keepThumbnail

    function keep(everything: bool): void {
        settings.keepCamera = everything
        settings.keepDate = everything
        settings.keepGps = everything
        settings.keepComments = everything
        settings.keepXmp = everything
        settings.keepThumbnail = everything
    }

    title: qsTr("What results tell about the photo")

    SwitchRow {
        label: qsTr("Where it was taken (GPS)")
        detail: qsTr("Kept by default: a place that was dropped can't be brought back. Switch it off before you publish.")
        on: card.settings.keepGps
        switchName: "gpsSwitch"
        onSwitched: on => card.settings.keepGps = on
    }
    SettingsRow {
        label: qsTr("All of it")
        detail: qsTr("Keep all, strip all, or choose below.")

        Segments {
            accessibleName: qsTr("All of what results tell")
            current: card.all ? 0 : card.none ? 1 : 2
            options: [{ "text": qsTr("Keep all"), "name": "metadataAll" }, { "text": qsTr("Strip all"), "name": "metadataNone" }, { "text": qsTr("Choose"), "name": "metadataSome" }]
            onChosen: index => {
                if (index !== 2)
                    card.keep(index === 0)
            }
        }
    }
    SwitchRow {
        label: qsTr("Camera")
        detail: qsTr("Maker, model, lens, exposure, serial numbers, software.")
        on: card.settings.keepCamera
        switchName: "cameraSwitch"
        onSwitched: on => card.settings.keepCamera = on
    }
    SwitchRow {
        label: qsTr("Date")
        detail: qsTr("When it was taken and changed.")
        on: card.settings.keepDate
        switchName: "dateSwitch"
        onSwitched: on => card.settings.keepDate = on
    }
    SwitchRow {
        label: qsTr("Comments")
        detail: qsTr("Descriptions, authors, rights, keywords, ratings, faces.")
        on: card.settings.keepComments
        switchName: "commentsSwitch"
        onSwitched: on => card.settings.keepComments = on
    }
    SwitchRow {
        label: qsTr("XMP")
        detail: qsTr("What editors wrote, less what is switched off here.")
        on: card.settings.keepXmp
        switchName: "xmpSwitch"
        onSwitched: on => card.settings.keepXmp = on
    }
    SwitchRow {
        label: qsTr("Embedded thumbnail")
        detail: qsTr("A small picture inside the file; some devices show it.")
        on: card.settings.keepThumbnail
        switchName: "thumbnailSwitch"
        onSwitched: on => card.settings.keepThumbnail = on
    }
}
