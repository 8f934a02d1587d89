pragma ComponentBehavior: Bound
import QtQuick
import Steadyframe.Models

// Sentences that come, can be read, and go.
Column {
    id: toasts

    required property Session session

    spacing: Theme.spaceS

    Connections {
        target: toasts.session
        function onNotice(text: string, kind: int): void {
            for (let i = 0; i < notices.count; ++i) {
                if (notices.get(i).text === text)
                    return
            }
            if (notices.count > 2)
                notices.remove(0)
            notices.append({ "text": text, "kind": kind })
        }
    }
    ListModel {
        id: notices
    }
    Repeater {
        model: notices

        Rectangle {
            id: toast
            required property int index
            required property string text
            required property int kind

            width: Math.min(460, toasts.parent.width - 2 * Theme.spaceL)
            implicitHeight: message.implicitHeight + 2 * Theme.spaceM
            radius: Theme.radius
            color: Theme.surface
            border.width: 1
            border.color: kind === Session.Error ? Theme.bad : kind === Session.Warning ? Theme.caution : Theme.border
            Accessible.role: Accessible.AlertMessage
            Accessible.name: text

            Timer {
                running: true
                interval: 4000 + 50 * toast.text.length
                onTriggered: notices.remove(toast.index)
            }
            Icon {
                id: symbol
                x: Theme.spaceM
                anchors.verticalCenter: parent.verticalCenter
                name: toast.kind === Session.Info ? "queued" : "failed"
                color: toast.kind === Session.Error ? Theme.bad : toast.kind === Session.Warning ? Theme.caution : Theme.textDim
            }
            AppText {
                id: message
                anchors.left: symbol.right
                anchors.right: close.left
                anchors.leftMargin: Theme.spaceM
                anchors.verticalCenter: parent.verticalCenter
                text: toast.text
                wrapMode: Text.WordWrap
                elide: Text.ElideNone
            }
            AppButton {
                id: close
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                anchors.rightMargin: Theme.spaceXs
                iconName: "cancel"
                hint: qsTr("Dismiss")
                flat: true
                onClicked: notices.remove(toast.index)
            }
        }
    }
}
