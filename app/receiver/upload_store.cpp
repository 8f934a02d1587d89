#include "receiver/upload_store.h"

#include "receiver/safe_name.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace steadyframe::receiver {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t idBytes = 16;
constexpr unsigned maximumNameAttempts = 100'000;
constexpr std::chrono::milliseconds interruptLimit{5000};
constexpr std::chrono::minutes expiryInterval{10};
constexpr std::chrono::hours keepFinished{24 * 365}; // what arrived is known for a year

std::optional<std::string> newId()
{
    std::array<unsigned char, idBytes> bytes;
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        return std::nullopt;
    return toHex({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
}

bool isId(std::string_view text)
{
    return text.size() == idBytes * 2 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

ReceiverError folderError(const fs::path &folder, int error)
{
    return {ReceiverErrc::folder,
            "The folder for received photos, " + folder.string() + ", can't be used: " + std::strerror(error)
                + ". Choose another folder, or make this one writable."};
}

/// Takes back bytes that a crash left unverified, and says how many count; nothing when the file can't be used.
std::optional<std::uint64_t> settleBytes(const StoredUpload &upload)
{
    std::error_code error;
    auto size = fs::file_size(upload.dataPath(), error);
    if (error)
        return std::nullopt;
    if (const auto mark = readSmallFile(upload.unverifiedPath(), 32)) {
        const auto verified = parseNumber(*mark);
        if (!verified)
            return std::nullopt;
        size = std::min<std::uintmax_t>(size, *verified);
        fs::resize_file(upload.dataPath(), size, error);
        if (error)
            return std::nullopt;
        fs::remove(upload.unverifiedPath(), error);
    }
    return size <= upload.record().length ? std::optional<std::uint64_t>(size) : std::nullopt;
}

} // namespace

UploadStore::UploadStore(ReceiverOptions options)
    : m_options(std::move(options)), m_incoming(m_options.folder / ".incoming")
{
}

isolate::Result<std::unique_ptr<UploadStore>, ReceiverError> UploadStore::open(const ReceiverOptions &options)
{
    ReceiverOptions absolute = options;
    std::error_code error;
    absolute.folder = fs::absolute(options.folder, error);
    if (error || options.folder.empty())
        return folderError(options.folder, error ? error.value() : ENOENT);
    std::unique_ptr<UploadStore> store(new UploadStore(std::move(absolute)));
    if (auto failure = store->openFolder())
        return std::move(*failure);
    store->removeExpired();
    return store;
}

std::optional<ReceiverError> UploadStore::openFolder()
{
    std::error_code error;
    fs::create_directories(m_incoming, error);
    if (error)
        return folderError(m_options.folder, error.value());
    m_folderLock = PosixFile(m_incoming / "lock", O_RDWR | O_CREAT);
    if (!m_folderLock.isOpen())
        return folderError(m_options.folder, errno);
    if (::flock(m_folderLock.descriptor(), LOCK_EX | LOCK_NB) != 0) {
        return ReceiverError{ReceiverErrc::folderInUse,
                             "Another receiver already stores into " + m_options.folder.string()
                                 + ". Close the other one, or choose another folder."};
    }
    if (const int code = m_finished.open(m_incoming / "finished", keepFinished); code != 0)
        return folderError(m_options.folder, code);
    if (const int code = takeUp(); code != 0)
        return folderError(m_options.folder, code);
    return std::nullopt;
}

int UploadStore::takeUp()
{
    std::error_code error;
    const auto hasBytes = [&](const std::string &id) {
        std::error_code ignored;
        return isId(id) && fs::exists(basePath(id).concat(".data"), ignored);
    };
    RecordJournal::Records records;
    if (const int code = m_records.open(m_incoming / "uploads", hasBytes, records); code != 0)
        return code;
    std::vector<fs::path> strays;
    for (fs::directory_iterator entry(m_incoming, error), end; !error && entry != end; entry.increment(error)) {
        const fs::path &path = entry->path();
        const auto id = path.stem().string();
        if (path.extension() == ".info") { // of an earlier version, which had a file each
            const auto text = readSmallFile(path, maximumRecordBytes);
            const auto record = text ? parseRecord(*text) : std::nullopt;
            if (record && hasBytes(id) && m_records.add(id, *record) == 0)
                records.insert_or_assign(id, *record);
        }
        if (path.extension() == ".info" || path.extension() == ".new")
            strays.push_back(path);
    }
    for (fs::directory_iterator entry(m_incoming, error), end; !error && entry != end; entry.increment(error)) {
        if (entry->path().extension() == ".data" && !records.contains(entry->path().stem().string()))
            strays.push_back(entry->path());
    }
    for (const auto &path : strays)
        fs::remove(path, error);
    for (const auto &[id, record] : records)
        takeUpOne(id, record);
    return 0;
}

void UploadStore::takeUpOne(const std::string &id, const UploadRecord &record)
{
    auto upload = std::make_shared<StoredUpload>(id, record, basePath(id), 0);
    const auto bytes = settleBytes(*upload);
    if (!bytes) { // damaged
        discardFiles(*upload);
        return;
    }
    upload = std::make_shared<StoredUpload>(id, record, basePath(id), *bytes);
    m_unfinished.emplace(id, upload);
    if (*bytes == record.length)
        static_cast<void>(finish(*upload)); // nobody else has it yet; what fails here is tried at the next start
}

isolate::Result<std::shared_ptr<StoredUpload>, UploadStore::CreateErrc> UploadStore::create(UploadRecord record)
{
    if (record.length > m_options.maximumBytes)
        return CreateErrc::tooLarge;
    auto id = newId();
    if (!id || recordText(record).size() > maximumRecordBytes)
        return CreateErrc::failed;
    const auto free = freeBytes(m_options.folder);
    auto upload = std::make_shared<StoredUpload>(*id, std::move(record), basePath(*id), 0);
    {
        const std::lock_guard lock(m_mutex);
        std::uint64_t promised = upload->record().length;
        for (const auto &[otherId, other] : m_unfinished)
            promised += other->record().length - other->offset();
        if (free && (*free < m_options.minimumFreeBytes || *free - m_options.minimumFreeBytes < promised))
            return CreateErrc::noSpace;
        m_unfinished.emplace(*id, upload);
    }
    // The record comes first: bytes without one are removed at the next start.
    int error = m_records.add(*id, upload->record());
    if (error == 0) {
        const PosixFile data(upload->dataPath(), O_WRONLY | O_CREAT | O_EXCL);
        error = data.isOpen() ? 0 : errno;
    }
    if (error != 0) {
        forgetUnfinished(*id);
        discardFiles(*upload);
        return error == ENOSPC || error == EDQUOT ? CreateErrc::noSpace : CreateErrc::failed;
    }
    m_records.shortenIfLong([this] {
        const std::lock_guard lock(m_mutex);
        RecordJournal::Records records;
        for (const auto &[unfinishedId, unfinished] : m_unfinished)
            records.emplace(unfinishedId, unfinished->record());
        return records;
    });
    return upload;
}

std::shared_ptr<StoredUpload> UploadStore::findByKey(const UploadRecord &wanted) const
{
    if (wanted.key.empty())
        return nullptr;
    const std::lock_guard lock(m_mutex);
    for (const auto &[id, upload] : m_unfinished) {
        const UploadRecord &record = upload->record();
        if (record.key == wanted.key && record.length == wanted.length && record.sha256 == wanted.sha256)
            return upload;
    }
    return nullptr;
}

std::shared_ptr<StoredUpload> UploadStore::find(const std::string &id) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_unfinished.find(id);
    return found == m_unfinished.end() ? nullptr : found->second;
}

std::optional<std::uint64_t> UploadStore::findFinished(const std::string &id) const
{
    const auto upload = m_finished.find(id);
    return upload ? std::optional(upload->bytes) : std::nullopt;
}

bool UploadStore::isTakenAway(const std::string &id) const
{
    const auto upload = m_finished.find(id);
    if (!upload || upload->name.empty())
        return false;
    std::error_code error;
    return fs::status(m_options.folder / upload->name, error).type() == fs::file_type::not_found;
}

std::optional<UploadStore::StoredPlace> UploadStore::findStored(const std::string &id) const
{
    const auto upload = m_finished.find(id);
    if (!upload || upload->name.empty())
        return std::nullopt;
    return StoredPlace{m_options.folder / upload->name, upload->bytes};
}

WriteStatus UploadStore::finish(StoredUpload &upload)
{
    const auto status = upload.flushAndVerify();
    if (status == WriteStatus::mismatch) {
        upload.setGone();
        forgetUnfinished(upload.id());
        discardFiles(upload);
    }
    if (status != WriteStatus::stored)
        return status;

    // Known as finished before it has its name, so that no crash makes a sender send it again.
    if (const int error = m_finished.add(upload.id(), upload.record().length); error != 0)
        return error == ENOSPC ? WriteStatus::noSpace : WriteStatus::failed;
    const auto path = moveIntoFolder(upload);
    if (!path) {
        m_finished.forget(upload.id());
        return path.error() == ENOSPC ? WriteStatus::noSpace : WriteStatus::failed;
    }
    m_finished.setName(upload.id(), path.value().filename().native());
    const bool flushed = flushFolder(m_options.folder) == 0;
    if (m_options.onStored) {
        const auto &record = upload.record();
        m_options.onStored({path.value(), record.requestedName, record.length, record.sha256, upload.id()});
    }
    upload.setGone();
    forgetUnfinished(upload.id());
    return flushed ? WriteStatus::stored : WriteStatus::failed;
}

isolate::Result<fs::path, int> UploadStore::moveIntoFolder(const StoredUpload &upload) const
{
    for (unsigned attempt = 1; attempt <= maximumNameAttempts; ++attempt) {
        fs::path target = m_options.folder / numberedName(upload.record().safeName, attempt);
        const int error = renameWithoutReplacing(upload.dataPath(), target);
        if (error == 0)
            return target;
        if (error != EEXIST)
            return error;
    }
    return EEXIST;
}

UploadStore::Removal UploadStore::remove(const std::string &id)
{
    const auto upload = find(id);
    if (!upload)
        return removeFinished(id);
    if (!upload->takeOver(interruptLimit, {}))
        return Removal::busy;
    const UploadLock lock(*upload);
    if (upload->isGone())
        return removeFinished(id);
    upload->setGone();
    forgetUnfinished(id);
    discardFiles(*upload);
    return Removal::removed;
}

UploadStore::Removal UploadStore::removeFinished(const std::string &id)
{
    const auto upload = m_finished.find(id);
    if (!upload)
        return Removal::unknown;
    if (!upload->name.empty()) {
        const auto path = m_options.folder / upload->name;
        struct stat status {};
        const bool isAsItArrived = ::lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode)
            && static_cast<std::uint64_t>(status.st_size) == upload->bytes
            && static_cast<std::uint64_t>(status.st_mtim.tv_sec) <= upload->time;
        if (isAsItArrived)
            ::unlink(path.c_str());
    }
    m_finished.forget(id);
    return Removal::removed;
}

