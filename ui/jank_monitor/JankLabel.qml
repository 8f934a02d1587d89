import QtQml
import JankMonitor

// Says what the program is doing while `when` holds, so that bad frames and stalls of that time carry it.
QtObject {
    id: root

    required property JankMonitor monitor
    required property string text
    property bool when: false

    property int key: 0

    onWhenChanged: root.update()
    onTextChanged: root.update()
    Component.onCompleted: root.update()
    Component.onDestruction: if (root.monitor) root.monitor.endLabel(root.key)

    function update(): void {
        root.monitor.endLabel(root.key)
        root.key = root.when ? root.monitor.beginLabel(root.text) : 0
    }
}
