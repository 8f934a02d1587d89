#include "imaging/encoding.h"

#include "imaging/coefficient_store.h"
#include "imaging/companions.h"
#include "imaging/similarity.h"

#include <algorithm>
#include <map>

namespace steadyframe::imaging {
namespace {

/// From this quality on, colour keeps the resolution of the original.
constexpr int fullColourQuality = 90;
/// Rows of units from which a first guess is made: one of so many.
constexpr int guessSpacing = 8;
/// The share of the work that lies in decoding, resizing and transforming.
constexpr double shareOfSource = 0.75;
/// Progress of a search, which can't be known beforehand.
constexpr double shareOfKeeping = 0.5;
constexpr double shareOfSearching = 0.7;
constexpr double rowsOfSearch = 3;

using isolate::Result;

/// A file that ends early is too short to be compared with.
std::uint64_t longestOf(const Encoding &encoding)
{
    return encoding.source.loss().empty() ? encoding.longest : std::numeric_limits<std::uint64_t>::max();
}

const std::vector<std::uint8_t> &gainMapOf(const Encoding &encoding)
{
    static const std::vector<std::uint8_t> none;
    return encoding.gainMap ? *encoding.gainMap : none;
}

/// Ends the file, its gain map included. What is longer than `longest` is no error, but over the limit.
Result<void, ImagingError> finish(const Encoding &encoding, JpegWriter &writer, CompanionSink &sink,
                                  std::uint64_t longest, const std::function<void(double)> &step = {})
{
    encoding.result.setLimit(longest);
    auto written = writer.finish(step);
    if (written)
        written = sink.finish();
    if (!written && !encoding.result.overLimit())
        return written;
    return {};
}

/// Qualities of one resolution of colour.
struct Range {
    int low;
    int high;
};

/// Tries qualities of one range on a picture.
class Search {
public:
    Search(const Encoding &encoding, Range range)
        : m_encoding(encoding), m_range(range), m_layout(encoding.layout), m_grid(gridAt(range.high)), m_store(m_grid),
          m_copy(m_grid)
    {
    }

    Result<void, ImagingError> keep();
    Result<Encoded, ImagingError> forBytes();
    Result<Encoded, ImagingError> forSimilarity();

private:
    BlockGrid gridAt(int quality)
    {
        m_layout.quality = quality;
        m_layout.chroma = chromaFor(quality, m_encoding.storedChroma);
        return gridOf(m_layout);
    }
    void tell(double done) const
    {
        if (m_encoding.progress)
            m_encoding.progress(done);
    }
    [[nodiscard]] bool stopped() const { return m_encoding.stop.stop_requested(); }
    /// A kept row, for a sink that may change it.
    BlockRow &rowToGive(int kept)
    {
        if (m_layout.orientation == Orientation::upright)
            return m_store.row(kept);
        m_copy = m_store.row(kept);
        return m_copy;
    }
    /// Another row has been tried. How many it will be can't be known, so each takes a small part of what is left.
    void tellOfRow()
    {
        const double rows = std::max(1, m_store.kept());
        m_told += (shareOfSearching - m_told) / (rowsOfSearch * rows);
        tell(m_told);
    }
    Result<void, ImagingError> feed(BlockSink &sink);
    double bytesAt(int quality, int spacing);
    double similarityAt(int quality, int spacing);
    template <class Enough>
    int lowestThat(Enough isEnough);
    Result<double, ImagingError> write(int quality, std::uint64_t longest, bool measured);

