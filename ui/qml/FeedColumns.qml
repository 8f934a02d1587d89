import QtQuick

// Where the columns of the feed's list lie, for its lines and their heading alike.
QtObject {
    id: columns

    required property real width
    // How many characters the longest number has.
    property int longestNumber: 1

    // The heading needs some, too.
    readonly property real numberWidth: Math.max(72, Math.ceil(longestNumber * digit.advanceWidth))
    readonly property TextMetrics digit: TextMetrics {
        font.family: Theme.family
        font.pixelSize: 13
        font.weight: Font.Bold
        text: "0"
    }
    readonly property real titleX: 76
    readonly property real idX: width - Theme.spaceM - numberWidth
    readonly property real albumX: idX - Theme.spaceM - numberWidth
    readonly property real free: albumX - titleX - Theme.spaceL
    readonly property real addressWidth: width > 620 ? Math.round(free * 0.4) : 0
    readonly property real titleWidth: addressWidth > 0 ? free - addressWidth - Theme.spaceL : free
    readonly property real addressX: titleX + titleWidth + Theme.spaceL
}
