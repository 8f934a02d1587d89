import QtQuick

// A setting that is on or off.
SettingsRow {
    id: row

    required property bool on
    property string switchName: ""
    signal switched(on: bool)

    AppSwitch {
        objectName: row.switchName
        name: row.label
        checked: row.on
        onToggled: row.switched(checked)
    }
}
