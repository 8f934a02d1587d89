// What the person asks of the pipeline, how it records, and how it ends.
#include "pipeline/pipeline.h"

#include "imaging/result_file.h"
#include "pipeline/ask_again.h"

#include <isolate_core/spawn.h>
#include <isolate_core/timer.h>

#include <algorithm>
#include <iterator>

namespace steadyframe::pipeline {

using library::PhotoChange;
using library::PhotoRecord;
using library::PhotoState;

namespace {

constexpr std::uint32_t photosInAPage = 1000;

} // namespace

void Pipeline::on(Pause pause)
{
    if (!pause.ids.empty()) {
        std::vector<library::PhotoOrder> orders;
        for (const PhotoId id : pause.ids)
            orders.push_back({.id = id, .held = true});
        return begin(orderAll(std::move(orders)));
    }
    m_paused = true;
    m_suspendManifest.request_stop();
    for (auto &[id, active] : m_active) {
        if (active.working && active.photo.state != PhotoState::compressing)
            active.suspend.request_stop();
    }
    m_publisher.touch();
}

void Pipeline::on(Resume resume)
{
    if (!resume.ids.empty()) {
        std::vector<library::PhotoOrder> orders;
        for (const PhotoId id : resume.ids)
            orders.push_back({.id = id, .held = false});
        return begin(orderAll(std::move(orders)));
    }
    m_paused = false;
    attentionIsOver();
}

void Pipeline::on(Prioritize prioritize)
{
    std::vector<library::PhotoOrder> orders;
    for (const PhotoId id : prioritize.ids)
        orders.push_back({.id = id, .priority = prioritize.priority});
    begin(orderAll(std::move(orders)));
}

isolate::Task<> Pipeline::orderAll(std::vector<library::PhotoOrder> orders)
{
    library::OrderPhotos request{std::move(orders)};
    auto changed = co_await library::ask(m_config.library, std::move(request));
    if (changed)
        reorder(*changed);
    else
        libraryFailed(changed.error());
}

void Pipeline::on(Arrange arrange)
{
    begin(arrangeAll(std::move(arrange.ids)));
}

isolate::Task<> Pipeline::arrangeAll(std::vector<PhotoId> ids)
{
    library::ArrangePhotos request{std::move(ids)};
    auto changed = co_await library::ask(m_config.library, std::move(request));
    if (changed)
        reorder(*changed);
    else
        libraryFailed(changed.error());
}

void Pipeline::reorder(const std::vector<PhotoRecord> &photos)
{
    for (const PhotoRecord &changed : photos) {
        const auto found = m_active.find(changed.id);
        if (found == m_active.end())
            continue;
        Active &active = found->second;
        forgetQueued(active.photo);
        active.photo.priority = changed.priority;
        active.photo.position = changed.position;
        active.photo.held = changed.held;
        if (!active.working)
            enqueue(active);
        else if (changed.held && active.photo.state != PhotoState::compressing)
            active.suspend.request_stop(); // one that is being compressed waits when that is done
    }
}

void Pipeline::stopWork(PhotoId id)
{
    const auto found = m_active.find(id);
    if (found == m_active.end()) {
        m_stoppedEarly.try_emplace(id, false);
        return;
    }
    Active &active = found->second;
    forgetQueued(active.photo);
    if (active.working)
        active.cancel.request_stop(); // the one who works on it tells when it has ended
    else if (!active.removing)
        fail(active, {});
}

void Pipeline::on(Cancel cancel)
{
    if (cancel.ids.empty()) {
        m_stopSearching.request_stop();
        m_stopSearching = std::stop_source();
        ++m_cancels;
        for (const auto &entry : m_active)
            cancel.ids.push_back(entry.first);
    }
    for (const PhotoId id : cancel.ids)
        stopWork(id);
}

void Pipeline::on(Retry request)
{
    begin(retryAll(std::move(request.ids), request.state));
}

isolate::Task<> Pipeline::retryAll(std::vector<PhotoId> ids, PhotoState state)
{
    if (ids.empty()) {
        for (std::int64_t after = 0;;) {
            library::QueryPage wanted{after, photosInAPage, state};
            auto page = co_await library::ask(m_config.library, wanted);
            if (!page)
                libraryFailed(page.error());
            if (!page || page->empty())
                break;
            after = page->back().position;
            for (const PhotoRecord &photo : *page)
                ids.push_back(photo.id);
        }
    }
    co_await retryThese(std::move(ids), false);
}

void Pipeline::on(UploadAgain again)
{
    begin(retryThese(std::move(again.ids), true));
}

isolate::Task<> Pipeline::retryThese(std::vector<PhotoId> ids, bool uploaded)
{
    for (const PhotoId id : ids) {
        const auto photo = co_await library::ask(m_config.library, library::QueryPhoto{id});
        if (!photo && photo.error().code != library::LibraryErrorCode::notFound) {
            libraryFailed(photo.error());
            co_return;
        }
        if (!photo || (photo->state == PhotoState::uploaded) != uploaded)
            continue;
        // A second wish while the first is being granted would set back what is under way by then.
        if (m_active.contains(id) || !m_retrying.insert(id).second)
            continue;
        co_await retryOne(id);
        m_retrying.erase(id);
    }
}

isolate::Task<> Pipeline::retryOne(PhotoId id)
{
    m_stoppedEarly.erase(id);
    // What is compressed already is not compressed again, unless the library finds that its file is gone.
    for (const PhotoState state : {PhotoState::compressed, PhotoState::queued}) {
        library::ApplyChanges request;
        request.changes.push_back({.id = id, .state = state});
        auto applied = co_await library::ask(m_config.library, std::move(request));
        if (!applied) {
            libraryFailed(applied.error());
            co_return;
        }
        if (!applied->changed.empty()) {
            takeUp(std::move(applied->changed.front()));
            co_return;
        }
    }
}

void Pipeline::on(Remove remove)
{
    begin(removeAll(std::move(remove.ids)));
}

isolate::Task<> Pipeline::removeAll(std::vector<PhotoId> ids)
{
    const bool finished = ids.empty();
    do {
        if (finished) {
            library::QueryPage wanted{0, photosInAPage, PhotoState::uploaded};
            auto page = co_await library::ask(m_config.library, std::move(wanted));
            if (!page)
                libraryFailed(page.error());
            if (!page || page->empty())
                co_return;
            ids.clear();
            for (const PhotoRecord &photo : *page)
                ids.push_back(photo.id);
        }
        library::RemovePhotos request{ids};
        auto removed = co_await library::ask(m_config.library, std::move(request));
        if (!removed) { // they stay on the list, and are worked on
            libraryFailed(removed.error());
            co_return;
        }
        for (const PhotoId id : ids) {
            const auto found = m_active.find(id);
            if (found == m_active.end()) {
                m_stoppedEarly.insert_or_assign(id, true);
                continue;
            }
            forgetQueued(found->second.photo);
            found->second.removing = true;
            if (found->second.working)
                found->second.cancel.request_stop();
            else
                m_active.erase(found);
        }
    } while (finished);
}

void Pipeline::on(UseRecipe use)
{
    m_config.recipe = std::move(use.recipe);
}

void Pipeline::on(UseMainIsolate use)
{
    m_mainIsolate = use.yes;
    if (m_mainIsolate && m_mainUploaders.empty())
        startUploader("upload on the main isolate", isolate::Placement::main, m_mainUploaders);
}

void Pipeline::on(Subscribe subscribe)
{
    m_publisher.subscribe(subscribe.port);
    begin(tellEverything(std::move(subscribe.port)));
}

isolate::Task<> Pipeline::tellEverything(isolate::SendPort<Update> port)
{
    // The library's answers and its news come in the order in which it gave them, so an older page never hides a
    // change.
    for (std::int64_t after = 0;;) {
        library::QueryPage wanted{after, photosInAPage, {}};
        auto page = co_await askUntilAnswered(wanted);
        if (!page || page->empty())
            co_return;
        after = page->back().position;
        m_publisher.tell(port, std::move(*page));
        m_publisher.publish();
    }
}

void Pipeline::news(library::LibraryNews news)
{
    m_totals = news.totals;
    for (auto *photos : {&news.added, &news.changed}) {
        for (PhotoRecord &photo : *photos) {
            // What it waits for is not recorded, and stays true until the upload moves.
            const auto active = m_active.find(photo.id);
            if (active != m_active.end() && photo.state == PhotoState::uploading && !active->second.waitsFor.empty())
                photo.lastError = active->second.waitsFor;
            m_publisher.changed(photo);
        }
    }
    for (const PhotoId id : news.removed)
        m_publisher.removed(id);
    m_publisher.touch();
    m_publisher.publish();
}

void Pipeline::on(Stop stop)
{
    m_stopping = std::move(stop.stopped);
    m_stopSearching.request_stop();
    m_suspendManifest.request_stop();
    for (auto &[id, active] : m_active) {
        if (!active.working)
            continue;
        if (active.photo.state == PhotoState::compressing)
            active.cancel.request_stop();
        else
            active.suspend.request_stop();
    }
    finishStopping();
}

void Pipeline::finishStopping()
{
    if (!m_stopping || m_stopping->completed() || m_tasks > 0)
        return;
    if (!m_libraryGone && (m_flushing || !m_changes.empty()))
        return;
    if (std::any_of(m_active.begin(), m_active.end(), [](const auto &entry) { return entry.second.working; }))
        return;
    for (auto *uploaders : {&m_uploaders, &m_mainUploaders}) {
        for (Uploader &uploader : *uploaders)
            uploader.isolate.isolate.kill();
    }
    m_stopping->complete();
    m_ended.complete();
}

void Pipeline::change(PhotoChange change)
{
    m_changes.push_back(std::move(change));
}

void Pipeline::flush()
{
    if (m_flushing || m_changes.empty() || m_libraryGone)
        return;
    m_flushing = true;
    begin(flushChanges());
}

isolate::Task<> Pipeline::flushChanges()
{
    while (!m_changes.empty()) {
        library::ApplyChanges request;
        request.changes = std::exchange(m_changes, {});
        auto changes = request.changes;
        auto waiting = std::exchange(m_whenRecorded, {});
        const auto arrived = std::exchange(m_arrived, {});
        auto applied = co_await library::ask(m_config.library, std::move(request));
        if (!applied && !m_libraryStuck)
            libraryFailed(applied.error());
        m_libraryStuck = !applied && !m_stopping;
        if (m_libraryStuck) {
            // Nothing may be forgotten, nor told as if it were recorded: the same once more, before what came since.
            changes.insert(changes.end(), m_changes.begin(), m_changes.end());
            m_changes = std::move(changes);
            std::move(m_whenRecorded.begin(), m_whenRecorded.end(), std::back_inserter(waiting));
            m_whenRecorded = std::move(waiting);
            m_arrived.insert(m_arrived.end(), arrived.begin(), arrived.end());
            co_await isolate::delay(libraryPause);
            continue;
        }
        for (auto &completer : waiting)
            completer.complete();
        for (const std::string &hash : arrived)
            m_underWay.erase(hash);
        startWhatCan();
    }
    m_flushing = false;
}

void Pipeline::libraryFailed(const library::LibraryError &error)
{
    std::string text = "The library could not record what happened: " + error.message;
    if (error.code == library::LibraryErrorCode::damaged)
        text += " Nothing goes on until you start Steadyframe again: it keeps this list aside then, and begins a new "
                "one.";
    m_publisher.notice(text);
    m_publisher.publish();
}

void Pipeline::libraryIsGone()
{
    if (std::exchange(m_libraryGone, true))
        return;
    for (auto &[id, active] : m_active) {
        if (active.working)
            (active.photo.state == PhotoState::compressing ? active.cancel : active.suspend).request_stop();
    }
    m_whenRecorded.clear(); // who waits for it finds itself stopped
    m_publisher.notice("The list of photos can't be written any more. Start Steadyframe again; it goes on from there.");
}

void Pipeline::complete(Update &update)
{
    update.totals = m_totals;
    update.held = m_held.size();
    update.paused = m_paused;
    update.attention = m_attention;
    update.attentionText = m_attentionText;
    std::uint64_t left = 0;
    for (const PhotoState state :
         {PhotoState::queued, PhotoState::compressing, PhotoState::compressed, PhotoState::uploading})
        left += m_totals[state].count;
    update.pace = m_pace.pace(static_cast<std::int64_t>(left), std::chrono::steady_clock::now());
}

namespace {

isolate::Task<> runPipeline(Config config, isolate::Completer<isolate::SendPort<Command>> started)
{
    imaging::removeUnfinished(config.resultFolder); // of a crash
    isolate::Completer<void> ended;
    auto end = ended.future();
    Pipeline pipeline(std::move(config), std::move(ended));
    isolate::RawReceivePort<Command> commands([&](Command command) { pipeline.handle(std::move(command)); });
    started.complete(commands.sendPort());
    co_await std::move(end);
}

} // namespace

isolate::Future<isolate::SendPort<Command>> startPipeline(Config config)
{
    isolate::Completer<isolate::SendPort<Command>> started;
    auto port = started.future();
    static_cast<void>(
        isolate::spawnWith({.name = "pipeline"}, runPipeline, std::move(config), std::move(started)).ok());
    return port;
}

} // namespace steadyframe::pipeline
