#include "library/library_isolate.h"

#include <isolate_core/name_server.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/spawn.h>

#include <optional>
#include <utility>

namespace steadyframe::library {

namespace {

/// The database and whoever wants to hear of its changes.
class Service {
public:
    explicit Service(Database database) : m_database(std::move(database)) {}

    void answer(LibraryMessage message)
    {
        std::visit([this](auto &&asked) { asked.reply.complete(on(asked.request)); }, std::move(message));
        // After the answer: who asked must know of a change before anybody who has heard the news can react to it.
        if (const auto news = std::exchange(m_untold, std::nullopt))
            std::erase_if(m_subscribers, [&](const auto &port) { return !port.send(*news); });
    }

private:
    AddPhotos::Answer on(AddPhotos &request)
    {
        isolate::setActivity("recording " + std::to_string(request.photos.size()) + " photos");
        auto added = m_database.addPhotos(request.photos);
        if (added)
            tell(*added, {}, {});
        return added;
    }
    ApplyChanges::Answer on(ApplyChanges &request)
    {
        isolate::setActivity("recording " + std::to_string(request.changes.size()) + " changes");
        auto applied = m_database.apply(request.changes);
        if (applied && !applied->changed.empty())
            tell({}, applied->changed, {});
        return applied;
    }
    QueryPhoto::Answer on(QueryPhoto &request) { return m_database.photo(request.id); }
    QueryPage::Answer on(QueryPage &request)
    {
        return request.state ? m_database.pageInState(*request.state, request.afterPosition, request.limit)
                             : m_database.page(request.afterPosition, request.limit);
    }
    QueryTotals::Answer on(QueryTotals &) { return m_database.totals(); }
    RemovePhotos::Answer on(RemovePhotos &request)
    {
        auto removed = m_database.remove(request.ids);
        if (removed) {
            std::vector<PhotoId> ids;
            for (const PhotoRecord &photo : *removed)
                ids.push_back(photo.id);
            tell({}, {}, std::move(ids));
        }
        return removed;
    }
    OrderPhotos::Answer on(OrderPhotos &request)
    {
        auto changed = m_database.order(request.orders);
        if (changed && !changed->empty())
            tell({}, *changed, {});
        return changed;
    }
    ArrangePhotos::Answer on(ArrangePhotos &request)
    {
        auto changed = m_database.arrange(request.ids);
        if (changed && !changed->empty())
            tell({}, *changed, {});
        return changed;
    }
    QueryArrival::Answer on(QueryArrival &request) { return m_database.arrival(request.destination, request.sha256); }
    QueryAnswer::Answer on(QueryAnswer &request) { return m_database.answerTo(request.question); }
    RememberAnswer::Answer on(RememberAnswer &request) { return m_database.remember(request.question, request.answer); }
    ResumeWork::Answer on(ResumeWork &)
    {
        auto unfinished = m_database.resumeAfterCrash();
        if (unfinished && !unfinished->requeued.empty())
            tell({}, unfinished->requeued, {});
        return unfinished;
    }
    Subscribe::Answer on(Subscribe &request)
    {
        m_subscribers.push_back(std::move(request.port));
        return m_database.totals();
    }
    Unsubscribe::Answer on(Unsubscribe &request)
    {
        std::erase(m_subscribers, request.port);
        return {};
    }

    void tell(std::vector<PhotoRecord> added, std::vector<PhotoRecord> changed, std::vector<PhotoId> removed)
    {
        m_untold = LibraryNews{std::move(added), std::move(changed), std::move(removed), m_database.totals()};
    }

    Database m_database;
    std::vector<isolate::SendPort<LibraryNews>> m_subscribers;
    std::optional<LibraryNews> m_untold;
};

isolate::Task<> serveLibrary(std::filesystem::path path, isolate::Completer<LibraryAnswer<StartedLibrary>> started)
{
    auto database = Database::open(path);
    if (!database) {
        started.complete(std::move(database).error());
        co_return;
    }
    const OpenReport report = database->openReport();
    Service service(std::move(database).value());
    isolate::ReceivePort<LibraryMessage> port;
    isolate::IsolateNameServer().registerPortWithName(port.sendPort(), libraryName);
    started.complete(StartedLibrary{isolate::Isolate::current(), port.sendPort(), report});
    while (auto message = co_await port.next()) {
        service.answer(std::move(*message));
        isolate::setActivity({});
    }
}

} // namespace

isolate::Future<LibraryAnswer<StartedLibrary>> startLibrary(const std::filesystem::path &path)
{
    isolate::Completer<LibraryAnswer<StartedLibrary>> started;
    auto answer = started.future();
    static_cast<void>(isolate::spawnWith({.name = "library", .placement = isolate::Placement::dedicated}, serveLibrary,
                                         path, std::move(started))
                          .ok());
    return answer;
}

} // namespace steadyframe::library
