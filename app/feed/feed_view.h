#pragma once

#include "feed/feed_parser.h"
#include "feed/row_order.h"
#include "feed/title_search.h"

#include <isolate_core/future.h>
#include <isolate_core/send_port.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace steadyframe::feed {

/// What the person wants to see of a feed.
struct FeedWish {
    std::uint64_t serial = 0; ///< comes back with the answers
    std::shared_ptr<const ui::FeedTable> table{};
    /// Words, each of which has to stand in the title, whatever the case (see TitlePattern), or be a whole number that
    /// is the photo's or its album's. Without a word every row fits.
    std::string text{};
    FeedColumn sort = FeedColumn::feedOrder;
    bool descending = false; ///< the exact reverse, also of rows that are equal in the column
    std::optional<std::int64_t> albumId{}; ///< photos of this album alone
};

/// Rows of the table that fit, in the order that was wished for.
struct FeedMatches {
    std::uint64_t serial = 0;
    std::shared_ptr<const std::vector<std::uint32_t>> rows;
    /// The same as a set, a bit each, the first row the lowest of the first word; null when all fit, or not all are
    /// known yet.
    std::shared_ptr<const std::vector<std::uint64_t>> set{};
    /// Otherwise these are the first ones, enough for a screen, and the whole answer follows.
    bool complete = false;
    std::uint64_t total = 0; ///< how many rows fit, as far as that is known
    double milliseconds = 0; ///< since the work on the wish began
};

/// Answers wishes, one after the other, and remembers what helps with the next one: what fitted, when the text only
/// grows, and the order of the rows. @thread one at a time
class FeedSearcher {
public:
    using Tell = std::function<void(FeedMatches)>;
    /// How many rows the first part of an answer has.
    static constexpr std::size_t screenRows = 256;

    FeedSearcher();
    ~FeedSearcher();
    FeedSearcher(const FeedSearcher &) = delete;
    FeedSearcher &operator=(const FeedSearcher &) = delete;

    /// Tells once or twice, the whole answer last; not after @p stop, which ends it within about a tenth of a
    /// millisecond. @pre wish.table
    void answer(const FeedWish &wish, const std::stop_token &stop, const Tell &tell);

private:
    class Work;
    struct Memory;
    std::unique_ptr<Memory> m_memory;
};

/// The whole answer to one wish. @pre wish.table
[[nodiscard]] FeedMatches findMatches(const FeedWish &wish);

/// Starts an isolate that answers wishes to @p to. The newest one wins: one that is under way is given up, and gets no
/// answer. A wish without a table drops what is remembered of the last one, and gets none either. It ends when the
/// receiver of @p to closes its port or ends. @thread any
[[nodiscard]] isolate::Future<isolate::SendPort<FeedWish>> startFeedView(isolate::SendPort<FeedMatches> to);

} // namespace steadyframe::feed
