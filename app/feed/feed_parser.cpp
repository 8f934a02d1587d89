#include "feed/feed_parser.h"

#include "feed/feed_file.h"
#include "feed/row_walker.h"
#include "feed/structural_index.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <new>
#include <optional>
#include <utility>

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
    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] std::size_t available() const { return m_size; }
    [[nodiscard]] char *text() { return m_text.get(); }
    [[nodiscard]] isolate::Result<void, FeedError> readUpTo(std::size_t) { return {}; }
    [[nodiscard]] ui::FeedText takeText() && { return std::move(m_text); }

private:
    ui::FeedText m_text;
    std::size_t m_size;
};

FeedError outOfMemory()
{
    return {FeedErrorCode::outOfMemory, "There is not enough memory to parse this feed."};
}

FeedError errorAt(RowWalker &walker, const Fault &fault)
{
    const TextPlace place = walker.placeOf(fault.offset);
    return {fault.code, fault.message, place.line, place.column};
}

/// Goes through a text in windows: each is indexed by simdjson and then read entry by entry. A window ends behind a
/// curly bracket; if that proves to lie in a string, before that string. So a token never lies across the end.
template <class Source>
class Parse {
public:
    Parse(Source source, std::string name, std::stop_token stop, const FeedProgressHandler &progress,
          const FeedOptions &options)
        : m_source(std::move(source)), m_name(std::move(name)), m_stop(std::move(stop)), m_progress(progress),
          m_options(options)
    {
    }

    FeedResult run(Clock::time_point start)
    {
        if (auto read = m_source.readUpTo(byteOrderMark.size()); !read)
            return std::move(read.error());
        const std::string_view begin(m_source.text(), std::min(m_source.available(), byteOrderMark.size()));
        const std::size_t textStart = begin == byteOrderMark ? byteOrderMark.size() : 0;
        RowWalker walker(m_source.text(), textStart, m_options.issueLimit);

        std::size_t wanted = m_options.windowBytes;
        while (walker.resumeAt() < m_source.size()) {
            if (m_stop.stop_requested())
                return FeedError{FeedErrorCode::cancelled, "Opening the feed was cancelled."};
            const std::size_t before = walker.resumeAt();
            if (auto read = m_source.readUpTo(before + wanted); !read)
                return std::move(read.error());
            if (auto error = readWindow(walker, std::min(before + wanted, m_source.size())))
                return std::move(*error);
            // An entry that is longer than the window needs a longer one.
            wanted = walker.resumeAt() == before ? wanted * 2 : m_options.windowBytes;
            if (m_progress)
                m_progress({walker.resumeAt(), m_source.size(), walker.rows().size()});
        }
        if (!walker.finished())
            return atEnd(walker);
        return table(std::move(walker), start);
    }

private:
    std::optional<FeedError> readWindow(RowWalker &walker, std::size_t end)
    {
        const std::size_t start = walker.resumeAt();
        const bool last = end == m_source.size();
        const char *text = m_source.text();
        if (!last) {
            const void *bracket = ::memrchr(text + start, '}', end - start);
            if (!bracket)
                return {};
            end = static_cast<std::size_t>(static_cast<const char *>(bracket) - text) + 1;
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
            return atEnd(walker);
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
        const std::string_view text(m_source.text(), m_source.size());
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
        facts.textBytes = m_source.size();
        ui::FeedRows rows = std::move(walker.rows());
        std::move(walker).reportTo(facts);
        facts.parseTime = Clock::now() - start;
        return std::make_shared<const ui::FeedTable>(std::move(m_source).takeText(), std::move(rows), std::move(facts));
    }

    Source m_source;
    std::string m_name;
    std::stop_token m_stop;
    const FeedProgressHandler &m_progress;
    const FeedOptions &m_options;
    StructuralIndex m_index;
};

} // namespace

FeedResult parseFeedFile(const std::filesystem::path &path, std::stop_token stop, const FeedProgressHandler &progress,
                         const FeedOptions &options)
try {
    const Clock::time_point start = Clock::now();
    auto file = FeedFile::open(path);
    if (!file)
        return std::move(file.error());
    return Parse(std::move(*file), path.filename().native(), std::move(stop), progress, options).run(start);
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

FeedResult parseFeedText(std::string_view text, std::string name, std::stop_token stop,
                         const FeedProgressHandler &progress, const FeedOptions &options)
try {
    const Clock::time_point start = Clock::now();
    if (text.size() > feedTextLimit)
        return FeedError{FeedErrorCode::tooLarge, "The text is larger than 4 GB, more than a feed may have."};
    FeedCopy copy(text);
    if (!copy.text())
        return outOfMemory();
    return Parse(std::move(copy), std::move(name), std::move(stop), progress, options).run(start);
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace steadyframe::feed
