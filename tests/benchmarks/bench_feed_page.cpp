// What the feed's page costs in frames: opening a feed, searching while somebody types, scrolling list and grid, in the
// application's own window. `--rows N` for feeds of other sizes. What was missed is told on the standard error.
#include "benchmarks/figures.h"

#include "composition/application.h"
#include "feed/feed_maker.h"
#include "jank_monitor/trace_names.h"

#include <QAbstractAnimation>
#include <QApplication>
#include <QQuickItem>
#include <QQuickStyle>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

using namespace steadyframe;
using steadyframe::benchmarks::Figures;

namespace {

constexpr int stretch = 6'000; // milliseconds
constexpr int keystroke = 120; // as one types fast

/// Wants a frame at each vsync, and does something before it.
class EveryFrame final : public QAbstractAnimation {
public:
    explicit EveryFrame(std::function<void()> step) : m_step(std::move(step)) {}
    [[nodiscard]] int duration() const override { return -1; }

protected:
    void updateCurrentTime(int) override { m_step(); }

private:
    std::function<void()> m_step;
};

class Measurement final : public QObject {
public:
    Measurement(composition::Application &application, std::filesystem::path feed, Figures &figures)
        : m_application(application), m_feed(std::move(feed)), m_figures(figures)
    {
    }

    void start()
    {
        m_application.window()->setProperty("currentPage", 1);
        m_list = m_application.window()->findChild<QQuickItem *>(QStringLiteral("feedList"));
        if (!m_list)
            std::_Exit(1);
        m_frames = std::make_unique<EveryFrame>([this] {
            if (m_step)
                m_step();
            m_application.window()->update();
        });
        m_frames->start();
        after(2'000, [this] { open(); });
    }

private:
    void after(int milliseconds, std::function<void()> next)
    {
        QTimer::singleShot(milliseconds, this, std::move(next));
    }
    void begin(const char *name) { m_application.monitor().beginPhase(QString::fromLatin1(name)); }
    void end()
    {
        m_step = {};
        const jank::PhaseSummary phase = m_application.monitor().endPhase();
        const jank::FrameStatistics &figures = phase.statistics;
        double longest = 0;
        for (const jank::FrameSample &frame : phase.samples)
            longest = std::max(longest, jank::toMilliseconds(frame.frameTime()));
        const std::string name = phase.name.toStdString();
        m_figures.add(name + ": frames drawn", "frames", {static_cast<double>(figures.framesDrawn)});
        m_figures.add(name + ": frames missed", "frames", {static_cast<double>(figures.framesMissed)});
        m_figures.add(name + ": longest frame", "ms", {longest});
        m_figures.add(name + ": longest stall", "ms", {figures.longestStall});
        for (const jank::FrameSample &s : phase.samples) {
            const auto ms = [](std::int64_t ns) { return jank::toMilliseconds(ns); };
            if (s.missed > 0)
                std::fprintf(stderr,
                             "  %.1f ms at %.2f s: ui %.1f (busy %.1f), wait %.1f, sync %.1f, render %.1f, swap %.1f\n",
                             ms(s.frameTime()), ms(s.swapEnd - phase.span.start) / 1000, ms(s.uiEnd - s.uiStart),
                             ms(s.uiBusy), ms(s.syncStart - s.uiEnd), ms(s.syncEnd - s.syncStart),
                             ms(s.renderEnd - s.renderStart), ms(s.swapEnd - s.renderEnd));
        }
        for (const jank::Stall &stall : m_application.monitor().stalls()) {
            if (stall.block.end >= phase.span.start)
                std::fprintf(stderr, "  stall of %.1f ms in %s\n",
                             jank::toMilliseconds(stall.block.end - stall.block.start),
                             qUtf8Printable(jank::culpritText(stall.block)));
        }
    }

    void open()
    {
        begin("open");
        connect(&m_application.feed(), &ui::FeedModel::busyChanged, this, [this] {
            if (m_application.feed().busy())
                return;
            m_application.feed().disconnect(this);
            after(1'000, [this] {
                end();
                type();
            });
        });
        m_application.feeds().open(m_feed);
    }
    /// A word after the other, letter by letter, and back again.
    void type()
    {
        begin("search");
        static const QStringList words{"accusamus", "magni", "12", "in vol", "zzz"};
        for (const QString &word : words) {
            for (int letters = 1; letters <= word.size(); ++letters)
                m_typed.push_back(word.left(letters));
            for (int letters = static_cast<int>(word.size()) - 1; letters >= 0; --letters)
                m_typed.push_back(word.left(letters));
        }
        next();
    }
    void next()
    {
        if (m_typed.empty()) {
            after(500, [this] {
                end();
                sort();
            });
            return;
        }
        m_application.feed().setSearchText(m_typed.front());
        m_typed.erase(m_typed.begin());
        after(keystroke, [this] { next(); });
    }
    void sort()
    {
        begin("sort");
        m_application.feed().sortBy(ui::FeedModel::Title);
        after(1'000, [this] { m_application.feed().sortBy(ui::FeedModel::Url); });
        after(2'000, [this] { m_application.feed().sortBy(ui::FeedModel::Url); });
        after(3'000, [this] {
            m_application.feed().sortBy(ui::FeedModel::Url);
            end();
            scroll("scroll list", 3, [this] { jump("jump list", [this] { grid(); }); });
        });
    }
    void grid()
    {
        begin("to grid");
        m_application.feedActions().setGrid(true);
        after(1'000, [this] {
            end();
            scroll("scroll grid", 1, [this] { jump("jump grid", [] { QCoreApplication::quit(); }); });
        });
    }
    /// So many lines a frame, down and up.
    void scroll(const char *name, double lines, std::function<void()> then)
    {
        begin(name);
        const auto direction = std::make_shared<double>(1);
        m_step = [this, lines, direction] {
            const double far = m_list->property("contentHeight").toDouble() - m_list->height();
            const double y = m_list->property("contentY").toDouble()
                + *direction * lines * m_list->property("cellHeight").toDouble();
            if (y < 0 || y > far)
                *direction = -*direction;
            m_list->setProperty("contentY", std::clamp(y, 0.0, far));
        };
        after(stretch, [this, then] {
            end();
            then();
        });
    }
    /// Somewhere else each frame, as when the bar is dragged.
    void jump(const char *name, std::function<void()> then)
    {
        begin(name);
        const auto place = std::make_shared<unsigned>(1);
        m_step = [this, place] {
            *place = *place * 1'664'525U + 1'013'904'223U;
            const double far = m_list->property("contentHeight").toDouble() - m_list->height();
            m_list->setProperty("contentY", far * (*place >> 8) / (1U << 24));
        };
        after(stretch, [this, then] {
            end();
            then();
        });
    }

