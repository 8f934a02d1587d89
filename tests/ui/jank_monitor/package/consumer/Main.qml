import QtQuick
import JankMonitor

Window {
    id: window
    width: 400
    height: 300
    visible: true

    JankMonitor {
        id: monitor
        objectName: "monitor"
        window: window
        enabled: true
    }
    JankOverlay {
        objectName: "overlay"
        monitor: monitor
    }
}
