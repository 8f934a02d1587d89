import QtQuick
import QtQuick.Layouts
import Steadyframe.Models

// The median of one figure of one way, and under it from where to where the rounds went.
ColumnLayout {
    id: cell

    required property string what
    required property spread value
    required property int decimals
    property bool known: true // some ways have no such figure

    readonly property string range: !known || value.least === value.most ? "" : qsTr("%1 to %2").arg(value.least.toFixed(decimals)).arg(value.most.toFixed(decimals))

    Layout.fillWidth: true
    Layout.preferredWidth: 2
    Layout.alignment: Qt.AlignTop
    spacing: 0
    Accessible.role: Accessible.StaticText
    Accessible.name: what + ": " + median.text + (range === "" ? "" : ", " + range)

    AppText {
        id: median
        Layout.fillWidth: true
        horizontalAlignment: Text.AlignRight
        text: cell.known ? cell.value.median.toFixed(cell.decimals) : "–"
        dim: !cell.known
        font.weight: Font.DemiBold
    }
    AppText {
        Layout.fillWidth: true
        horizontalAlignment: Text.AlignRight
        text: cell.range
        dim: true
        font.pixelSize: Theme.sizeSmall
    }
}
