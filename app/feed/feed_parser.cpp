#include "feed/feed_parser.h"

#include "feed/feed_file.h"
#include "feed/growing_text.h"
#include "feed/http_fetch.h"
#include "feed/inflater.h"
#include "feed/row_walker.h"
#include "feed/streamed_text.h"
#include "feed/structural_index.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <new>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

namespace steadyframe::feed {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

/// A text that is in memory from the start; the counterpart of FeedFile.
class FeedCopy {
public:
    explicit FeedCopy(std::string_view text) : m_text(allocateText(text.size())), m_size(text.size())
    {
        if (m_text && !text.empty())
            std::memcpy(m_text.get(), text.data(), text.size());
    }
    [[nodiscard]] std::size_t available() const { return m_size; }
    [[nodiscard]] bool isComplete() const { return true; }
    [[nodiscard]] std::uint64_t bytesRead() const { return m_size; }
    [[nodiscard]] std::uint64_t bytesTotal() const { return m_size; }
    [[nodiscard]] char *text() { return m_text.get(); }
    [[nodiscard]] isolate::Result<void, FeedError> readUpTo(std::size_t) { return {}; }
    [[nodiscard]] ui::FeedText takeText() { return std::move(m_text); }

private:
    ui::FeedText m_text;
    std::size_t m_size;
};

FeedError outOfMemory()
{
    return {FeedErrorCode::outOfMemory, "There is not enough memory to parse this feed."};
}

FeedError cancelled()
{
    return {FeedErrorCode::cancelled, "Opening the feed was cancelled."};
}

FeedError errorAt(RowWalker &walker, const Fault &fault)
{
    const TextPlace place = walker.placeOf(fault.offset);
    return {fault.code, fault.message, place.line, place.column};
}

/// Goes through a text in windows: each is indexed by simdjson and then read entry by entry. A window ends behind a
/// curly bracket, or else a comma; if that proves to lie in a string, before that string. So a token never lies across
/// the end.
template <class Source>
class Parse {
public:
    Parse(Source &source, std::string name, std::stop_token stop, const FeedProgressHandler &progress,
          const FeedOptions &options)
        : m_source(source), m_name(std::move(name)), m_stop(std::move(stop)), m_progress(progress), m_options(options)
    {
    }

    FeedResult run(Clock::time_point start)
    {
        if (auto read = m_source.readUpTo(byteOrderMark.size()); !read)
            return std::move(read.error());
        const std::string_view begin(m_source.text(), std::min(m_source.available(), byteOrderMark.size()));
        const std::size_t textStart = begin == byteOrderMark ? byteOrderMark.size() : 0;
        RowWalker walker(m_source.text(), textStart, m_options.issueLimit, m_stop);

        std::size_t wanted = m_options.windowBytes;
        while (!m_source.isComplete() || walker.resumeAt() < m_source.available()) {
            if (m_stop.stop_requested())
                return cancelled();
            const std::size_t before = walker.resumeAt();
            if (auto read = m_source.readUpTo(before + wanted); !read)
                return std::move(read.error());
            if (auto error = readWindow(walker, std::min(before + wanted, m_source.available())))
                return std::move(*error);
            // An entry that is longer than the window needs a longer one.
            wanted = walker.resumeAt() == before ? wanted * 2 : m_options.windowBytes;
            if (m_progress)
                m_progress({m_source.bytesRead(), m_source.bytesTotal(), walker.rows().size()});
        }
        if (!walker.finished())
            return atEnd(walker);
        return table(std::move(walker), start);
    }

private:
    std::optional<FeedError> readWindow(RowWalker &walker, std::size_t end)
    {
        const std::size_t start = walker.resumeAt();
        const bool last = m_source.isComplete() && end == m_source.available();
        const char *text = m_source.text();
        if (!last) {
            const void *sign = ::memrchr(text + start, '}', end - start);
            if (!sign)
                sign = ::memrchr(text + start, ',', end - start);
            if (!sign)
                return {};
            end = static_cast<std::size_t>(static_cast<const char *>(sign) - text) + 1;
        }

        std::string_view window(text + start, end - start);
        std::optional<Fault> encodingFault;
        ScanOutcome outcome = m_index.scan(window);
        while (outcome != ScanOutcome::good && outcome != ScanOutcome::blank) {
            if (outcome == ScanOutcome::outOfMemory)
                return outOfMemory();
            // What comes before the fault is still read: it may have one of its own, and the first is the one to tell.
            const Fault fault = faultIn(window, outcome);
            if (last || outcome != ScanOutcome::unclosedString)
                encodingFault = Fault{start + fault.offset, fault.code, fault.message};
            window = window.substr(0, tokenEndBefore(window, fault.offset));
            outcome = m_index.scan(window);
        }

        const bool hasBackslash = window.find('\\') != std::string_view::npos;
        const auto step = walker.walk({start, start + window.size(), m_index.offsets(), hasBackslash});
        if (step == RowWalker::Step::fault)
            return errorAt(walker, walker.fault());
        if (encodingFault)
            return errorAt(walker, *encodingFault);
        if (last && step == RowWalker::Step::needsMore)
            return m_stop.stop_requested() ? cancelled() : atEnd(walker);
        return {};
    }

