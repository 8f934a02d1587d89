#include "tls_front.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdio>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace steadyframe::tests {

namespace {

constexpr std::size_t blockBytes = 16 * 1024;
constexpr long secondsOfADay = 24 * 60 * 60;

template <class T, void (*release)(T *)>
struct Free {
    void operator()(T *object) const { release(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509, X509_free>>;

Certificate certificateFor(const std::string &host, EVP_PKEY *key)
{
    Certificate certificate(X509_new());
    X509 *x = certificate.get();
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -secondsOfADay);
    X509_gmtime_adj(X509_getm_notAfter(x), secondsOfADay);
    X509_set_pubkey(x, key);
    X509_NAME *name = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char *>(host.c_str()), -1, -1,
                               0);
    X509_set_issuer_name(x, name);
    const std::string hosts = (host == "127.0.0.1" ? "IP:" : "DNS:") + host;
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, hosts.c_str());
    X509_add_ext(x, extension, -1);
    X509_EXTENSION_free(extension);
    X509_sign(x, key, EVP_sha256());
    return certificate;
}

} // namespace

void TlsFront::FreeContext::operator()(ssl_ctx_st *context) const
{
    SSL_CTX_free(context);
}

TlsFront::TlsFront(std::uint16_t targetPort, const std::string &host, const std::filesystem::path &certificateFile)
    : m_targetPort(targetPort), m_context(SSL_CTX_new(TLS_server_method()))
{
    const Key key(EVP_EC_gen("P-256"));
    const auto certificate = certificateFor(host, key.get());
    if (SSL_CTX_use_certificate(m_context.get(), certificate.get()) != 1
        || SSL_CTX_use_PrivateKey(m_context.get(), key.get()) != 1)
        throw std::runtime_error("a certificate can't be made");
    std::FILE *file = std::fopen(certificateFile.c_str(), "w");
    PEM_write_X509(file, certificate.get());
    std::fclose(file);
    m_server.emplace([this](int client) { serve(client); });
}

std::uint64_t TlsFront::received() const
{
    const std::lock_guard lock(m_mutex);
    return m_received;
}

void TlsFront::serve(int client)
{
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(m_targetPort);
    const std::unique_ptr<SSL, Free<SSL, SSL_free>> session(SSL_new(m_context.get()));
    SSL_set_fd(session.get(), client);
    if (::connect(server, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0
        && SSL_accept(session.get()) == 1)
        pass(session.get(), client, server);
    ::close(server);
    m_server->drop(client);
}

void TlsFront::pass(ssl_st *session, int client, int server)
{
    std::array<char, blockBytes> block;
    while (true) {
        std::array<pollfd, 2> waits{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
        if (SSL_pending(session) == 0 && ::poll(waits.data(), waits.size(), -1) < 0)
            return;
        if (SSL_pending(session) > 0 || waits[0].revents != 0) {
            const int count = SSL_read(session, block.data(), static_cast<int>(block.size()));
            if (count <= 0 || ::send(server, block.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL) != count)
                return;
            const std::lock_guard lock(m_mutex);
            m_received += static_cast<std::uint64_t>(count);
        }
        if (waits[1].revents != 0) {
            const auto count = ::recv(server, block.data(), block.size(), 0);
            if (count <= 0 || SSL_write(session, block.data(), static_cast<int>(count)) != count)
                return;
        }
    }
}

} // namespace steadyframe::tests
