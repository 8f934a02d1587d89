#pragma once

#include "jank_monitor/frame_recorder.h"
#include "jank_monitor/loop_watch.h"

#include <QtCore/qmetaobject.h>
#include <QtCore/qobject.h>
#include <QtCore/qpointer.h>

#include <memory>
#include <vector>

class QQuickWindow;

namespace jank {

/// The pure parts of the monitor, kept alive by whoever still reports to them (the render thread may be the last).
struct Recording {
    /// For the event loop of the thread that calls.
    explicit Recording(const FrameClock &frameClock) : clock(frameClock), loop(LoopWatch::ofThisThread(frameClock)) {}

    const FrameClock &clock;
    const std::shared_ptr<LoopWatch> loop; ///< shared with the other windows of the thread
    LoopTracker &tracker = loop->tracker();
    UiPartTracker uiPart{tracker};
    FrameRecorder recorder{clock, uiPart};
};

/// Listens to one window's scene graph, from its creation to its destruction. Belongs to the UI thread.
class WindowProbe final : public QObject {
    Q_OBJECT

public:
    WindowProbe(QQuickWindow *window, std::shared_ptr<Recording> recording, QObject *parent = nullptr);
    ~WindowProbe() override;

    /// Tells the rate of the window's screen now, and from then on each change of it, by refreshRateChanged().
    void watchScreen();

signals:
    /// The window is about to be polished and drawn: what changes now is part of that frame.
    void aboutToDraw();
    /// The UI thread's part of a frame is finished.
    void polished();
    /// The window is on a screen with another refresh rate, in hertz.
    void refreshRateChanged(double hertz);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QPointer<QQuickWindow> m_window;
    std::shared_ptr<Recording> m_recording;
    std::vector<QMetaObject::Connection> m_connections;
    QMetaObject::Connection m_screenConnection;
};

} // namespace jank
