import QtQuick
import Steadyframe.Models

// A photo before (left) and after (right) its compression: a divider to drag, a wheel to zoom, a picture to move.
FocusScope {
    id: view

    required property PreviewModel preview

    // Where the divider is, from 0 to 1.
    property real divider: 0.5
    // How large a pixel of the result is drawn; 0: so that all of it is seen.
    property real chosenZoom: 0
    // The pixel in the middle, from 0 to 1 of each side.
    property point middle: Qt.point(0.5, 0.5)

    readonly property size pixels: preview.pixels
    readonly property bool filled: pixels.width > 0
    readonly property real fitZoom: filled ? Math.min(width / pixels.width, height / pixels.height, 1 / Screen.devicePixelRatio) : 1
    readonly property real zoom: chosenZoom > 0 ? chosenZoom : fitZoom
    readonly property point origin: Qt.point(width / 2 - middle.x * pixels.width * zoom, height / 2 - middle.y * pixels.height * zoom)
    readonly property string zoomText: qsTr("%1 %").arg(Math.round(zoom * Screen.devicePixelRatio * 100))

    function fit(): void {
        chosenZoom = 0
        middle = Qt.point(0.5, 0.5)
    }
    function zoomTo(wanted: real, x: real, y: real): void {
        const next = Math.max(fitZoom, Math.min(16, wanted))
        // What is under the pointer stays there.
        const column = (x - origin.x) / zoom, row = (y - origin.y) / zoom
        chosenZoom = next <= fitZoom ? 0 : next
        moveTo(column - (x - width / 2) / zoom, row - (y - height / 2) / zoom)
    }
    function moveTo(column: real, row: real): void {
        const halfWidth = Math.min(0.5, width / 2 / (pixels.width * zoom)), halfHeight = Math.min(0.5, height / 2 / (pixels.height * zoom))
        middle = Qt.point(Math.max(halfWidth, Math.min(1 - halfWidth, column / pixels.width)),
                          Math.max(halfHeight, Math.min(1 - halfHeight, row / pixels.height)))
    }
    function moveBy(x: real, y: real): void { moveTo(middle.x * pixels.width - x / zoom, middle.y * pixels.height - y / zoom) }
    function actualPixels(): void { zoomTo(1 / Screen.devicePixelRatio, width / 2, height / 2) }
    function moveDivider(by: real): void { divider = Math.max(0, Math.min(1, divider + by)) }
    function look(): void {
        if (!filled || !visible)
            return
        // Half a view more on each side, so that a small move finds it there.
        preview.lookAt(Qt.rect(-origin.x / zoom - width / zoom / 2, -origin.y / zoom - height / zoom / 2, 2 * width / zoom, 2 * height / zoom),
                       zoom * Screen.devicePixelRatio)
    }

    objectName: "compareView"
    activeFocusOnTab: true
    Accessible.role: Accessible.Slider
    Accessible.name: qsTr("Before on the left, after on the right; the divider is at %1 %").arg(Math.round(divider * 100))

    onZoomChanged: Qt.callLater(look)  // qmllint disable use-proper-function
    onOriginChanged: Qt.callLater(look)  // qmllint disable use-proper-function
    onVisibleChanged: Qt.callLater(look)  // qmllint disable use-proper-function
    onPixelsChanged: {
        if (chosenZoom > 0)
            moveBy(0, 0)
    }
    Connections {
        target: view.preview
        function onPhotoChanged(): void { view.fit() }
        function onPicturesChanged(): void { Qt.callLater(view.look) }  // qmllint disable use-proper-function
    }

    Keys.onPressed: event => {
        const step = 60
        switch (event.key) {
        case Qt.Key_Left: event.modifiers & Qt.ShiftModifier ? view.moveBy(step, 0) : view.moveDivider(-0.02); break
        case Qt.Key_Right: event.modifiers & Qt.ShiftModifier ? view.moveBy(-step, 0) : view.moveDivider(0.02); break
        case Qt.Key_Up:
            if (!(event.modifiers & Qt.ShiftModifier))
                return
            view.moveBy(0, step)
            break
        case Qt.Key_Down:
            if (!(event.modifiers & Qt.ShiftModifier))
                return
            view.moveBy(0, -step)
            break
        case Qt.Key_Home: view.divider = 0; break
        case Qt.Key_End: view.divider = 1; break
        case Qt.Key_Plus:
        case Qt.Key_Equal: view.zoomTo(view.zoom * 1.25, view.width / 2, view.height / 2); break
        case Qt.Key_Minus: view.zoomTo(view.zoom / 1.25, view.width / 2, view.height / 2); break
        case Qt.Key_0: view.fit(); break
        case Qt.Key_1: view.actualPixels(); break
        default: return
        }
        event.accepted = true
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.raised
        border.width: view.activeFocus ? 2 : 1
        border.color: view.activeFocus ? Theme.accent : Theme.border
    }
    Item {
        id: stage
        anchors.fill: parent
        anchors.margins: 2
        clip: true
        visible: view.filled

        readonly property real edge: Math.round(view.divider * view.width) - x

        ComparedPicture {
            width: stage.edge
            height: parent.height
            whole: view.preview.before
            part: view.preview.detailBefore
            partRect: view.preview.detail
            pixels: view.pixels
            origin: Qt.point(view.origin.x - stage.x, view.origin.y - stage.y)
            zoom: view.zoom
        }
        ComparedPicture {
            x: stage.edge
            width: parent.width - stage.edge
            height: parent.height
            whole: view.preview.after
            part: view.preview.detailAfter
            partRect: view.preview.detail
            pixels: view.pixels
            origin: Qt.point(view.origin.x - stage.x - stage.edge, view.origin.y - stage.y)
            zoom: view.zoom
        }
    }
    MouseArea {
        id: mover
        property point last

        anchors.fill: parent
        enabled: view.filled
        cursorShape: view.chosenZoom > 0 ? (pressed ? Qt.ClosedHandCursor : Qt.OpenHandCursor) : Qt.ArrowCursor
        onPressed: mouse => {
            view.forceActiveFocus(Qt.MouseFocusReason)
            last = Qt.point(mouse.x, mouse.y)
        }
        onPositionChanged: mouse => {
            view.moveBy(mouse.x - last.x, mouse.y - last.y)
            last = Qt.point(mouse.x, mouse.y)
        }
        onDoubleClicked: mouse => view.chosenZoom > 0 ? view.fit() : view.zoomTo(1 / Screen.devicePixelRatio, mouse.x, mouse.y)
        onWheel: wheel => view.zoomTo(view.zoom * Math.pow(1.0015, wheel.angleDelta.y), wheel.x, wheel.y)
    }
    PinchHandler {
        target: null
        enabled: view.filled
        property real last: 1
        onActiveChanged: last = 1
        onActiveScaleChanged: {
            if (!active)
                return
            view.zoomTo(view.zoom * activeScale / last, centroid.position.x, centroid.position.y)
            last = activeScale
        }
    }

    Rectangle {
        x: Math.round(view.divider * view.width) - 1
        width: 2
        height: parent.height
        visible: view.filled
        color: Theme.accent
    }
    Rectangle {
        objectName: "dividerHandle"
        x: Math.round(view.divider * view.width) - width / 2
        y: (parent.height - height) / 2
        width: 32
        height: 32
        radius: 16
        visible: view.filled
        color: Theme.accent

        Icon {
            anchors.centerIn: parent
            name: "slide"
            color: Theme.accentText
            size: 20
        }
        MouseArea {
            anchors.fill: parent
            anchors.margins: -6
            cursorShape: Qt.SplitHCursor
            onPressed: view.forceActiveFocus(Qt.MouseFocusReason)
            onPositionChanged: mouse => {
                if (pressed)
                    view.divider = Math.max(0, Math.min(1, mapToItem(view, mouse.x, 0).x / view.width))
            }
        }
    }
    SideLabel {
        anchors.left: parent.left
        anchors.top: parent.top
        anchors.margins: Theme.spaceM
        visible: view.filled && view.divider > 0.12
        text: qsTr("Before")
    }
    SideLabel {
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.margins: Theme.spaceM
        visible: view.filled && view.divider < 0.88
        text: qsTr("After")
    }
}
