#pragma once

#include "models/session.h"

#include <QMenu>
#include <QObject>
#include <QQuickWindow>
#include <QSystemTrayIcon>

#include <memory>

namespace steadyframe::composition {

/// What happens when the window is closed. While photos are on their way the work goes on without it, and the person is
/// told how many are left and how to get the window back; at the end the program ends by itself. A question of an
/// upload brings the window back. With nothing to do, or nothing but what the person has
/// paused, closing ends the program. @thread ui
class BackgroundWork final : public QObject {
    Q_OBJECT
public:
    BackgroundWork(ui::Session &session, QQuickWindow &window, QObject *parent = nullptr);
    ~BackgroundWork() override;

    /// Whether the work goes on with no window.
    [[nodiscard]] bool isActive() const { return m_active; }
    /// The window again.
    void show();

signals:
    /// A sentence for a person who sees no window.
    void said(const QString &text);
    /// There is nothing to be done, and no window.
    void ended();

private:
    void windowChanged(bool visible);
    void totalsChanged();
    void attentionChanged();
    void say(const QString &title, const QString &text);

    ui::Session &m_session;
    QQuickWindow &m_window;
    std::unique_ptr<QMenu> m_menu;
    std::unique_ptr<QSystemTrayIcon> m_tray; ///< null where the desktop has none
    bool m_active = false;
};

} // namespace steadyframe::composition
