#include "composition/feed_jobs.h"

#include "composition/exception_text.h"
#include "composition/local_path.h"
#include "feed/feed_export.h"
#include "feed/feed_parser.h"

#include <isolate_core/run.h>

#include <QFile>
#include <QFileInfo>
#include <QLocale>

#include <array>
#include <string_view>

namespace steadyframe::composition {

namespace {

using ui::FeedActions;
using ui::Session;

constexpr int numberShift = 32; // a serial is the number of the job and the place in it

/// In the order of `FeedActions::ExportFormat`.
constexpr std::array<std::string_view, 4> endings{".json", ".json.gz", ".csv", ".csv.gz"};

isolate::Result<std::uint64_t, feed::FeedError> write(feed::FeedExport what, isolate::SendPort<double> progress,
                                                      std::stop_token stop)
{
    isolate::setActivity("writing " + what.path.filename().native());
    const std::uint64_t rows = what.rows ? what.rows->size() : what.table->rowCount();
    return feed::exportFeed(what, stop, [&](std::uint64_t written) {
        isolate::checkpoint();
        if (rows > 0)
            progress.send(static_cast<double>(written) / static_cast<double>(rows));
    });
}

feed::FetchPhotos wanted(std::shared_ptr<const ui::FeedTable> table, std::vector<std::uint32_t> rows,
                         std::uint64_t number, std::filesystem::path folder, std::stop_token stop)
{
    isolate::setActivity("listing photos to fetch");
    feed::FetchPhotos photos;
    photos.folder = std::move(folder);
    photos.stop = std::move(stop);
    photos.photos.reserve(rows.size());
    std::uint64_t serial = number << numberShift;
    for (const std::uint32_t row : rows)
        photos.photos.push_back({serial++, std::string(table->url(row)), std::string(table->title(row))});
    return photos;
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
        if (name.ends_with(endings[i]))
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
    : QObject(parent), m_folder(std::filesystem::absolute(folders.fetched() / "photos").lexically_normal()),
      m_model(model), m_actions(actions), m_session(session), m_pick(std::move(pick)),
      m_files({.name = "feed files", .workers = 1}),
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
    m_sending = {.number = m_sending.number};
    m_actions.endJob();
}

void FeedJobs::exportTo(const QUrl &file, FeedActions::ExportFormat format, bool selection)
{
    if (!m_model.table() || !m_actions.jobText().isEmpty())
        return;
    if (!file.isLocalFile())
        return m_session.notify(tr("%1 is not on this machine. Choose a folder of it.").arg(file.toDisplayString()),
                                Session::Warning);
    feed::FeedExport what;
    what.path = localPath(file);
    if (const auto named = formatOf(what.path.filename().native())) {
        format = *named;
    } else {
        what.path += endings[static_cast<std::size_t>(format)];
        std::error_code error;
        if (std::filesystem::exists(what.path, error)) // the person was not asked about this one
            return m_session.notify(tr("There is a file %1 already. Choose another name, or write its ending, too.")
                                        .arg(QFile::decodeName(what.path.c_str())),
                                    Session::Warning);
    }
    what.table = m_model.table();
    what.rows
        = selection ? std::make_shared<const std::vector<std::uint32_t>>(m_model.selectedRows()) : m_model.shownRows();
    what.format = format == FeedActions::Csv || format == FeedActions::CsvGzip ? feed::ExportFormat::csv
                                                                               : feed::ExportFormat::json;
    what.gzip = format == FeedActions::JsonGzip || format == FeedActions::CsvGzip;
    const std::size_t rows = what.rows ? what.rows->size() : what.table->rowCount();
    const QString name = QFile::decodeName(what.path.c_str());
    const auto stop = begin(tr("Writing %1").arg(QFileInfo(name).fileName()));
    const auto isOurs = [alive = m_alive, stop] { return *alive && !stop.stop_requested(); };
    isolate::runWith({.name = "feed export", .placement = isolate::Placement::dedicated}, write, std::move(what),
                     m_progress->sendPort(), stop)
        .then(
            [this, isOurs, rows, name](isolate::Result<std::uint64_t, feed::FeedError> written) {
                if (!isOurs())
                    return;
                if (written)
                    end(tr("%1 photos written to %2 (%3)")
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
    m_sending = {.number = m_sending.number + 1, .table = m_model.table(), .rows = m_model.selectedRows()};
    const auto stop = begin(m_sending.rows.size() == 1 ? tr("Fetching 1 photo")
                                                       : tr("Fetching %1 photos").arg(counted(m_sending.rows.size())));
    const auto broken = [this, alive = m_alive, stop](std::exception_ptr error) {
        if (*alive && !stop.stop_requested())
            end(tr("The photos can't be fetched: %1").arg(textOf(error)), Session::Error);
    };
    isolate::runWith({.name = "photos to fetch"}, wanted, m_sending.table, m_sending.rows, m_sending.number, m_folder,
                     stop)
        .then(
            [this, alive = m_alive, stop, broken](feed::FetchPhotos photos) {
                if (!*alive || stop.stop_requested())
                    return;
                if (m_fetcher)
                    return static_cast<void>(m_fetcher->send(std::move(photos)));
                auto kept = std::make_shared<feed::FetchPhotos>(std::move(photos));
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
    if (photo.serial >> numberShift != m_sending.number || place >= m_sending.rows.size()) {
        if (photo.file)
            removeFile(*photo.file); // of a job that was cancelled meanwhile
        return;
    }
    ++m_sending.done;
    if (photo.file) {
        m_pick({photo.file->native()});
    } else if (m_sending.failed++ == 0) {
        const auto title = m_sending.table->title(m_sending.rows[place]);
        m_sending.firstProblem = tr("“%1”: %2")
                                     .arg(QString::fromUtf8(title.data(), static_cast<qsizetype>(title.size())),
                                          QString::fromStdString(photo.file.error().message));
    }
    m_actions.setJobProgress(static_cast<double>(m_sending.done) / static_cast<double>(m_sending.rows.size()));
    if (m_sending.done == m_sending.rows.size())
        finishSending();
}

void FeedJobs::finishSending()
{
    const Sending sent = std::exchange(m_sending, {.number = m_sending.number});
    const std::size_t fetched = sent.rows.size() - sent.failed;
    if (sent.failed == 0) {
        m_model.clearSelection();
        end(fetched == 1 ? tr("1 photo is fetched, and is compressed and uploaded on the photos page.")
                         : tr("%1 photos are fetched, and are compressed and uploaded on the photos page.")
                               .arg(counted(fetched)),
            Session::Info);
    } else {
        end(tr("%1 of %2 photos could not be fetched. %3")
                .arg(counted(sent.failed), counted(sent.rows.size()), sent.firstProblem),
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

} // namespace steadyframe::composition
