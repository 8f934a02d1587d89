#pragma once

#include <isolate_core/main_executor.h>

#include <QObject>

#include <chrono>
#include <memory>

namespace isolate::qt {

/// The Qt UI thread as the main isolate. A burst of messages costs one posted event; they are run for `budget` at most,
/// then frames and input get their turn, then it goes on. Make it after the application object and destroy it before or
/// after: messages that come once either is gone are dropped. Destroying it ends the main isolate. One for each
/// runtime, which outlives it. @thread main: the one that made it, unless said otherwise
class MainIsolate final : public QObject {
    Q_OBJECT
public:
    /// `budget`: how long one drain may hold the event loop, by default an eighth of a 60 Hz frame. The event that
    /// is under way then is not cut short. The calling thread is the main isolate from here on.
    explicit MainIsolate(Runtime &runtime, std::chrono::microseconds budget = std::chrono::milliseconds(2),
                         QObject *parent = nullptr);
    ~MainIsolate() override;

    /// A handle to the main isolate. @thread any
    [[nodiscard]] Isolate isolate() const { return m_executor->isolate(); }

protected:
    bool event(QEvent *event) override; ///< Of the implementation: drains.
    void timerEvent(QTimerEvent *event) override; ///< Of the implementation: drains what was left over.

private:
    void drain();

    struct Wake;
    const std::chrono::microseconds m_budget;
    int m_timer = 0; ///< runs while something is left over from a drain
    std::shared_ptr<Wake> m_wake;
    std::unique_ptr<MainExecutor> m_executor;
};

} // namespace isolate::qt
