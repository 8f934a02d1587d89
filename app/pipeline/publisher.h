#pragma once

#include "pipeline/messages.h"

#include <isolate_core/send_port.h>

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace steadyframe::pipeline {

/// What subscribers are still to be told. One update is under way to a subscriber at a time; what happens meanwhile is
/// merged by photo, so that a slow subscriber is told less often and nothing piles up. @thread isolate
class Publisher {
public:
    /// Fills what an update says beside the photos.
    using Complete = std::function<void(Update &)>;
    explicit Publisher(Complete complete) : m_complete(std::move(complete)) {}

    void subscribe(isolate::SendPort<Update> port);
    /// Tells one subscriber of photos that were there before it.
    void tell(const isolate::SendPort<Update> &port, std::vector<library::PhotoRecord> photos);
    void changed(const library::PhotoRecord &photo);
    void removed(PhotoId id);
    void progress(PhotoId id, double fraction);
    void notice(const std::string &text);
    void manifest(const std::filesystem::path &path);
    /// Something that is in every update has changed: totals, or whether it is paused.
    void touch();
    /// Sends what waits to whoever is ready. Call it after a batch of changes.
    void publish();

private:
    struct Subscriber {
        isolate::SendPort<Update> port;
        std::map<PhotoId, library::PhotoRecord> photos;
        std::map<PhotoId, double> progress;
        std::vector<PhotoId> removed;
        std::vector<std::string> notices;
        std::vector<std::filesystem::path> manifests;
        bool touched = true;
        bool underWay = false;
    };
    void send(const std::shared_ptr<Subscriber> &subscriber);

    Complete m_complete;
    std::vector<std::shared_ptr<Subscriber>> m_subscribers;
};

} // namespace steadyframe::pipeline
