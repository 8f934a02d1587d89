#include "composition/feed_thumbnails.h"

#include <QUrl>

#include <algorithm>

namespace steadyframe::composition {

namespace {

constexpr std::size_t mostRemembered = 20'000;

/// Empty of what is not fetched over the web.
std::string hostOf(const std::string &address)
{
    const QUrl url(QString::fromStdString(address));
    if (url.scheme() != QLatin1String("http") && url.scheme() != QLatin1String("https"))
        return {};
    return url.authority(QUrl::FullyEncoded).toStdString();
}

} // namespace

FeedThumbnails::FeedThumbnails(ThumbnailStore store, imaging::ReadOther readOther, AddressOf addressOf,
                               Patience patience, QObject *parent)
    : QObject(parent), m_store(std::move(store)), m_readOther(readOther), m_addressOf(std::move(addressOf)),
      m_patience(std::move(patience))
{
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &FeedThumbnails::askAgain);
}

FeedThumbnails::~FeedThumbnails()
{
    *m_alive = false;
    for (Worker &worker : m_workers)
        worker.stop.request_stop();
}

void FeedThumbnails::start()
{
    m_answers.emplace([this](ThumbnailAnswer answer) { take(std::move(answer)); });
    m_workers.resize(workers);
    startThumbnailKeeper(m_store, m_answers->sendPort())
        .then(
            [this, alive = m_alive](isolate::SendPort<std::uint64_t> keeper) {
                for (int number = 0; *alive && number < workers; ++number) {
                    startThumbnailWorker(number, m_readOther, m_store.folder, m_answers->sendPort(), keeper)
                        .then(
                            [this, alive, number](isolate::SendPort<ThumbnailWish> port) {
                                if (!*alive)
                                    return;
                                m_workers[static_cast<std::size_t>(number)].port = std::move(port);
                                share();
                            },
                            [](std::exception_ptr) {}); // the others do its work
                }
            },
            [](std::exception_ptr) {}); // the program ends: nobody waits
}

void FeedThumbnails::want(qint64 id, int pixels)
{
    if (!m_answers)
        start();
    unwant(id);
    m_waiting.push_back({id, pixels});
    share();
}

void FeedThumbnails::unwant(qint64 id)
{
    std::erase_if(m_waiting, [id](const Wish &wish) { return wish.id == id; });
    std::erase_if(m_putOff, [id](const PutOff &putOff) { return putOff.wish.id == id; });
    for (Worker &worker : m_workers) {
        if (worker.wish.id == id)
            worker.stop.request_stop();
    }
}

bool FeedThumbnails::mayBeAsked(const std::string &host) const
{
    const auto pause = m_pauses.find(host);
    return pause == m_pauses.end() || m_patience.clock() >= pause->second.until;
}

void FeedThumbnails::share()
{
    for (std::size_t number = 0; number < m_workers.size() && !m_waiting.empty();) {
        Worker &worker = m_workers[number];
        if (!worker.port || worker.wish.id >= 0) {
            ++number;
            continue;
        }
        const Wish wish = m_waiting.front();
        m_waiting.pop_front();
        std::string address = m_addressOf(wish.id);
        const std::string host = hostOf(address);
        if (host.empty() || m_without.contains(address)) {
            emit failed(wish.id);
            continue;
        }
        worker.wish = wish;
        worker.address = address;
        worker.host = host;
        worker.asks = mayBeAsked(host);
        worker.stop = std::stop_source();
        worker.port->send({wish.id, std::move(address), wish.pixels, worker.asks, worker.stop.get_token()});
    }
}

void FeedThumbnails::take(ThumbnailAnswer answer)
{
    Worker &worker = m_workers[static_cast<std::size_t>(answer.worker)];
    const Wish wish = std::exchange(worker.wish, {});
    const bool wanted = !worker.stop.stop_requested();
    if (answer.end == ThumbnailEnd::noPicture) {
        if (m_without.size() >= mostRemembered)
            m_without.clear();
        m_without.insert(worker.address);
    }
    if (worker.asks)
        remember(worker.host, answer);
    if (wanted && answer.end == ThumbnailEnd::made)
        emit made(answer.id, answer.image);
    else if (wanted && answer.end == ThumbnailEnd::notNow)
        m_putOff.push_back({wish, worker.host});
    else if (wanted)
        emit failed(answer.id);
    askAgain();
}

void FeedThumbnails::askAgain()
{
    using std::chrono::milliseconds;
    auto next = milliseconds::max();
    std::erase_if(m_putOff, [&](const PutOff &putOff) {
        if (mayBeAsked(putOff.host)) {
            m_waiting.push_back(putOff.wish);
            return true;
        }
        const auto left = m_pauses.at(putOff.host).until - m_patience.clock();
        next = std::min(next, std::chrono::ceil<milliseconds>(left));
        return false;
    });
    if (m_putOff.empty())
        m_again.stop();
    else
        m_again.start(std::max(next, milliseconds(1)));
    share();
}

void FeedThumbnails::remember(const std::string &host, const ThumbnailAnswer &answer)
{
    if (answer.end == ThumbnailEnd::notNow) {
        Pause &pause = m_pauses[host];
        const auto now = m_patience.clock();
        if (now < pause.until)
            return; // it was asked before the others were told
        pause.length = std::clamp(pause.length * 2, m_patience.first, m_patience.longest);
        pause.until = now + pause.length;
    } else if (answer.fetched || answer.end == ThumbnailEnd::noPicture) {
        m_pauses.erase(host);
    }
}

} // namespace steadyframe::composition
