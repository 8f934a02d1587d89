pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Steadyframe.Feed

// The headings of the columns: each sorts by its own, the other way round the next time, and then no more.
Item {
    id: header

    required property FeedModel feed
    required property bool grid
    required property FeedColumns columns

    component Heading: T.AbstractButton {
        id: heading

        required property int column
        property bool rightAligned: false
        readonly property bool sorted: header.feed.sortColumn === column

        objectName: "sort" + column
        height: 28
        focusPolicy: Qt.StrongFocus
        hoverEnabled: true
        Accessible.role: Accessible.Button
        Accessible.name: !sorted ? qsTr("Sort by %1").arg(text)
            : header.feed.descending ? qsTr("Sorted by %1, descending").arg(text) : qsTr("Sorted by %1, ascending").arg(text)
        onClicked: header.feed.sortBy(column)
        Keys.onReturnPressed: clicked()
        Keys.onEnterPressed: clicked()

        background: Rectangle {
            radius: 6
            color: heading.hovered ? Theme.raised : "transparent"
            border.width: heading.visualFocus ? 2 : 0
            border.color: Theme.accent
        }
        contentItem: Item {
            Row {
                x: heading.rightAligned ? parent.width - width - 4 : 6
                anchors.verticalCenter: parent.verticalCenter
                spacing: 2

                AppText {
                    text: heading.text
                    color: heading.sorted ? Theme.accent : Theme.textDim
                    font.pixelSize: Theme.sizeSmall
                    font.weight: Font.DemiBold
                }
                Icon {
                    visible: heading.sorted
                    name: header.feed.descending ? "down" : "up"
                    color: Theme.accent
                    size: 14
                }
            }
        }
    }

    implicitHeight: 30

    Heading {
        id: titleHeading
        x: header.grid ? 4 : header.columns.titleX - 6
        width: header.grid ? 90 : Math.min(header.columns.titleWidth, 120)
        column: FeedModel.Title
        text: qsTr("Title")
    }
    Heading {
        id: addressHeading
        x: header.grid ? 4 + 92 * 3 : header.columns.addressX - 6
        width: header.grid ? 90 : Math.min(header.columns.addressWidth, 120)
        visible: header.grid || header.columns.addressWidth > 0
        column: FeedModel.Url
        text: qsTr("Address")
    }
    Heading {
        x: header.grid ? 4 + 92 : header.columns.albumX
        width: header.grid ? 90 : header.columns.numberWidth + 4
        rightAligned: !header.grid
        column: FeedModel.AlbumId
        text: qsTr("Album")
    }
    Heading {
        x: header.grid ? 4 + 92 * 2 : header.columns.idX
        width: header.grid ? 90 : header.columns.numberWidth + 4
        rightAligned: !header.grid
        column: FeedModel.Id
        text: qsTr("Number")
    }
    Rectangle {
        y: parent.height - 1
        width: parent.width
        height: 1
        color: Theme.border
    }
}