    const Encoding &m_encoding;
    Range m_range;
    JpegLayout m_layout;
    BlockGrid m_grid;
    CoefficientStore m_store;
    BlockRow m_copy;
    double m_told = shareOfKeeping;
};

/// The source's blocks, once: all that can be kept.
Result<void, ImagingError> Search::keep()
{
    return m_encoding.source.run(m_grid, m_layout.orientation, m_store,
                                 [this](double done) { tell(shareOfKeeping * done); });
}

/// All blocks again.
Result<void, ImagingError> Search::feed(BlockSink &sink)
{
    const double from = m_told;
    const double to = m_told = from + (1 - from) * 0.5;
    if (!m_store.isWhole())
        return m_encoding.source.run(m_grid, m_layout.orientation, sink,
                                     [&](double done) { tell(from + (to - from) * done); });
    for (int i = 0; i < m_store.kept(); ++i) {
        if (stopped())
            return cancelledError();
        if (auto taken = sink.put(rowToGive(i)); !taken)
            return taken;
        tell(from + (to - from) * (i + 1) / m_store.kept());
    }
    return {};
}

/// The length of the file, from one of `spacing` rows; exact, but for stuffed zeros, when all are kept and counted.
/// Meaningless once it is asked to stop.
double Search::bytesAt(int quality, int spacing)
{
    m_layout.quality = quality;
    BlockCoder coder(m_grid, m_layout.orientation, quality, nullptr);
    int counted = 0;
    for (int i = 0; i < m_store.kept() && !stopped(); i += spacing, ++counted) {
        (void)coder.put(rowToGive(i)); // nothing is written, so nothing fails
        tellOfRow();
    }
    coder.close();
    const double whole = static_cast<double>(m_grid.unitRows) / std::max(1, counted);
    const double header
        = static_cast<double>(baselineBytes(m_layout, coder) - coder.scanBytes() + gainMapOf(m_encoding).size());
    return header + static_cast<double>(coder.scanBytes()) * whole;
}

double Search::similarityAt(int quality, int spacing)
{
    SimilaritySink sink(m_grid, m_layout.orientation, quality, nullptr);
    for (int i = 0; i < m_store.kept() && !stopped(); i += spacing) {
        sink.skipTo(m_store.unitRow(i));
        (void)sink.put(m_store.row(i));
        tellOfRow();
    }
    return sink.mean();
}

/// The lowest quality of the range that is enough, when it is so for all above it; one above the range when none is.
template <class Enough>
int Search::lowestThat(Enough isEnough)
{
    int low = m_range.low;
    int high = m_range.high + 1;
    while (low < high && !stopped()) {
        const int middle = low + (high - low) / 2;
        if (isEnough(middle))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/// Writes a quality, unless it is longer than `longest`: then the result is over its limit. Gives the similarity of
/// what was written, when it is to be measured.
Result<double, ImagingError> Search::write(int quality, std::uint64_t longest, bool measured)
{
    if (auto again = m_encoding.result.startAgain(); !again)
        return std::move(again).error();
    m_layout.quality = quality;
    CompanionSink companions(m_encoding.result, gainMapOf(m_encoding));
    JpegWriter writer(companions, m_encoding.stop, m_layout);
    std::optional<SimilaritySink> meter;
    if (measured)
        meter.emplace(m_grid, m_layout.orientation, quality, &writer.blocks());
    if (auto fed = feed(meter ? *meter : writer.blocks()); !fed)
        return std::move(fed).error();
    if (auto written = finish(m_encoding, writer, companions, longest); !written)
        return written.error();
    return meter ? meter->mean() : std::numeric_limits<double>::quiet_NaN();
}

Result<Encoded, ImagingError> Search::forBytes()
{
    const std::uint64_t longest = std::min(m_encoding.target.bytes, longestOf(m_encoding));
    const auto limit = static_cast<double>(longest);
    const int spacing = m_store.kept() > 2 * guessSpacing ? guessSpacing : 1;
    // The first that is too long, by a guess from a few rows; then by all that there are.
    int quality = lowestThat([&](int q) { return bytesAt(q, spacing) > limit; }) - 1;
    quality = std::max(quality, m_range.low);
    if (spacing > 1) {
        if (bytesAt(quality, 1) <= limit) {
            while (quality < m_range.high && !stopped() && bytesAt(quality + 1, 1) <= limit)
                ++quality;
        } else {
            while (quality > m_range.low && !stopped() && bytesAt(quality, 1) > limit)
                --quality;
        }
    }
    m_told = std::max(m_told, shareOfSearching);
    for (;; --quality) {
        const bool last = quality == m_range.low;
        if (auto written = write(quality, longest, false); !written)
            return std::move(written).error();
        if (!m_encoding.result.overLimit())
            return Encoded{.quality = quality};
        if (last)
            break;
    }
    // Can't be reached: what is nearest to it.
    if (auto written = write(m_range.low, longestOf(m_encoding), false); !written)
        return std::move(written).error();
    return Encoded{.quality = m_range.low, .reachedTarget = false};
}

Result<Encoded, ImagingError> Search::forSimilarity()
{
    const double wanted = m_encoding.target.similarity;
    const int spacing = m_store.kept() > 2 * guessSpacing ? guessSpacing : 1;
    int quality = std::min(m_range.high, lowestThat([&](int q) { return similarityAt(q, spacing) >= wanted; }));
    if (spacing > 1) {
        if (similarityAt(quality, 1) >= wanted) {
            while (quality > m_range.low && !stopped() && similarityAt(quality - 1, 1) >= wanted)
                --quality;
        } else {
            while (quality < m_range.high && !stopped() && similarityAt(quality, 1) < wanted)
                ++quality;
        }
    }
    m_told = std::max(m_told, shareOfSearching);
    for (;; ++quality) {
        auto similarity = write(quality, longestOf(m_encoding), true);
        if (!similarity)
            return std::move(similarity).error();
        const bool reached = *similarity >= wanted;
        if (reached || quality == m_range.high || m_encoding.result.overLimit())
            return Encoded{.quality = quality, .similarity = *similarity, .reachedTarget = reached};
    }
}

Result<Encoded, ImagingError> encodeQuality(const Encoding &encoding)
{
    JpegLayout layout = encoding.layout;
    layout.quality = encoding.target.quality;
    layout.chroma = chromaFor(layout.quality, encoding.storedChroma);
    CompanionSink companions(encoding.result, gainMapOf(encoding));
    JpegWriter writer(companions, encoding.stop, layout);
    const auto part = [&](double from, double to) {
        return [&encoding, from, to](double done) {
            if (encoding.progress)
                encoding.progress(from + (to - from) * done);
        };
    };
    if (auto fed = encoding.source.run(writer.grid(), layout.orientation, writer.blocks(), part(0, shareOfSource));
        !fed)
        return std::move(fed).error();
    if (auto written = finish(encoding, writer, companions, longestOf(encoding), part(shareOfSource, 1)); !written)
        return std::move(written).error();
    return Encoded{.quality = layout.quality};
}

Result<Encoded, ImagingError> searchIn(const Encoding &encoding, Range range)
{
    Search search(encoding, range);
    if (auto kept = search.keep(); !kept)
        return std::move(kept).error();
    return encoding.target.kind == TargetKind::bytes ? search.forBytes() : search.forSimilarity();
}

} // namespace

ChromaStep chromaFor(int quality, ChromaStep stored)
{
    if (quality < fullColourQuality)
        return {2, 2};
    return {std::min(stored.x, 2), std::min(stored.y, 2)};
}

namespace {

Result<Encoded, ImagingError> encodeOnce(const Encoding &encoding)
{
    const Target &target = encoding.target;
    if (target.kind == TargetKind::quality)
        return encodeQuality(encoding);
    // Where colour has another resolution from some quality on, the qualities below it come first.
    const bool parted = target.floor < fullColourQuality && target.ceiling >= fullColourQuality
        && chromaFor(target.floor, encoding.storedChroma) != chromaFor(target.ceiling, encoding.storedChroma)
        && !encoding.layout.gray;
    if (!parted)
        return searchIn(encoding, {target.floor, target.ceiling});
    const Range below{target.floor, fullColourQuality - 1};
    const Range above{fullColourQuality, target.ceiling};
    auto first = searchIn(encoding, below);
    if (!first)
        return first;
    const bool mayRise = target.kind == TargetKind::bytes ? first->reachedTarget && first->quality == below.high
                                                          : !first->reachedTarget;
    if (!mayRise)
        return first;
    auto second = searchIn(encoding, above);
    if (!second || second->reachedTarget || target.kind == TargetKind::similarity)
        return second;
    return searchIn(encoding, below);
}

} // namespace

Result<Encoded, ImagingError> encode(const Encoding &encoding)
{
    auto encoded = encodeOnce(encoding);
    if (!encoded && encoding.source.hasAnotherWay())
        return encodeOnce(encoding);
    return encoded;
}

} // namespace steadyframe::imaging
