pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Steadyframe.Models

// How photos are compressed, how the window looks, and where things are.
Item {
    id: page

    required property Session session
    required property CompressionSettings settings

    // What has the focus is in sight, also when it is reached by keyboard.
    readonly property Item focused: page.visible ? page.Window.activeFocusItem : null
    onFocusedChanged: {
        let inside = page.focused
        while (inside && inside !== cards)
            inside = inside.parent
        if (!inside)
            return
        const flickable = scroll.contentItem as Flickable
        const top = page.focused.mapToItem(cards, 0, 0).y - Theme.spaceXl
        const bottom = top + page.focused.height + 2 * Theme.spaceXl
        if (top < flickable.contentY)
            flickable.contentY = Math.max(0, top)
        else if (bottom > flickable.contentY + flickable.height)
            flickable.contentY = Math.max(0, Math.min(bottom, cards.height) - flickable.height)
    }

    ScrollView {
        id: scroll
        anchors.fill: parent
        contentWidth: availableWidth

        ColumnLayout {
            id: cards
            width: parent.width
            spacing: Theme.spaceL

            PageHeader {
                Layout.fillWidth: true
                Layout.leftMargin: Theme.spaceXl
                Layout.rightMargin: Theme.spaceXl
                Layout.topMargin: Theme.spaceL
                title: qsTr("Settings")
            }
            Banner {
                objectName: "settingsProblem"
                Layout.fillWidth: true
                Layout.maximumWidth: 760
                Layout.leftMargin: Theme.spaceXl
                Layout.rightMargin: Theme.spaceXl
                text: page.settings.problem === "" ? "" : qsTr("%1 Until then the last valid settings hold.").arg(page.settings.problem)
            }
            SettingsCard {
                title: qsTr("Compression")

                PresetRow {
                    settings: page.settings
                }
                SettingsRow {
                    label: qsTr("Aim at")
                    detail: [qsTr("For photos that are compressed from now on. 80 is hard to tell from the original."),
                             qsTr("The best quality that fits. A row says so when it can't be reached."),
                             qsTr("The fewest bytes that look so much like the picture: 1 is the same."),
                             qsTr("The same pixels, packed better. For JPEG only.")][page.settings.target]

                    TargetControl {
                        width: 260
                        settings: page.settings
                    }
                }
                SettingsRow {
                    label: qsTr("Size")
                    detail: qsTr("Photos are made smaller, never larger.")

                    SizeControl {
                        width: 260
                        settings: page.settings
                    }
                }
                SwitchRow {
                    label: qsTr("Progressive")
                    detail: qsTr("Shows a coarse picture early and is a few percent smaller; slower to make.")
                    on: page.settings.progressive
                    switchName: "progressiveSwitch"
                    onSwitched: on => page.settings.progressive = on
                }
                SwitchRow {
                    label: qsTr("Convert colours to sRGB")
                    detail: qsTr("Else the picture keeps its colour profile.")
                    on: page.settings.toSrgb
                    switchName: "srgbSwitch"
                    onSwitched: on => page.settings.toSrgb = on
                }
            }
            MetadataCard {
                settings: page.settings
            }
            OutputCard {
                settings: page.settings
            }
            LimitsCard {
                settings: page.settings
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
