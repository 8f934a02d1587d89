// Stalls of known lengths against the real clock: what the jank monitor reports of each, less what was injected. The
// median of each kind must be within 2 ms or 5 %. Each render loop is a process of its own, since Qt chooses it once.
#include "benchmarks/figures.h"

#include "jank_monitor/jank_monitor.h"

#include <QtCore/qeventloop.h>
#include <QtCore/qproperty.h>
#include <QtCore/qvariantanimation.h>
#include <QtGui/qguiapplication.h>
#include <QtQuick/qquickitem.h>
#include <QtQuick/qquickwindow.h>
#include <QtQuick/qsgsimplerectnode.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

using jank::JankMonitor;
using jank::toMilliseconds;
using steadyframe::benchmarks::Figures;

namespace {

constexpr int Rounds = 5;
constexpr std::array Lengths{5, 17, 34, 50, 100, 700};

/// One stall: how long it is to be, and how long it was.
class Stall {
public:
    void arm(int milliseconds)
    {
        m_took = 0;
        m_length.store(milliseconds * std::int64_t(1'000'000));
    }
    /// Busy for the armed length, once. The thread that the processor was taken from has still been held up.
    void happen()
    {
        const std::int64_t length = m_length.exchange(0);
        if (length == 0)
            return;
        const auto &clock = jank::SteadyFrameClock::instance();
        const std::int64_t start = clock.now();
        while (clock.now() - start < length) {}
        m_took = clock.now() - start;
    }
    /// Nanoseconds, 0 until it has happened.
    [[nodiscard]] std::int64_t took() const { return m_took; }

private:
    std::atomic<std::int64_t> m_length{0};
    std::atomic<std::int64_t> m_took{0};
};

class Item : public QQuickItem {
public:
    explicit Item(QQuickItem *parent) : QQuickItem(parent)
    {
        setFlag(ItemHasContents);
        setSize({10, 10});
    }
    Stall inPolish;
    Stall inSynchronisation;

protected:
    void updatePolish() override { inPolish.happen(); }
    QSGNode *updatePaintNode(QSGNode *old, UpdatePaintNodeData *) override
    {
        inSynchronisation.happen();
        auto *node = old != nullptr ? static_cast<QSGSimpleRectNode *>(old)
                                    : new QSGSimpleRectNode(boundingRect(), Qt::darkGreen);
        node->markDirty(QSGNode::DirtyMaterial);
        return node;
    }
};

class Handler : public QObject {
public:
    Stall inHandler;

protected:
    bool event(QEvent *event) override
    {
        if (event->type() == QEvent::User)
            inHandler.happen();
        return QObject::event(event);
    }
};

void drawFrames(QQuickWindow &window, int count)
{
    QEventLoop loop;
    int seen = 0;
    QObject::connect(
        &window, &QQuickWindow::frameSwapped, &loop,
        [&] {
            if (++seen == count)
                loop.quit();
        },
        Qt::QueuedConnection);
    loop.exec();
}

/// Prints, for each stall: the place, the length, and what was reported less what was injected, in milliseconds.
int measure(int argc, char **argv)
{
    QGuiApplication application(argc, argv);
    QQuickWindow window;
    window.resize(100, 100);
    Item item(window.contentItem());
    Handler handler;
    Stall inRendering, inBinding;
    QObject::connect(
        &window, &QQuickWindow::beforeRendering, &window, [&] { inRendering.happen(); }, Qt::DirectConnection);
    // Draws without end, as an animation does.
    QObject::connect(
        &window, &QQuickWindow::afterAnimating, &item,
        [&] {
            item.polish();
            item.update();
        },
        Qt::DirectConnection);

    // A binding to what an animation moves.
    QProperty<int> moved(0);
    QProperty<int> bound;
    bound.setBinding([&] {
        inBinding.happen();
        return moved.value();
    });
    const auto eager = bound.onValueChanged([] {});
    QVariantAnimation animation;
    animation.setStartValue(0);
    animation.setEndValue(1'000'000);
    animation.setDuration(1'000'000);
    QObject::connect(&animation, &QVariantAnimation::valueChanged, &item,
                     [&](const QVariant &value) { moved = value.toInt(); });

    window.show();
    JankMonitor monitor;
    monitor.attach(&window);
    monitor.setEnabled(true);
    animation.start();
    item.polish();
    item.update();
    drawFrames(window, 10);

    struct Place {
        const char *name;
        Stall &stall;
        bool onUi;
    };
    const std::array places{Place{"event handler", handler.inHandler, true}, Place{"polish", item.inPolish, true},
                            Place{"binding", inBinding, true}, Place{"synchronisation", item.inSynchronisation, false},
                            Place{"rendering", inRendering, false}};
    for (int round = 0; round < Rounds; ++round) {
        for (const int length : Lengths) {
            for (const Place &place : places) {
                drawFrames(window, 3);
                monitor.reset();
                place.stall.arm(length);
                QCoreApplication::postEvent(&handler, new QEvent(QEvent::User));
                while (place.stall.took() == 0)
                    drawFrames(window, 1);
                drawFrames(window, 3);
                std::int64_t reported = 0;
                if (place.onUi) {
                    for (const jank::LoopBlock &block : monitor.blocks())
                        reported = std::max(reported, block.length);
                } else {
                    for (const jank::FrameSample &sample : monitor.samples())
                        reported = std::max(reported, sample.renderTime());
                }
                std::printf("%s;%d;%.4f\n", place.name, length, toMilliseconds(reported - place.stall.took()));
            }
        }
    }
    return 0;
}

struct Kind {
    std::string name;
    int length = 0;
    std::vector<double> differences;
};

/// What the process of one render loop has measured; empty when it failed.
std::vector<Kind> measured(const std::string &program, const std::string &environment)
{
    std::vector<Kind> kinds;
    FILE *pipe
        = ::popen(("env QT_QPA_PLATFORM=offscreen " + environment + " '" + program + "' --measure").c_str(), "r");
    if (pipe == nullptr)
        return kinds;
    std::array<char, 128> line{};
    while (std::fgets(line.data(), line.size(), pipe) != nullptr) {
        std::array<char, 64> name{};
        int length = 0;
        double difference = 0;
        if (std::sscanf(line.data(), "%63[^;];%d;%lf", name.data(), &length, &difference) != 3)
            continue;
        auto found = std::find_if(kinds.begin(), kinds.end(),
                                  [&](const Kind &kind) { return kind.name == name.data() && kind.length == length; });
        if (found == kinds.end())
            found = kinds.insert(kinds.end(), {name.data(), length, {}});
        found->differences.push_back(difference);
    }
    if (::pclose(pipe) != 0)
        kinds.clear();
    return kinds;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc > 1 && std::string(argv[1]) == "--measure")
        return measure(argc, argv);
    Figures figures("stalls", argc, argv);
    const std::array<std::pair<const char *, const char *>, 3> loops{
        {{"threaded", "QT_QUICK_BACKEND=rhi QSG_RHI_BACKEND=null QSG_RENDER_LOOP=threaded"},
         {"basic", "QT_QUICK_BACKEND=rhi QSG_RHI_BACKEND=null QSG_RENDER_LOOP=basic"},
         {"software", "QT_QUICK_BACKEND=software"}}};
    bool good = true;
    std::printf("  reported minus injected; the bound is 2 ms or 5 %%\n");
    for (const auto &[loop, environment] : loops) {
        const std::vector<Kind> kinds = measured(argv[0], environment);
        if (kinds.empty()) {
            std::printf("  %s: could not be measured\n", loop);
            good = false;
        }
        for (const Kind &kind : kinds) {
            const double difference
                = figures.add(std::string(loop) + ", " + kind.name + ", " + std::to_string(kind.length) + " ms", "ms",
                              kind.differences);
            if (std::abs(difference) > std::max(2.0, 0.05 * kind.length)) {
                std::printf("    beyond the bound\n");
                good = false;
            }
        }
    }
    const int status = figures.finish();
    return good ? status : 1;
}
