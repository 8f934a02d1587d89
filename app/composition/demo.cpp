#include "composition/demo.h"

#include "composition/demo_report.h"
#include "composition/image_file.h"
#include "imaging/photo_maker.h"

#include <isolate_core/run.h>

#include <QFile>
#include <QJsonObject>
#include <QPixmap>
#include <QQuickItem>
#include <QQuickItemGrabResult>
#include <QScreen>
#include <QUrl>

#include <cstdio>
#include <fstream>
#include <set>

namespace steadyframe::composition {

namespace {

constexpr int pictures = 24;
constexpr int pictureWidth = 4000, pictureHeight = 3000;
constexpr int framesToSettle = 20;
constexpr int comparisonRounds = 1; // enough for a demo; the page does three

enum Page { Photos, Feed, ComparisonPage, TimelinePage, Isolates, Settings };

/// Makes the pictures and gives their folder, or the reason why not behind an exclamation mark.
std::string makeDemoPictures(std::filesystem::path folder)
{
    isolate::setActivity("making pictures");
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    for (int i = 0; i < pictures; ++i) {
        const auto path = folder / ("photo-" + std::string(i < 9 ? "0" : "") + std::to_string(i + 1) + ".jpg");
        if (std::filesystem::exists(path, error))
            continue;
        if (auto made = imaging::makePhoto(path, pictureWidth, pictureHeight, static_cast<std::uint64_t>(i) + 1); !made)
            return "!" + made.error().message;
    }
    return folder.native();
}

/// How many of the results are among what was received, byte for byte; each received file answers for one result.
std::size_t countArrived(std::vector<std::filesystem::path> results, std::filesystem::path received)
{
    isolate::setActivity("comparing what arrived");
    const auto contentOf = [](const std::filesystem::path &path) {
        std::ifstream file(path, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(file), {});
    };
    std::multiset<std::string> arrived;
    std::error_code error;
    for (const auto &entry : std::filesystem::directory_iterator(received, error)) {
        if (entry.is_regular_file())
            arrived.insert(contentOf(entry.path()));
    }
    std::size_t count = 0;
    for (const auto &result : results) {
        if (const auto found = arrived.find(contentOf(result)); found != arrived.end()) {
            arrived.erase(found);
            ++count;
        }
    }
    return count;
}

} // namespace

Demo::Demo(Application &application, std::vector<std::string> picks, std::filesystem::path output, QObject *parent)
    : QObject(parent), m_application(application), m_picks(std::move(picks)), m_output(std::move(output))
{
}

void Demo::start()
{
    m_total.start();
    std::error_code error;
    std::filesystem::create_directories(m_output, error);
    showOverlay(true);
    afterFrames(framesToSettle, [this] {
        screenshot(QStringLiteral("01-empty"));
        if (m_picks.empty())
            makePictures();
        else
            pickAndWait();
    });
}

void Demo::makePictures()
{
    say(tr("Making %1 pictures of 12 megapixels").arg(pictures));
    isolate::runWith({.name = "demo pictures"}, makeDemoPictures, m_application.folders().samples() / "demo")
        .then(
            [this](const std::string &folder) {
                if (folder.starts_with('!')) {
                    problem(QString::fromStdString(folder.substr(1)));
                    return finish();
                }
                m_picks = {folder};
                pickAndWait();
            },
            [this](std::exception_ptr) {
                problem(tr("The pictures could not be made."));
                finish();
            });
}

void Demo::pickAndWait()
{
    say(tr("Picking, compressing and uploading"));
    beginPhase(QStringLiteral("pick, compress and upload"));
    const auto before = m_application.session().totals();
    for (int row = 0; row < m_application.photos().count(); ++row)
        m_before.insert(m_application.photos().at(row).id);
    m_application.pick(m_picks);
    // Half-way there is most to see.
    const auto shown = std::make_shared<bool>(false);
    m_waiting = connect(&m_application.bridge(), &PhotoBridge::updated, this, [this, before, shown] {
        const ui::Totals &now = m_application.session().totals();
        if (now.total > before.total && now.uploaded - before.uploaded >= (now.total - before.total) / 3 && !*shown) {
            *shown = true;
            screenshotMeanwhile(QStringLiteral("02-working"));
        }
        if (now.total == before.total || now.left() > 0)
            return;
        disconnect(m_waiting);
        endPhase();
        checkArrived();
    });
}

void Demo::checkArrived()
{
    std::vector<std::filesystem::path> results;
    for (int row = 0; row < m_application.photos().count(); ++row) {
        const ui::PhotoRow &photo = m_application.photos().at(row);
        if (m_before.contains(photo.id))
            continue;
        ++m_photos;
        if (photo.state != ui::PhotoState::Uploaded) {
            problem(tr("%1 did not arrive: %2").arg(photo.name, photo.message));
            continue;
        }
        results.push_back(m_application.bridge().resultOf(photo.id));
        m_bytesBefore += photo.originalBytes;
        m_bytesAfter += photo.resultBytes;
    }
    const std::size_t expected = results.size();
    isolate::runWith({.name = "demo check"}, countArrived, std::move(results), m_application.folders().received())
        .then(
            [this, expected](std::size_t arrived) {
                m_arrived = arrived;
                if (arrived != expected)
                    problem(tr("%1 of %2 uploads are not stored byte for byte.").arg(expected - arrived).arg(expected));
                afterFrames(framesToSettle, [this] {
                    screenshot(QStringLiteral("03-photos"));
                    openFeed();
                });
            },
            [this](std::exception_ptr) {
                problem(tr("What arrived could not be compared."));
                openFeed();
            });
}

void Demo::openFeed()
{
    say(tr("Opening a feed of 211,640 photos"));
    showPage(Feed);
    beginPhase(QStringLiteral("open the feed"));
    const auto next = [this] {
        disconnect(m_waiting);
        endPhase();
        scrollFeed();
    };
    m_waiting = connect(&m_application.feed(), &ui::FeedModel::busyChanged, this, [this, next] {
        if (m_application.feed().busy())
            return;
        if (!m_application.feed().error().isEmpty())
            problem(m_application.feed().error());
        else if (m_application.feed().count() > 0)
            QMetaObject::invokeMethod(this, next, Qt::QueuedConnection);
        if (!m_application.feed().error().isEmpty())
            QMetaObject::invokeMethod(this, next, Qt::QueuedConnection);
    });
    m_application.session().generateFeed();
}

void Demo::scrollFeed()
{
    auto *list = m_application.window()->findChild<QQuickItem *>(QStringLiteral("feedList"));
    if (!list) {
        problem(tr("There is no feed list."));
        return finish();
    }
    screenshot(QStringLiteral("04-feed"));
    say(tr("Scrolling through it"));
    beginPhase(QStringLiteral("scroll the feed"));
    // A screenful a frame, as fast as frames come; a glance at the far end last.
    const auto frames = std::make_shared<int>(0);
    m_waiting = connect(m_application.window(), &QQuickWindow::afterAnimating, this, [this, list, frames] {
        constexpr int scrolledFrames = 240;
        if (++*frames > scrolledFrames) {
            disconnect(m_waiting);
            endPhase();
            QMetaObject::invokeMethod(this, &Demo::compare, Qt::QueuedConnection);
            return;
        }
        const double far = list->property("contentHeight").toDouble() - list->height();
        list->setProperty("contentY", *frames < scrolledFrames ? *frames * 180.0 : far);
        m_application.window()->update();
    });
    m_application.window()->update();
}

void Demo::compare()
{
    say(tr("Comparing isolates with the main isolate"));
    showPage(ComparisonPage);
    m_waiting = connect(&m_application, &Application::comparisonEnded, this, [this](bool succeeded) {
        disconnect(m_waiting);
        if (succeeded) {
            const ComparisonRound &round = m_application.comparisonResult().rounds.front();
            m_phases.append(phaseToJson(QStringLiteral("comparison, idle"), round.idle.phase));
            m_phases.append(phaseToJson(QStringLiteral("comparison in isolates"), round.isolates.phase));
            m_phases.append(phaseToJson(QStringLiteral("comparison on the main isolate"), round.mainIsolate.phase));
        } else {
            problem(m_application.comparison().text());
        }
        showOverlay(false); // it would lie over the plots
        afterFrames(framesToSettle, [this] {
            screenshot(QStringLiteral("05-comparison"));
            showOverlay(true);
            browsePages();
        });
    });
    m_application.comparison().chooseRounds(comparisonRounds);
    m_application.comparison().start();
}

void Demo::browsePages()
{
    showPage(TimelinePage);
    showOverlay(false);
    afterFrames(framesToSettle, [this] {
        screenshot(QStringLiteral("10-timeline"));
        showOverlay(true);
        browseRest();
    });
}

void Demo::browseRest()
{
    showPage(Isolates);
    afterFrames(framesToSettle, [this] {
        screenshot(QStringLiteral("06-isolates"));
        showPage(Settings);
        showOverlay(false);
        afterFrames(framesToSettle, [this] {
            screenshot(QStringLiteral("07-settings"));
            showPage(Photos);
            showOverlay(true);
            QMetaObject::invokeMethod(m_application.window(), "toggleTheme");
            afterFrames(framesToSettle, [this] {
                screenshot(QStringLiteral("08-photos-other-theme"));
                showPage(ComparisonPage);
                showOverlay(false);
                afterFrames(framesToSettle, [this] {
                    screenshot(QStringLiteral("09-comparison-other-theme"));
                    finish();
                });
            });
        });
    });
}

void Demo::finish()
{
    DemoFacts facts;
    facts.photos = m_photos;
    facts.arrived = static_cast<int>(m_arrived);
    facts.bytesBefore = m_bytesBefore;
    facts.bytesAfter = m_bytesAfter;
    facts.feedRows = m_application.feed().count();
    facts.feedMilliseconds = m_application.feed().parseMilliseconds();
    facts.seconds = static_cast<double>(m_total.elapsed()) / 1000;
    facts.phases = m_phases;
    facts.problems = m_problems;
    const ComparisonResult &comparison = m_application.comparisonResult();
    facts.comparisonRounds = static_cast<int>(comparison.rounds.size());
    facts.predictedMissed = static_cast<int>(comparison.predictedMissed().median);
    facts.measuredMissed = static_cast<int>(comparison.measuredMissed().median);
    facts.missedInIsolates = comparison.empty() ? 0 : comparison.rounds.front().isolates.phase.statistics.framesMissed;
    if (const QString trouble = writeReport(m_output, facts, *m_application.window()); !trouble.isEmpty())
        problem(trouble);
    std::fputs(qUtf8Printable(summaryOf(facts)), stdout);
    std::printf("Report and screenshots: %s\n", m_output.c_str());
    emit finished(m_problems.isEmpty() && m_arrived > 0 ? 0 : 1);
}

void Demo::beginPhase(const QString &name)
{
    m_application.monitor().beginPhase(name);
}

void Demo::endPhase()
{
    const jank::PhaseSummary phase = m_application.monitor().endPhase();
    m_phases.append(phaseToJson(phase.name, phase));
}

void Demo::showOverlay(bool shown)
{
    m_application.window()->setProperty("overlayVisible", shown);
}

void Demo::screenshot(const QString &name)
{
    const QImage image = m_application.window()->grabWindow();
    const auto path = m_output / (name.toStdString() + ".png");
    if (image.isNull() || !image.save(QFile::decodeName(path.c_str())))
        problem(tr("The screenshot %1 could not be written.").arg(QFile::decodeName(path.c_str())));
}

void Demo::screenshotMeanwhile(const QString &name)
{
    const auto save = [this, path = m_output / (name.toStdString() + ".png")](const QImage &image) {
        isolate::runWith({.name = "screenshot"}, saveImage, image, path)
            .then(
                [this](const std::string &trouble) {
                    if (!trouble.empty())
                        problem(QString::fromStdString(trouble));
                },
                [this](std::exception_ptr) { problem(tr("A screenshot could not be saved.")); });
    };
    // What the display shows already costs no frame. Where programs may not read it, the scene is drawn once more.
    QQuickWindow *window = m_application.window();
    if (const QPixmap shown = window->screen()->grabWindow(window->winId()); !shown.isNull())
        return save(shown.toImage());
    const auto grab = window->contentItem()->grabToImage();
    if (!grab)
        return problem(tr("The screenshot %1 could not be taken.").arg(name));
    connect(grab.data(), &QQuickItemGrabResult::ready, this, [grab, save] { save(grab->image()); });
}

void Demo::say(const QString &text)
{
    std::printf("%s\n", qUtf8Printable(text));
    std::fflush(stdout);
}

void Demo::problem(const QString &text)
{
    m_problems.append(text);
    std::fprintf(stderr, "demo: %s\n", qUtf8Printable(text));
}

void Demo::afterFrames(int frames, std::function<void()> then)
{
    const auto left = std::make_shared<int>(frames);
    m_waiting
        = connect(m_application.window(), &QQuickWindow::afterAnimating, this, [this, left, then = std::move(then)] {
              if (--*left > 0) {
                  m_application.window()->update();
                  return;
              }
              disconnect(m_waiting);
              QMetaObject::invokeMethod(this, then, Qt::QueuedConnection);
          });
    m_application.window()->update();
}

void Demo::showPage(int page)
{
    m_application.window()->setProperty("currentPage", page);
}

} // namespace steadyframe::composition
