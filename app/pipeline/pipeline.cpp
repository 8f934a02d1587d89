#include "pipeline/pipeline.h"

#include "library/display_text.h"
#include "pipeline/ask_again.h"
#include "pipeline/pipeline_text.h"

#include <isolate_core/spawn.h>
#include <isolate_core/timer.h>

#include <algorithm>

namespace steadyframe::pipeline {

using library::PhotoChange;
using library::PhotoRecord;
using library::PhotoState;

namespace {

constexpr std::size_t filesInABatch = 256;
constexpr std::uint32_t photosInAPage = 1000;

/// What a compression is asked to do.
struct Order {
    PhotoId id = 0;
    std::string name; ///< to be shown
    std::filesystem::path source;
    std::filesystem::path ownFolder;
    recipe::Recipe recipe;
    recipe::Workshop workshop;
};

isolate::Result<recipe::Placed, imaging::ImagingError> compressOne(Order order, isolate::SendPort<Progress> progress,
                                                                   std::stop_token stop)
{
    isolate::setActivity("compressing " + order.name);
    double told = 0;
    const auto tell = [&](double fraction) {
        isolate::checkpoint();
        if (fraction - told >= 0.1) {
            told = fraction;
            progress.send({order.id, fraction});
        }
    };
    if (order.recipe.output.place == recipe::OutputPlace::ownFolder) {
        // A name that is the photo's alone, so that doing it again replaces what a crash left.
        const std::string stem = stemOf(order.source) + "-" + std::to_string(order.id);
        order.workshop.imaging.limits = order.recipe.limits;
        auto result = imaging::compressFile(order.source, order.ownFolder, stem, order.recipe.settings, stop, tell,
                                            order.workshop.imaging);
        if (!result)
            return std::move(result).error();
        return recipe::Placed{.result = std::move(*result)};
    }
    // What is known before it is compressed costs nothing.
    if (auto there = recipe::alreadyThere(order.source, order.recipe.output); !there.empty()) {
        recipe::Placed skipped;
        skipped.skipped = true;
        skipped.result.path = std::move(there);
        return skipped;
    }
    auto staged = recipe::stage(order.source, order.recipe, order.workshop, stop, tell);
    if (!staged)
        return std::move(staged).error();
    return recipe::place(std::move(*staged), order.recipe.output, order.workshop);
}

} // namespace

Pipeline::Pipeline(Config config, isolate::Completer<void> ended)
    : m_config(std::move(config)), m_pool({.name = "compression", .workers = m_config.compressions}),
      m_uploadEvents([this](upload::Event event) {
          std::visit([this](auto &&e) { on(std::forward<decltype(e)>(e)); }, std::move(event));
          startWhatCan();
          flush();
      }),
      m_foundFiles([this](Found found) { begin(record(std::move(found))); }), m_progress([this](Progress p) {
          m_publisher.progress(p.id, p.fraction);
          m_publisher.publish();
      }),
      m_news([this](library::LibraryNews n) { news(std::move(n)); }),
      m_publisher([this](Update &update) { complete(update); }), m_ended(std::move(ended))
{
    for (unsigned i = 0; i < mostUploads; ++i)
        startUploader("upload " + std::to_string(i + 1), isolate::Placement::dedicated, m_uploaders);
    begin(takeUpUnfinished());
}

void Pipeline::handle(Command command)
{
    std::visit([this](auto &&c) { on(std::forward<decltype(c)>(c)); }, std::move(command));
    startWhatCan();
    flush();
    m_publisher.publish();
}

void Pipeline::begin(isolate::Task<> task)
{
    ++m_tasks;
    isolate::start([](Pipeline &self, isolate::Task<> inner) -> isolate::Task<> {
        try {
            co_await std::move(inner);
        } catch (const std::exception &error) {
            if (!self.m_config.library.isOpen())
                self.libraryIsGone();
            else
                self.m_publisher.notice(std::string("Something did not work: ") + error.what());
        }
        if (--self.m_tasks == 0)
            self.m_stoppedEarly.clear();
        self.startWhatCan();
        self.flush();
        self.m_publisher.publish();
        self.finishStopping();
    }(*this, std::move(task)));
}

void Pipeline::on(Pick pick)
{
    begin([](Pipeline &self, Pick picked) -> isolate::Task<> {
        // Named, not temporaries: GCC 12 destroys aggregates made inside a co_await expression twice.
        isolate::SpawnOptions options;
        options.name = "search";
        auto searched = isolate::runWith(options, &Pipeline::search, std::move(picked.paths), self.m_cancels,
                                         self.m_foundFiles.sendPort(), self.m_stopSearching.get_token());
        co_await std::move(searched);
    }(*this, std::move(pick)));
}

void Pipeline::search(std::vector<std::string> picks, unsigned cancels, isolate::SendPort<Found> to,
                      std::stop_token stop)
{
    isolate::setActivity("searching folders");
    findFiles(
        picks, filesInABatch,
        [&](std::vector<FoundFile> files) {
            to.send(Found{std::move(files), cancels});
        },
        stop);
}

isolate::Task<> Pipeline::record(Found found)
{
    if (m_stopping || found.cancels != m_cancels)
        co_return;
    library::AddPhotos request;
    for (const FoundFile &file : found.files) {
        library::NewPhoto photo;
        photo.sourcePath = file.path;
        photo.originalBytes = static_cast<std::uint64_t>(std::max<std::int64_t>(file.bytes, 0));
        request.photos.push_back(std::move(photo));
    }
    library::AddPhotos first = request;
    auto added = co_await library::ask(m_config.library, std::move(first));
    if (!added)
        libraryFailed(added.error());
    while (!added && !m_stopping && found.cancels == m_cancels) {
        co_await isolate::delay(libraryPause);
        library::AddPhotos again = request;
        added = co_await library::ask(m_config.library, std::move(again));
    }
    if (!added)
        co_return;
    for (std::size_t i = 0; i < added->size(); ++i) {
        PhotoRecord &photo = (*added)[i];
        if (found.cancels != m_cancels)
            m_stoppedEarly.try_emplace(photo.id, false);
        if (found.files[i].problem.empty()) {
            takeUp(std::move(photo));
        } else {
            PhotoChange failed{.id = photo.id, .state = PhotoState::failed};
            failed.lastError = found.files[i].problem;
            change(std::move(failed));
        }
    }
}

isolate::Task<> Pipeline::takeUpUnfinished()
{
    const unsigned cancels = m_cancels;
    const auto take = [&](PhotoRecord &photo) {
        if (cancels != m_cancels)
            m_stoppedEarly.try_emplace(photo.id, false);
        takeUp(std::move(photo));
    };
    library::Subscribe subscription{m_news.sendPort()};
    m_totals = co_await library::ask(m_config.library, std::move(subscription));
    library::ResumeWork resume;
    auto unfinished = co_await askUntilAnswered(resume);
    if (!unfinished)
        co_return;
    for (PhotoRecord &photo : unfinished->uploading)
        take(photo);
    for (const PhotoState state : {PhotoState::queued, PhotoState::compressed}) {
        for (std::int64_t after = 0;;) {
            library::QueryPage wanted{after, photosInAPage, state};
            auto page = co_await askUntilAnswered(wanted);
            if (!page || page->empty())
                break;
            after = page->back().position;
            for (PhotoRecord &photo : *page)
                take(photo);
        }
    }
}

void Pipeline::takeUp(PhotoRecord photo)
{
    const PhotoId id = photo.id;
    const auto stopped = m_stoppedEarly.extract(id);
    if (m_active.contains(id) || (stopped && stopped.mapped()))
        return;
    Active &active = m_active.emplace(id, Active(std::move(photo))).first->second;
    if (stopped)
        fail(active, {});
    else
        enqueue(active);
}

void Pipeline::enqueue(Active &active)
{
    const PhotoRecord &photo = active.photo;
    active.fileName = stemOf(photo.sourcePath) + photo.resultPath.extension().native();
    if (photo.held) {
        m_held.insert(photo.id); // until `reorder` finds it held no longer
        return m_publisher.touch();
    }
    const Turn turn{photo.priority, photo.position, photo.id};
    if (photo.state == PhotoState::queued)
        m_toCompress.insert(turn);
    else
        m_toUpload.insert(turn);
}

void Pipeline::forgetQueued(const PhotoRecord &photo)
{
    const Turn turn{photo.priority, photo.position, photo.id};
    m_toCompress.erase(turn);
    m_toUpload.erase(turn);
    m_held.erase(photo.id);
}

void Pipeline::startWhatCan()
{
    if (m_paused || m_stopping || m_libraryStuck || m_libraryGone)
        return;
    // In the mode of the main isolate there is one thread for everything, but the pool decides how much it is given.
    const unsigned most
        = m_config.compressions ? m_config.compressions : std::max(1u, std::thread::hardware_concurrency());
    while (!m_toCompress.empty() && m_compressing < most && m_toUpload.size() < m_config.mostWaitingUploads) {
        const PhotoId id = m_toCompress.begin()->id;
        m_toCompress.erase(m_toCompress.begin());
        startCompression(id);
    }
    startUploads();
}

void Pipeline::startCompression(PhotoId id)
{
    Active &active = m_active.at(id);
    active.photo.state = PhotoState::compressing;
    active.working = true;
    active.cancel = std::stop_source();
    change({.id = id, .state = PhotoState::compressing});
    ++m_compressing;
    const PhotoRecord &photo = active.photo;
    recipe::Recipe recipe = m_config.recipe;
    if (recipe.output.place != recipe::OutputPlace::folder
        && std::ranges::find(m_config.ownSources, photo.sourcePath.parent_path()) != m_config.ownSources.end())
        recipe.output.place = recipe::OutputPlace::ownFolder;
    m_pool
        .submit(0, active.cancel.get_token(), compressOne,
                Order{id, photo.name, photo.sourcePath, m_config.resultFolder, std::move(recipe), m_config.workshop},
                m_progress.sendPort())
        .then([this, id](auto result) { compressed(id, std::move(result)); },
              [this, id, cancel = active.cancel.get_token()](std::exception_ptr error) {
                  const auto code
                      = cancel.stop_requested() ? imaging::ImagingErrc::cancelled : imaging::ImagingErrc::io;
                  compressed(id, imaging::ImagingError{code, "The photo could not be compressed: " + textOf(error)});
              });
}

void Pipeline::compressed(PhotoId id, isolate::Result<recipe::Placed, imaging::ImagingError> outcome)
{
    --m_compressing;
    Active &active = m_active.at(id);
    active.working = false;
    if (outcome && !outcome->skipped) {
        const imaging::CompressResult &result = outcome->result;
        PhotoRecord &photo = active.photo;
        photo.state = PhotoState::compressed;
        photo.resultPath = result.path;
        photo.resultBytes = result.resultBytes;
        photo.sha256 = result.sha256;
        photo.enteredAt[static_cast<std::size_t>(PhotoState::compressed)]
            = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
        photo.note = recipe::noteOn(result);
        PhotoChange done{.id = id, .state = PhotoState::compressed};
        done.resultPath = photo.resultPath;
        done.resultBytes = photo.resultBytes;
        done.sha256 = photo.sha256;
        done.note = photo.note;
        done.originalSize = library::PixelSize{result.sourceWidth, result.sourceHeight};
        done.resultSize = library::PixelSize{result.width, result.height};
        done.originalBytes = result.sourceBytes;
        change(std::move(done));
        if (active.removing)
            m_active.erase(id);
        else if (active.cancel.stop_requested() && !m_stopping)
            fail(active, {});
        else
            enqueue(active);
    } else if (active.removing) {
        m_active.erase(id);
    } else if (outcome) {
        // Nothing went wrong and nothing was made: as if the person had left it out.
        PhotoChange skipped{.id = id, .state = PhotoState::cancelled};
        skipped.lastError
            = "Skipped: " + library::displayText(outcome->result.path.filename().native()) + " is there already.";
        change(std::move(skipped));
        m_active.erase(id);
    } else if (outcome.error().code == imaging::ImagingErrc::cancelled) {
        if (!m_stopping) // otherwise it stays as it is and is queued again at the next start
            fail(active, {});
    } else {
        fail(active, outcome.error().message);
    }
    startWhatCan();
    flush();
    finishStopping();
}

void Pipeline::fail(Active &active, std::string message, bool forgetResult)
{
    PhotoChange failed{.id = active.photo.id, .state = message.empty() ? PhotoState::cancelled : PhotoState::failed};
    if (!message.empty())
        failed.lastError = std::move(message);
    if (forgetResult) {
        failed.resultPath = std::filesystem::path();
        failed.resultBytes = 0;
    }
    change(std::move(failed));
    m_active.erase(active.photo.id);
}

} // namespace steadyframe::pipeline
