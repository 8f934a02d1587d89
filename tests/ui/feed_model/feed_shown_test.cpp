// What of a feed is shown, in which order, and what is selected.
#include "feed_tables.h"

#include "models/feed/feed_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

using namespace steadyframe::ui;
using namespace steadyframe::tests;

namespace {

FeedRowList rowsOf(std::vector<std::uint32_t> rows)
{
    return std::make_shared<const std::vector<std::uint32_t>>(std::move(rows));
}

/// The numbers of what is shown; those of selected ones in brackets.
QString shown(const FeedModel &model)
{
    QStringList numbers;
    for (int row = 0; row < model.rowCount(); ++row) {
        const QString number = model.index(row).data(FeedModel::PhotoIdRole).toString();
        numbers << (model.index(row).data(FeedModel::SelectedRole).toBool() ? u'[' + number + u']' : number);
    }
    return numbers.join(u' ');
}

QString written(const std::vector<std::uint32_t> &rows)
{
    QStringList numbers;
    for (const std::uint32_t row : rows)
        numbers << QString::number(row);
    return numbers.join(u' ');
}

} // namespace

class FeedShownTest : public QObject {
    Q_OBJECT

    std::unique_ptr<FeedModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    std::vector<FeedQuery> m_asked;

    FeedModel &model() { return *m_model; }
    std::vector<std::uint32_t> selected()
    {
        return model().shownRows() ? model().selection().rows(*model().shownRows()) : model().selection().rows();
    }
    void answer(std::vector<std::uint32_t> rows)
    {
        const auto matches = rows.size();
        model().setShown(m_asked.back().serial, rowsOf(std::move(rows)), true, matches);
    }

private slots:
    void init()
    {
        m_model = std::make_unique<FeedModel>();
        m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get(),
                                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
        m_asked.clear();
        connect(m_model.get(), &FeedModel::viewWanted, this,
                [this](const FeedQuery &query) { m_asked.push_back(query); });
        m_model->setTable(tableOf(numberedPhotos(8)));
    }

    void everythingIsShownWithoutAsking()
    {
        QCOMPARE(shown(model()), QString("0 1 2 3 4 5 6 7"));
        QCOMPARE(model().matches(), 8);
        QVERIFY(m_asked.empty());
    }

    void aSearchAsksAndItsAnswerIsShown()
    {
        model().setSearchText("title 3");
        QCOMPARE(m_asked.size(), std::size_t{1});
        QCOMPARE(m_asked[0].text, std::string("title 3"));
        QCOMPARE(m_asked[0].table, model().table());
        QVERIFY(!m_asked[0].albumId);
        QVERIFY(model().searching());
        QCOMPARE(model().count(), 8); // until the answer is there
        answer({3, 5});
        QVERIFY(!model().searching());
        QCOMPARE(shown(model()), QString("3 5"));
        QCOMPARE(model().matches(), 2);
        QCOMPARE(model().total(), 8);
    }

    void theNewestWishWins()
    {
        model().setSearchText("t");
        model().setSearchText("ti");
        model().setShown(m_asked[0].serial, rowsOf({7}), true, 1);
        QCOMPARE(model().count(), 8);
        QVERIFY(model().searching());
        answer({2});
        QCOMPARE(shown(model()), QString("2"));
        model().setShown(m_asked[0].serial, rowsOf({7}), true, 1);
        QCOMPARE(shown(model()), QString("2"));
    }

    void theBeginningOfAnAnswerIsShownAndCounted()
    {
        QSignalSpy replaced(&model(), &FeedModel::viewReplaced);
        model().setSearchText("t");
        model().setShown(m_asked[0].serial, rowsOf({0, 1}), false, 6);
        QCOMPARE(shown(model()), QString("0 1"));
        QCOMPARE(model().matches(), 6);
        QVERIFY(model().searching());
        answer({0, 1, 2, 3, 4, 5});
        QCOMPARE(model().count(), 6);
        QVERIFY(!model().searching());
        QCOMPARE(replaced.count(), 1); // whoever had scrolled on stays there
    }

