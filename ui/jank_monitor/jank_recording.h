#pragma once

#include "jank_monitor/jank_monitor.h"
#include "jank_monitor/trace_index.h"

#include <QtCore/qobject.h>
#include <QtCore/qpointer.h>
#include <QtCore/qthreadpool.h>
#include <QtCore/qurl.h>
#include <QtQml/qqmlregistration.h>

#include <functional>
#include <memory>
#include <stop_token>

namespace jank {

/// What a timeline shows: what the monitor remembers now, a recording that was ended, or one from a file; and the way
/// from and to files. Files are read and written, and long recordings indexed, on a thread of its own. Belongs to the
/// UI thread.
class JankRecording : public QObject {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(jank::JankMonitor *monitor READ monitor WRITE setMonitor NOTIFY monitorChanged FINAL)
    /// While it is on, a live recording follows the monitor, at its refreshes. Off: nothing is done for it.
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged FINAL)
    Q_PROPERTY(Source source READ source NOTIFY changed FINAL)
    Q_PROPERTY(bool live READ isLive NOTIFY changed FINAL)
    /// The name of the file that is shown; else empty.
    Q_PROPERTY(QString fileName READ fileName NOTIFY changed FINAL)
    /// Nothing was recorded.
    Q_PROPERTY(bool empty READ isEmpty NOTIFY changed FINAL)
    /// The length of what is shown, in seconds, and what is in it.
    Q_PROPERTY(double seconds READ seconds NOTIFY changed FINAL)
    Q_PROPERTY(int frames READ frames NOTIFY changed FINAL)
    Q_PROPERTY(int missed READ missed NOTIFY changed FINAL)
    Q_PROPERTY(int stalls READ stalls NOTIFY changed FINAL)
    /// A file is being read or written, or a recording indexed; how far, from 0 to 1.
    Q_PROPERTY(bool busy READ isBusy NOTIFY busyChanged FINAL)
    Q_PROPERTY(double progress READ progress NOTIFY progressChanged FINAL)
    /// A recording was ended and is in no file that brings it back (Chrome's trace format, whole), nor was given up by
    /// discard(), showLive() or another that is shown.
    Q_PROPERTY(bool unsaved READ isUnsaved NOTIFY unsavedChanged FINAL)
    /// What went wrong last, or what the file could not hold; empty when nothing.
    Q_PROPERTY(QString error READ error NOTIFY messageChanged FINAL)
    Q_PROPERTY(QString notice READ notice NOTIFY messageChanged FINAL)

public:
    enum Source {
        Live, ///< what the monitor remembers
        Ended, ///< a recording that was ended, and is in no file yet
        File ///< a file
    };
    Q_ENUM(Source)

    explicit JankRecording(QObject *parent = nullptr);
    /// Stops what is under way, and waits until it has stopped.
    ~JankRecording() override;

    [[nodiscard]] JankMonitor *monitor() const { return m_monitor; }
    void setMonitor(JankMonitor *monitor);
    [[nodiscard]] bool isActive() const { return m_active; }
    void setActive(bool active);
    [[nodiscard]] Source source() const { return m_source; }
    [[nodiscard]] bool isLive() const { return m_source == Live; }
    [[nodiscard]] QString fileName() const { return m_file.fileName(); }
    [[nodiscard]] bool isEmpty() const;
    [[nodiscard]] double seconds() const;
    [[nodiscard]] int frames() const;
    [[nodiscard]] int missed() const;
    [[nodiscard]] int stalls() const;
    [[nodiscard]] bool isBusy() const { return m_jobs > 0; }
    [[nodiscard]] double progress() const { return m_progress; }
    [[nodiscard]] bool isUnsaved() const { return m_unsaved; }
    [[nodiscard]] const QString &error() const { return m_error; }
    [[nodiscard]] const QString &notice() const { return m_notice; }

    /// What is shown, and its index: null before the first, else both or none.
    [[nodiscard]] std::shared_ptr<const Trace> trace() const { return m_trace; }
    [[nodiscard]] std::shared_ptr<const TraceIndex> index() const { return m_index; }
    /// Another number whenever another recording is shown, not when the same has grown.
    [[nodiscard]] std::uint64_t session() const { return m_session; }
    /// Shows a recording; indexes it first, on the other thread.
    void show(std::shared_ptr<const Trace> trace, Source source, const QUrl &file = {});

    /// Ends the monitor's recording and shows it, when it is indexed. It is `unsaved` from now on.
    Q_INVOKABLE void endRecording();
    /// What is shown need not be saved.
    Q_INVOKABLE void discard();
    /// Shows what the monitor remembers, and goes on with it.
    Q_INVOKABLE void showLive();
    /// Reads a file that save() or jank::saveTrace() wrote, and shows it. What is shown stays until that worked.
    Q_INVOKABLE void open(const QUrl &file);
    /// Writes what is shown, or its last `seconds` when over 0. The name's ending says the format: .csv, .html (the
    /// report), all others Chrome's trace format.
    Q_INVOKABLE void save(const QUrl &file, double seconds = 0);
    /// Stops reading and writing.
    Q_INVOKABLE void cancel();
    Q_INVOKABLE void clearMessages();

signals:
    void monitorChanged();
    void activeChanged();
    /// There is another trace(), or it has grown.
    void changed();
    void busyChanged();
    void progressChanged();
    void messageChanged();
    void unsavedChanged();
    /// save() is done; everything is in the file.
    void saved(const QUrl &file);
    /// open() or save() came to nothing; `error` says why.
    void failed(const QString &error);

private:
    using Job = std::function<void(std::stop_token)>;
    void follow();
    void run(Job job);
    void jobEnded();
    void take(std::shared_ptr<const Trace> trace, std::shared_ptr<const TraceIndex> index, Source source,
              const QUrl &file);
    void fail(const QString &error);
    void setUnsaved(bool unsaved);
    [[nodiscard]] std::function<void(double)> progressReporter();
    /// Calls `done` on this object's thread, from a job.
    void later(std::function<void()> done);

    QPointer<JankMonitor> m_monitor;
    bool m_active = false;
    Source m_source = Live;
    QUrl m_file;
    std::shared_ptr<const Trace> m_trace;
    std::shared_ptr<const TraceIndex> m_index;
    QThreadPool m_pool; // one thread
    std::stop_source m_stop;
    int m_jobs = 0;
    bool m_indexing = false; // the first look at a live recording
    std::shared_ptr<const Trace> m_ending; // the recording that was ended, until it is shown
    bool m_unsaved = false;
    std::uint64_t m_generation = 0; // grows whenever something else is asked for than what is being made
    std::uint64_t m_session = 0;
    double m_progress = 0;
    QString m_error;
    QString m_notice;
};

} // namespace jank
