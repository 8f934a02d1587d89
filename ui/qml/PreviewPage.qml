pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Steadyframe.Models

// A photo before and after, live as the settings change.
Item {
    id: page

    required property PreviewModel preview
    required property CompressionSettings settings
    required property PhotoListModel photos

    readonly property bool chosen: preview.photoId >= 0
    readonly property bool wide: width > 860

    function step(by: int): void {
        const next = photos.neighbour(preview.photoId, by)
        if (next >= 0)
            preview.show(next)
    }
    // Something is there to be compared as soon as there is a photo.
    function showAny(): void {
        if (visible && !chosen && photos.count > 0)
            preview.show(photos.neighbour(-1, 1))
    }

    onVisibleChanged: {
        preview.setVisible(visible)
        showAny()
        if (visible)
            view.forceActiveFocus(Qt.OtherFocusReason)
    }
    Connections {
        target: page.photos
        function onCountChanged(): void { Qt.callLater(page.showAny) }  // qmllint disable use-proper-function
    }
    Keys.onPressed: event => {
        if (event.key === Qt.Key_PageDown)
            page.step(1)
        else if (event.key === Qt.Key_PageUp)
            page.step(-1)
        else
            return
        event.accepted = true
    }

    ColumnLayout {
        anchors.fill: parent
        anchors.bottomMargin: Theme.spaceL
        spacing: Theme.spaceM

        PageHeader {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            Layout.topMargin: Theme.spaceL
            title: qsTr("Before and after")
            subtitle: page.preview.name

            AppText {
                anchors.verticalCenter: parent.verticalCenter
                visible: page.chosen
                text: view.zoomText
                dim: true
            }
            AppButton {
                objectName: "previewFitButton"
                visible: page.chosen
                text: qsTr("Fit")
                hint: qsTr("Show all of it")
                keys: "0"
                enabled: view.chosenZoom > 0
                onClicked: view.fit()
            }
            AppButton {
                objectName: "previewPixelsButton"
                visible: page.chosen
                text: qsTr("100 %")
                hint: qsTr("Show each pixel as one")
                keys: "1"
                onClicked: view.actualPixels()
            }
            AppButton {
                objectName: "previewBackButton"
                visible: page.chosen
                iconName: "back"
                hint: qsTr("The photo before")
                keys: "Page Up"
                onClicked: page.step(-1)
            }
            AppButton {
                objectName: "previewNextButton"
                visible: page.chosen
                iconName: "next"
                hint: qsTr("The next photo")
                keys: "Page Down"
                onClicked: page.step(1)
            }
        }
        RowLayout {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.leftMargin: Theme.spaceXl
            Layout.rightMargin: Theme.spaceXl
            spacing: Theme.spaceL
            visible: page.chosen

            ColumnLayout {
                Layout.fillWidth: true
                Layout.fillHeight: true
                spacing: Theme.spaceS

                CompareView {
                    id: view
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    preview: page.preview

                    AppText {
                        objectName: "previewMessage"
                        anchors.centerIn: parent
                        width: parent.width - 2 * Theme.spaceXl
                        visible: page.preview.state === PreviewModel.Failed || page.preview.state === PreviewModel.Rendering
                        text: page.preview.state === PreviewModel.Failed ? page.preview.message : qsTr("Compressing")
                        color: page.preview.state === PreviewModel.Failed ? Theme.bad : Theme.textDim
                        horizontalAlignment: Text.AlignHCenter
                        wrapMode: Text.WordWrap
                    }
                }
                ProgressLine {
                    Layout.fillWidth: true
                    opacity: page.preview.busy ? 1 : 0
                    value: page.preview.progress
                }
                RowLayout {
                    Layout.fillWidth: true
                    spacing: Theme.spaceL

                    AppText {
                        objectName: "previewBefore"
                        Layout.alignment: Qt.AlignTop
                        text: page.preview.beforeText
                        dim: true
                        font.pixelSize: 13
                    }
                    AppText {
                        objectName: "previewAfter"
                        Layout.fillWidth: true
                        text: page.preview.afterText
                        font.weight: Font.DemiBold
                        font.pixelSize: 13
                        horizontalAlignment: Text.AlignRight
                        wrapMode: Text.WordWrap
                    }
                }
                AppText {
                    objectName: "previewNote"
                    Layout.fillWidth: true
                    visible: text !== "" && page.preview.state === PreviewModel.Ready
                    text: page.preview.message
                    color: Theme.caution
                    font.pixelSize: Theme.sizeSmall
                    wrapMode: Text.WordWrap
                }
            }
            ScrollView {
                Layout.preferredWidth: page.wide ? 300 : 236
                Layout.fillHeight: true
                contentWidth: availableWidth

                Column {
                    id: panel
                    width: (page.wide ? 300 : 236) - Theme.spaceS
                    spacing: Theme.spaceM

                    AppText {
                        text: qsTr("Aim at")
                        font.weight: Font.DemiBold
                    }
                    TargetControl {
                        width: panel.width
                        settings: page.settings
                    }
                    AppText {
                        text: qsTr("Size")
                        font.weight: Font.DemiBold
                    }
                    SizeControl {
                        width: panel.width
                        settings: page.settings
                    }
                    Repeater {
                        model: [{ "label": qsTr("Progressive"), "key": "progressive" }, { "label": qsTr("Convert to sRGB"), "key": "toSrgb" },
                                { "label": qsTr("Keep where it was taken"), "key": "keepGps" }]

                        RowLayout {
                            id: choice
                            required property var modelData
                            width: panel.width

                            AppText {
                                Layout.fillWidth: true
                                text: choice.modelData.label
                                elide: Text.ElideRight
                            }
                            AppSwitch {
                                name: choice.modelData.label
                                checked: page.settings[choice.modelData.key]
                                onToggled: page.settings[choice.modelData.key] = checked
                            }
                        }
                    }
                    Banner {
                        width: panel.width
                        text: page.settings.problem
                    }
                    AppText {
                        width: panel.width
                        text: qsTr("These are the settings for photos that are compressed from now on.")
                        dim: true
                        font.pixelSize: Theme.sizeSmall
                        wrapMode: Text.WordWrap
                    }
                }
            }
        }
        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: !page.chosen

            EmptyState {
                anchors.centerIn: parent
                width: Math.min(parent.width - 2 * Theme.spaceXl, 520)
                iconName: "before-after"
                title: qsTr("No photo to compare yet")
                text: qsTr("Pick photos, and see each one before and after, pixel by pixel, while you change the settings.")
            }
        }
    }
}
