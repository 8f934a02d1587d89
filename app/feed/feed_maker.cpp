#include "feed/feed_maker.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

namespace steadyframe::feed {

namespace {

constexpr std::size_t pieceBytes = std::size_t{256} << 10;
constexpr std::uint64_t fewestWords = 2;
constexpr std::uint64_t mostWords = 6;

constexpr std::array<std::string_view, 48> words{
    "lorem",   "ipsum",   "dolor",      "sit",    "amet",   "consectetur", "adipiscing", "elit",   "sed",   "eiusmod",
    "tempor",  "ut",      "labore",     "et",     "dolore", "magna",       "aliqua",     "enim",   "minim", "veniam",
    "quis",    "nostrud", "ullamco",    "nisi",   "ex",     "ea",          "commodo",    "duis",   "aute",  "irure",
    "in",      "velit",   "esse",       "cillum", "fugiat", "nulla",       "excepteur",  "sint",   "non",   "culpa",
    "officia", "mollit",  "laudantium", "natus",  "vitae",  "accusamus",   "beatae",     "facilis"};

/// SplitMix64: unlike the distributions of the standard library the same everywhere.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : m_state(seed) {}
    std::uint64_t below(std::uint64_t limit) { return next() % limit; }

private:
    std::uint64_t next()
    {
        m_state += 0x9E37'79B9'7F4A'7C15;
        std::uint64_t z = m_state;
        z = (z ^ z >> 30) * 0xBF58'476D'1CE4'E5B9;
        z = (z ^ z >> 27) * 0x94D0'49BB'1331'11EB;
        return z ^ z >> 31;
    }
    std::uint64_t m_state;
};

void appendNumber(std::string &text, std::uint64_t number)
{
    std::array<char, 20> digits;
    text.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

void appendColour(std::string &text, std::uint64_t rgb)
{
    constexpr std::string_view hex = "0123456789abcdef";
    for (int shift = 20; shift >= 0; shift -= 4)
        text += hex[rgb >> shift & 0xF];
}

void appendPhoto(std::string &text, std::uint64_t row, const FeedMakerOptions &options, Dice &dice)
{
    text += R"({"albumId":)";
    appendNumber(text, (row - 1) / options.photosPerAlbum + 1);
    text += R"(,"id":)";
    appendNumber(text, row);
    text += R"(,"title":")";
    const std::uint64_t count = fewestWords + dice.below(mostWords - fewestWords + 1);
    for (std::uint64_t i = 0; i < count; ++i) {
        if (i > 0)
            text += ' ';
        text += words[dice.below(words.size())];
    }
    const std::uint64_t colour = dice.below(0x100'0000);
    text += R"(","url":"https://via.placeholder.com/600/)";
    appendColour(text, colour);
    text += R"(","thumbnailUrl":"https://via.placeholder.com/150/)";
    appendColour(text, colour);
    text += R"("})";
}

struct CloseFile {
    void operator()(std::FILE *file) const noexcept { std::fclose(file); }
};

FeedError writeError(int number)
{
    if (number == ENOSPC)
        return {FeedErrorCode::writeFailed, "The disk is full. Free some space, or choose another folder."};
    return {FeedErrorCode::writeFailed, std::string("The feed can't be written: ") + std::strerror(number) + '.'};
}

isolate::Result<std::uint64_t, FeedError> writeFeed(std::FILE *file, const std::stop_token &stop,
                                                    const FeedMakerOptions &options)
{
    Dice dice(options.seed);
    std::uint64_t written = 0;
    std::string piece;
    piece.reserve(pieceBytes + 1024);
    piece += '[';
    for (std::uint64_t row = 1; row <= options.rows; ++row) {
        if (row > 1)
            piece += ",\n";
        appendPhoto(piece, row, options, dice);
        if (piece.size() < pieceBytes)
            continue;
        if (stop.stop_requested())
            return FeedError{FeedErrorCode::cancelled, "Making the feed was cancelled."};
        if (std::fwrite(piece.data(), 1, piece.size(), file) != piece.size())
            return writeError(errno);
        written += piece.size();
        piece.clear();
    }
    piece += "]\n";
    if (std::fwrite(piece.data(), 1, piece.size(), file) != piece.size() || std::fflush(file) != 0)
        return writeError(errno);
    return written + piece.size();
}

} // namespace

isolate::Result<std::uint64_t, FeedError> makeFeed(const std::filesystem::path &path, std::stop_token stop,
                                                   const FeedMakerOptions &options)
{
    std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "wbe"));
    if (!file)
        return writeError(errno);
    std::setvbuf(file.get(), nullptr, _IONBF, 0);
    auto written = writeFeed(file.get(), stop, options);
    file.reset();
    if (!written) {
        // A device stays, and so does a link.
        std::error_code ignored;
        if (std::filesystem::symlink_status(path, ignored).type() == std::filesystem::file_type::regular)
            std::filesystem::remove(path, ignored);
    }
    return written;
}

} // namespace steadyframe::feed
