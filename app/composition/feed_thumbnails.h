#pragma once

#include "composition/feed_thumbnail_work.h"

#include <isolate_core/receive_port.h>

#include <QImage>
#include <QObject>

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace steadyframe::composition {

/// The thumbnails of a feed's photos: shares them out among isolates that fetch and decode, what was wished for first
/// first, and none that scrolled away. A server that can't be reached is left alone for a while, longer each time; what
/// it has none of is not asked for again. @thread ui
class FeedThumbnails final : public QObject {
    Q_OBJECT
public:
    /// Of a thumbnail's number; empty: there is none.
    using AddressOf = std::function<std::string(qint64 id)>;
    using Clock = std::function<std::chrono::steady_clock::time_point()>;

    /// Starts nothing before the first wish. `clock` says when a server may be asked again.
    FeedThumbnails(ThumbnailStore store, imaging::ReadOther readOther, AddressOf addressOf, Clock clock = {},
                   QObject *parent = nullptr);
    /// Stops what is being fetched.
    ~FeedThumbnails() override;

    /// How many isolates fetch at the same time.
    static constexpr int workers = 4;
    /// For so long a server that failed once is left alone; twice as long each time that it fails again.
    static constexpr std::chrono::seconds firstPause{5};
    static constexpr std::chrono::seconds longestPause{300};

public slots:
    void want(qint64 id, int pixels);
    void unwant(qint64 id);

signals:
    void made(qint64 id, const QImage &image);
    void failed(qint64 id);

private:
    struct Worker {
        std::optional<isolate::SendPort<ThumbnailWish>> port; ///< none until it has started
        qint64 id = -1; ///< what it works on; -1: nothing
        std::string host;
        std::stop_source stop;
    };
    struct Wish {
        qint64 id;
        int pixels;
    };
    struct Pause {
        std::chrono::seconds length{0};
        std::chrono::steady_clock::time_point until;
    };

    void start();
    void share();
    void take(ThumbnailAnswer answer);
    void remember(const std::string &host, const ThumbnailAnswer &answer);

    const ThumbnailStore m_store;
    const imaging::ReadOther m_readOther;
    const AddressOf m_addressOf;
    const Clock m_clock;
    std::deque<Wish> m_waiting;
    std::vector<Worker> m_workers;
    std::unordered_map<std::string, Pause> m_pauses; ///< by host
    std::set<std::string> m_without; ///< addresses that have no picture, of this feed's
    std::optional<isolate::RawReceivePort<ThumbnailAnswer>> m_answers;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace steadyframe::composition
