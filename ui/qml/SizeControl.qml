import QtQuick
import Steadyframe.Models

// How large results are: by which rule, and its numbers.
Column {
    id: control

    required property CompressionSettings settings

    spacing: Theme.spaceXs

    AppCombo {
        objectName: "sizeBox"
        name: qsTr("Size of the results")
        width: control.width
        model: [qsTr("As large as the original"), qsTr("Longest side"), qsTr("Fit into a box"), qsTr("Width"), qsTr("Height"), qsTr("Percent")]
        currentIndex: control.settings.resize
        onActivated: index => control.settings.resize = index
    }
    Flow {
        width: control.width
        spacing: Theme.spaceS
        visible: control.settings.resize !== CompressionSettings.KeepSize

        NumberBox {
            objectName: "widthBox"
            visible: control.settings.resize === CompressionSettings.LongestSide || control.settings.resize === CompressionSettings.Box
                || control.settings.resize === CompressionSettings.Width
            name: control.settings.resize === CompressionSettings.LongestSide ? qsTr("Longest side in pixels") : qsTr("Width in pixels")
            value: control.settings.pixelWidth
            unit: control.settings.resize === CompressionSettings.Box ? "×" : qsTr("pixels")
            onEdited: value => control.settings.pixelWidth = value
        }
        NumberBox {
            objectName: "heightBox"
            visible: control.settings.resize === CompressionSettings.Box || control.settings.resize === CompressionSettings.Height
            name: qsTr("Height in pixels")
            value: control.settings.pixelHeight
            unit: qsTr("pixels")
            onEdited: value => control.settings.pixelHeight = value
        }
        NumberBox {
            objectName: "percentBox"
            visible: control.settings.resize === CompressionSettings.Percent
            name: qsTr("Percent of each side")
            value: control.settings.percent
            from: 0.1
            to: 100
            decimals: 1
            unit: "%"
            onEdited: value => control.settings.percent = value
        }
    }
}
