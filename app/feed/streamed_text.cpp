#include "feed/streamed_text.h"

#include <new>
#include <utility>

namespace steadyframe::feed {

void StreamedText::Writer::publish()
{
    // Whoever reads waits for a window, and is not woken for less than half of one.
    constexpr std::size_t worthWaking = std::size_t{256} << 10;
    if (m_streamed.m_text.size() - m_published < worthWaking)
        return;
    m_published = m_streamed.m_text.size();
    {
        const std::lock_guard lock(m_streamed.m_mutex);
        m_streamed.m_published = m_published;
    }
    m_streamed.m_changed.notify_one();
}

void StreamedText::Writer::setProgress(std::uint64_t bytes, std::uint64_t total)
{
    m_streamed.m_bytesRead = bytes;
    m_streamed.m_bytesTotal = total;
}

StreamedText::StreamedText(std::uint64_t limit, Produce produce, std::stop_token stop)
    : m_text(limit), m_passStop(std::move(stop), [this] { m_ending.request_stop(); }),
      m_thread([this, produce = std::move(produce)] { run(produce); })
{
}

StreamedText::~StreamedText()
{
    m_ending.request_stop();
    m_thread.join();
}

void StreamedText::run(const Produce &produce)
{
    std::optional<FeedError> error;
    try {
        Writer writer(*this);
        if (auto produced = produce(writer, m_ending.get_token()); !produced)
            error = std::move(produced).error();
    } catch (const std::bad_alloc &) {
        error = FeedError{FeedErrorCode::outOfMemory, "There is not enough memory to unpack this."};
    }
    {
        const std::lock_guard lock(m_mutex);
        m_published = m_text.size();
        m_ended = true;
        m_error = std::move(error);
    }
    m_changed.notify_one();
}

isolate::Result<void, FeedError> StreamedText::readUpTo(std::size_t wanted)
{
    if (wanted <= m_seen)
        return {};
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_published >= wanted || m_ended; });
    m_seen = m_published;
    if (m_seen < wanted && m_error)
        return *m_error;
    m_complete = m_ended && !m_error;
    return {};
}

ui::FeedText StreamedText::takeText()
{
    return std::move(m_text).take();
}

} // namespace steadyframe::feed