    void aRangeThatWasBegunGoesOnInTheWholeAnswer()
    {
        model().setSearchText("t");
        model().setShown(m_asked[0].serial, rowsOf({0, 1}), false, 6);
        model().select(1, Qt::NoModifier);
        answer({0, 1, 2, 3, 4, 5});
        model().select(3, Qt::ShiftModifier);
        QCOMPARE(shown(model()), QString("0 [1] [2] [3] 4 5"));
    }

    void aRangeBeginsWhereTheViewStood()
    {
        model().select(3, Qt::ShiftModifier, 2);
        QCOMPARE(shown(model()), QString("0 1 [2] [3] 4 5 6 7"));
        model().select(4, Qt::ShiftModifier, 3);
        QCOMPARE(shown(model()), QString("0 1 [2] [3] [4] 5 6 7"));
        model().select(6, Qt::NoModifier, 1);
        QCOMPARE(shown(model()), QString("0 1 2 3 4 5 [6] 7"));
        model().clearSelection();
        model().select(1, Qt::ShiftModifier, 8); // no such row
        QCOMPARE(shown(model()), QString("0 [1] 2 3 4 5 6 7"));
    }

    void numbersThatWereSearchedForAreMarked()
    {
        model().setTable(tableOf({{7, 1, "a", "u", "t"}, {1, 7, "7 b", "u", "t"}, {-2, 70, "c", "u", "t"}}));
        const auto marks = [this] {
            QString line;
            for (int row = 0; row < model().count(); ++row) {
                const auto index = model().index(row);
                line += index.data(FeedModel::AlbumMarkedRole).toBool() ? "A" : "-";
                line += index.data(FeedModel::PhotoIdMarkedRole).toBool() ? "I" : "-";
            }
            return line;
        };
        QCOMPARE(marks(), QString("------"));
        model().setSearchText("7");
        answer({0, 1});
        QCOMPARE(marks(), QString("A--I"));
        model().setSearchText(" c  -2\t70x");
        answer({2});
        QCOMPARE(marks(), QString("A-"));
        model().clearFilter();
        QCOMPARE(marks(), QString("------"));
    }

