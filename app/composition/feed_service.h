#pragma once

#include "models/feed/feed_table.h"

#include <QObject>
#include <QString>

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
    /// Writes the sample of 211,640 rows, unless it is there, and opens it.
    void openSample();

signals:
    void started();
    void progressed(double fraction);
    void opened(std::shared_ptr<const steadyframe::ui::FeedTable> table);
    void failed(const QString &message);

private:
    /// A new wish: stops the one before and gives the token of this one.
    std::stop_token begin();

    const std::filesystem::path m_sampleFolder;
    std::stop_source m_stop;
};

/// Makes the feed of 211,640 photos at `path`, unless it is there; the answer is empty, or says what is wrong.
/// @thread any; takes a second
std::string makeSampleFeed(std::filesystem::path path, std::stop_token stop);

} // namespace steadyframe::composition
