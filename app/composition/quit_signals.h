#pragma once

#include <QObject>

namespace steadyframe::composition {

/// Makes an interrupt (Ctrl+C) and a request to end (SIGTERM, as at a logout) quit the application as closing its
/// window does, so that what is under way is recorded; a second one ends the process at once. Does nothing but on Unix.
/// One in a process, after the application object. @thread ui
class QuitSignals final : public QObject {
    Q_OBJECT
public:
    explicit QuitSignals(QObject *parent = nullptr);
    ~QuitSignals() override;

private:
    void received();
};

} // namespace steadyframe::composition