    /// Laying a title of megabytes out would take as long as many frames.
    void ofLongTextsTheBeginningIsShown()
    {
        std::string text = "one\ntwo\u2028";
        for (int i = 0; i < 100'000; ++i)
            text += "ö京";
        model().setTable(tableOf({{1, 1, text.c_str(), text.c_str(), "t"}}));
        model().setHighlighter([](std::string_view title, std::string_view) {
            return std::vector<FeedMark>{{0, 3}, {title.size() - 3, 3}};
        });
        model().setSearchText("one");
        answer({0});
        for (const int role : {FeedModel::TitleRole, FeedModel::UrlRole, FeedModel::MarkedTitleRole}) {
            const QString line = model().index(0).data(role).toString();
            QVERIFY(line.size() > 300 && line.size() < 1100);
            QVERIFY(!line.contains(QChar::ReplacementCharacter));
            QVERIFY(line.endsWith(QChar(0x2026)));
        }
        QVERIFY(model().index(0).data(FeedModel::TitleRole).toString().startsWith("one two ö"));
    }

    void clearingShowsAllAtOnceAndDropsLateAnswers()
    {
        model().setSearchText("x");
        answer({});
        QCOMPARE(model().count(), 0);
        model().setSearchText("xy");
        model().clearFilter();
        QCOMPARE(model().searchText(), QString());
        QCOMPARE(model().count(), 8);
        QVERIFY(!model().searching());
        answer({});
        QCOMPARE(model().count(), 8);
    }

    void anAlbumIsANumber()
    {
        model().setAlbum(" 12 ");
        QCOMPARE(model().album(), QString("12"));
        QCOMPARE(m_asked.back().albumId, std::optional<std::int64_t>(12));
        answer({4});
        model().setAlbum("-");
        QCOMPARE(m_asked.size(), std::size_t{1});
        QCOMPARE(model().count(), 0);
        model().setAlbum("");
        QCOMPARE(model().count(), 8);
    }

    void aColumnSortsUpThenDownThenNoMore()
    {
        model().sortBy(FeedModel::Title);
        QCOMPARE(m_asked.back().sort, FeedSort::Title);
        QVERIFY(!m_asked.back().descending);
        model().sortBy(FeedModel::Title);
        QVERIFY(m_asked.back().descending);
        answer({7, 6, 5, 4, 3, 2, 1, 0});
        QCOMPARE(shown(model()), QString("7 6 5 4 3 2 1 0"));
        model().sortBy(FeedModel::Title);
        QCOMPARE(model().sortColumn(), FeedModel::FeedOrder);
        QCOMPARE(shown(model()), QString("0 1 2 3 4 5 6 7"));
        model().sortBy(FeedModel::Title);
        model().sortBy(FeedModel::Url);
        QCOMPARE(m_asked.back().sort, FeedSort::Url);
        QVERIFY(!m_asked.back().descending);
    }

    void anotherFeedIsSearchedForTheSame()
    {
        model().setSearchText("t");
        answer({1});
        model().select(0, Qt::NoModifier);
        model().setTable(tableOf(numberedPhotos(3)));
        QCOMPARE(m_asked.size(), std::size_t{2});
        QCOMPARE(m_asked[1].table, model().table());
        QCOMPARE(model().selectedCount(), 0);
        QCOMPARE(shown(model()), QString("0 1 2"));
        model().setTable(nullptr);
        QCOMPARE(model().count(), 0);
    }

    void titlesAreMarkedAndEscaped()
    {
        model().setTable(tableOf({{1, 1, "a <b> & CAT cat", "u", "t"}, {1, 2, "dog", "u", "t"}}));
        model().setHighlighter([](std::string_view title, std::string_view text) {
            std::vector<FeedMark> marks;
            for (auto at = title.find(text); at != title.npos; at = title.find(text, at + text.size()))
                marks.push_back({at, text.size()});
            return marks;
        });
        const auto marked = [this](int row) { return model().index(row).data(FeedModel::MarkedTitleRole).toString(); };
        QCOMPARE(marked(0), QString());
        model().setSearchText("a");
        QCOMPARE(marked(0), QString()); // as long as what it was searched by before is shown
        answer({0, 1});
        QCOMPARE(marked(0), QString("<b><a href=\".\">a</a></b> &lt;b&gt; &amp; CAT c<b><a href=\".\">a</a></b>t"));
        QCOMPARE(marked(1), QString());
        model().setSearchText("<b>");
        answer({0});
        QCOMPARE(marked(0), QString("a <b><a href=\".\">&lt;b&gt;</a></b> &amp; CAT cat"));
    }

    void selecting()
    {
        QSignalSpy changed(&model(), &FeedModel::selectionChanged);
        model().select(2, Qt::NoModifier);
        QCOMPARE(shown(model()), QString("0 1 [2] 3 4 5 6 7"));
        model().select(4, Qt::ControlModifier);
        QCOMPARE(shown(model()), QString("0 1 [2] 3 [4] 5 6 7"));
        model().select(2, Qt::ControlModifier);
        QCOMPARE(shown(model()), QString("0 1 2 3 [4] 5 6 7"));
        model().select(6, Qt::ShiftModifier); // from 2, which was the last without
        QCOMPARE(shown(model()), QString("0 1 [2] [3] [4] [5] [6] 7"));
        model().select(1, Qt::ShiftModifier);
        QCOMPARE(shown(model()), QString("0 [1] [2] 3 4 5 6 7"));
        model().select(7, Qt::NoModifier);
        QCOMPARE(shown(model()), QString("0 1 2 3 4 5 6 [7]"));
        model().selectAll();
        QCOMPARE(model().selectedCount(), 8);
        model().clearSelection();
        QCOMPARE(model().selectedCount(), 0);
        QCOMPARE(changed.count(), 8);
        model().select(8, Qt::NoModifier);
        model().select(-1, Qt::NoModifier);
        QCOMPARE(changed.count(), 8);
    }

    void whatIsSelectedStaysSoWhenOthersAreShown()
    {
        model().select(1, Qt::NoModifier);
        model().select(6, Qt::ControlModifier);
        model().setSearchText("t");
        answer({7, 6, 0});
        QCOMPARE(shown(model()), QString("7 [6] 0"));
        model().select(0, Qt::ShiftModifier | Qt::ControlModifier); // no range from a row of before
        QCOMPARE(shown(model()), QString("[7] [6] 0"));
        QCOMPARE(written(selected()), QString("7 6 1")); // shown ones first, as they are shown
        model().selectAll();
        QCOMPARE(written(selected()), QString("7 6 0 1"));
        model().clearFilter();
        QCOMPARE(written(selected()), QString("0 1 6 7"));
    }

    /// A set of what is shown selects all of it with no look at each row.
    void allThatAreShownAreSelectedAtOnce()
    {
        model().setTable(tableOf(numberedPhotos(130)));
        model().select(1, Qt::NoModifier);
        model().setSearchText("t");
        const auto set = std::make_shared<const std::vector<std::uint64_t>>(
            std::vector<std::uint64_t>{(std::uint64_t{1} << 63) | 1, 0, 2});
        model().setShown(m_asked.back().serial, rowsOf({129, 63, 0}), true, 3, set);
        model().selectAll();
        QCOMPARE(written(selected()), QString("129 63 0 1"));
        QCOMPARE(model().selectedCount(), 4);
        model().clearSelection();
        model().sortBy(FeedModel::Title);
        model().setShown(m_asked.back().serial, rowsOf({63, 129, 0}), true, 3, set);
        model().select(0, Qt::NoModifier);
        model().selectAll();
        QCOMPARE(written(selected()), QString("63 129 0"));
    }

    void allIsAllOfAnAnswerThatIsOnItsWay()
    {
        model().setSearchText("t");
        model().setShown(m_asked.back().serial, rowsOf({0, 1}), false, 2);
        model().selectAll();
        QCOMPARE(model().selectedCount(), 0);
        model().setShown(m_asked.back().serial, rowsOf({0, 1, 6}), true, 3);
        QCOMPARE(written(selected()), QString("0 1 6"));
        // Nobody waits for the next one.
        model().clearSelection();
        model().setSearchText("ti");
        answer({0, 1});
        QCOMPARE(model().selectedCount(), 0);
        // A wish that was taken back.
        for (const bool cleared : {true, false}) {
            model().setSearchText(cleared ? "a" : "b");
            model().setShown(m_asked.back().serial, rowsOf({0, 1}), false, 2);
            model().selectAll();
            if (cleared)
                model().clearSelection();
            else
                model().setSearchText("c");
            answer({0, 1});
            QCOMPARE(model().selectedCount(), 0);
        }
    }

    void whatIsDoneWithIsTakenOut()
    {
        const auto table = model().table();
        model().selectAll();
        model().unselect(*table, {0, 3});
        QCOMPARE(shown(model()), QString("0 [1] [2] 3 [4] [5] [6] [7]"));
        model().setTable(tableOf(numberedPhotos(8)));
        model().selectAll();
        model().unselect(*table, {1, 2}); // of the feed before
        QCOMPARE(model().selectedCount(), 8);
    }

    void allOfManyAreSelected()
    {
        for (const int count : {1, 63, 64, 65, 1000}) {
            model().setTable(tableOf(numberedPhotos(count)));
            model().selectAll();
            QCOMPARE(model().selectedCount(), count);
            QCOMPARE(selected().size(), static_cast<std::size_t>(count));
            QCOMPARE(selected().back(), static_cast<std::uint32_t>(count - 1));
        }
    }

    void thumbnailsAreNamedByFeedAndRow()
    {
        const auto id = [this](int row) { return model().index(row).data(FeedModel::ThumbnailIdRole).toString(); };
        model().setTable(
            tableOf({{1, 1, "a", "u", "https://t/1"}, {1, 2, "b", "u", ""}, {1, 3, "c", "u", "https://t/3"}}));
        const QString first = id(0);
        QCOMPARE(model().thumbnailAddress(first.toLongLong()), std::string("https://t/1"));
        QCOMPARE(id(1), QString());
        model().setSearchText("c");
        answer({2});
        QCOMPARE(model().thumbnailAddress(id(0).toLongLong()), std::string("https://t/3"));
        QCOMPARE(model().thumbnailAddress(first.toLongLong()), std::string("https://t/1"));
        model().setTable(tableOf({{1, 1, "a", "u", "https://t/new"}}));
        QVERIFY(model().thumbnailAddress(first.toLongLong()).empty());
    }
};

QTEST_GUILESS_MAIN(FeedShownTest)
#include "feed_shown_test.moc"
