#include "composition/feed_jobs.h"

#include "composition/exception_text.h"
#include "composition/fetched_photos.h"
#include "composition/local_path.h"
#include "feed/ascii_case.h"
#include "feed/feed_export.h"
#include "feed/feed_parser.h"

#include <isolate_core/run.h>

#include <QFile>
#include <QFileInfo>
#include <QLocale>

#include <array>
#include <string_view>

/// Bits, and nothing that is shared.
template <>
struct isolate::IsSendableClass<steadyframe::ui::FeedSelection> : std::true_type {
};

namespace steadyframe::composition {

namespace {

using ui::FeedActions;
using ui::Session;

constexpr int numberShift = 32; // a serial is the number of the job and the place in it

/// In the order of `FeedActions::ExportFormat`.
constexpr std::array<std::string_view, 4> endings{".json", ".json.gz", ".csv", ".csv.gz"};

/// What is shown, or what is selected; which rows these are is listed in an isolate, since it takes as long as a frame.
struct Chosen {
    ui::FeedRowList shown;
    std::optional<ui::FeedSelection> selection;

    /// Null: all of the feed.
    [[nodiscard]] ui::FeedRowList rows() const
    {
        if (!selection)
            return shown;
        return std::make_shared<const std::vector<std::uint32_t>>(shown ? selection->rows(*shown) : selection->rows());
    }
};

isolate::Result<std::uint64_t, feed::FeedError> write(feed::FeedExport what, Chosen chosen,
                                                      isolate::SendPort<double> progress, std::stop_token stop)
{
    isolate::setActivity("writing " + what.path.filename().native());
    what.rows = chosen.rows();
    const std::uint64_t rows = what.rows ? what.rows->size() : what.table->rowCount();
    return feed::exportFeed(what, stop, [&](std::uint64_t written) {
        isolate::checkpoint();
        if (rows > 0)
            progress.send(static_cast<double>(written) / static_cast<double>(rows));
    });
}

struct Listed {
    feed::FetchPhotos photos;
    ui::FeedRowList rows;
};

Listed wanted(std::shared_ptr<const ui::FeedTable> table, Chosen chosen, std::uint64_t number,
              std::filesystem::path folder, std::stop_token stop)
{
    isolate::setActivity("listing photos to fetch");
    Listed listed{.photos = {}, .rows = chosen.rows()};
    listed.photos.folder = std::move(folder);
    listed.photos.stop = std::move(stop);
    listed.photos.photos.reserve(listed.rows->size());
    std::uint64_t serial = number << numberShift;
    for (const std::uint32_t row : *listed.rows)
        listed.photos.photos.push_back({serial++, std::string(table->url(row)), std::string(table->title(row))});
    return listed;
}

bool removeOne(std::filesystem::path path)
{
    isolate::setActivity("removing a fetched photo");
    std::error_code ignored;
    return std::filesystem::remove(path, ignored);
}

/// The form that a file's name asks for.
std::optional<FeedActions::ExportFormat> formatOf(const std::string &name)
{
    // The longer endings end in none of the shorter ones.
    for (std::size_t i = 0; i < endings.size(); ++i) {
        if (feed::endsWithIgnoringCase(name, endings[i]))
            return static_cast<FeedActions::ExportFormat>(i);
    }
    return std::nullopt;
}

QString counted(std::size_t number)
{
    return QLocale().toString(static_cast<qulonglong>(number));
}

} // namespace

FeedJobs::FeedJobs(const AppFolders &folders, ui::FeedModel &model, ui::FeedActions &actions, ui::Session &session,
                   PickPhotos pick, QObject *parent)
    : QObject(parent), m_folder(std::filesystem::absolute(folders.fetched()).lexically_normal()), m_model(model),
      m_actions(actions), m_session(session), m_pick(std::move(pick)), m_files({.name = "feed files", .workers = 1}),
      m_fetched([this](feed::FetchedPhoto photo) { take(std::move(photo)); })
{
    connect(&actions, &FeedActions::exportWanted, this, &FeedJobs::exportTo);
    connect(&actions, &FeedActions::sendWanted, this, &FeedJobs::send);
    connect(&actions, &FeedActions::cancelJobWanted, this, &FeedJobs::cancel);
}

FeedJobs::~FeedJobs()
{
    *m_alive = false;
    m_stop.request_stop();
}

std::stop_token FeedJobs::begin(const QString &text)
{
    m_stop.request_stop();
    m_stop = std::stop_source();
    m_actions.setJob(text);
    m_progress.emplace([this](double fraction) { m_actions.setJobProgress(fraction); }, isolate::PortOptions::latest());
    return m_stop.get_token();
}

void FeedJobs::end(const QString &notice, Session::NoticeKind kind)
{
    m_progress.reset();
    m_actions.endJob();
    m_session.notify(notice, kind);
    emit ended();
}

void FeedJobs::cancel()
{
    m_stop.request_stop();
    m_progress.reset();
    const Sending given = std::exchange(m_sending, {.number = m_sending.number});
    if (given.table)
        m_model.unselect(*given.table, given.fetched);
    m_actions.endJob();
}

void FeedJobs::exportTo(const QUrl &file, FeedActions::ExportFormat format, bool selection)
{
    if (!m_model.table() || !m_actions.jobText().isEmpty())
        return;
    if (!selection && m_model.searching()) {
        // What is shown is the beginning of an answer, and the rest comes soon.
        connect(
            &m_model, &ui::FeedModel::searchingChanged, this, [this, file, format] { exportTo(file, format, false); },
            Qt::SingleShotConnection);
        return;
    }
    if (!file.isLocalFile())
        return m_session.notify(tr("%1 is not on this machine. Choose a folder of it.").arg(file.toDisplayString()),
                                Session::Warning);
    feed::FeedExport what;
    what.path = localPath(file);
    if (const auto named = formatOf(what.path.filename().native())) {
        format = *named;
    } else {
        if (static_cast<std::size_t>(format) >= endings.size()) // a file dialog may not know which filter it shows
            format = FeedActions::Json;
        what.path += endings[static_cast<std::size_t>(format)];
        std::error_code error;
        if (std::filesystem::exists(what.path, error)) // the person was not asked about this one
            return m_session.notify(tr("There is a file %1 already. Choose another name, or write its ending, too.")
                                        .arg(QFile::decodeName(what.path.c_str())),
                                    Session::Warning);
    }
    what.table = m_model.table();
    what.format = format == FeedActions::Csv || format == FeedActions::CsvGzip ? feed::ExportFormat::csv
                                                                               : feed::ExportFormat::json;
    what.gzip = format == FeedActions::JsonGzip || format == FeedActions::CsvGzip;
    Chosen chosen{.shown = m_model.shownRows(), .selection = {}};
    if (selection)
        chosen.selection = m_model.selection();
    const auto rows = static_cast<std::size_t>(selection ? m_model.selectedCount() : m_model.count());
    const QString name = QFile::decodeName(what.path.c_str());
    const auto stop = begin(tr("Writing %1").arg(QFileInfo(name).fileName()));
    const auto isOurs = [alive = m_alive, stop] { return *alive && !stop.stop_requested(); };
    isolate::runWith({.name = "feed export", .placement = isolate::Placement::dedicated}, write, std::move(what),
                     std::move(chosen), m_progress->sendPort(), stop)
        .then(
            [this, isOurs, rows, name](isolate::Result<std::uint64_t, feed::FeedError> written) {
                if (!isOurs())
                    return;
                if (written)
                    end((rows == 1 ? tr("%1 photo written to %2 (%3)") : tr("%1 photos written to %2 (%3)"))
                            .arg(counted(rows), name, QLocale().formattedDataSize(static_cast<qint64>(*written))),
                        Session::Info);
                else
                    end(tr("%1 was not written. %2").arg(name, QString::fromStdString(written.error().message)),
                        Session::Error);
            },
            [this, isOurs, name](std::exception_ptr error) {
                if (isOurs())
                    end(tr("%1 was not written. %2").arg(name, textOf(error)), Session::Error);
            });
}

void FeedJobs::send()
{
    if (!m_model.table() || m_model.selectedCount() == 0 || !m_actions.jobText().isEmpty())
        return;
    m_sending = {.number = m_sending.number + 1, .table = m_model.table()};
    const auto count = static_cast<std::size_t>(m_model.selectedCount());
    const auto stop = begin(count == 1 ? tr("Fetching 1 photo") : tr("Fetching %1 photos").arg(counted(count)));
    const auto broken = [this, alive = m_alive, stop](std::exception_ptr error) {
        if (*alive && !stop.stop_requested())
            end(tr("The photos can't be fetched: %1").arg(textOf(error)), Session::Error);
    };
    isolate::runWith({.name = "photos to fetch"}, wanted, m_sending.table,
                     Chosen{m_model.shownRows(), m_model.selection()}, m_sending.number, m_folder, stop)
        .then(
            [this, alive = m_alive, stop, broken](Listed listed) {
                if (!*alive || stop.stop_requested())
                    return;
                m_sending.rows = std::move(listed.rows);
                if (m_fetcher && m_fetcher->isOpen())
                    return static_cast<void>(m_fetcher->send(std::move(listed.photos)));
                auto kept = std::make_shared<feed::FetchPhotos>(std::move(listed.photos));
                feed::startPhotoFetcher(m_fetched.sendPort())
                    .then(
                        [this, alive, kept](isolate::SendPort<feed::FetchPhotos> fetcher) {
                            if (!*alive)
                                return;
                            m_fetcher = std::move(fetcher);
                            m_fetcher->send(std::move(*kept));
                        },
                        broken);
            },
            broken);
}

void FeedJobs::take(feed::FetchedPhoto photo)
{
    const auto place = static_cast<std::size_t>(photo.serial & ((std::uint64_t{1} << numberShift) - 1));
    if (photo.serial >> numberShift != m_sending.number || !m_sending.rows) {
        if (photo.file)
            removeFile(*photo.file); // of a job that was cancelled meanwhile
        return;
    }
    ++m_sending.done;
    const std::uint32_t row = (*m_sending.rows)[place];
    if (photo.file) {
        m_sending.fetched.push_back(row);
        m_pick({photo.file->native()});
    } else if (m_sending.failed++ == 0) {
        const auto title = m_sending.table->title(row);
        m_sending.firstProblem = tr("“%1”: %2")
                                     .arg(QString::fromUtf8(title.data(), static_cast<qsizetype>(title.size())),
                                          QString::fromStdString(photo.file.error().message));
    }
    m_actions.setJobProgress(static_cast<double>(m_sending.done) / static_cast<double>(m_sending.rows->size()));
    if (m_sending.done == m_sending.rows->size())
        finishSending();
}

void FeedJobs::finishSending()
{
    const Sending sent = std::exchange(m_sending, {.number = m_sending.number});
    const std::size_t fetched = sent.fetched.size();
    // What could not be fetched stays selected, and so does what was selected meanwhile.
    m_model.unselect(*sent.table, sent.fetched);
    if (sent.failed == 0) {
        end(fetched == 1 ? tr("1 photo is fetched, and is compressed and uploaded on the photos page.")
                         : tr("%1 photos are fetched, and are compressed and uploaded on the photos page.")
                               .arg(counted(fetched)),
            Session::Info);
    } else {
        end(tr("%1 of %2 photos could not be fetched. %3")
                .arg(counted(sent.failed), counted(sent.rows->size()), sent.firstProblem),
            Session::Warning);
    }
}

void FeedJobs::removeFile(const std::filesystem::path &path)
{
    m_files.submit(removeOne, path).then([](bool) {}, [](std::exception_ptr) {});
}

void FeedJobs::photoRemoved(const std::filesystem::path &source)
{
    if (source.parent_path() == m_folder)
        removeFile(source);
}

void FeedJobs::removeAbandoned(isolate::SendPort<library::LibraryMessage> library)
{
    // A library that ends meanwhile leaves them to the next start.
    removeAbandonedPhotos(m_folder, m_started, std::move(library)).then([](std::size_t) {}, [](std::exception_ptr) {});
}

} // namespace steadyframe::composition
