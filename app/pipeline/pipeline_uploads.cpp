// How results get to the destination.
#include "pipeline/ask_again.h"
#include "pipeline/pipeline.h"
#include "pipeline/pipeline_text.h"
#include "upload/file_names.h"

#include <algorithm>

namespace steadyframe::pipeline {

using library::PhotoChange;
using library::PhotoRecord;
using library::PhotoState;
using Clock = std::chrono::steady_clock;

namespace {

constexpr PhotoId manifestId = -1; // no photo's

/// The same for every try at one upload of a photo, so that a creation whose answer was lost finds the first one.
std::string keyOf(const PhotoRecord &photo)
{
    const auto &queued = photo.enteredAt[static_cast<std::size_t>(PhotoState::queued)];
    return std::to_string(photo.id) + '-' + std::to_string(queued ? queued->time_since_epoch().count() : 0);
}

} // namespace

void Pipeline::startUploads()
{
    if (!m_target || m_targetsToCome > 0 || m_attention != Attention::none)
        return;
    sendManifest();
    while (Uploader *uploader = freeUploader()) {
        const auto id = nextToUpload();
        if (!id)
            return;
        Active &active = m_active.at(*id);
        forgetQueued(active.photo);
        active.working = true;
        active.cancel = std::stop_source();
        active.suspend = std::stop_source();
        uploader->current = *id;
        m_underWay.insert(active.photo.sha256);
        begin(uploadOne(*id));
    }
}

Pipeline::Uploader *Pipeline::freeUploader()
{
    auto &uploaders = m_mainIsolate ? m_mainUploaders : m_uploaders;
    const auto busy = std::count_if(uploaders.begin(), uploaders.end(), [](const Uploader &u) { return u.current; });
    const unsigned most = m_config.uploads ? m_config.uploads : m_parallel.count();
    const auto found = std::find_if(uploaders.begin(), uploaders.end(), [](const Uploader &u) { return !u.current; });
    return found == uploaders.end() || busy >= static_cast<std::ptrdiff_t>(most) ? nullptr : &*found;
}

std::optional<PhotoId> Pipeline::nextToUpload() const
{
    for (const Turn &turn : m_toUpload) {
        const Active &active = m_active.at(turn.id);
        const auto &sha256 = active.photo.sha256;
        if ((sha256.empty() || !m_underWay.contains(sha256)) && !isNameUnderWay(active.fileName))
            return turn.id;
    }
    return std::nullopt;
}

bool Pipeline::isNameUnderWay(const std::string &fileName) const
{
    if (!m_target || m_target->protocol == upload::Protocol::tus)
        return false;
    const auto mayClash = [&](const Uploader &uploader) {
        const auto found = uploader.current ? m_active.find(*uploader.current) : m_active.end();
        return found != m_active.end() && upload::mayBecomeOneName(found->second.fileName, fileName);
    };
    return std::any_of(m_uploaders.begin(), m_uploaders.end(), mayClash)
        || std::any_of(m_mainUploaders.begin(), m_mainUploaders.end(), mayClash);
}

isolate::Task<> Pipeline::uploadOne(PhotoId id)
{
    const upload::Target target = *m_target;
    library::QueryArrival wanted;
    wanted.destination = upload::identityOf(target);
    wanted.sha256 = m_active.at(id).photo.sha256;
    library::QueryArrival::Answer arrival = library::LibraryError{};
    try {
        arrival = co_await askUntilAnswered(std::move(wanted));
    } catch (...) {
        endUpload(id); // else nobody would
        throw;
    }
    Active &active = m_active.at(id); // as long as it is being worked on
    if (active.removing || active.cancel.stop_requested() || active.suspend.stop_requested()) {
        if (Active *left = endUpload(id))
            endedByWish(*left);
        co_return;
    }
    if (!arrival || *m_target != target) {
        endUpload(id);
        enqueue(active);
        co_return;
    }
    const bool arrived = *arrival && (*arrival)->bytes == active.photo.resultBytes;
    sendJob(active, arrived ? (*arrival)->url : std::string());
}

void Pipeline::sendJob(Active &active, const std::string &arrivedUrl)
{
    PhotoRecord &photo = active.photo;
    const std::string destination = upload::identityOf(*m_target);
    PhotoChange begun{.id = photo.id, .state = PhotoState::uploading};
    if (photo.destination != destination) {
        // What was begun elsewhere is nothing to go on from; a library of an earlier version did not say where it was.
        if (!photo.destination.empty())
            photo.uploadUrl.clear();
        photo.destination = destination;
        begun.destination = destination;
        begun.uploadUrl = photo.uploadUrl;
    }
    photo.state = PhotoState::uploading;
    change(std::move(begun));

    active.mends = m_mends;
    active.protocol = m_target->protocol;
    upload::Job job;
    job.id = photo.id;
    job.target = *m_target;
    job.request.file = photo.resultPath;
    job.request.fileName = active.fileName;
    job.request.bytes = photo.resultBytes;
    job.request.sha256 = photo.sha256;
    job.request.hashedAt = photo.enteredAt[static_cast<std::size_t>(PhotoState::compressed)];
    job.request.arrivedUrl = arrivedUrl;
    job.request.key = keyOf(photo);
    job.request.namePolicy = m_namePolicy;
    job.request.resumeUrl = photo.uploadUrl;
    job.cancel = active.cancel.get_token();
    job.suspend = active.suspend.get_token();
    for (auto *uploaders : {&m_uploaders, &m_mainUploaders}) {
        for (Uploader &uploader : *uploaders) {
            if (uploader.current == photo.id) {
                uploader.isolate.jobs.send(std::move(job));
                return;
            }
        }
    }
}

void Pipeline::startUploader(const std::string &name, isolate::Placement placement, std::vector<Uploader> &to)
{
    upload::startUploader(name, placement, m_uploadEvents.sendPort(), m_rate, m_config.patience)
        .then(
            [this, &to](upload::Uploader uploader) {
                to.push_back({std::move(uploader), std::nullopt});
                startWhatCan();
                flush();
            },
            [this](std::exception_ptr error) {
                m_publisher.notice("An upload isolate could not be started: " + textOf(error));
                m_publisher.publish();
            });
}

void Pipeline::on(upload::Created event)
{
    const auto found = m_active.find(event.id);
    if (found == m_active.end()) {
        if (m_manifest && event.id == manifestId) // nobody goes on with it after a restart
            m_manifest->resumeUrl = event.resumeUrl;
        event.recorded.complete();
        return;
    }
    found->second.waitsFor.clear();
    found->second.photo.uploadUrl = event.resumeUrl;
    PhotoChange created{.id = event.id, .state = PhotoState::uploading};
    created.uploadUrl = event.resumeUrl;
    created.acknowledgedBytes = 0;
    found->second.photo.acknowledgedBytes = 0;
    change(std::move(created));
    m_whenRecorded.push_back(std::move(event.recorded));
}

void Pipeline::on(upload::Acknowledged event)
{
    const auto found = m_active.find(event.id);
    if (found == m_active.end())
        return;
    found->second.waitsFor.clear();
    const std::uint64_t before = std::exchange(found->second.photo.acknowledgedBytes, event.offset);
    if (event.offset > before) {
        m_pace.acknowledged(event.offset - before, Clock::now());
        m_parallel.acknowledged(event.offset - before, nextToUpload().has_value(), Clock::now());
    }
    if (event.offset == found->second.photo.resultBytes)
        return; // `Arrived` follows at once, and is recorded
    PhotoChange acknowledged{.id = event.id, .state = PhotoState::uploading};
    acknowledged.acknowledgedBytes = event.offset;
    change(std::move(acknowledged));
}

void Pipeline::on(upload::Waiting event)
{
    const auto found = m_active.find(event.id);
    if (found == m_active.end())
        return;
    // No state changes, so there is nothing to record: the row says why it waits until it goes on.
    if (!event.isNetwork)
        m_parallel.serverIsBusy(Clock::now());
    found->second.waitsFor = std::move(event.message);
    PhotoRecord waiting = found->second.photo;
    waiting.lastError = found->second.waitsFor;
    m_publisher.changed(waiting);
    m_publisher.publish();
}

Pipeline::Active *Pipeline::endUpload(PhotoId id)
{
    for (auto *uploaders : {&m_uploaders, &m_mainUploaders}) {
        for (Uploader &uploader : *uploaders) {
            if (uploader.current == id)
                uploader.current.reset();
        }
    }
    const auto found = m_active.find(id);
    if (found == m_active.end())
        return nullptr;
    found->second.working = false;
    found->second.waitsFor.clear();
    m_underWay.erase(found->second.photo.sha256);
    if (!found->second.removing)
        return &found->second;
    m_active.erase(found);
    return nullptr;
}

void Pipeline::on(upload::Arrived event)
{
    if (event.id == manifestId) {
        m_manifest.reset();
        manifestEnded("The manifest was uploaded.");
    }
    if (const Active *active = endUpload(event.id)) {
        m_underWay.insert(active->photo.sha256);
        m_arrived.push_back(active->photo.sha256);
        PhotoChange arrived{.id = event.id, .state = PhotoState::uploaded};
        if (event.receipt.skipped) {
            arrived.destination = std::string(); // what is there is another file
            arrived.lastError = "Left out: the destination has another file of this name.";
        } else {
            arrived.acknowledgedBytes = event.receipt.bytes;
            if (event.receipt.found || active->protocol != upload::Protocol::tus)
                arrived.uploadUrl = event.receipt.url; // the name that the file got there
        }
        change(std::move(arrived));
        m_active.erase(event.id);
        m_pace.uploaded(Clock::now());
    }
    finishStopping();
}

void Pipeline::on(upload::NotArrived event)
{
    if (event.id == manifestId)
        manifestNotArrived(event.error);
    if (Active *active = endUpload(event.id)) {
        switch (event.error.code) {
        case upload::UploadErrc::cancelled:
            endedByWish(*active);
            break;
        case upload::UploadErrc::credentials:
            needsAttention(Attention::credentials, *active, std::move(event.error.message));
            break;
        case upload::UploadErrc::certificate:
            needsAttention(Attention::certificate, *active, std::move(event.error.message));
            break;
        case upload::UploadErrc::nameExists:
            needsAttention(Attention::nameExists, *active, std::move(event.error.message));
            break;
        case upload::UploadErrc::fileChanged:
        case upload::UploadErrc::fileMissing:
            if (!makeAgain(*active))
                fail(*active, std::move(event.error.message), true);
            break;
        default:
            fail(*active, std::move(event.error.message));
        }
    }
    finishStopping();
}

bool Pipeline::makeAgain(Active &active)
{
    PhotoRecord &photo = active.photo;
    // Elsewhere it is the person's own file, or stands in place of the original.
    if (active.madeAgain || active.cancel.stop_requested() || photo.resultPath.parent_path() != m_config.resultFolder)
        return false;
    active.madeAgain = true;
    photo.state = PhotoState::queued;
    photo.resultPath.clear();
    photo.resultBytes = 0;
    photo.sha256.clear();
    photo.uploadUrl.clear();
    photo.destination.clear();
    photo.acknowledgedBytes = 0;
    change({.id = photo.id, .state = PhotoState::queued});
    enqueue(active);
    return true;
}

void Pipeline::endedByWish(Active &active)
{
    if (active.cancel.stop_requested() || !active.suspend.stop_requested())
        fail(active, {});
    else if (!m_stopping)
        enqueue(active); // goes on from what the server has, on resume
}

void Pipeline::needsAttention(Attention kind, Active &active, std::string text)
{
    // Each photo would fare the same, so none is tried before the person did something; this one waits, too.
    PhotoChange putBack{.id = active.photo.id, .state = PhotoState::compressed};
    putBack.lastError = text;
    change(std::move(putBack));
    active.photo.state = PhotoState::compressed;
    enqueue(active);
    if (active.mends != m_mends || (kind == Attention::nameExists && m_namePolicy != upload::NamePolicy::ask))
        return; // the person did something since this one was sent
    m_attention = kind;
    m_attentionText = std::move(text);
    m_publisher.touch();
}

void Pipeline::attentionIsOver()
{
    m_attention = Attention::none;
    m_attentionText.clear();
    ++m_mends;
    m_publisher.touch();
}

void Pipeline::on(UseTarget use)
{
    ++m_targetsToCome;
    begin(useTarget(std::move(use.target)));
}

isolate::Task<> Pipeline::useTarget(upload::Target target)
{
    library::QueryAnswer question{nameQuestion(target)};
    auto answer = co_await library::ask(m_config.library, std::move(question));
    --m_targetsToCome;
    m_namePolicy = answer ? namePolicyOf(*answer) : upload::NamePolicy::ask;
    m_target = std::move(target);
    attentionIsOver();
}

void Pipeline::on(AnswerName answer)
{
    m_namePolicy = answer.policy;
    if (m_attention == Attention::nameExists)
        attentionIsOver();
    begin(rememberName(answer.policy));
}

isolate::Task<> Pipeline::rememberName(upload::NamePolicy policy)
{
    if (!m_target)
        co_return;
    library::RememberAnswer answer{nameQuestion(*m_target), std::string(textOf(policy))};
    auto remembered = co_await library::ask(m_config.library, std::move(answer));
    if (!remembered)
        libraryFailed(remembered.error());
}

void Pipeline::on(WriteManifest write)
{
    begin(makeManifest(std::move(write)));
}

isolate::Task<> Pipeline::makeManifest(WriteManifest wanted)
{
    if (m_target)
        wanted.addresses.insert_or_assign(upload::identityOf(*m_target), m_target->endpoint);
    auto making = writeManifest(m_config.library, std::move(wanted.folder), std::move(wanted.addresses));
    auto written = co_await std::move(making);
    if (!written) {
        m_publisher.notice(written.error());
        co_return;
    }
    m_publisher.manifest(written->path);
    m_manifests.push_back({std::move(*written)});
}

void Pipeline::sendManifest()
{
    Uploader *uploader = !m_manifest && !m_manifests.empty() ? freeUploader() : nullptr;
    if (!uploader)
        return;
    m_manifest = std::move(m_manifests.front());
    m_manifests.pop_front();
    if (std::exchange(m_manifest->destination, upload::identityOf(*m_target)) != m_manifest->destination)
        m_manifest->resumeUrl.clear();
    const Manifest &manifest = m_manifest->manifest;
    upload::Job job;
    job.id = manifestId;
    job.target = *m_target;
    job.request.file = manifest.path;
    job.request.fileName = manifest.path.filename().native();
    job.request.bytes = manifest.bytes;
    job.request.sha256 = manifest.sha256;
    job.request.namePolicy = upload::NamePolicy::keepBoth;
    job.request.resumeUrl = m_manifest->resumeUrl;
    m_suspendManifest = std::stop_source();
    job.suspend = m_suspendManifest.get_token();
    uploader->current = manifestId;
    uploader->isolate.jobs.send(std::move(job));
}

void Pipeline::manifestNotArrived(const upload::UploadError &error)
{
    auto ended = std::exchange(m_manifest, std::nullopt);
    if (ended && error.code == upload::UploadErrc::cancelled)
        m_manifests.push_front(std::move(*ended)); // it was paused
    else
        manifestEnded("The manifest was not uploaded: " + error.message);
}

void Pipeline::manifestEnded(const std::string &text)
{
    m_publisher.notice(text);
    m_publisher.publish();
}

void Pipeline::on(UseUploads use)
{
    m_config.uploads = std::min(use.atOnce, mostUploads);
    m_rate.get()->setLimit(use.bytesPerSecond, Clock::now());
}

} // namespace steadyframe::pipeline
