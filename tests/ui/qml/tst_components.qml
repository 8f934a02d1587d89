import QtQuick
import QtTest
import Steadyframe
import Steadyframe.Models

Item {
    id: root
    width: 600
    height: 400

    AppButton {
        id: button
        x: 10
        y: 10
        text: "Press"
        iconName: "add"
        keys: "Ctrl+O"
        hint: "What it is for"
    }
    Segments {
        id: segments
        x: 10
        y: 60
        current: 0
        options: [{ "text": "One", "name": "one" }, { "text": "Two", "name": "two", "count": 7 }]
        onChosen: index => current = index
    }
    StateChip {
        id: chip
        x: 10
        y: 120
        photoState: Photo.Queued
        text: "Queued"
    }
    ProgressLine {
        id: line
        x: 10
        y: 160
        width: 100
        value: 0
    }

    SignalSpy {
        id: clicked
        target: button
        signalName: "clicked"
    }

    TestCase {
        name: "Components"
        when: windowShown

        function init() {
            clicked.clear()
            button.enabled = true
            segments.current = 0
            Theme.choice = Theme.Light
        }

        function test_buttonIsPressedByMouseAndKeys() {
            mouseClick(button)
            compare(clicked.count, 1)
            button.forceActiveFocus(Qt.TabFocusReason)
            keyClick(Qt.Key_Return)
            compare(clicked.count, 2)
            keyClick(Qt.Key_Enter)
            compare(clicked.count, 3)
            keyClick(Qt.Key_Space)
            compare(clicked.count, 4)
            button.enabled = false
            mouseClick(button)
            compare(clicked.count, 4)
        }

        function test_buttonSaysWhatItIsForAndItsShortcut() {
            // A loader makes the hint while it is wanted.
            const maker = Array.from(button.children).find(child => child.sourceComponent !== undefined)
            verify(maker)
            mouseMove(root, 500, 300)
            tryCompare(maker, "item", null)
            mouseMove(button)
            tryVerify(() => maker.item !== null)
            compare(maker.item.text, "What it is for   Ctrl+O")
            tryCompare(maker.item, "opened", true)
            mouseMove(root, 500, 300)
            tryCompare(maker, "item", null)
        }

        function test_segmentsAreChosenByMouseAndKeys() {
            const two = findChild(segments, "two")
            verify(two)
            mouseClick(two)
            compare(segments.current, 1)
            findChild(segments, "one").forceActiveFocus(Qt.TabFocusReason)
            keyClick(Qt.Key_Space)
            compare(segments.current, 0)
            keyClick(Qt.Key_Right)
            keyClick(Qt.Key_Return)
            compare(segments.current, 1)
            keyClick(Qt.Key_Left)
            keyClick(Qt.Key_Return)
            compare(segments.current, 0)
        }

        function test_progressIsDrawnWithinItsLine() {
            const bar = line.children[0]
            verify(!bar.visible)
            line.value = 0.5
            compare(bar.width, 50)
            line.value = 7
            compare(bar.width, 100)
            line.value = 0
        }

        // WCAG 2.1, relative luminance.
        function luminance(color) {
            const linear = c => c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4)
            return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)
        }
        function contrast(one, other) {
            const a = luminance(one), b = luminance(other)
            return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
        }
        function test_contrastIsMeasured() {
            compare(Math.round(contrast(Qt.color("#000000"), Qt.color("#ffffff"))), 21)
            verify(Math.abs(contrast(Qt.color("#777777"), Qt.color("#ffffff")) - 4.48) < 0.01)
        }

        function test_textIsReadable_data() {
            const pairs = [
                ["text", ["window", "rail", "surface", "raised", "hovered", "accentSoft"]],
                ["textDim", ["window", "rail", "surface", "raised", "hovered", "accentSoft"]],
                ["accent", ["window", "surface", "accentSoft"]],
                ["accentText", ["accent"]],
                ["good", ["window", "surface", "hovered", "goodSoft", "accentSoft"]],
                ["bad", ["window", "surface", "raised", "hovered", "badSoft"]],
                ["caution", ["surface", "cautionSoft"]]
            ]
            const rows = []
            for (const choice of [Theme.Light, Theme.Dark]) {
                for (const [text, grounds] of pairs) {
                    for (const ground of grounds)
                        rows.push({ "tag": text + " on " + ground + (choice === Theme.Dark ? ", dark" : ", light"),
                                    "choice": choice, "text": text, "ground": ground })
                }
            }
            return rows
        }
        function test_textIsReadable(row) {
            Theme.choice = row.choice
            const ratio = contrast(Theme[row.text], Theme[row.ground])
            verify(ratio >= 4.5, ratio.toFixed(2))
        }

        function test_everyStateHasAnIconAndAColour() {
            const seen = {}
            for (let state = Photo.Queued; state <= Photo.Cancelled; ++state) {
                chip.photoState = state
                verify(chip.icons[state] !== undefined)
                verify(!seen[chip.icons[state]])
                seen[chip.icons[state]] = true
                verify(contrast(chip.foreground, chip.color) >= 4.5)
            }
        }
    }
}
