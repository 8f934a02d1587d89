#include "composition/background_work.h"

#include <QGuiApplication>

namespace steadyframe::composition {

BackgroundWork::BackgroundWork(ui::Session &session, QQuickWindow &window, QObject *parent)
    : QObject(parent), m_session(session), m_window(window)
{
    connect(&m_window, &QWindow::visibleChanged, this, &BackgroundWork::windowChanged);
    connect(&m_session, &ui::Session::totalsChanged, this, &BackgroundWork::totalsChanged);
    connect(&m_session, &ui::Session::attentionChanged, this, &BackgroundWork::attentionChanged);
}

BackgroundWork::~BackgroundWork() = default;

void BackgroundWork::show()
{
    m_active = false;
    if (m_tray)
        m_tray->hide();
    m_window.show();
    m_window.raise();
    m_window.requestActivate();
}

void BackgroundWork::windowChanged(bool visible)
{
    if (visible)
        return;
    if (m_session.goingOn() == 0 || m_session.paused() || !m_session.obstacle().isEmpty()
        || m_session.attention() != ui::Session::NoAttention) {
        emit ended(); // what is left goes on at the next start
        return;
    }
    m_active = true;
    if (!m_tray && QSystemTrayIcon::isSystemTrayAvailable()) {
        m_menu = std::make_unique<QMenu>();
        m_menu->addAction(tr("Show Steadyframe"), this, &BackgroundWork::show);
        m_menu->addAction(tr("Quit"), this, &BackgroundWork::ended);
        m_tray = std::make_unique<QSystemTrayIcon>(QGuiApplication::windowIcon());
        m_tray->setContextMenu(m_menu.get());
        connect(m_tray.get(), &QSystemTrayIcon::activated, this, &BackgroundWork::show);
        connect(m_tray.get(), &QSystemTrayIcon::messageClicked, this, &BackgroundWork::show);
    }
    if (m_tray)
        m_tray->show();
    const int left = m_session.goingOn();
    const QString photos
        = left == 1 ? tr("One photo is still on its way.") : tr("%1 photos are still on their way.").arg(left);
    say(tr("Steadyframe goes on"),
        photos + QLatin1Char(' ') + tr("It ends by itself when they have arrived; start it again to see them."));
}

void BackgroundWork::totalsChanged()
{
    if (!m_active)
        return;
    if (m_tray)
        m_tray->setToolTip(tr("Steadyframe: %1 to go").arg(m_session.goingOn()));
    if (m_session.goingOn() > 0)
        return;
    m_active = false;
    say(tr("Steadyframe has finished"),
        m_session.failed() > 0
            ? tr("%1 arrived, %2 did not. Start it again to see why.").arg(m_session.uploaded()).arg(m_session.failed())
            : m_session.left() > 0 ? tr("All photos have arrived but those that you paused.")
                                   : tr("All photos have arrived."));
    emit ended();
}

void BackgroundWork::attentionChanged()
{
    if (m_active && m_session.attention() != ui::Session::NoAttention)
        show();
}

void BackgroundWork::say(const QString &title, const QString &text)
{
    if (m_tray && QSystemTrayIcon::supportsMessages())
        m_tray->showMessage(title, text, QGuiApplication::windowIcon());
    emit said(title + QStringLiteral(": ") + text);
}

} // namespace steadyframe::composition
