import QtQuick
import QtQuick.Layouts
import Steadyframe.Models

// Why no upload goes on until the person has done something, and what can be done. Not there while nothing is asked.
ColumnLayout {
    id: banner

    required property Session session

    visible: session.attention !== Session.NoAttention
    spacing: Theme.spaceS

    Banner {
        objectName: "attention"
        Layout.fillWidth: true
        text: banner.session.attentionText
        serious: banner.session.attention !== Session.NameExists
    }
    RowLayout {
        Layout.alignment: Qt.AlignRight
        spacing: Theme.spaceS

        AppButton {
            objectName: "nameKeepBoth"
            visible: banner.session.attention === Session.NameExists
            text: qsTr("Keep both")
            primary: true
            onClicked: banner.session.answerName(Session.KeepBoth)
        }
        AppButton {
            objectName: "nameReplace"
            visible: banner.session.attention === Session.NameExists
            text: qsTr("Replace")
            danger: true
            onClicked: banner.session.answerName(Session.Replace)
        }
        AppButton {
            objectName: "nameSkip"
            visible: banner.session.attention === Session.NameExists
            text: qsTr("Leave mine out")
            onClicked: banner.session.answerName(Session.Skip)
        }
        AppButton {
            objectName: "tryAgain"
            visible: banner.session.attention !== Session.NameExists
            text: qsTr("Try again")
            onClicked: banner.session.resume()
        }
    }
}
