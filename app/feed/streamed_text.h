#pragma once

#include "feed/feed_error.h"
#include "feed/growing_text.h"

#include <isolate_core/result.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace steadyframe::feed {

/// A text that a thread of its own unpacks or downloads, while the one that made it reads the beginning.
class StreamedText {
public:
    /// How the text comes: appends it, calls publish() after each part, and tells how far it is.
    class Writer {
    public:
        [[nodiscard]] GrowingText &text() { return m_streamed.m_text; }
        /// What was appended may be read; at the end all may.
        void publish();
        /// Bytes of the source that were read, and how many it has; 0 when nobody knows.
        void setProgress(std::uint64_t bytes, std::uint64_t total);

    private:
        friend class StreamedText;
        explicit Writer(StreamedText &streamed) : m_streamed(streamed) {}
        StreamedText &m_streamed;
        std::size_t m_published = 0;
    };
    using Produce = std::function<isolate::Result<void, FeedError>(Writer &, const std::stop_token &)>;

    /// Starts @p produce, which has to end soon once its token is triggered: by @p stop or at the end of this object,
    /// which waits for it.
    StreamedText(std::uint64_t limit, Produce produce, std::stop_token stop);
    ~StreamedText();

    [[nodiscard]] char *text() { return m_text.text(); }
    [[nodiscard]] std::size_t available() const { return m_seen; }
    /// All of it is there.
    [[nodiscard]] bool isComplete() const { return m_complete; }
    /// Waits until at least @p wanted bytes are there, or all.
    [[nodiscard]] isolate::Result<void, FeedError> readUpTo(std::size_t wanted);
    [[nodiscard]] std::uint64_t bytesRead() const { return m_bytesRead; }
    [[nodiscard]] std::uint64_t bytesTotal() const { return m_bytesTotal; }
    /// @pre isComplete()
    [[nodiscard]] ui::FeedText takeText();

private:
    void run(const Produce &produce);

    GrowingText m_text;
    std::stop_source m_ending;
    std::stop_callback<std::function<void()>> m_passStop;
    std::size_t m_seen = 0;
    bool m_complete = false;
    std::atomic<std::uint64_t> m_bytesRead = 0;
    std::atomic<std::uint64_t> m_bytesTotal = 0;

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::size_t m_published = 0;
    bool m_ended = false;
    std::optional<FeedError> m_error;
    std::thread m_thread;
};

} // namespace steadyframe::feed
