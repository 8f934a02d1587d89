pragma Singleton
import QtQuick

// Colours, type, spacing and times of the whole window, in one place.
QtObject {
    id: theme

    enum Choice { System, Light, Dark }

    // What the person chose.
    property int choice: Theme.Choice.System
    // What the system asks for: a dark window colour under a light text.
    readonly property bool systemDark: systemPalette.window.hslLightness < systemPalette.windowText.hslLightness
    readonly property bool dark: choice === Theme.Choice.Dark || (choice === Theme.Choice.System && systemDark)

    readonly property SystemPalette systemPalette: SystemPalette {}

    readonly property color window: dark ? "#0f1216" : "#f5f6f8"
    readonly property color rail: dark ? "#0b0d11" : "#eceef2"
    readonly property color surface: dark ? "#171b21" : "#ffffff"
    readonly property color raised: dark ? "#222831" : "#f0f2f5"
    readonly property color hovered: dark ? "#1d222a" : "#f7f8fa"
    readonly property color border: dark ? "#2b323c" : "#dfe3e9"
    readonly property color text: dark ? "#e9edf3" : "#14181f"
    readonly property color textDim: dark ? "#9aa6b6" : "#566170"
    readonly property color accent: dark ? "#8ea2ff" : "#3a53e0"
    readonly property color accentText: dark ? "#0f1330" : "#ffffff"
    readonly property color accentSoft: dark ? "#262e55" : "#e4e8ff"
    readonly property color good: dark ? "#4cc38a" : "#0a7350"
    readonly property color goodSoft: dark ? "#123527" : "#dcf3e9"
    readonly property color caution: dark ? "#e8b64a" : "#8a5a00"
    readonly property color cautionSoft: dark ? "#3a2d0f" : "#fbeecf"
    readonly property color bad: dark ? "#ff7d90" : "#b8243f"
    readonly property color badSoft: dark ? "#421720" : "#fde5e9"

    readonly property var families: Qt.fontFamilies()
    readonly property var application: Qt.application
    readonly property string family: families.indexOf("Inter") >= 0 ? "Inter" : application.font.family
    readonly property int sizeSmall: 12
    readonly property int sizeBody: 14
    readonly property int sizeTitle: 17
    readonly property int sizeHeading: 24

    readonly property int spaceXs: 4
    readonly property int spaceS: 8
    readonly property int spaceM: 12
    readonly property int spaceL: 16
    readonly property int spaceXl: 24
    readonly property int space2xl: 32
    readonly property int radius: 8
    readonly property int radiusLarge: 14
    readonly property int controlHeight: 36

    // Set to 0 by those who want no motion.
    property int quick: 120

    function toggle(): void {
        choice = dark ? Theme.Choice.Light : Theme.Choice.Dark
    }
}
