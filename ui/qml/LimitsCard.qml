import QtQuick
import Steadyframe.Models

// What is refused before memory is spent on it.
SettingsCard {
    id: card

    required property CompressionSettings settings

    title: qsTr("Limits")

    SettingsRow {
        label: qsTr("Pixels of a photo")
        detail: qsTr("Larger ones are refused before they are read: a file can claim any size.")

        NumberBox {
            objectName: "megapixelsBox"
            name: qsTr("At most so many megapixels")
            value: card.settings.mostMegapixels
            to: 1000000
            unit: qsTr("megapixels")
            onEdited: value => card.settings.mostMegapixels = value
        }
    }
    SettingsRow {
        label: qsTr("Bytes of a photo's file")
        detail: qsTr("Longer ones are refused.")

        NumberBox {
            objectName: "fileMegabytesBox"
            name: qsTr("At most so many megabytes in a file")
            value: card.settings.mostFileMegabytes
            to: 1000000
            unit: qsTr("MB")
            onEdited: value => card.settings.mostFileMegabytes = value
        }
    }
    SettingsRow {
        label: qsTr("Memory for a photo")
        detail: qsTr("Where all of it is needed at once: progressive JPEGs, other formats, no loss at all.")

        NumberBox {
            objectName: "memoryMegabytesBox"
            name: qsTr("At most so many megabytes of memory for a photo")
            value: card.settings.mostMemoryMegabytes
            to: 1000000
            unit: qsTr("MB")
            onEdited: value => card.settings.mostMemoryMegabytes = value
        }
    }
}