    composition::Application &m_application;
    const std::filesystem::path m_feed;
    Figures &m_figures;
    QQuickItem *m_list = nullptr;
    std::unique_ptr<EveryFrame> m_frames;
    std::function<void()> m_step;
    std::vector<QString> m_typed;
};

} // namespace

int main(int argc, char **argv)
{
    Figures figures("feed_page", argc, argv, {"--rows"});
    QQuickStyle::setStyle(QStringLiteral("Basic"));
    QApplication qt(argc, argv);
    const QTemporaryDir folder;
    feed::FeedMakerOptions options;
    if (const std::string rows = figures.option("--rows"); !rows.empty())
        options.rows = std::strtoull(rows.c_str(), nullptr, 10);
    composition::AppFolders folders;
    folders.root = folder.path().toStdString();
    const std::filesystem::path path = folders.root / "feed.json";
    if (const auto made = feed::makeFeed(path, {}, options); !made) {
        std::fprintf(stderr, "%s\n", made.error().message.c_str());
        return 1;
    }
    composition::Application application(folders);
    Measurement measurement(application, path, figures);
    QObject::connect(&application, &composition::Application::ready, &measurement, &Measurement::start);
    if (!application.start())
        return 1;
    application.window()->setProperty("overlayVisible", true);
    QApplication::exec();
    application.shutDown();
    return figures.finish();
}
