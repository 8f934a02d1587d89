#include "jank_monitor/jank_monitor.h"

#include "jank_monitor/jank_monitor_p.h"
#include "jank_monitor/trace_names.h"

#include <algorithm>
#include <limits>

namespace jank {

namespace {

constexpr std::size_t PhaseReserve = 8'192; // frames of a phase before it allocates again

QStringList toStrings(const std::vector<std::string> &texts)
{
    QStringList result;
    for (const std::string &text : texts)
        result.append(QString::fromStdString(text));
    return result;
}

} // namespace

JankMonitor::JankMonitor(QObject *parent) : JankMonitor(SteadyFrameClock::instance(), parent) {}

JankMonitor::JankMonitor(const FrameClock &clock, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>(this, clock))
{
}

JankMonitor::~JankMonitor() = default;

QQuickWindow *JankMonitor::window() const
{
    return d->window;
}

void JankMonitor::attach(QQuickWindow *window)
{
    if (d->window == window)
        return;
    d->window = window;
    d->watchWindow();
    emit windowChanged();
}

bool JankMonitor::isEnabled() const
{
    return d->enabled;
}

void JankMonitor::setEnabled(bool enabled)
{
    if (d->enabled == enabled)
        return;
    d->setEnabled(enabled);
    emit enabledChanged();
    emit statisticsUpdated();
}

double JankMonitor::interval() const
{
    return toMilliseconds(d->recording->recorder.interval());
}

double JankMonitor::refreshRate() const
{
    return 1e9 / static_cast<double>(d->recording->recorder.interval());
}

void JankMonitor::setRefreshRate(double hertz)
{
    d->chosenRate = hertz;
    d->applyInterval();
}

FrameStatistics JankMonitor::statistics() const
{
    return d->statistics;
}
int JankMonitor::framesDrawn() const
{
    return d->framesDrawn;
}
int JankMonitor::framesMissed() const
{
    return d->framesMissed;
}
int JankMonitor::framesKept() const
{
    return static_cast<int>(d->keptBefore + d->kept.kept());
}
double JankMonitor::longestStall() const
{
    return toMilliseconds(d->longestStall);
}
double JankMonitor::stallTime() const
{
    return toMilliseconds(d->stallTime);
}
double JankMonitor::heartbeatDelay() const
{
    return d->heartbeatDelay;
}

QString JankMonitor::lastCulprit() const
{
    return culpritText(d->lastStall);
}

QStringList JankMonitor::workLanes() const
{
    QStringList names;
    for (const WorkLog::Lane &lane : d->workLog->lanes())
        names.append(QString::fromStdString(lane.name));
    return names;
}

double JankMonitor::uiCost() const
{
    return d->costOf(true);
}
double JankMonitor::renderCost() const
{
    return d->costOf(false);
}

bool JankMonitor::takesStacks() const
{
    return d->member.stacks;
}

void JankMonitor::setTakesStacks(bool on)
{
    if (d->member.stacks == on)
        return;
    d->member.stacks = on;
    d->recording->loop->update();
    emit stacksChanged();
}

void JankMonitor::beginPhase(const QString &name)
{
    d->drain();
    if (d->phase)
        endLabel(d->phase->label);
    d->phase.emplace(Private::OpenPhase{name, d->clock.now(), beginLabel(name), {}, {}});
    d->phase->samples.reserve(PhaseReserve);
    d->phase->blocks.reserve(PhaseReserve);
    emit phaseChanged();
}

PhaseSummary JankMonitor::endPhase()
{
    if (!d->phase)
        return {};
    d->drain();
    const std::int64_t now = d->clock.now();
    const std::int64_t interval = d->recording->recorder.interval();
    if (const LoopBlock open = d->recording->tracker.openBlockAt(now); open.length > 0)
        d->phase->blocks.push_back(open);

    FrameSample owed;
    const PaceVerdict verdict = d->recording->recorder.owedAt(now);
    owed.wanted = verdict.wanted;
    owed.deadline = verdict.deadline;
    owed.interval = interval;
    owed.swapEnd = now;
    owed.missed = verdict.missed;
    owed.cause = verdict.missed > 0 ? Cause::Ui : Cause::None;

    PhaseSummary summary = summarise(d->phase->name, {d->phase->start, now}, interval, std::move(d->phase->samples),
                                     std::move(d->phase->blocks), &owed);
    endLabel(d->phase->label);
    d->phase.reset();
    emit phaseChanged();
    return summary;
}

QString JankMonitor::phaseName() const
{
    return d->phase ? d->phase->name : QString();
}

int JankMonitor::beginLabel(const QString &text)
{
    return d->labels.begin(text, d->clock.now());
}

void JankMonitor::addLabel(const QString &text, std::int64_t startNs, std::int64_t endNs)
{
    if (d->enabled)
        d->labels.add(text, {startNs, endNs}, d->recording->recorder.interval());
}

void JankMonitor::endLabel(int key)
{
    // What holds when it is switched on is known then; what has ended while it was off is nothing to remember.
    if (d->enabled)
        d->labels.end(key, d->clock.now());
    else
        d->labels.forget(key);
}

std::vector<LabelSpan> JankMonitor::labelSpans() const
{
    return d->labels.spans({std::numeric_limits<std::int64_t>::min(), d->clock.now()});
}

QVariantList JankMonitor::worstFrames(int count) const
{
    d->drain();
    d->flush();
    const std::vector<FrameSample> worst = d->store.worstFrames(static_cast<std::size_t>(std::max(count, 0)));
    QVariantList result;
    for (const FrameSample &sample : worst) {
        result.append(QVariantMap{
            {QStringLiteral("time"), toMilliseconds(d->clock.now() - sample.swapEnd)},
            {QStringLiteral("frameTime"), toMilliseconds(sample.frameTime())},
            {QStringLiteral("missed"), sample.missed},
            {QStringLiteral("cause"), sample.cause == Cause::Ui ? QStringLiteral("ui") : QStringLiteral("render")},
            {QStringLiteral("labels"), d->labels.during({sample.wanted, sample.swapEnd})},
        });
    }
    return result;
}

std::vector<Stall> JankMonitor::stalls() const
{
    return d->stalls.stalls(*d->recording->loop);
}

QVariantList JankMonitor::recentStalls(int count) const
{
    const std::vector<Stall> all = stalls();
    QVariantList result;
    for (auto stall = all.rbegin(); stall != all.rend() && result.size() < count; ++stall) {
        result.append(QVariantMap{
            {QStringLiteral("time"), toMilliseconds(d->clock.now() - stall->block.end)},
            {QStringLiteral("length"), toMilliseconds(stall->block.length)},
            {QStringLiteral("event"), stall->block.eventType != 0 ? eventName(stall->block.eventType) : QString()},
            {QStringLiteral("receiver"), QString::fromUtf8(stall->block.receiver)},
            {QStringLiteral("name"), QString::fromUtf8(stall->block.name)},
            {QStringLiteral("stack"), toStrings(stall->stack)},
            {QStringLiteral("labels"), toStrings(stall->labels)},
        });
    }
    return result;
}

void JankMonitor::reset()
{
    d->clear();
    emit statisticsUpdated();
}

std::shared_ptr<WorkLog> JankMonitor::workLog() const
{
    return d->workLog;
}
std::shared_ptr<const RecentFrames> JankMonitor::recentFrames() const
{
    return d->recording->recorder.recent();
}
const FrameClock &JankMonitor::clock() const
{
    return d->clock;
}

std::vector<FrameSample> JankMonitor::samples() const
{
    d->drain();
    d->flush();
    std::vector<FrameSample> result;
    result.reserve(d->store.frames().size());
    for (std::size_t i = 0; i < d->store.frames().size(); ++i)
        result.push_back(d->store.frames()[i]);
    return result;
}

std::vector<LoopBlock> JankMonitor::blocks() const
{
    d->flush();
    std::vector<LoopBlock> result;
    result.reserve(d->store.blocks().size());
    for (std::size_t i = 0; i < d->store.blocks().size(); ++i)
        result.push_back(d->store.blocks()[i]);
    return result;
}

Trace JankMonitor::trace(double seconds)
{
    Trace trace = d->snapshot();
    if (seconds <= 0)
        return trace;
    const auto length = static_cast<std::int64_t>(seconds * 1e9);
    return cut(trace, {trace.span.end - length, trace.span.end});
}

bool JankMonitor::isRecording() const
{
    return d->recordingSince != 0;
}
void JankMonitor::setRecording(bool recording)
{
    d->setRecording(recording);
}
double JankMonitor::recordedSeconds() const
{
    return isRecording() ? static_cast<double>(d->clock.now() - d->recordingSince) / 1e9 : 0;
}
std::shared_ptr<const Trace> JankMonitor::lastRecording() const
{
    return d->lastRecording;
}
void JankMonitor::forgetRecording()
{
    d->lastRecording.reset();
}

} // namespace jank
