import QtQuick
import QtTest
import JankMonitor
import JankFixture

Item {
    id: root
    width: 1000
    height: 620

    JankMonitor {
        id: monitor
        window: root.Window.window
        enabled: true
    }
    JankRecording {
        id: recording
        monitor: monitor
    }
    JankTimeline {
        id: timeline
        anchors.fill: parent
        recording: recording
    }
    SignalSpy {
        id: changed
        target: recording
        signalName: "changed"
    }
    SignalSpy {
        id: saved
        target: recording
        signalName: "saved"
    }
    SignalSpy {
        id: failed
        target: recording
        signalName: "failed"
    }
    SignalSpy {
        id: swapped
        target: root.Window.window
        signalName: "frameSwapped"
    }

    TestCase {
        id: testCase
        name: "JankTimeline"
        when: windowShown

        readonly property TimelineView view: timeline.view

        function init() {
            recording.active = false;
            recording.clearMessages();
            load(6000, 0.01);
            view.showAll();
            view.clearSelection();
            view.forceActiveFocus();
        }

        function load(frames, missedShare) {
            changed.clear();
            Fixture.show(recording, frames, missedShare);
            tryCompare(changed, "count", 1);
            tryCompare(recording, "busy", false);
        }

        function find(name) {
            const search = item => {
                for (let i = 0; i < item.children.length; ++i) {
                    const child = item.children[i];
                    if (child.objectName === name)
                        return child;
                    const found = search(child);
                    if (found)
                        return found;
                }
                return null;
            };
            return search(timeline);
        }

        function test_shows_all_of_a_recording_at_first() {
            compare(recording.live, false);
            compare(recording.fileName, "made.json");
            verify(recording.frames > 5000);
            verify(recording.missed > 0);
            fuzzyCompare(view.windowStart, 0, 1e-9);
            fuzzyCompare(view.windowLength, recording.seconds, 1e-9);
            verify(view.Accessible.name.length > 0);
            verify(view.description.length > 0);
        }

        function test_keys_pan_and_zoom() {
            keyClick(Qt.Key_Plus);
            const zoomed = view.windowLength;
            verify(zoomed < recording.seconds);
            const start = view.windowStart;
            keyClick(Qt.Key_Right);
            verify(view.windowStart > start);
            fuzzyCompare(view.windowLength, zoomed, 1e-6);
            keyClick(Qt.Key_Home);
            fuzzyCompare(view.windowStart, 0, 1e-9);
            keyClick(Qt.Key_Left);
            fuzzyCompare(view.windowStart, 0, 1e-9);
            keyClick(Qt.Key_End);
            fuzzyCompare(view.windowStart + view.windowLength, recording.seconds, 1e-6);
            keyClick(Qt.Key_Minus);
            verify(view.windowLength > zoomed);
            keyClick(Qt.Key_0);
            fuzzyCompare(view.windowLength, recording.seconds, 1e-9);
        }

        function test_the_wheel_zooms_where_the_pointer_is_data() {
            return [{ tag: "left", x: 0.1 }, { tag: "middle", x: 0.5 }, { tag: "right", x: 0.95 }];
        }
        function test_the_wheel_zooms_where_the_pointer_is(data) {
            const x = Math.round(Fixture.gutter() + (view.width - Fixture.gutter()) * data.x);
            const before = Fixture.timeAt(view, x);
            for (let i = 0; i < 12; ++i)
                mouseWheel(view, x, 200, 0, 120);
            verify(view.windowLength < recording.seconds / 5);
            fuzzyCompare(Fixture.timeAt(view, x), before, view.windowLength / 500);
            for (let i = 0; i < 30; ++i)
                mouseWheel(view, x, 200, 0, -120);
            fuzzyCompare(view.windowLength, recording.seconds, 1e-9);
        }

        function test_the_wheel_pans_sideways() {
            view.zoom(0.1);
            const start = view.windowStart;
            mouseWheel(view, 500, 200, -120, 0);
            verify(view.windowStart > start);
            mouseWheel(view, 500, 200, 120, 0);
            fuzzyCompare(view.windowStart, start, 1e-6);
        }

        function test_dragging_pans_and_selects_nothing() {
            view.zoom(0.05);
            const at = Fixture.timeAt(view, 600);
            mousePress(view, 600, 100);
            for (let x = 590; x >= 400; x -= 10)
                mouseMove(view, x, 100);
            mouseRelease(view, 400, 100);
            fuzzyCompare(Fixture.timeAt(view, 400), at, view.windowLength / 400);
            compare(view.hasSelection, false);
        }

        function test_a_click_selects_a_frame_and_escape_clears() {
            view.zoom(0.01);
            const details = find("timelineDetails");
            compare(details.visible, false);
            mouseClick(view, 560, 110);
            compare(view.hasSelection, true);
            compare(view.selection.kind, "frame");
            compare(view.selection.parts.length, 6);
            let sum = 0;
            for (const part of view.selection.parts)
                sum += part.length;
            fuzzyCompare(sum, view.selection.length, 0.02);
            compare(details.visible, true);
            verify(details.Accessible.name.indexOf(view.selection.title) >= 0);
            keyClick(Qt.Key_Escape);
            compare(view.hasSelection, false);
            compare(details.visible, false);
        }

        function test_a_double_click_zooms_to_a_frame() {
            mouseDoubleClickSequence(view, 500, 110);
            compare(view.selection.kind, "frame");
            fuzzyCompare(view.windowLength, view.selection.length / 1000 * 5, 0.01);
        }

        function test_next_and_previous_problem() {
            keyClick(Qt.Key_N);
            compare(view.hasSelection, true);
            compare(view.selection.bad, true);
            const starts = [view.selection.start];
            for (let i = 0; i < 10; ++i) {
                const end = view.selection.start + view.selection.length;
                keyClick(Qt.Key_N);
                compare(view.selection.bad, true);
                verify(view.selection.start + view.selection.length >= end);
                // It is in view.
                verify(view.selection.start / 1000 >= view.windowStart - 1e-6);
                verify((view.selection.start + view.selection.length) / 1000 <= view.windowStart + view.windowLength + 1e-6);
                starts.push(view.selection.start);
            }
            keyClick(Qt.Key_P);
            verify(view.selection.start < starts[starts.length - 1]);
            view.showAll();
            view.clearSelection();
            compare(view.selectNextProblem(), true);
            compare(view.selection.start, starts[0]);
            compare(view.selectPreviousProblem(), false);
            compare(view.selection.start, starts[0]);
        }

        function test_without_a_problem_nothing_is_selected() {
            load(600, 0);
            keyClick(Qt.Key_N);
            compare(view.hasSelection, false);
            compare(view.selectPreviousProblem(), false);
        }

        function test_a_stall_names_its_culprit_and_its_stack() {
            load(3000, 0.05);
            for (let i = 0; i < 30 && view.selection.kind !== "stall"; ++i)
                view.selectNextProblem();
            compare(view.selection.kind, "stall");
            verify(view.selection.summary.indexOf("FeedModel") >= 0);
            compare(view.selection.stack[0], "FeedModel::rebuild()");
        }

        function test_a_selected_stall_gets_its_stack_when_it_is_known() {
            changed.clear();
            Fixture.showLive(recording, false);
            tryCompare(changed, "count", 1);
            for (let i = 0; i < 30 && view.selection.kind !== "stall"; ++i)
                view.selectNextProblem();
            compare(view.selection.kind, "stall");
            compare(view.selection.stack.length, 0);
            Fixture.showLive(recording, true);
            tryCompare(changed, "count", 2);
            compare(view.selection.kind, "stall");
            compare(view.selection.stack[0], "FeedModel::rebuild()");
        }

        function test_buttons_do_what_they_say() {
            const before = view.windowLength;
            mouseClick(find("timelineZoomIn"));
            verify(view.windowLength < before);
            mouseClick(find("timelineAll"));
            fuzzyCompare(view.windowLength, before, 1e-9);
            mouseClick(find("timelineNext"));
            compare(view.hasSelection, true);
            for (const name of ["timelinePrevious", "timelineNext", "timelineZoomIn", "timelineZoomOut", "timelineAll"])
                verify(find(name).Accessible.name.length > 0, name);
            compare(find("timelineFollow").visible, false);
        }

        function test_the_overview_is_dragged() {
            const overview = find("timelineOverview");
            view.zoom(0.1);
            const length = view.windowLength;
            mouseClick(overview, 100, 20);
            fuzzyCompare(view.windowStart + view.windowLength / 2, recording.seconds * 100 / overview.width, 0.2);
            mousePress(overview, 100, 20);
            for (let x = 110; x <= 300; x += 10)
                mouseMove(overview, x, 20);
            mouseRelease(overview, 300, 20);
            fuzzyCompare(view.windowStart + view.windowLength / 2, recording.seconds * 300 / overview.width, 0.2);
            fuzzyCompare(view.windowLength, length, 1e-6);
        }

        function test_live_follows_and_panning_leaves_it() {
            recording.showLive();
            recording.active = true;
            compare(recording.live, true);
            Fixture.work(monitor);
            tryCompare(recording, "empty", false);
            compare(view.following, true);
            const follow = find("timelineFollow");
            compare(follow.visible, true);
            const seconds = recording.seconds;
            tryVerify(() => { Fixture.work(monitor); return recording.seconds > seconds; });
            view.zoomAt(500, 0.001);
            compare(view.following, true);
            Fixture.work(monitor);
            fuzzyCompare(view.windowStart + view.windowLength, recording.seconds, 1e-3);
            keyClick(Qt.Key_Left);
            compare(view.following, false);
            const start = view.windowStart;
            tryVerify(() => { Fixture.work(monitor); return recording.seconds > seconds + 0.01; });
            fuzzyCompare(view.windowStart, start, 1e-6);
            mouseClick(follow);
            compare(view.following, true);
            fuzzyCompare(view.windowStart + view.windowLength, recording.seconds, 1e-3);
            recording.active = false;
        }

        function test_nothing_follows_while_not_active() {
            recording.showLive();
            changed.clear();
            Fixture.work(monitor);
            compare(changed.count, 0);
        }

        function test_what_is_saved_can_be_opened_data() {
            return [{ tag: "json" }, { tag: "csv" }];
        }
        function test_what_is_saved_can_be_opened(data) {
            const frames = recording.frames;
            const missed = recording.missed;
            const file = Fixture.file("saved." + data.tag);
            saved.clear();
            recording.save(file);
            compare(recording.busy, true);
            tryCompare(saved, "count", 1);
            verify(Fixture.exists(file));
            load(60, 0);
            changed.clear();
            recording.open(file);
            tryCompare(changed, "count", 1);
            compare(recording.error, "");
            compare(recording.fileName, "saved." + data.tag);
            compare(recording.frames, frames);
            compare(recording.missed, missed);
            compare(view.hasSelection, false);
            fuzzyCompare(view.windowLength, recording.seconds, 1e-9);
        }

        function test_the_last_seconds_alone_are_saved() {
            const file = Fixture.file("part.json");
            saved.clear();
            recording.save(file, 10);
            tryCompare(saved, "count", 1);
            changed.clear();
            recording.open(file);
            tryCompare(changed, "count", 1);
            fuzzyCompare(recording.seconds, 10, 0.001);
            verify(recording.frames > 300 && recording.frames < 660);
        }

        function test_a_report_is_written() {
            const file = Fixture.file("report.html");
            saved.clear();
            recording.save(file);
            tryCompare(saved, "count", 1);
            verify(Fixture.exists(file));
        }

        function test_errors_are_said_and_change_nothing() {
            const frames = recording.frames;
            failed.clear();
            recording.open(Fixture.file("missing.json"));
            tryCompare(failed, "count", 1);
            verify(recording.error.length > 0);
            const broken = Fixture.file("broken.json");
            Fixture.write(broken, "no recording at all");
            recording.open(broken);
            tryCompare(failed, "count", 2);
            recording.save(Fixture.file("no folder/file.json"));
            tryCompare(failed, "count", 3);
            recording.open("https://example.org/trace.json");
            tryCompare(failed, "count", 4);
            compare(recording.frames, frames);
            tryCompare(recording, "busy", false);
            recording.clearMessages();
            compare(recording.error, "");
        }

        function test_it_draws_at_any_size() {
            for (const size of [[1000, 620], [320, 240], [129, 60], [1000, 620]]) {
                timeline.anchors.fill = undefined;
                timeline.width = size[0];
                timeline.height = size[1];
                swapped.clear();
                root.Window.window.update();
                tryVerify(() => swapped.count > 0);
            }
            timeline.anchors.fill = root;
        }
    }
}
