import QtQuick
import QtQuick.Controls.Basic
import Steadyframe.Models

// What a compression aims at: which kind, and its number.
Column {
    id: control

    required property CompressionSettings settings

    spacing: Theme.spaceXs

    AppCombo {
        objectName: "targetBox"
        name: qsTr("What to aim at")
        width: control.width
        model: [qsTr("A quality"), qsTr("A size in bytes"), qsTr("A likeness"), qsTr("No loss at all")]
        currentIndex: control.settings.target
        onActivated: index => control.settings.target = index
    }
    Row {
        visible: control.settings.target === CompressionSettings.Quality
        spacing: Theme.spaceS

        Slider {
            id: quality
            objectName: "qualitySlider"
            width: control.width - 40
            height: Theme.controlHeight
            from: 1
            to: 100
            stepSize: 1
            value: control.settings.quality
            Accessible.name: qsTr("Quality")
            onMoved: control.settings.quality = value
        }
        AppText {
            anchors.verticalCenter: parent.verticalCenter
            width: 32
            text: control.settings.quality
            horizontalAlignment: Text.AlignRight
            font.weight: Font.DemiBold
        }
    }
    NumberBox {
        objectName: "kilobytesBox"
        visible: control.settings.target === CompressionSettings.Bytes
        name: qsTr("At most so many kilobytes")
        value: control.settings.kilobytes
        from: 0.001
        to: 1000000
        decimals: 3 - Math.min(3, Math.max(0, Math.ceil(Math.log10(value))))
        unit: qsTr("KB at most")
        onEdited: value => control.settings.kilobytes = value
    }
    Row {
        visible: control.settings.target === CompressionSettings.Similarity
        spacing: Theme.spaceS

        Slider {
            objectName: "similaritySlider"
            width: control.width - 60
            height: Theme.controlHeight
            from: 0.8
            to: 0.999
            stepSize: 0.001
            value: control.settings.similarity
            Accessible.name: qsTr("Structural similarity")
            onMoved: control.settings.similarity = Math.round(value * 1000) / 1000
        }
        AppText {
            anchors.verticalCenter: parent.verticalCenter
            width: 52
            text: control.settings.similarity.toFixed(3)
            horizontalAlignment: Text.AlignRight
            font.weight: Font.DemiBold
        }
    }
    Row {
        visible: control.settings.target === CompressionSettings.Bytes || control.settings.target === CompressionSettings.Similarity
        spacing: Theme.spaceS

        RangeSlider {
            objectName: "qualityRange"
            width: control.width - 92
            height: Theme.controlHeight
            from: 1
            to: 100
            stepSize: 1
            first.value: control.settings.lowestQuality
            second.value: control.settings.highestQuality
            Accessible.name: qsTr("Qualities that may be chosen")
            first.onMoved: control.settings.lowestQuality = first.value
            second.onMoved: control.settings.highestQuality = second.value
        }
        AppText {
            anchors.verticalCenter: parent.verticalCenter
            width: 84
            text: qsTr("q %1 – %2").arg(control.settings.lowestQuality).arg(control.settings.highestQuality)
            horizontalAlignment: Text.AlignRight
            dim: true
            font.pixelSize: Theme.sizeSmall
        }
    }
}
