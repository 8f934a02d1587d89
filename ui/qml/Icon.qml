pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes

// A line icon on a grid of 24 by 24, in the colour that is asked for.
Item {
    id: icon

    required property string name
    property color color: Theme.text
    property real size: 20

    readonly property var paths: ({
        "photos": "M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v11a2.5 2.5 0 0 1-2.5 2.5h-11A2.5 2.5 0 0 1 4 17.5z M4.5 17l4.7-5 3.6 3.8 2.4-2.4 4.3 4.4 M15.5 8.5h.01",
        "feed": "M4 6h2 M10 6h10 M4 12h2 M10 12h10 M4 18h2 M10 18h10",
        "compare": "M5 20V10 M10 20V4 M15 20v-7 M20 20V8",
        "before-after": "M4 5h16v14H4z M12 3v18 M15 9h2.5 M15 12h2.5 M15 15h2.5",
        "slide": "M9 7l-4.5 5L9 17 M15 7l4.5 5L15 17",
        "back": "M14.5 6l-6 6 6 6",
        "next": "M9.5 6l6 6-6 6",
        "timeline": "M4 4v16 M4 7h9 M8 12h11 M6 17h6 M15 17h5",
        "record": "M12 5a7 7 0 1 1 0 14 7 7 0 0 1 0-14z M12 10a2 2 0 1 1 0 4 2 2 0 0 1 0-4z",
        "stop": "M6.5 6.5h11v11h-11z",
        "save": "M12 4v10.5 M7.5 10.5L12 15l4.5-4.5 M5 19.5h14",
        "isolates": "M12 3l7.5 4.3v8.6L12 20.6 4.5 16V7.3z M12 12l7.2-4.3 M12 12v8.4 M12 12L4.8 7.7",
        "settings": "M4 7h9 M17 7h3 M15 5v4 M4 17h3 M11 17h9 M9 15v4",
        "search": "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z M15.3 15.3L20 20",
        "grid": "M4.5 4.5h6v6h-6z M13.5 4.5h6v6h-6z M4.5 13.5h6v6h-6z M13.5 13.5h6v6h-6z",
        "up": "M6 14.5l6-6 6 6",
        "down": "M6 9.5l6 6 6-6",
        "link": "M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7l-1.3 1.3 M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.3-1.3",
        "add": "M12 5v14 M5 12h14",
        "folder": "M3.5 7A2 2 0 0 1 5.5 5h4l2 2.5h7a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2z",
        "paste": "M9 4.5h6v3H9z M9 6H6.5A1.5 1.5 0 0 0 5 7.5v11A1.5 1.5 0 0 0 6.5 20h11a1.5 1.5 0 0 0 1.5-1.5v-11A1.5 1.5 0 0 0 17.5 6H15",
        "pause": "M9 5.5v13 M15 5.5v13",
        "play": "M8 5.5l10 6.5-10 6.5z",
        "cancel": "M6.5 6.5l11 11 M17.5 6.5l-11 11",
        "retry": "M19 12a7 7 0 1 1-2.2-5.1 M19.5 4v4.5H15",
        "remove": "M5 7h14 M10 7V4.5h4V7 M7 7l.8 12.5h8.4L17 7 M10.3 11v5 M13.7 11v5",
        "open": "M10 5H6a1.5 1.5 0 0 0-1.5 1.5V18A1.5 1.5 0 0 0 6 19.5h11.5A1.5 1.5 0 0 0 19 18v-4 M13.5 4.5h6v6 M19.2 4.8L11 13",
        "gauge": "M4.5 17.5a8.5 8.5 0 1 1 15 0 M12 14.5l4-5",
        "queued": "M12 7.5V12l3 2 M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z",
        "compressing": "M5 9h5V4 M19 9h-5V4 M5 15h5v5 M19 15h-5v5",
        "compressed": "M4.5 8h15v10.5a1 1 0 0 1-1 1h-13a1 1 0 0 1-1-1z M3.5 4.5h17V8h-17z M10 12h4",
        "uploading": "M12 19V6 M6.5 11L12 5.5l5.5 5.5",
        "uploaded": "M5 12.5l4.5 4.5L19 7.5",
        "failed": "M12 8v5 M12 16.3h.01 M12 3.8l9 15.7H3z",
        "cancelled": "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z M6.2 6.2l11.6 11.6",
        "sun": "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8z M12 2.5v2 M12 19.5v2 M2.5 12h2 M19.5 12h2 M5.3 5.3l1.4 1.4 M17.3 17.3l1.4 1.4 M5.3 18.7l1.4-1.4 M17.3 6.7l1.4-1.4",
        "moon": "M20 14.5A8.3 8.3 0 0 1 9.5 4a8.3 8.3 0 1 0 10.5 10.5z",
        "keyboard": "M3.5 7h17v10.5h-17z M7 10.5h.01 M10.3 10.5h.01 M13.7 10.5h.01 M17 10.5h.01 M8.5 14h7",
        "drop": "M12 4v11 M7.5 10.5L12 15l4.5-4.5 M4.5 16v2.5a1.5 1.5 0 0 0 1.5 1.5h12a1.5 1.5 0 0 0 1.5-1.5V16"
    })

    implicitWidth: size
    implicitHeight: size

    Shape {
        width: 24
        height: 24
        scale: icon.size / 24
        transformOrigin: Item.TopLeft

        ShapePath {
            strokeColor: icon.color
            strokeWidth: 1.7
            fillColor: "transparent"
            capStyle: ShapePath.RoundCap
            joinStyle: ShapePath.RoundJoin

            PathSvg {
                path: icon.paths[icon.name] ?? ""
            }
        }
    }
}
