#pragma once

#include "ui/feed_model/feed_tables.h"

#include "models/feed/feed_model.h"

#include <QObject>

#include <algorithm>
#include <limits>

namespace steadyframe::tests {

/// Gives a feed to a test in QML, and answers what is searched for in titles at once.
class FeedFiller : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    /// Photos `title 0` and on, fifty an album.
    Q_INVOKABLE void fill(steadyframe::ui::FeedModel *feed, int photos)
    {
        feed->disconnect(this);
        connect(feed, &ui::FeedModel::viewWanted, this, [feed](const ui::FeedQuery &query) {
            std::vector<std::uint32_t> rows;
            for (std::uint32_t row = 0; row < query.table->rowCount(); ++row) {
                if (query.table->title(row).find(query.text) != std::string_view::npos
                    && (!query.albumId || *query.albumId == query.table->albumId(row)))
                    rows.push_back(row);
            }
            if (query.descending)
                std::ranges::reverse(rows);
            const auto matches = rows.size();
            feed->setShown(query.serial, std::make_shared<const std::vector<std::uint32_t>>(std::move(rows)), true,
                           matches);
        });
        ui::FeedFacts facts;
        facts.name = "photos.json";
        feed->setTable(tableOf(numberedPhotos(photos), std::move(facts)));
    }
    /// One photo, with numbers that doubles don't have.
    Q_INVOKABLE void fillLongest(steadyframe::ui::FeedModel *feed)
    {
        feed->setTable(tableOf({{9'007'199'254'740'993, std::numeric_limits<std::int64_t>::min(), "long", "u", "t"}}));
    }
    Q_INVOKABLE void empty(steadyframe::ui::FeedModel *feed) { feed->setTable(nullptr); }
    Q_INVOKABLE void fail(steadyframe::ui::FeedModel *feed, const QString &message) { feed->setFailed(message); }
    Q_INVOKABLE void start(steadyframe::ui::FeedModel *feed) { feed->setStarted(); }
    Q_INVOKABLE void cancel(steadyframe::ui::FeedModel *feed) { feed->setCancelled(); }
};

} // namespace steadyframe::tests
