#include "feed/inflater.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace steadyframe::feed {

namespace {

constexpr std::size_t partBytes = std::size_t{512} << 10; // what the second-level cache holds
constexpr int gzipOnly = 15 + 16;
constexpr char firstMagic = '\x1f';

FeedError tooLarge()
{
    return {FeedErrorCode::tooLarge,
            "Unpacked, this is more than the 4 GB of text that a feed may have. Split it into several."};
}

} // namespace

struct Inflater::Engine {
    z_stream stream{};
    enum class State { unpacking, between, ended } state = State::unpacking;
};

bool isGzip(std::string_view start)
{
    return start.size() >= 2 && start[0] == firstMagic && start[1] == '\x8b';
}

Inflater::Inflater() : m_engine(std::make_unique<Engine>())
{
    if (::inflateInit2(&m_engine->stream, gzipOnly) != Z_OK)
        throw std::bad_alloc();
}

Inflater::~Inflater()
{
    ::inflateEnd(&m_engine->stream);
}

isolate::Result<void, FeedError> Inflater::unpack(std::string_view packed, GrowingText &text,
                                                  const std::function<bool()> &grown)
{
    using State = Engine::State;
    z_stream &stream = m_engine->stream;
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    bool isFull = false; // more may wait within the engine than the last call had room for
    while (stream.avail_in > 0 || isFull) {
        if (m_engine->state == State::between && *stream.next_in == static_cast<Bytef>(firstMagic)) {
            ::inflateReset(&stream);
            m_engine->state = State::unpacking;
        } else if (m_engine->state != State::unpacking) {
            m_engine->state = State::ended;
            return {};
        }
        // One byte too many tells a text that is too long from one that just fits.
        const std::size_t room = std::min(partBytes, text.left());
        if (room > 0 && !text.makeRoom(room))
            return FeedError{FeedErrorCode::outOfMemory,
                             "There is not enough memory to unpack this. Close other programs, or split the file."};
        Bytef beyond = 0;
        stream.next_out = room > 0 ? reinterpret_cast<Bytef *>(text.text() + text.size()) : &beyond;
        stream.avail_out = room > 0 ? static_cast<uInt>(room) : 1;
        const uInt before = stream.avail_out;
        const int result = ::inflate(&stream, Z_NO_FLUSH);
        const uInt count = before - stream.avail_out;
        if (room == 0 && count > 0)
            return tooLarge();
        text.grew(count);
        if (count > 0 && !grown())
            return FeedError{FeedErrorCode::cancelled, "Opening the feed was cancelled."};
        if (result == Z_STREAM_END)
            m_engine->state = State::between;
        else if (result != Z_OK && result != Z_BUF_ERROR)
            return FeedError{FeedErrorCode::damaged,
                             "The compressed file is damaged: it can't be unpacked. Get it again from its source."};
        isFull = result == Z_OK && stream.avail_out == 0;
    }
    return {};
}

isolate::Result<void, FeedError> Inflater::finish() const
{
    if (m_engine->state == Engine::State::unpacking)
        return FeedError{FeedErrorCode::damaged, "The compressed file was cut short. Get it again from its source."};
    return {};
}

} // namespace steadyframe::feed
