#pragma once

#include "composition/feed_thumbnail_work.h"

#include <isolate_core/receive_port.h>

#include <QImage>
#include <QObject>
#include <QTimer>

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
/// first, and none that scrolled away. A server that can't be reached is left alone for a while, longer each time, and
/// then asked again for what is still wished for; what it has none of is not asked for again. @thread ui
class FeedThumbnails final : public QObject {
    Q_OBJECT
public:
    /// Of a thumbnail's number; empty: there is none.
    using AddressOf = std::function<std::string(qint64 id)>;
    /// When a server that failed may be asked again.
    struct Patience {
        std::chrono::milliseconds first{5'000}; ///< after it failed once; twice as long each time that it fails again
        std::chrono::milliseconds longest{60'000};
        std::function<std::chrono::steady_clock::time_point()> clock = std::chrono::steady_clock::now;
    };

    /// Starts nothing before the first wish.
    FeedThumbnails(ThumbnailStore store, imaging::ReadOther readOther, AddressOf addressOf, Patience patience,
                   QObject *parent = nullptr);
    FeedThumbnails(ThumbnailStore store, imaging::ReadOther readOther, AddressOf addressOf, QObject *parent = nullptr)
        : FeedThumbnails(std::move(store), readOther, std::move(addressOf), Patience(), parent)
    {
    }
    /// Stops what is being fetched.
    ~FeedThumbnails() override;

    /// How many isolates fetch at the same time.
    static constexpr int workers = 4;
    /// How many wait until their server may be asked again.
    [[nodiscard]] std::size_t putOff() const { return m_putOff.size(); }

public slots:
    void want(qint64 id, int pixels);
    void unwant(qint64 id);
    /// Asks for what was put off, of servers that may be asked again. Called by a timer.
    void askAgain();

signals:
    void made(qint64 id, const QImage &image);
    void failed(qint64 id);

private:
    struct Wish {
        qint64 id = -1;
        int pixels = 0;
    };
    struct Worker {
        std::optional<isolate::SendPort<ThumbnailWish>> port; ///< none until it has started
        Wish wish; ///< what it works on; of number -1: nothing
        std::string address;
        std::string host;
        bool asks = false; ///< else it looks on the disk only
        std::stop_source stop;
    };
    struct PutOff {
        Wish wish;
        std::string host;
    };
    struct Pause {
        std::chrono::milliseconds length{0};
        std::chrono::steady_clock::time_point until;
    };

    void start();
    void share();
    void take(ThumbnailAnswer answer);
    void remember(const std::string &host, const ThumbnailAnswer &answer);
    [[nodiscard]] bool mayBeAsked(const std::string &host) const;

    const ThumbnailStore m_store;
    const imaging::ReadOther m_readOther;
    const AddressOf m_addressOf;
    const Patience m_patience;
    std::deque<Wish> m_waiting;
    std::vector<PutOff> m_putOff;
    QTimer m_again; ///< runs while anything is put off
    std::vector<Worker> m_workers;
    std::unordered_map<std::string, Pause> m_pauses; ///< by host
    std::set<std::string> m_without; ///< addresses that have no picture, of this feed's
    std::optional<isolate::RawReceivePort<ThumbnailAnswer>> m_answers;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace steadyframe::composition
