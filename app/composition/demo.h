#pragma once

#include "composition/application.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QObject>

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace steadyframe::composition {

/// Drives the real window through everything it does and writes down how it fared: a report.json with the frames of
/// each phase, and a screenshot of each page. @thread ui
class Demo final : public QObject {
    Q_OBJECT
public:
    /// `picks`: files and folders; when there are none, 24 pictures of 12 megapixels are made.
    Demo(Application &application, std::vector<std::string> picks, std::filesystem::path output,
         QObject *parent = nullptr);

    void start();

signals:
    /// The exit code: 0 when every photo arrived and every step succeeded.
    void finished(int exitCode);

private:
    void makePictures();
    void pickAndWait();
    void browsePages();
    void browseRest();
    void openFeed();
    void scrollFeed();
    void compare();
    void finish();

    void beginPhase(const QString &name);
    void endPhase();
    void screenshot(const QString &name);
    /// The same without holding the UI thread, for a phase that is being measured.
    void screenshotMeanwhile(const QString &name);
    void say(const QString &text);
    void problem(const QString &text);
    /// Calls `then` once, with the next frame that was drawn after `frames` others.
    void afterFrames(int frames, std::function<void()> then);
    void showPage(int page);
    void showOverlay(bool shown);
    void checkArrived();

    Application &m_application;
    std::vector<std::string> m_picks;
    const std::filesystem::path m_output;
    QElapsedTimer m_total;
    QJsonArray m_phases;
    QStringList m_problems;
    std::set<qint64> m_before; ///< photos that were in the list already
    std::size_t m_arrived = 0;
    int m_photos = 0;
    qint64 m_bytesBefore = 0;
    qint64 m_bytesAfter = 0;
    QMetaObject::Connection m_waiting;
};

} // namespace steadyframe::composition
