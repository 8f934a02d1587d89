#include "receiver_fixture.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace steadyframe::tests {

namespace fs = std::filesystem;
using receiver::Receiver;
using receiver::StoredFile;

std::string contentOf(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return file ? text.str() : "(no such file)";
}

/// The names in a folder without the receiver's own.
std::vector<std::string> namesIn(const fs::path &folder)
{
    std::vector<std::string> names;
    for (const auto &entry : fs::directory_iterator(folder)) {
        if (entry.path().filename() != ".incoming")
            names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

void ReceiverFixture::setUp()
{
    m_temporary = std::make_unique<QTemporaryDir>();
    QVERIFY(m_temporary->isValid());
    m_stored.clear();
    m_options = {};
    m_options.folder = fs::path(m_temporary->path().toStdString()) / "received";
    m_options.onStored = [this](const StoredFile &file) {
        const std::lock_guard lock(m_mutex);
        m_stored.push_back(file);
    };
    start();
}

void ReceiverFixture::tearDown()
{
    m_receiver.reset();
    fs::remove_all(m_options.folder); // Qt can't remove a name that is not UTF-8
    m_temporary.reset();
}

void ReceiverFixture::start()
{
    m_receiver.reset();
    auto started = Receiver::start(m_options);
    QVERIFY2(started.ok(), started.ok() ? "" : started.error().message.c_str());
    m_receiver = std::move(started).value();
}

RawHttp::Headers ReceiverFixture::withToken(RawHttp::Headers more) const
{
    more.emplace_back("Authorization", "Bearer " + m_receiver->token());
    more.emplace_back("Tus-Resumable", "1.0.0");
    return more;
}

RawAnswer ReceiverFixture::ask(const std::string &method, const std::string &path, const RawHttp::Headers &more,
                               const std::string &body)
{
    RawHttp http(m_receiver->port());
    return http.exchange(method, path, withToken(more), body);
}

std::string ReceiverFixture::create(std::uint64_t length, const std::string &name, const std::string &sha256)
{
    std::string metadata = "filename " + base64(name);
    if (!sha256.empty())
        metadata += ",sha256 " + base64(sha256);
    const auto answer
        = ask("POST", "/files", {{"Upload-Length", std::to_string(length)}, {"Upload-Metadata", metadata}});
    return answer.status == 201 ? answer.header("location") : std::string();
}

RawAnswer ReceiverFixture::patch(const std::string &path, std::uint64_t offset, const std::string &body)
{
    return ask("PATCH", path, {{"Upload-Offset", std::to_string(offset)}, {"Content-Type", bodyType}}, body);
}

bool ReceiverFixture::beginPatch(RawHttp &http, const std::string &path, std::uint64_t bytes, const std::string &first,
                                 RawHttp::Headers more)
{
    more.insert(more.end(),
                {{"Upload-Offset", "0"}, {"Content-Type", bodyType}, {"Content-Length", std::to_string(bytes)}});
    std::string request = "PATCH " + path + " HTTP/1.1\r\n";
    for (const auto &[name, value] : withToken(std::move(more)))
        request += name + ": " + value + "\r\n";
    return http.send(request + "\r\n" + first);
}

} // namespace steadyframe::tests
