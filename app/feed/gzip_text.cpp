#include "feed/gzip_text.h"

#include "feed/feed_file.h"
#include "feed/feed_parser.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <unistd.h>

namespace steadyframe::feed {

namespace {

constexpr std::array<unsigned char, 2> magic{0x1f, 0x8b};
constexpr std::size_t firstBytes = std::size_t{4} << 20;
constexpr unsigned readBytes = 1U << 30; // at once at most

struct Close {
    void operator()(gzFile_s *file) const { ::gzclose_r(file); }
};

FeedError damaged()
{
    return {FeedErrorCode::readFailed,
            "The compressed file is damaged or was cut short. Get it again from its source."};
}

} // namespace

bool isGzip(int descriptor)
{
    std::array<unsigned char, 2> first{};
    return ::pread(descriptor, first.data(), first.size(), 0) == static_cast<ssize_t>(first.size()) && first == magic;
}

isolate::Result<UnzippedText, FeedError> unzip(int descriptor)
{
    const std::unique_ptr<gzFile_s, Close> file(::gzdopen(::dup(descriptor), "rb"));
    UnzippedText result;
    std::size_t capacity = firstBytes;
    result.text = allocateText(capacity);
    while (file && result.text) {
        const auto wanted = static_cast<unsigned>(std::min<std::size_t>(capacity - result.size, readBytes));
        const int count = ::gzread(file.get(), result.text.get() + result.size, wanted);
        if (count < 0)
            return damaged();
        result.size += static_cast<std::size_t>(count);
        if (static_cast<unsigned>(count) < wanted) {
            int state = Z_OK;
            ::gzerror(file.get(), &state);
            if (state != Z_OK)
                return damaged();
            return result;
        }
        if (result.size < capacity)
            continue;
        if (static_cast<std::uint64_t>(capacity) * 2 > feedTextLimit)
            return FeedError{FeedErrorCode::tooLarge,
                             "The file has more than 4 GB of text, more than a feed may have. Split it into several."};
        ui::FeedText larger = allocateText(capacity * 2);
        if (larger)
            std::memcpy(larger.get(), result.text.get(), result.size);
        result.text = std::move(larger);
        capacity *= 2;
    }
    return FeedError{FeedErrorCode::outOfMemory,
                     "There is not enough memory for this file. Close other programs, or split the file."};
}

} // namespace steadyframe::feed
