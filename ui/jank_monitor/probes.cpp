#include "jank_monitor/probes.h"

#include <QtCore/qcoreevent.h>
#include <QtGui/qscreen.h>
#include <QtQuick/qquickwindow.h>

namespace jank {

WindowProbe::WindowProbe(QQuickWindow *window, std::shared_ptr<Recording> recording, QObject *parent)
    : QObject(parent), m_window(window), m_recording(std::move(recording))
{
    // Each connection holds the recording: a station may be passed on the render thread while this probe goes.
    const auto station = [this, window](auto signal, void (FrameRecorder::*pass)() noexcept) {
        m_connections.push_back(connect(
            window, signal, window, [held = m_recording, pass] { (held->recorder.*pass)(); }, Qt::DirectConnection));
    };
    station(&QQuickWindow::afterAnimating, &FrameRecorder::uiDone);
    station(&QQuickWindow::beforeSynchronizing, &FrameRecorder::syncBegin);
    station(&QQuickWindow::afterSynchronizing, &FrameRecorder::syncDone);
    station(&QQuickWindow::beforeRendering, &FrameRecorder::renderBegin);
    station(&QQuickWindow::afterRendering, &FrameRecorder::renderDone);
    station(&QQuickWindow::frameSwapped, &FrameRecorder::swapped);

    connect(window, &QQuickWindow::afterAnimating, this, &WindowProbe::polished, Qt::DirectConnection);
    connect(window, &QWindow::visibilityChanged, this, [this] { m_recording->recorder.forget(); });
    connect(window, &QWindow::screenChanged, this, &WindowProbe::watchScreen);
    window->installEventFilter(this);
}

WindowProbe::~WindowProbe()
{
    for (const auto &connection : m_connections)
        disconnect(connection);
    m_recording->recorder.forget();
}

bool WindowProbe::eventFilter(QObject *, QEvent *event)
{
    if (event->type() == QEvent::UpdateRequest)
        emit aboutToDraw();
    return false;
}

void WindowProbe::watchScreen()
{
    disconnect(m_screenConnection);
    QScreen *screen = m_window ? m_window->screen() : nullptr;
    if (screen == nullptr)
        return;
    m_screenConnection = connect(screen, &QScreen::refreshRateChanged, this, &WindowProbe::refreshRateChanged);
    emit refreshRateChanged(screen->refreshRate());
}

} // namespace jank
