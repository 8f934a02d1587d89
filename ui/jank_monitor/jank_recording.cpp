#include "jank_monitor/jank_recording.h"

#include "jank_monitor/recording_store.h"
#include "jank_monitor/report.h"
#include "jank_monitor/trace_io.h"

#include <QtCore/qfileinfo.h>
#include <QtCore/qmetaobject.h>

#include <optional>

#ifdef Q_OS_LINUX
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace jank {

namespace {

constexpr std::size_t IndexedAtOnce = 16'384; // new values that take under a millisecond

std::size_t sizeOf(const Trace *trace)
{
    return trace == nullptr ? 0 : trace->frames.size() + trace->blocks.size() + trace->work.size();
}

/// Frames come first: Qt's priorities of threads change nothing on Linux, but its own do.
void stepBack()
{
#ifdef Q_OS_LINUX
    setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 10);
#endif
}

} // namespace

JankRecording::JankRecording(QObject *parent) : QObject(parent)
{
    m_pool.setMaxThreadCount(1);
}

JankRecording::~JankRecording()
{
    m_stop.request_stop();
    m_pool.clear();
    m_pool.waitForDone();
}

void JankRecording::setMonitor(JankMonitor *monitor)
{
    if (m_monitor == monitor)
        return;
    if (m_monitor != nullptr)
        disconnect(m_monitor, nullptr, this, nullptr);
    m_monitor = monitor;
    if (monitor != nullptr)
        connect(monitor, &JankMonitor::statisticsUpdated, this, &JankRecording::follow);
    emit monitorChanged();
    follow();
}

void JankRecording::setActive(bool active)
{
    if (m_active == active)
        return;
    m_active = active;
    emit activeChanged();
    follow();
}

bool JankRecording::isEmpty() const
{
    return m_trace == nullptr || (m_trace->frames.empty() && m_trace->work.empty() && m_trace->blocks.empty());
}
double JankRecording::seconds() const
{
    return m_trace == nullptr ? 0 : static_cast<double>(m_trace->span.length()) / 1e9;
}
int JankRecording::frames() const
{
    return m_index == nullptr ? 0 : static_cast<int>(m_index->counted);
}
int JankRecording::missed() const
{
    return m_index == nullptr ? 0 : static_cast<int>(m_index->missed);
}
int JankRecording::stalls() const
{
    return m_trace == nullptr ? 0 : static_cast<int>(m_trace->stalls.size());
}

void JankRecording::follow()
{
    if (!m_active || m_source != Live || m_monitor == nullptr || m_indexing || m_ending != nullptr)
        return;
    auto trace = shareTrace(m_monitor->trace());
    if (sizeOf(trace.get()) < sizeOf(m_trace.get()) + IndexedAtOnce)
        return take(trace, TraceIndex::of(*trace, m_index.get()), Live, {});
    m_indexing = true;
    show(trace, Live);
}

void JankRecording::show(std::shared_ptr<const Trace> trace, Source source, const QUrl &file)
{
    const std::uint64_t generation = ++m_generation;
    run([=, this, previous = m_index](const std::stop_token &) {
        auto index = TraceIndex::of(*trace, previous.get());
        later([=, this] {
            if (source == Live)
                m_indexing = false;
            if (generation == m_generation)
                take(trace, index, source, file);
        });
    });
}

void JankRecording::take(std::shared_ptr<const Trace> trace, std::shared_ptr<const TraceIndex> index, Source source,
                         const QUrl &file)
{
    if (source != Live || m_source != Live || m_trace == nullptr)
        ++m_session;
    m_trace = std::move(trace);
    m_index = std::move(index);
    m_source = source;
    m_file = file;
    m_ending.reset();
    if (source != Ended) // that one is unsaved since it ended
        setUnsaved(false);
    emit changed();
}

void JankRecording::setUnsaved(bool unsaved)
{
    if (m_unsaved == unsaved)
        return;
    m_unsaved = unsaved;
    emit unsavedChanged();
}

void JankRecording::discard()
{
    setUnsaved(false);
}

void JankRecording::endRecording()
{
    if (m_monitor == nullptr)
        return;
    m_monitor->setRecording(false);
    const std::shared_ptr<const Trace> ended = m_monitor->lastRecording();
    if (ended == nullptr)
        return;
    m_monitor->forgetRecording();
    clearMessages();
    ++m_generation; // what was asked for before would be shown in its place
    m_indexing = false;
    m_ending = ended;
    setUnsaved(true);
    run([=, this](const std::stop_token &) {
        auto trace = shareTrace(cut(*ended, ended->span));
        auto index = TraceIndex::of(*trace);
        later([=, this] {
            if (m_ending == ended)
                take(trace, index, Ended, {});
        });
    });
}