    /// The first fault of the kind that the scan of a window told of, with its offset in the window.
    static Fault faultIn(std::string_view window, ScanOutcome outcome)
    {
        if (outcome == ScanOutcome::invalidUtf8)
            return {validUtf8Prefix(window), FeedErrorCode::invalidUtf8,
                    "These bytes are no UTF-8, which JSON has to be in. Convert the file to UTF-8."};
        const StringFaults faults = findStringFaults(window);
        if (faults.controlCharacter != StringFaults::none)
            return {faults.controlCharacter, FeedErrorCode::malformed,
                    "A line break or another control character stands in a text here. Either the closing quote is "
                    "missing, or it has to be written as an escape, such as \\n."};
        return {faults.unclosedQuote, FeedErrorCode::malformed,
                "This text has no closing quote. The file may have been cut off."};
    }

    /// The longest part of a window before @p offset that ends neither in a string nor in another token.
    static std::size_t tokenEndBefore(std::string_view window, std::size_t offset)
    {
        window = window.substr(0, offset);
        const std::size_t quote = findStringFaults(window).unclosedQuote;
        if (quote != StringFaults::none)
            return quote;
        return window.find_last_of(" \t\r\n,:[]{}\"") + 1;
    }

    FeedError atEnd(RowWalker &walker)
    {
        const std::string_view text(m_source.text(), m_source.available());
        if (walker.rows().size() == 0 && text.find_first_not_of(" \t\r\n", textStartOf(text)) == std::string_view::npos)
            return {FeedErrorCode::empty, "The file is empty. A photo feed is a JSON array of photos."};
        return errorAt(walker,
                       {text.size(), FeedErrorCode::malformed,
                        "The feed ends here, before its closing bracket. The file may have been cut off."});
    }

    static std::size_t textStartOf(std::string_view text)
    {
        return text.starts_with(byteOrderMark) ? byteOrderMark.size() : 0;
    }

    FeedResult table(RowWalker walker, Clock::time_point start)
    {
        ui::FeedFacts facts;
        facts.name = std::move(m_name);
        facts.textBytes = m_source.available();
        ui::FeedRows rows = std::move(walker.rows());
        std::move(walker).reportTo(facts);
        facts.parseTime = Clock::now() - start;
        return std::make_shared<const ui::FeedTable>(m_source.takeText(), std::move(rows), std::move(facts));
    }

    Source &m_source;
    std::string m_name;
    std::stop_token m_stop;
    const FeedProgressHandler &m_progress;
    const FeedOptions &m_options;
    StructuralIndex m_index;
};

constexpr std::size_t packedBytes = std::size_t{128} << 10; // read at a time

/// Unpacks a file.
StreamedText::Produce unpacking(FeedFile &file)
{
    return [&file](StreamedText::Writer &writer, const std::stop_token &stop) -> isolate::Result<void, FeedError> {
        Inflater inflater;
        std::vector<char> packed(packedBytes);
        for (std::uint64_t done = 0;;) {
            if (stop.stop_requested())
                return cancelled();
            auto count = file.read(packed.data(), packed.size());
            if (!count)
                return std::move(count).error();
            if (*count == 0)
                return inflater.finish();
            done += *count;
            writer.setProgress(done, file.size());
            const auto publish = [&] {
                writer.publish();
                return !stop.stop_requested();
            };
            if (auto unpacked = inflater.unpack({packed.data(), *count}, writer.text(), publish); !unpacked)
                return unpacked;
        }
    };
}

/// Takes what is downloaded, and unpacks it where the server gives a packed file.
class Downloaded {
public:
    Downloaded(StreamedText::Writer &writer, const std::stop_token &stop)
        : m_writer(writer), m_publish([&writer, stop] {
              writer.publish();
              return !stop.stop_requested();
          })
    {
    }

