#include "pipeline/publisher.h"

namespace steadyframe::pipeline {

void Publisher::subscribe(isolate::SendPort<Update> port)
{
    auto subscriber = std::make_shared<Subscriber>();
    subscriber->port = std::move(port);
    m_subscribers.push_back(std::move(subscriber));
}

void Publisher::tell(const isolate::SendPort<Update> &port, std::vector<library::PhotoRecord> photos)
{
    for (auto &subscriber : m_subscribers) {
        if (subscriber->port != port)
            continue;
        for (auto &photo : photos) {
            const PhotoId id = photo.id;
            subscriber->photos.insert_or_assign(id, std::move(photo));
        }
        break;
    }
}

void Publisher::changed(const library::PhotoRecord &photo)
{
    for (auto &subscriber : m_subscribers)
        subscriber->photos.insert_or_assign(photo.id, photo);
}

void Publisher::removed(PhotoId id)
{
    for (auto &subscriber : m_subscribers) {
        subscriber->photos.erase(id);
        subscriber->progress.erase(id);
        subscriber->removed.push_back(id);
    }
}

void Publisher::progress(PhotoId id, double fraction)
{
    for (auto &subscriber : m_subscribers)
        subscriber->progress.insert_or_assign(id, fraction);
}

void Publisher::notice(const std::string &text)
{
    for (auto &subscriber : m_subscribers)
        subscriber->notices.push_back(text);
}

void Publisher::manifest(const std::filesystem::path &path)
{
    for (auto &subscriber : m_subscribers)
        subscriber->manifests.push_back(path);
}

void Publisher::touch()
{
    for (auto &subscriber : m_subscribers)
        subscriber->touched = true;
}

void Publisher::publish()
{
    std::erase_if(m_subscribers, [](const auto &subscriber) { return !subscriber->port.isOpen(); });
    for (const auto &subscriber : m_subscribers)
        send(subscriber);
}

void Publisher::send(const std::shared_ptr<Subscriber> &subscriber)
{
    Subscriber &s = *subscriber;
    if (s.underWay
        || (s.photos.empty() && s.progress.empty() && s.removed.empty() && s.notices.empty() && s.manifests.empty()
            && !s.touched))
        return;
    Update update;
    while (!s.photos.empty() && update.photos.size() < mostPhotosInUpdate)
        update.photos.push_back(std::move(s.photos.extract(s.photos.begin()).mapped()));
    for (const auto &[id, fraction] : std::exchange(s.progress, {}))
        update.progress.push_back({id, fraction});
    update.removed = std::exchange(s.removed, {});
    update.notices = std::exchange(s.notices, {});
    update.manifests = std::exchange(s.manifests, {});
    s.touched = false;
    m_complete(update);

    s.underWay = true;
    const auto next = [this, subscriber] {
        subscriber->underWay = false;
        if (subscriber->port.isOpen())
            send(subscriber);
    };
    update.applied.future().then(next, [next](std::exception_ptr) { next(); });
    s.port.send(std::move(update));
}

} // namespace steadyframe::pipeline
