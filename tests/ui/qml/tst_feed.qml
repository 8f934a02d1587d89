import QtQuick
import QtTest
import Steadyframe
import Steadyframe.Feed
import Steadyframe.Models

// The page of a feed, without the isolates behind it.
Item {
    id: root
    width: 900
    height: 620

    FeedModel {
        id: model
    }
    FeedActions {
        id: feedActions
    }
    FeedPage {
        id: page
        anchors.fill: parent
        session: appSession
        feed: model
        actions: feedActions
    }
    SignalSpy {
        id: sent
        target: feedActions
        signalName: "sendWanted"
    }
    SignalSpy {
        id: opened
        target: feedActions
        signalName: "openWanted"
    }
    SignalSpy {
        id: cancelled
        target: feedActions
        signalName: "cancelOpeningWanted"
    }

    TestCase {
        name: "Feed"
        when: windowShown

        function init() {
            root.width = 900
            feedActions.grid = false
            model.clearFilter()
            feedFiller.fill(model, 1000)
            waitForRendering(root)
            sent.clear()
            opened.clear()
            cancelled.clear()
        }

        function item(name) { return findChild(page, name) }
        function view() { return item("feedList") }
        // The cells on the screen, from the top, once all of them have the rows that are to be seen: on a busy machine
        // they take them over several frames. What a row holds may have changed before its cell shows it: that is to be
        // waited for.
        function cells() {
            const first = () => Math.floor(view().contentY / view().cellHeight) * view().columns
            const wanted = () => Math.min(model.count - first(), Math.floor(view().height / view().cellHeight) * view().columns)
            let found = []
            tryVerify(() => {
                found = visibleCells()
                return found.length >= Math.max(1, wanted()) && found.every((cell, i) => cell.row === first() + i)
            })
            return found
        }
        function visibleCells() {
            const found = []
            const look = parent => {
                for (let i = 0; i < parent.children.length; ++i) {
                    const child = parent.children[i]
                    if (child.visible && child.photoId !== undefined && child.row >= 0)
                        found.push(child)
                    else
                        look(child)
                }
            }
            look(view())
            return found.sort((a, b) => a.row - b.row)
        }

        function test_onlyWhatIsSeenHasCells() {
            const few = () => cells().length >= view().height / 52 && cells().length <= view().height / 52 + 3
            tryVerify(() => cells()[0].title === "title 0" && few())
            view().contentY = 52 * 500
            tryVerify(() => cells()[0].row === 500)
            tryVerify(() => cells()[0].title === "title 500" && few())
        }

        function test_cellsLieWhereTheyBelongAtAnyLength() {
            feedFiller.fill(model, 2000000)
            const list = view()
            list.contentY = list.contentHeight - list.height
            const last = cells().pop()
            compare(last.row, 1999999)
            const at = last.mapToItem(list, 0, 0)
            compare(Math.round(at.y + last.height), Math.round(list.height))
            // Each line is as far from the next as the first ones are.
            const all = cells()
            for (let i = 1; i < all.length; ++i)
                compare(all[i].mapToItem(list, 0, 0).y - all[i - 1].mapToItem(list, 0, 0).y, 52)
        }

        function test_anExportIsJsonUnlessAnotherFormIsChosen() {
            compare(item("exportFeedDialog").selectedNameFilter.index, FeedActions.Json)
        }

        function test_keysInTheList() {
            const list = view()
            list.forceActiveFocus(Qt.TabFocusReason)
            compare(list.currentIndex, 0)
            keyClick(Qt.Key_Down)
            keyClick(Qt.Key_Down)
            compare(list.currentIndex, 2)
            keyClick(Qt.Key_Up)
            compare(list.currentIndex, 1)
            keyClick(Qt.Key_PageDown)
            verify(list.currentIndex > 5)
            keyClick(Qt.Key_End)
            compare(list.currentIndex, 999)
            verify(list.atYEnd)
            keyClick(Qt.Key_Down)
            compare(list.currentIndex, 999)
            keyClick(Qt.Key_Home)
            compare(list.currentIndex, 0)
            verify(list.atYBeginning)
            keyClick(Qt.Key_Space)
            compare(model.selectedCount, 1)
            keyClick(Qt.Key_Down, Qt.ShiftModifier)
            keyClick(Qt.Key_Down, Qt.ShiftModifier)
            compare(model.selectedCount, 3)
            keyClick(Qt.Key_A, Qt.ControlModifier)
            compare(model.selectedCount, 1000)
            keyClick(Qt.Key_Escape)
            compare(model.selectedCount, 0)
            keyClick(Qt.Key_Return)
            compare(model.selectedCount, 0)
        }

        function test_keysInTheGrid() {
            mouseClick(item("feedAsGrid"))
            verify(feedActions.grid)
            const list = view()
            verify(list.columns > 2)
            list.forceActiveFocus(Qt.TabFocusReason)
            keyClick(Qt.Key_Right)
            compare(list.currentIndex, 1)
            keyClick(Qt.Key_Down)
            compare(list.currentIndex, 1 + list.columns)
            keyClick(Qt.Key_Left)
            compare(list.currentIndex, list.columns)
            keyClick(Qt.Key_Down, Qt.ShiftModifier)
            keyClick(Qt.Key_End)
            compare(list.currentIndex, 999)
            tryVerify(() => list.atYEnd)
            tryVerify(() => cells().pop().row === 999)
        }

        function test_theMouseSelects() {
            const list = view()
            mouseClick(list, 100, 52 * 2 + 10)
            compare(model.selectedCount, 1)
            tryVerify(() => cells()[2].selected)
            compare(list.currentIndex, 2)
            mouseClick(list, 100, 52 * 4 + 10, Qt.LeftButton, Qt.ShiftModifier)
            compare(model.selectedCount, 3)
            mouseClick(list, 100, 52 * 3 + 10, Qt.LeftButton, Qt.ControlModifier)
            compare(model.selectedCount, 2)
            compare(item("feedSelected").text, "2 selected")
            mouseClick(item("sendButton"))
            compare(sent.count, 1)
            mouseClick(item("clearSelectionButton"))
            compare(model.selectedCount, 0)
            verify(!item("sendButton").visible)
        }

        function test_searchingFiltersAndEscapeShowsAll() {
            page.focusSearch()
            verify(item("feedSearch").activeFocus)
            keyClick("9"); keyClick("9")
            compare(model.searchText, "99")
            compare(item("feedCount").text, qsTr("%1 of %2").arg(model.matches).arg(Number(1000).toLocaleString(Qt.locale(), "f", 0)))
            compare(model.count, 19)
            keyClick("z")
            verify(item("feedNoMatch").visible)
            verify(!view().visible)
            keyClick(Qt.Key_Escape)
            compare(model.searchText, "")
            compare(item("feedSearch").text, "")
            compare(model.count, 1000)
            verify(!item("feedNoMatch").visible)
        }

        function test_downGoesFromTheSearchToThePhotos() {
            page.focusSearch()
            keyClick("7")
            keyClick(Qt.Key_Down)
            verify(view().activeFocus)
            compare(view().currentIndex, 0)
        }

        function test_anAlbumIsJumpedTo() {
            const field = item("feedAlbum")
            field.forceActiveFocus(Qt.TabFocusReason)
            keyClick("4")
            compare(model.count, 50)
            tryVerify(() => cells()[0].albumId === "4")
            keyClick("x")
            compare(model.album, "4")
            mouseClick(item("feedSearch"))
            keyClick("z")
            verify(item("feedNoMatch").visible)
            mouseClick(item("clearFilterButton"))
            compare(model.count, 1000)
            compare(field.text, "")
        }

        function test_headingsSortByMouseAndKeys() {
            const title = item("sort" + FeedModel.Title)
            mouseClick(title)
            compare(model.sortColumn, FeedModel.Title)
            verify(!model.descending)
            title.forceActiveFocus(Qt.TabFocusReason)
            keyClick(Qt.Key_Return)
            verify(model.descending)
            tryVerify(() => cells()[0].photoId === "999")
            keyClick(Qt.Key_Space)
            compare(model.sortColumn, FeedModel.FeedOrder)
            tryVerify(() => cells()[0].photoId === "0")
        }

        function test_anotherViewBeginsAtItsTop() {
            view().contentY = 10000
            model.searchText = "1"
            compare(view().contentY, 0)
            compare(view().currentIndex, 0)
        }

        function test_theGridStaysWhereTheListWas() {
            view().contentY = 52 * 400
            feedActions.grid = true
            const first = cells()[0].row
            verify(first <= 400 && first > 400 - view().columns, first)
            feedActions.grid = false
            tryVerify(() => cells()[0].row === first)
        }

        function test_errorsAndProgressAreSaid() {
            feedFiller.start(model)
            verify(item("feedOpening").visible)
            mouseClick(item("feedOpeningCancel"))
            compare(cancelled.count, 1)
            feedFiller.fail(model, "x.json: no")
            verify(item("feedError").visible)
            compare(item("feedError").text, "x.json: no")
            verify(!item("feedOpening").visible)
        }

        function test_nothingIsOpenYet() {
            feedFiller.empty(model)
            verify(item("feedEmpty").visible)
            verify(!item("feedSearch").visible)
            page.focusSearch()
        }

        function test_aFeedOfNoneIsSaid() {
            feedFiller.fill(model, 0)
            verify(item("feedEmpty").visible)
            compare(item("feedEmpty").title, "photos.json has no photos")
            feedFiller.start(model)
            compare(item("feedEmpty").title, "Reading the feed")
            feedFiller.cancel(model)
        }

        function test_theLongestNumbersAreShownWhole() {
            feedFiller.fillLongest(model)
            waitForRendering(root)
            tryVerify(() => cells()[0].photoId === "-9223372036854775808")
            tryVerify(() => cells()[0].albumId === "9007199254740993")
            const texts = Array.from(cells()[0].children).filter(child => child.text === cells()[0].photoId || child.text === cells()[0].albumId)
            compare(texts.length, 2)
            for (const text of texts) {
                verify(!text.truncated)
                verify(text.implicitWidth <= text.width)
            }
            item("feedAlbum").forceActiveFocus(Qt.TabFocusReason)
            for (const digit of "9007199254740993000")
                keyClick(digit)
            compare(model.album, "9007199254740993000")
        }

        function test_anAddressIsAskedFor() {
            page.openAddress()
            const field = findChild(root.Window.contentItem.parent, "feedAddress") ?? findChild(page, "feedAddress")
            tryVerify(() => field.activeFocus)
            keyClick("a"); keyClick(Qt.Key_Return)
            compare(opened.count, 0)
            keyClick("."); keyClick("d"); keyClick("e"); keyClick(Qt.Key_Return)
            compare(opened.count, 1)
            compare(opened.signalArguments[0][0].toString(), "https://a.de")
        }

        function test_everyControlHasAName() {
            mouseClick(view(), 100, 60)
            const nameless = []
            const look = parent => {
                for (let i = 0; i < parent.children.length; ++i) {
                    const child = parent.children[i]
                    if (child.visible && child.activeFocusOnTab && (child.Accessible.name === ""))
                        nameless.push(child.objectName)
                    look(child)
                }
            }
            look(page)
            compare(nameless, [])
        }

        function test_nothingIsCutOffInTheSmallestWindow() {
            root.width = 656
            mouseClick(view(), 100, 60)
            waitForRendering(root)
            for (const name of ["feedSearch", "feedAlbum", "exportFeedButton", "feedAsGrid", "openFeedButton", "openAddressButton", "sendButton", "exportSelectionButton"]) {
                const control = item(name)
                const at = control.mapToItem(page, 0, 0)
                verify(control.visible, name)
                verify(at.x >= 0 && at.x + control.width <= page.width, name)
                verify(!name.endsWith("Button") || control.width >= control.implicitWidth, name)
            }
        }
    }
}
