#pragma once

#include "receiver/byte_range.h"
#include "receiver/posix_file.h"

#include <httplib.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace steadyframe::receiver {

/// One accepted socket as the HTTP library's stream, with a buffer large enough that bodies need few system calls.
///
/// @thread isolate: the thread that serves it, except where `any` is said.
class Connection final : public httplib::Stream {
public:
    /// Owns the socket. `wake` is readable once the server stops.
    Connection(int socket, int wake);
    ~Connection() override;

    /// True when the next request is here already.
    [[nodiscard]] bool hasPending() const noexcept { return m_begin < m_end; }

    /// Waits until a request begins. False when the peer closed, the limit passed or the server stops.
    [[nodiscard]] bool waitForRequest(std::chrono::milliseconds limit);

    /// Says how many bytes of the current request follow its headers; `isChunked` when it does not say.
    void beginBody(std::uint64_t length, bool isChunked);

    /// The headers do not say where the request ends: it is answered with this status, and nothing can follow it.
    void setUnreadable(int status) { m_unreadable = status; }
    /// That status; 0 when all is well.
    [[nodiscard]] int unreadable() const noexcept { return m_unreadable; }

    /// Has these bytes of a file follow the answer's headers, which say how many they are.
    void answerWith(PosixFile file, ByteRange range);
    /// Sends them, if any; false when that can't be done to the end.
    [[nodiscard]] bool sendFile();

    /// Bytes of the body that were not read yet.
    [[nodiscard]] std::uint64_t bodyLeft() const noexcept { return m_bodyLeft; }

    /// The next bytes of a body with a known length, straight from the buffer: valid until the next call. Empty at the
    /// body's end, and when the connection broke, which `bodyLeft` tells apart.
    [[nodiscard]] std::string_view nextBodyBytes();

    /// True when another request can't follow: part of a body is still on its way.
    [[nodiscard]] bool mustClose() const noexcept { return m_bodyLeft > 0 || m_isChunked || m_unreadable != 0; }

    /// Tells the peer that nothing more comes, and reads what is still on its way for a moment, so that the answer is
    /// not lost to a reset.
    void closeGently();

    /// Ends every wait of the serving thread. @thread any, while the connection exists
    void shutdown() noexcept;

    bool is_readable() const override;
    bool is_writable() const override;
    ssize_t read(char *target, size_t size) override;
    ssize_t write(const char *bytes, size_t size) override;
    void get_remote_ip_and_port(std::string &ip, int &port) const override;
    void get_local_ip_and_port(std::string &ip, int &port) const override;
    socket_t socket() const override { return m_socket; }

    using Stream::write;

private:
    [[nodiscard]] bool fill();
    [[nodiscard]] bool send(std::string_view bytes);

    const int m_socket;
    const int m_wake;
    std::vector<char> m_buffer;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
    std::uint64_t m_bodyLeft = 0;
    bool m_isChunked = false;
    int m_unreadable = 0;
    PosixFile m_file; // follows the answer
    ByteRange m_range;
};

} // namespace steadyframe::receiver
