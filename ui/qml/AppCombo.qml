pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Controls.Basic

// A choice of one among many.
ComboBox {
    id: box

    required property string name

    implicitWidth: 200
    implicitHeight: Theme.controlHeight
    leftPadding: Theme.spaceM
    font.family: Theme.family
    font.pixelSize: Theme.sizeBody
    Accessible.name: name

    background: Rectangle {
        radius: Theme.radius
        color: box.down || box.hovered ? Theme.border : Theme.raised
        border.width: box.visualFocus ? 2 : 0
        border.color: Theme.accent
    }
    contentItem: AppText {
        text: box.displayText
        verticalAlignment: Text.AlignVCenter
        elide: Text.ElideRight
    }
    delegate: ItemDelegate {
        id: entry
        required property string modelData
        required property int index

        width: ListView.view?.width ?? 0
        height: Theme.controlHeight
        highlighted: box.highlightedIndex === index
        Accessible.name: modelData

        background: Rectangle {
            radius: 6
            color: entry.highlighted ? Theme.accentSoft : "transparent"
        }
        contentItem: AppText {
            text: entry.modelData
            font.weight: box.currentIndex === entry.index ? Font.DemiBold : Font.Normal
            verticalAlignment: Text.AlignVCenter
            elide: Text.ElideRight
        }
    }
}