    isolate::Result<void, FeedError> take(std::string_view piece)
    {
        if (!m_inflater && m_writer.text().size() == 0) {
            // A server may send a single byte at first, which does not tell.
            m_start += piece;
            if (m_start.size() < 2)
                return {};
            if (isGzip(m_start))
                m_inflater.emplace();
            piece = m_start;
        }
        return m_inflater ? m_inflater->unpack(piece, m_writer.text(), m_publish) : append(piece);
    }
    isolate::Result<void, FeedError> finish()
    {
        if (m_inflater)
            return m_inflater->finish();
        return m_writer.text().size() == 0 ? append(m_start) : isolate::Result<void, FeedError>();
    }

private:
    isolate::Result<void, FeedError> append(std::string_view piece)
    {
        GrowingText &text = m_writer.text();
        if (piece.size() > text.left() || !text.makeRoom(piece.size()))
            return outOfMemory();
        piece.copy(text.text() + text.size(), piece.size());
        text.grew(piece.size());
        m_writer.publish();
        return {};
    }

    StreamedText::Writer &m_writer;
    const std::function<bool()> m_publish;
    std::string m_start;
    std::optional<Inflater> m_inflater;
};

StreamedText::Produce downloading(const std::string &url, std::uint64_t limit)
{
    return [url, limit](StreamedText::Writer &writer, const std::stop_token &stop) -> isolate::Result<void, FeedError> {
        Downloaded downloaded(writer, stop);
        const HttpFetch fetch{
            url, limit, [&](const HttpHead &, std::string_view piece) { return downloaded.take(piece); },
            [&](const HttpProgress &progress) { writer.setProgress(progress.bytes, progress.total.value_or(0)); }};
        if (auto head = HttpFetcher().get(fetch, stop); !head)
            return std::move(head).error();
        return downloaded.finish();
    };
}

/// The last part of an address's path, or its server; never the password that may stand before that.
std::string nameOf(std::string_view url)
{
    url = url.substr(url.find("//") + 2);
    url = url.substr(0, url.find_first_of("?#"));
    while (url.ends_with('/'))
        url.remove_suffix(1);
    const std::size_t path = url.rfind('/');
    return std::string(url.substr((path == std::string_view::npos ? url.rfind('@') : path) + 1));
}

} // namespace

FeedResult parseFeedFile(const std::filesystem::path &path, std::stop_token stop, const FeedProgressHandler &progress,
                         const FeedOptions &options)
try {
    const Clock::time_point start = Clock::now();
    const std::uint64_t limit = std::min(options.textLimit, feedTextLimit);
    auto file = FeedFile::open(path);
    if (!file)
        return std::move(file.error());
    if (file->isCompressed()) {
        StreamedText text(limit, unpacking(*file), stop);
        return Parse(text, path.filename().native(), std::move(stop), progress, options).run(start);
    }
    if (auto made = file->makeText(limit); !made)
        return std::move(made).error();
    return Parse(*file, path.filename().native(), std::move(stop), progress, options).run(start);
} catch (const std::bad_alloc &) {
    return outOfMemory();
} catch (const std::system_error &) { // no thread
    return outOfMemory();
}

FeedResult parseFeedUrl(const std::string &url, std::stop_token stop, const FeedProgressHandler &progress,
                        const FeedOptions &options)
try {
    const Clock::time_point start = Clock::now();
    const std::uint64_t limit = std::min(options.textLimit, feedTextLimit);
    StreamedText text(limit, downloading(url, limit), stop);
    return Parse(text, nameOf(url), std::move(stop), progress, options).run(start);
} catch (const std::bad_alloc &) {
    return outOfMemory();
} catch (const std::system_error &) { // no thread
    return outOfMemory();
}

FeedResult parseFeedText(std::string_view text, std::string name, std::stop_token stop,
                         const FeedProgressHandler &progress, const FeedOptions &options)
try {
    const Clock::time_point start = Clock::now();
    if (text.size() > std::min(options.textLimit, feedTextLimit))
        return FeedError{FeedErrorCode::tooLarge, "The text is larger than 4 GB, more than a feed may have."};
    FeedCopy copy(text);
    if (!copy.text())
        return outOfMemory();
    return Parse(copy, std::move(name), std::move(stop), progress, options).run(start);
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace steadyframe::feed
