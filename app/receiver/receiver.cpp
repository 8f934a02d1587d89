#include "receiver/receiver.h"

#include "receiver/digest.h"
#include "receiver/http_server.h"
#include "receiver/posix_file.h"
#include "receiver/tus_service.h"
#include "receiver/upload_record.h"
#include "receiver/upload_store.h"

#include <openssl/rand.h>

#include <array>
#include <limits>
#include <optional>

namespace steadyframe::receiver {

namespace {

constexpr std::size_t tokenBytes = 16;

std::optional<std::string> randomToken()
{
    std::array<unsigned char, tokenBytes> bytes;
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        return std::nullopt;
    return toHex({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
}

/// 0 when there is none.
std::uint16_t portIn(const std::filesystem::path &file)
{
    constexpr std::size_t longestNumber = 5;
    const auto port = parseNumber(readSmallFile(file, longestNumber).value_or(std::string()));
    return port && *port <= std::numeric_limits<std::uint16_t>::max() ? static_cast<std::uint16_t>(*port) : 0;
}

} // namespace

Receiver::Receiver() = default;

Receiver::~Receiver()
{
    stop();
}

isolate::Result<std::unique_ptr<Receiver>, ReceiverError> Receiver::start(ReceiverOptions options)
{
    std::unique_ptr<Receiver> receiver(new Receiver);
    receiver->m_token = std::move(options.token);
    if (receiver->m_token.empty()) {
        auto token = randomToken();
        if (!token)
            return ReceiverError{ReceiverErrc::random,
                                 "The system gave no random bytes for the receiver's token. Restart the computer."};
        receiver->m_token = std::move(*token);
    }
    auto store = UploadStore::open(options);
    if (!store)
        return std::move(store).error();
    receiver->m_store = std::move(store).value();
    receiver->m_folder = receiver->m_store->folder();
    receiver->m_service = std::make_unique<TusService>(*receiver->m_store, receiver->m_token);
    receiver->m_server = std::make_unique<HttpServer>();
    receiver->m_service->install(*receiver->m_server);
    const auto portFile = receiver->m_folder / ".incoming" / "port";
    const std::uint16_t before = options.keepsPort ? portIn(portFile) : 0;
    const auto port = receiver->m_server->start(
        {options.port, before, options.maximumConnections, options.idleTimeout, options.niceValue});
    if (!port)
        return port.error();
    if (options.keepsPort && *port != before)
        static_cast<void>(replaceFile(portFile, std::to_string(*port))); // else the next start takes another
    return receiver;
}

std::uint16_t Receiver::port() const noexcept
{
    return m_server->port();
}

std::string Receiver::endpoint() const
{
    return "http://127.0.0.1:" + std::to_string(port()) + "/files";
}

const std::string &Receiver::token() const noexcept
{
    return m_token;
}

const std::filesystem::path &Receiver::folder() const noexcept
{
    return m_folder;
}

void Receiver::stop()
{
    if (m_server)
        m_server->stop();
}

} // namespace steadyframe::receiver