void JankRecording::showLive()
{
    ++m_generation;
    m_indexing = false;
    clearMessages();
    take(nullptr, nullptr, Live, {});
    follow();
}

void JankRecording::open(const QUrl &file)
{
    clearMessages();
    if (!file.isLocalFile())
        return fail(tr("%1 is not on this machine. Save it first, then open the file.").arg(file.toDisplayString()));
    const std::uint64_t generation = ++m_generation;
    run([=, this, path = file.toLocalFile(), progress = progressReporter()](std::stop_token stop) {
        auto reading = std::make_shared<TraceReading>(loadTrace(path, {std::move(stop), progress}));
        if (!reading->ok())
            return later([=, this] {
                if (!reading->cancelled)
                    fail(reading->error);
            });
        auto trace = shareTrace(std::move(reading->trace));
        auto index = TraceIndex::of(*trace);
        later([=, this] {
            if (generation != m_generation)
                return;
            m_notice
                = reading->truncated ? tr("The file ends in the middle. What comes before is shown.") : reading->loss;
            emit messageChanged();
            take(trace, index, File, file);
        });
    });
}

void JankRecording::save(const QUrl &file, double seconds)
{
    clearMessages();
    if (!file.isLocalFile())
        return fail(tr("%1 is not on this machine. Choose a file here.").arg(file.toDisplayString()));
    std::shared_ptr<const Trace> trace = m_trace;
    if (m_source == Live && m_monitor != nullptr)
        trace = shareTrace(m_monitor->trace());
    if (trace == nullptr)
        return fail(tr("There is nothing to save yet."));
    ReportSession session;
    session.machine.refreshRate = 1e9 / static_cast<double>(trace->interval);
    if (m_monitor != nullptr)
        session.cost = {m_monitor->uiCost(), m_monitor->renderCost()};
    run([=, this, progress = progressReporter()](std::stop_token stop) mutable {
        const QString path = file.toLocalFile();
        const QString suffix = QFileInfo(path).suffix().toLower();
        Trace part = *trace;
        if (seconds > 0)
            part = cut(part, {part.span.end - static_cast<std::int64_t>(seconds * 1e9), part.span.end});
        const IoControl control{std::move(stop), progress};
        IoResult result;
        std::optional<TraceFormat> format;
        if (suffix == QLatin1String("html") || suffix == QLatin1String("htm")) {
            const double rate = session.machine.refreshRate;
            session.machine = ReportMachine::current();
            session.machine.refreshRate = rate;
            session.trace = std::move(part);
            result = saveReport(session, path, control);
        } else {
            format = suffix == QLatin1String("csv") ? TraceFormat::Csv : TraceFormat::ChromeTrace;
            result = saveTrace(part, path, *format, control);
        }
        const bool whole = result.ok() && format == TraceFormat::ChromeTrace && !(seconds > 0);
        later([=, this] {
            if (whole && trace == m_trace)
                setUnsaved(false);
            if (result.ok())
                emit saved(file);
            else if (!result.cancelled)
                fail(result.error);
        });
    });
}

void JankRecording::cancel()
{
    m_stop.request_stop();
}

void JankRecording::clearMessages()
{
    if (m_error.isEmpty() && m_notice.isEmpty())
        return;
    m_error.clear();
    m_notice.clear();
    emit messageChanged();
}

void JankRecording::fail(const QString &error)
{
    m_error = error;
    emit messageChanged();
    emit failed(error);
}

void JankRecording::run(Job job)
{
    if (m_stop.stop_requested())
        m_stop = {};
    if (m_jobs++ == 0) {
        m_progress = 0;
        emit progressChanged();
        emit busyChanged();
    }
    m_pool.start([this, job = std::move(job), stop = m_stop.get_token()] {
        stepBack();
        job(stop);
        later([this] { jobEnded(); });
    });
}

void JankRecording::jobEnded()
{
    if (--m_jobs == 0)
        emit busyChanged();
}

std::function<void(double)> JankRecording::progressReporter()
{
    return [this](double done) {
        later([this, done] {
            m_progress = done;
            emit progressChanged();
        });
    };
}

void JankRecording::later(std::function<void()> done)
{
    QMetaObject::invokeMethod(this, std::move(done), Qt::QueuedConnection);
}

} // namespace jank
