import QtQuick

// Where the columns of the feed's list lie, for its lines and their heading alike.
QtObject {
    id: columns

    required property real width

    readonly property real numberWidth: 72
    readonly property real titleX: 76
    readonly property real idX: width - Theme.spaceM - numberWidth
    readonly property real albumX: idX - Theme.spaceM - numberWidth
    readonly property real free: albumX - titleX - Theme.spaceL
    readonly property real addressWidth: width > 620 ? Math.round(free * 0.4) : 0
    readonly property real titleWidth: addressWidth > 0 ? free - addressWidth - Theme.spaceL : free
    readonly property real addressX: titleX + titleWidth + Theme.spaceL
}
