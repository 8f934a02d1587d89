#pragma once

#include "imaging/imaging_error.h"

#include <isolate_core/result.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace steadyframe::imaging {

/// Where the words of a picture wait until its code tables are known: in memory, and from a limit on in a nameless
/// temporary file. @thread one at a time
class TokenPool {
public:
    static constexpr std::size_t chunkWords = 32 * 1024;

    /// The file is made in `folder`, when one is needed; an empty path: everything stays in memory.
    explicit TokenPool(std::filesystem::path folder);
    TokenPool(const TokenPool &) = delete;
    TokenPool &operator=(const TokenPool &) = delete;
    ~TokenPool();

    /// An error of writing or reading the temporary file, from the first on.
    [[nodiscard]] isolate::Result<void, ImagingError> state() const;

private:
    friend class TokenChain;
    using Words = std::unique_ptr<std::uint16_t[]>;
    [[nodiscard]] bool isFull() const noexcept;
    [[nodiscard]] std::int64_t writeOut(std::span<const std::uint16_t> words);
    [[nodiscard]] bool readBack(std::int64_t at, std::span<std::uint16_t> words);

    std::filesystem::path m_folder;
    std::size_t m_chunks = 0;
    std::int64_t m_fileSize = 0;
    int m_descriptor = -1;
    int m_error = 0;
};

/// Words that are appended to, and then read from the beginning. Many share a pool, which outlives them.
class TokenChain {
public:
    explicit TokenChain(TokenPool &pool) : m_pool(&pool) {}

    /// Where up to `count` words can be written; `written` tells how far they were.
    [[nodiscard]] std::uint16_t *room(std::size_t count)
    {
        if (m_end - m_next < static_cast<std::ptrdiff_t>(count))
            startChunk();
        return m_next;
    }
    void written(std::uint16_t *end) noexcept { m_next = end; }
    /// No more comes.
    void close();

    [[nodiscard]] std::size_t chunks() const noexcept { return m_chunks.size(); }
    /// What was appended lies in chunks as it came; what was given room at once is never parted. Valid until the next
    /// call; empty on an error, which the pool knows.
    [[nodiscard]] std::span<const std::uint16_t> chunk(std::size_t index);

private:
    struct Chunk {
        TokenPool::Words words;
        std::size_t count = 0;
        std::int64_t at = 0; ///< in the file, when `words` is empty
    };
    void startChunk();

    TokenPool *m_pool;
    std::vector<Chunk> m_chunks;
    TokenPool::Words m_readBack;
    std::uint16_t *m_next = nullptr;
    std::uint16_t *m_end = nullptr;
};

} // namespace steadyframe::imaging
