import QtQuick

// A number with its unit. It is written when the person is done with it.
Row {
    id: box

    required property string name
    required property real value
    property real from: 1
    property real to: 65500
    property int decimals: 0
    property string unit: ""
    signal edited(value: real)

    function shown(): string { return Number(value).toLocaleString(Qt.locale("C"), "f", decimals).replace(/,/g, "") }

    spacing: Theme.spaceS
    onValueChanged: field.text = shown()

    TextBox {
        id: field
        objectName: box.objectName === "" ? "" : box.objectName + "Field"
        name: box.name
        width: 92
        horizontalAlignment: TextInput.AlignRight
        inputMethodHints: Qt.ImhFormattedNumbersOnly
        validator: DoubleValidator {
            bottom: box.from
            top: box.to
            decimals: box.decimals
            notation: DoubleValidator.StandardNotation
            locale: "C"
        }
        text: box.shown()
        onEditingFinished: box.edited(Number(text))
        // What can't be used is not left standing there.
        onActiveFocusChanged: {
            if (!activeFocus && !acceptableInput)
                text = box.shown()
        }
    }
    AppText {
        anchors.verticalCenter: parent.verticalCenter
        visible: text !== ""
        text: box.unit
        dim: true
    }
}