void UploadStore::removeExpired()
{
    std::vector<std::shared_ptr<StoredUpload>> candidates;
    {
        const std::lock_guard lock(m_mutex);
        const auto now = std::chrono::steady_clock::now();
        if (now < m_nextExpiryCheck)
            return;
        m_nextExpiryCheck = now + expiryInterval;
        for (const auto &[id, upload] : m_unfinished)
            candidates.push_back(upload);
    }
    const auto oldest = fs::file_time_type::clock::now() - m_options.expireAfter;
    for (const auto &upload : candidates) {
        if (!upload->tryLock())
            continue;
        const UploadLock lock(*upload);
        std::error_code error;
        const auto changed = fs::last_write_time(upload->dataPath(), error);
        if (error || changed >= oldest || upload->isGone())
            continue;
        upload->setGone();
        forgetUnfinished(upload->id());
        discardFiles(*upload);
    }
}

std::chrono::system_clock::time_point UploadStore::expiry() const
{
    return std::chrono::system_clock::now() + m_options.expireAfter;
}

void UploadStore::discardFiles(const StoredUpload &upload) const
{
    ::unlink(upload.dataPath().c_str());
    ::unlink(upload.unverifiedPath().c_str());
}

void UploadStore::forgetUnfinished(const std::string &id)
{
    const std::lock_guard lock(m_mutex);
    m_unfinished.erase(id);
}

} // namespace steadyframe::receiver
