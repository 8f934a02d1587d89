#include "upload_fixture.h"

#include <QCryptographicHash>

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>

namespace steadyframe::tests {

namespace fs = std::filesystem;

QByteArray contentOf(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    if (file.peek() != std::ifstream::traits_type::eof())
        text << file.rdbuf();
    return fs::exists(path) ? QByteArray::fromStdString(text.str()) : QByteArray("(no such file)");
}

UploadFixture::UploadFixture()
{
    options.folder = fs::path(m_temporary.path().toStdString()) / "received";
    options.onStored = [this](const receiver::StoredFile &file) {
        const std::lock_guard lock(m_mutex);
        m_told.push_back(file);
    };
    start();
}

UploadFixture::~UploadFixture()
{
    receiver.reset();
    std::error_code error;
    fs::remove_all(options.folder, error); // Qt can't remove a name that is not UTF-8
}

void UploadFixture::start(bool samePort)
{
    if (receiver) {
        options.token = receiver->token();
        options.port = samePort ? receiver->port() : 0;
        receiver.reset();
    }
    auto started = receiver::Receiver::start(options);
    if (!started)
        throw std::runtime_error(started.error().message);
    receiver = std::move(started).value();
}

upload::TusOptions UploadFixture::client(const FaultProxy *proxy) const
{
    upload::TusOptions result;
    result.endpoint = proxy ? proxy->endpoint() : receiver->endpoint();
    result.bearerToken = receiver->token();
    result.chunks.first = 16 * 1024;
    result.chunks.smallest = 4 * 1024;
    result.chunks.largest = 64 * 1024;
    result.retry.networkAttempts = result.retry.attempts; // so that a test ends
    result.retry.first = std::chrono::milliseconds(2);
    result.retry.longest = std::chrono::milliseconds(20);
    return result;
}

upload::UploadRequest UploadFixture::file(std::uint64_t bytes, const std::string &name) const
{
    std::string content(bytes, '\0');
    std::minstd_rand random(static_cast<unsigned>(bytes + name.size()));
    std::generate(content.begin(), content.end(), [&] { return static_cast<char>(random() >> 8); });
    upload::UploadRequest request;
    request.file = fs::path(m_temporary.path().toStdString()) / ("source-" + std::to_string(bytes));
    std::ofstream(request.file, std::ios::binary) << content;
    request.fileName = name;
    request.bytes = bytes;
    request.sha256 = QCryptographicHash::hash(QByteArray::fromStdString(content), QCryptographicHash::Sha256)
                         .toHex()
                         .toStdString();
    return request;
}

QByteArray UploadFixture::stored(const std::string &name) const
{
    return contentOf(options.folder / name);
}

std::vector<std::string> UploadFixture::storedNames() const
{
    std::vector<std::string> names;
    for (const auto &entry : fs::directory_iterator(options.folder)) {
        if (entry.path().filename() != ".incoming")
            names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<std::string> UploadFixture::unfinished() const
{
    std::vector<std::string> names;
    for (const auto &entry : fs::directory_iterator(options.folder / ".incoming")) {
        if (entry.path().extension() == ".data")
            names.push_back(entry.path().stem().string());
    }
    return names;
}

std::vector<receiver::StoredFile> UploadFixture::told() const
{
    const std::lock_guard lock(m_mutex);
    return m_told;
}

upload::UploadObserver Progress::observer()
{
    upload::UploadObserver result;
    result.onCreated = [this](const std::string &url) { created.push_back(url); };
    result.onAcknowledged = [this](std::uint64_t offset) {
        acknowledged.push_back(offset);
        if (whenAcknowledged)
            whenAcknowledged(offset);
    };
    result.onWaiting = [this](const upload::UploadError &error, std::chrono::milliseconds) { waits.push_back(error); };
    result.whenStopped = whenStopped;
    return result;
}

} // namespace steadyframe::tests
