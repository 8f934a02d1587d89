pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Steadyframe.Models

// Where photos are uploaded to, and how uploads share the line.
SettingsCard {
    id: card

    required property Destination destination
    required property Session session

    readonly property var kinds: [qsTr("The built-in receiver"), qsTr("A tus server"), qsTr("WebDAV"), qsTr("An S3-compatible store")]
    readonly property var places: ["", "https://tus.example.org/files/", "https://cloud.example.org/remote.php/dav/files/me/photos",
                                   "https://s3.example.org/bucket/photos"]
    readonly property var secrets: ["", qsTr("Token"), qsTr("Password or token"), qsTr("Secret key")]
    readonly property var speeds: [0, 100, 500, 1000, 5000, 10000]

    title: qsTr("Destination")

    component Entry: TextField {
        required property string name
        implicitWidth: 320
        implicitHeight: Theme.controlHeight
        font.family: Theme.family
        font.pixelSize: Theme.sizeBody
        color: Theme.text
        placeholderTextColor: Theme.textDim
        selectByMouse: true
        Accessible.name: name
        background: Rectangle {
            radius: Theme.radius
            color: Theme.raised
            border.width: parent.activeFocus ? 2 : 1
            border.color: parent.activeFocus ? Theme.accent : Theme.border
        }
    }

    SettingsRow {
        label: qsTr("Upload to")
        detail: card.destination.kind === Destination.Receiver ? qsTr("This computer: %1").arg(card.session.receiverFolder)
                                                               : card.destination.address

        ComboBox {
            id: kind
            objectName: "destinationKind"
            model: card.kinds
            currentIndex: card.destination.kind
            implicitWidth: 220
            font.family: Theme.family
            font.pixelSize: Theme.sizeBody
            Accessible.name: qsTr("Upload to")
        }
    }
    SettingsRow {
        visible: kind.currentIndex !== Destination.Receiver
        label: qsTr("Address")
        detail: kind.currentIndex === Destination.S3 ? qsTr("The bucket, with the folder in it.")
              : kind.currentIndex === Destination.WebDav ? qsTr("The folder. It is made when it is missing.")
              : qsTr("Where uploads are created.")

        Entry {
            id: address
            objectName: "destinationAddress"
            name: qsTr("Address")
            text: card.destination.address
            placeholderText: card.places[kind.currentIndex]
            inputMethodHints: Qt.ImhUrlCharactersOnly
        }
    }
    SettingsRow {
        visible: kind.currentIndex === Destination.WebDav || kind.currentIndex === Destination.S3
        label: kind.currentIndex === Destination.S3 ? qsTr("Access key") : qsTr("User")
        detail: kind.currentIndex === Destination.WebDav ? qsTr("Leave it empty to sign in with a token.") : ""

        Entry {
            id: user
            objectName: "destinationUser"
            name: qsTr("User or access key")
            text: card.destination.user
        }
    }
    SettingsRow {
        visible: kind.currentIndex !== Destination.Receiver
        label: card.secrets[kind.currentIndex]
        detail: card.destination.secretText

        Entry {
            id: secret
            objectName: "destinationSecret"
            name: card.secrets[kind.currentIndex]
            echoMode: TextInput.Password
            placeholderText: card.destination.secretText === "" ? "" : qsTr("Unchanged")
        }
    }
    SettingsRow {
        visible: kind.currentIndex === Destination.S3
        label: qsTr("Region")

        Entry {
            id: region
            objectName: "destinationRegion"
            name: qsTr("Region")
            text: card.destination.region
            placeholderText: "us-east-1"
        }
    }
    SettingsRow {
        label: card.destination.testing ? qsTr("Testing") : card.destination.testText === "" ? qsTr("Test")
             : card.destination.testGood ? qsTr("It works") : qsTr("It does not work")
        detail: card.destination.testText === "" ? qsTr("Stores something very small there, and removes it.") : ""

        AppButton {
            objectName: "destinationTest"
            text: qsTr("Test this")
            enabled: !card.destination.testing
            onClicked: card.destination.test(kind.currentIndex, address.text, user.text, secret.text, region.text)
        }
        AppButton {
            objectName: "destinationUse"
            text: qsTr("Use this")
            primary: true
            onClicked: {
                card.destination.use(kind.currentIndex, address.text, user.text, secret.text, region.text)
                secret.clear()
            }
        }
    }
    Banner {
        objectName: "destinationTestResult"
        Layout.fillWidth: true
        Layout.bottomMargin: Theme.spaceS
        text: card.destination.testGood ? "" : card.destination.testText
    }
    SettingsRow {
        label: qsTr("Manifest")
        detail: qsTr("A list of all that was uploaded, as compressed JSON. It is uploaded, too, and opens on the feed page.")

        AppButton {
            objectName: "writeManifest"
            text: qsTr("Write it")
            enabled: card.session.uploaded > 0
            onClicked: card.session.writeManifest()
        }
    }
    SettingsRow {
        label: qsTr("Files at once")
        detail: qsTr("As many as make it faster, or a number of your own.")

        ComboBox {
            objectName: "uploadsAtOnce"
            model: [qsTr("Adapted"), "1", "2", "3", "4", "5", "6"]
            currentIndex: card.destination.atOnce
            implicitWidth: 180
            font.family: Theme.family
            font.pixelSize: Theme.sizeBody
            Accessible.name: qsTr("Files at once")
            onActivated: index => card.destination.changeUploads(index, card.destination.kilobytesPerSecond)
        }
    }
    SettingsRow {
        label: qsTr("Speed limit")
        detail: qsTr("For all uploads together.")

        ComboBox {
            objectName: "uploadSpeed"
            model: card.speeds.map(s => s === 0 ? qsTr("No limit") : s < 1000 ? qsTr("%1 KB/s").arg(s) : qsTr("%1 MB/s").arg(s / 1000))
            currentIndex: Math.max(0, card.speeds.indexOf(card.destination.kilobytesPerSecond))
            implicitWidth: 180
            font.family: Theme.family
            font.pixelSize: Theme.sizeBody
            Accessible.name: qsTr("Speed limit")
            onActivated: index => card.destination.changeUploads(card.destination.atOnce, card.speeds[index])
        }
    }
}
