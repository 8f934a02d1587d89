import QtQuick
import QtTest
import Steadyframe
import Steadyframe.Models

Item {
    id: root
    width: 700
    height: 500

    AppSwitch {
        id: toggle
        name: "On or off"
        onToggled: toggledTo = checked
        property bool toggledTo: false
    }
    NumberBox {
        id: number
        objectName: "number"
        y: 50
        name: "A number"
        value: 1920
        from: 1
        to: 65500
        onEdited: value => edits.push(value)
        property var edits: []
    }
    TargetControl {
        id: target
        y: 100
        width: 260
        settings: compressionSettings
    }
    SizeControl {
        id: size
        y: 300
        width: 260
        settings: compressionSettings
    }
    SwitchRow {
        id: row
        y: 400
        width: 400
        label: "Keep it"
        on: compressionSettings.keepGps
        switchName: "rowSwitch"
        onSwitched: on => compressionSettings.keepGps = on
    }
    CompareView {
        id: view
        x: 400
        width: 300
        height: 300
        preview: previewModel
    }

    TestCase {
        name: "Compression"
        when: windowShown

        function init() {
            compressionSettings.target = CompressionSettings.Quality
            compressionSettings.quality = 80
            compressionSettings.resize = CompressionSettings.KeepSize
            compressionSettings.keepGps = true
            number.edits = []
        }

        function test_switchIsToggledByMouseAndKeys() {
            const was = toggle.checked
            mouseClick(toggle)
            compare(toggle.toggledTo, !was)
            toggle.forceActiveFocus(Qt.TabFocusReason)
            keyClick(Qt.Key_Space)
            compare(toggle.toggledTo, was)
            keyClick(Qt.Key_Return)
            compare(toggle.toggledTo, !was)
        }

        function test_numberIsWrittenWhenItIsDone() {
            const field = findChild(number, "numberField")
            field.forceActiveFocus(Qt.TabFocusReason)
            field.selectAll()
            keyClick(Qt.Key_8)
            keyClick(Qt.Key_0)
            compare(number.edits.length, 0)
            keyClick(Qt.Key_Return)
            compare(number.edits, [80])
        }

        function test_numberOutOfItsRangeIsNotWritten() {
            const field = findChild(number, "numberField")
            field.forceActiveFocus(Qt.TabFocusReason)
            field.selectAll()
            for (const key of [Qt.Key_9, Qt.Key_9, Qt.Key_9, Qt.Key_9, Qt.Key_9, Qt.Key_9])
                keyClick(key)
            keyClick(Qt.Key_Return)
            compare(number.edits.length, 0)
            toggle.forceActiveFocus(Qt.TabFocusReason)
            compare(field.text, "1920")
        }

        function test_controlsShowWhatTheTargetNeeds_data() {
            return [
                { "target": CompressionSettings.Quality, "shown": ["qualitySlider"] },
                { "target": CompressionSettings.Bytes, "shown": ["kilobytesBox", "qualityRange"] },
                { "target": CompressionSettings.Similarity, "shown": ["similaritySlider", "qualityRange"] },
                { "target": CompressionSettings.Lossless, "shown": [] }
            ]
        }
        function test_controlsShowWhatTheTargetNeeds(data) {
            compressionSettings.target = data.target
            for (const name of ["qualitySlider", "kilobytesBox", "similaritySlider", "qualityRange"])
                compare(findChild(target, name).visible, data.shown.indexOf(name) >= 0, name)
        }

        function test_qualityIsChosenByKeys() {
            const slider = findChild(target, "qualitySlider")
            slider.forceActiveFocus(Qt.TabFocusReason)
            keyClick(Qt.Key_Left)
            compare(compressionSettings.quality, 79)
            keyClick(Qt.Key_Right)
            compare(compressionSettings.quality, 80)
        }

        function test_controlsShowWhatTheSizeNeeds() {
            verify(!findChild(size, "widthBox").visible)
            compressionSettings.resize = CompressionSettings.Box
            verify(findChild(size, "widthBox").visible && findChild(size, "heightBox").visible)
            compressionSettings.resize = CompressionSettings.Percent
            verify(!findChild(size, "widthBox").visible && findChild(size, "percentBox").visible)
        }

        function test_rowFollowsAndSets() {
            const control = findChild(row, "rowSwitch")
            verify(control.checked)
            mouseClick(control)
            verify(!compressionSettings.keepGps)
            compressionSettings.keepGps = true
            verify(control.checked)
        }

        function test_dividerStaysInside() {
            view.forceActiveFocus(Qt.TabFocusReason)
            view.divider = 0.01
            keyClick(Qt.Key_Left)
            compare(view.divider, 0)
            keyClick(Qt.Key_End)
            keyClick(Qt.Key_Right)
            compare(view.divider, 1)
        }
    }
}
