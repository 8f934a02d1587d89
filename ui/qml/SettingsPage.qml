pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Steadyframe.Models

// How photos are compressed, how the window looks, and where things are.
Item {
    id: page

    required property Session session

    readonly property var sides: [0, 4096, 2560, 1920, 1280]

    ScrollView {
        anchors.fill: parent
        contentWidth: availableWidth

        ColumnLayout {
            width: parent.width
            spacing: Theme.spaceL

            PageHeader {
                Layout.fillWidth: true
                Layout.leftMargin: Theme.spaceXl
                Layout.rightMargin: Theme.spaceXl
                Layout.topMargin: Theme.spaceL
                title: qsTr("Settings")
            }
            SettingsCard {
                title: qsTr("Compression")

                SettingsRow {
                    label: qsTr("Quality")
                    detail: qsTr("For photos that are compressed from now on. 80 is hard to tell from the original.")

                    Slider {
                        id: quality
                        objectName: "qualitySlider"
                        from: 30
                        to: 100
                        stepSize: 1
                        value: page.session.quality
                        implicitWidth: 180
                        Accessible.name: qsTr("Quality")
                        onMoved: page.session.changeSettings(value, page.session.longestSide)
                    }
                    AppText {
                        anchors.verticalCenter: parent.verticalCenter
                        width: 32
                        text: quality.value
                        horizontalAlignment: Text.AlignRight
                        font.weight: Font.DemiBold
                    }
                }
                SettingsRow {
                    label: qsTr("Longest side")
                    detail: qsTr("Photos are made smaller, never larger.")

                    ComboBox {
                        objectName: "sideBox"
                        model: page.sides.map(s => s === 0 ? qsTr("Keep the size") : qsTr("%1 pixels").arg(s))
                        currentIndex: Math.max(0, page.sides.indexOf(page.session.longestSide))
                        implicitWidth: 180
                        font.family: Theme.family
                        font.pixelSize: Theme.sizeBody
                        Accessible.name: qsTr("Longest side")
                        onActivated: index => page.session.changeSettings(page.session.quality, page.sides[index])
                    }
                }
            }
            DestinationCard {
                session: page.session
                destination: page.session.destination
            }
            SettingsCard {
                title: qsTr("Look")

                SettingsRow {
                    label: qsTr("Theme")
                    detail: qsTr("Ctrl+T changes between light and dark.")

                    Segments {
                        accessibleName: qsTr("Theme")
                        current: Theme.choice
                        options: [{ "text": qsTr("System"), "name": "themeSystem" }, { "text": qsTr("Light"), "name": "themeLight" },
                                  { "text": qsTr("Dark"), "name": "themeDark" }]
                        onChosen: index => Theme.choice = index
                    }
                }
            }
            SettingsCard {
                title: qsTr("Where things are")

                SettingsRow {
                    label: qsTr("Results")
                    detail: page.session.resultFolder

                    AppButton {
                        text: qsTr("Open")
                        iconName: "folder"
                        onClicked: page.session.openResultFolder()
                    }
                }
                SettingsRow {
                    label: qsTr("Received")
                    detail: page.session.receiverFolder

                    AppButton {
                        text: qsTr("Open")
                        iconName: "folder"
                        onClicked: page.session.openReceiverFolder()
                    }
                }
                SettingsRow {
                    label: qsTr("Receiver")
                    detail: page.session.receiverAddress === "" ? qsTr("Starting") : page.session.receiverAddress
                }
            }
            Item {
                implicitHeight: Theme.spaceL
            }
        }
    }
}
