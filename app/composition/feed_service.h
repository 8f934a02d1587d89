#pragma once

#include "models/feed/feed_table.h"

#include <QObject>
#include <QString>
#include <QUrl>

#include <filesystem>
#include <memory>
#include <stop_token>

namespace steadyframe::composition {

/// Opens feeds in isolates and hands the finished table over without a copy. The newest wish wins. @thread ui
class FeedService final : public QObject {
    Q_OBJECT
public:
    explicit FeedService(std::filesystem::path sampleFolder, QObject *parent = nullptr);
    ~FeedService() override;

    /// Drops the last reference to a table where it costs no frame. @thread any
    static void release(std::shared_ptr<const ui::FeedTable> table);
    [[nodiscard]] std::filesystem::path samplePath() const;

public slots:
    void open(const std::filesystem::path &path);
    /// Fetches a feed over http or https, and opens it.
    void openAddress(const QUrl &url);
    /// Writes the sample of 211,640 rows, unless it is there, and opens it.
    void openSample();
    /// Gives up what is being opened; `cancelled` tells.
    void cancel();

signals:
    void started();
    void progressed(double fraction);
    void opened(std::shared_ptr<const steadyframe::ui::FeedTable> table);
    void failed(const QString &message);
    void cancelled();

private:
    /// A new wish: stops the one before and gives the token of this one.
    std::stop_token begin();
    /// Has `start` begin the work, given where to tell how far it is, and tells what came of it; `name` is what is
    /// opened.
    template <class Start>
    void run(const QString &name, Start start);

    const std::filesystem::path m_sampleFolder;
    std::stop_source m_stop;
};

/// Makes the feed of 211,640 photos at `path`, unless it is there; the answer is empty, or says what is wrong.
/// @thread any; takes a second
std::string makeSampleFeed(std::filesystem::path path, std::stop_token stop);

} // namespace steadyframe::composition
