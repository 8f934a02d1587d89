#include "imaging/token_store.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace steadyframe::imaging {
namespace {

/// 8 MB: enough for a result of 24 megapixels at quality 80.
constexpr std::size_t mostChunksInMemory = 128;

int openNameless(const std::filesystem::path &folder)
{
    const int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
        return descriptor;
    // Not every file system makes files without a name.
    std::string name = (folder / ".steadyframe-tokens-XXXXXX").native();
    const int named = ::mkostemp(name.data(), O_CLOEXEC);
    if (named >= 0)
        ::unlink(name.c_str());
    return named;
}

} // namespace

TokenPool::TokenPool(std::filesystem::path folder) : m_folder(std::move(folder)) {}

TokenPool::~TokenPool()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

isolate::Result<void, ImagingError> TokenPool::state() const
{
    if (m_error == 0)
        return {};
    return writeError(m_error, static_cast<std::uint64_t>(m_fileSize) * 2);
}

bool TokenPool::isFull() const noexcept
{
    return !m_folder.empty() && m_chunks > mostChunksInMemory;
}

std::int64_t TokenPool::writeOut(std::span<const std::uint16_t> words)
{
    const std::int64_t at = m_fileSize;
    if (m_descriptor < 0 && m_error == 0) {
        m_descriptor = openNameless(m_folder);
        if (m_descriptor < 0)
            m_error = errno;
    }
    const auto *bytes = reinterpret_cast<const char *>(words.data());
    for (std::size_t left = words.size_bytes(); left > 0 && m_error == 0;) {
        const ssize_t put = ::pwrite(m_descriptor, bytes, left, m_fileSize);
        if (put < 0) {
            if (errno != EINTR)
                m_error = errno;
            continue;
        }
        bytes += put;
        left -= static_cast<std::size_t>(put);
        m_fileSize += put;
    }
    return at;
}

bool TokenPool::readBack(std::int64_t at, std::span<std::uint16_t> words)
{
    auto *bytes = reinterpret_cast<char *>(words.data());
    for (std::size_t left = words.size_bytes(); left > 0 && m_error == 0;) {
        const ssize_t got = ::pread(m_descriptor, bytes, left, at);
        if (got <= 0) {
            if (got == 0 || errno != EINTR)
                m_error = got == 0 ? EIO : errno;
            continue;
        }
        bytes += got;
        left -= static_cast<std::size_t>(got);
        at += got;
    }
    return m_error == 0;
}

void TokenChain::close()
{
    if (m_chunks.empty() || m_next == nullptr)
        return;
    Chunk &last = m_chunks.back();
    last.count = static_cast<std::size_t>(m_next - last.words.get());
    m_next = m_end = nullptr;
    if (m_pool->isFull()) {
        last.at = m_pool->writeOut({last.words.get(), last.count});
        last.words.reset();
        --m_pool->m_chunks;
    }
}

void TokenChain::startChunk()
{
    close();
    Chunk &chunk = m_chunks.emplace_back();
    chunk.words = std::make_unique_for_overwrite<std::uint16_t[]>(TokenPool::chunkWords);
    ++m_pool->m_chunks;
    m_next = chunk.words.get();
    m_end = m_next + TokenPool::chunkWords;
}

std::span<const std::uint16_t> TokenChain::chunk(std::size_t index)
{
    const Chunk &chunk = m_chunks[index];
    if (chunk.words)
        return {chunk.words.get(), chunk.count};
    if (!m_readBack)
        m_readBack = std::make_unique_for_overwrite<std::uint16_t[]>(TokenPool::chunkWords);
    if (!m_pool->readBack(chunk.at, {m_readBack.get(), chunk.count}))
        return {};
    return {m_readBack.get(), chunk.count};
}

} // namespace steadyframe::imaging
