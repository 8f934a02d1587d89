import QtQuick
import QtQuick.Layouts
import Steadyframe.Models

// A figure of one way: what it is, its bar, its median, and from where to where the rounds went.
RowLayout {
    id: row

    required property string label
    required property spread value
    required property real maximum
    property color color: Theme.accent
    property int decimals: 0

    readonly property string median: value.median.toFixed(decimals)
    readonly property string range: value.least === value.most ? "" : qsTr("%1 to %2").arg(value.least.toFixed(decimals)).arg(value.most.toFixed(decimals))

    Layout.fillWidth: true
    spacing: Theme.spaceM
    Accessible.role: Accessible.StaticText
    Accessible.name: label + " " + median + (range === "" ? "" : ", " + range)

    AppText {
        Layout.preferredWidth: 190
        text: row.label
        font.pixelSize: 13
    }
    SpreadBar {
        Layout.fillWidth: true
        Layout.minimumWidth: 60
        value: row.value
        maximum: row.maximum
        color: row.color
    }
    AppText {
        Layout.preferredWidth: 44
        text: row.median
        horizontalAlignment: Text.AlignRight
        font.weight: Font.DemiBold
    }
    AppText {
        Layout.preferredWidth: 72
        text: row.range
        dim: true
        font.pixelSize: Theme.sizeSmall
    }
}
