import QtQuick
import QtTest
import JankMonitor

Item {
    id: root
    width: 600
    height: 500

    JankMonitor {
        id: monitor
        window: root.Window.window
        enabled: true
    }
    TextInput {
        id: input
        width: 100
        height: 20
        y: 470
        focus: true
    }
    JankOverlay {
        id: overlay
        x: 10
        y: 10
        monitor: monitor
    }

    Component {
        id: byItself
        JankOverlay {}
    }

    SignalSpy {
        id: swapped
        target: root.Window.window
        signalName: "frameSwapped"
    }
    TestCase {
        name: "JankOverlay"
        when: windowShown

        function init() {
            overlay.compact = false;
            overlay.x = 10;
            overlay.y = 10;
            input.forceActiveFocus();
        }

        function test_anOverlayAloneBringsItsMonitor() {
            const alone = createTemporaryObject(byItself, root);
            verify(alone);
            compare(alone.monitor.window, root.Window.window);
            verify(alone.monitor.enabled);
            tryVerify(() => alone.monitor.framesDrawn > 0);
            alone.visible = false;
            verify(!alone.monitor.enabled);
            // One that is handed over takes its place, and its own rests.
            const own = alone.monitor;
            alone.visible = true;
            alone.monitor = monitor;
            verify(!own.enabled);
        }

        function find(item, predicate) {
            for (let i = 0; i < item.children.length; ++i) {
                const child = item.children[i];
                if (predicate(child))
                    return child;
                const found = find(child, predicate);
                if (found)
                    return found;
            }
            return null;
        }

        function button() {
            return find(overlay, child => child.visible && child.Accessible.role === Accessible.Button);
        }

        function test_loads() {
            verify(overlay.width > 300);
            verify(overlay.height > 200);
            verify(overlay.Accessible.name.length > 0);
            verify(overlay.summary.indexOf("missed") >= 0);
        }

        function test_compact_and_full() {
            const height = overlay.height;
            const toggle = button();
            verify(toggle !== null);
            verify(toggle.Accessible.name.length > 0);
            mouseClick(toggle);
            tryCompare(overlay, "compact", true);
            verify(overlay.height < height / 3);
            mouseClick(button());
            tryCompare(overlay, "compact", false);
            compare(overlay.height, height);
        }

        function test_takes_no_focus() {
            verify(input.activeFocus);
            mouseClick(overlay, 40, 200);
            mouseClick(button());
            verify(input.activeFocus);
            for (let i = 0; i < 3; ++i)
                keyClick(Qt.Key_Tab);
            verify(!find(overlay, child => child.activeFocus));
        }

        function test_is_moved_by_dragging() {
            mouseDrag(overlay, 100, 230, 60, 40);
            tryVerify(() => overlay.x > 30 && overlay.y > 20);
            mouseDrag(overlay, 100, 230, -400, -400);
            tryVerify(() => overlay.x >= 0 && overlay.y >= 0); // it stays in its parent
        }

        function test_figures_have_names() {
            const figure = find(overlay, child => child.visible && child.label === "Longest stall");
            verify(figure !== null);
            compare(figure.Accessible.role, Accessible.StaticText);
            verify(figure.Accessible.name.indexOf("Longest stall") === 0);
        }

        function test_says_frames_kept() {
            compare(overlay.keptText, "0 frames kept");
        }

        function test_asks_for_no_frames_of_its_own() {
            // What its last refreshes ask for is drawn, and then there is quiet: an overlay that kept the window drawing
            // would never let two counts be the same.
            input.focus = false; // its cursor blinks
            root.Window.window.update();
            let quiet = false;
            for (let i = 0; i < 10 && !quiet; ++i) {
                const before = swapped.count;
                wait(500);
                quiet = swapped.count === before;
            }
            verify(quiet, "the window is still drawing");
        }

        function test_colours_come_from_the_host() {
            overlay.panelColor = "#ff0000";
            overlay.outlineColor = "#ff0000";
            const picture = grabImage(overlay);
            compare(picture.pixel(20, overlay.height - 4), "#ff0000");
        }
    }
}
