// Where contents are, what the person answered, and in which order the work goes.
#include "library/database_parts.h"

#include <algorithm>
#include <utility>

namespace steadyframe::library {

using isolate::Result;

Result<void, LibraryError> Database::Parts::recordArrival(const PhotoRecord &before, const PhotoRecord &after)
{
    if (before.state == PhotoState::uploaded && after.state != PhotoState::uploaded)
        return statements.forgetArrival.reset().bindText(before.destination).bindText(before.sha256).run();
    if (before.state == after.state || after.state != PhotoState::uploaded || after.destination.empty()
        || after.sha256.empty())
        return {};
    Statement &add = statements.addArrival.reset();
    add.bindText(after.destination).bindText(after.sha256).bind(static_cast<std::int64_t>(after.resultBytes));
    add.bindText(after.uploadUrl).bind(after.id);
    const auto &time = after.enteredAt[static_cast<std::size_t>(PhotoState::uploaded)];
    return add.bind(time ? time->time_since_epoch().count() : 0).run();
}

Result<std::optional<Arrival>, LibraryError> Database::arrival(const std::string &destination,
                                                               const std::string &sha256)
{
    Statement &query = parts().statements.arrival.reset();
    auto row = query.bindText(destination).bindText(sha256).step();
    if (!row)
        return std::move(row.error());
    std::optional<Arrival> found;
    if (*row)
        found = Arrival{destination, sha256, static_cast<std::uint64_t>(query.number(0)), std::string(query.bytes(1))};
    query.reset();
    return found;
}

Result<std::string, LibraryError> Database::answerTo(const std::string &question)
{
    Statement &query = parts().statements.answer.reset();
    auto row = query.bindText(question).step();
    if (!row)
        return std::move(row.error());
    std::string answer = *row ? std::string(query.bytes(0)) : std::string();
    query.reset();
    return answer;
}

Result<void, LibraryError> Database::remember(const std::string &question, const std::string &answer)
{
    Parts &all = parts();
    if (auto set = all.flushCommits(true); !set)
        return set;
    if (answer.empty())
        return all.statements.forgetAnswer.reset().bindText(question).run();
    return all.statements.remember.reset().bindText(question).bindText(answer).run();
}

Result<std::vector<PhotoRecord>, LibraryError> Database::order(std::span<const PhotoOrder> orders)
{
    Parts &all = parts();
    auto transaction = all.begin(true);
    if (!transaction)
        return std::move(transaction.error());
    std::vector<PhotoRecord> changed;
    for (const PhotoOrder &wanted : orders) {
        auto record = all.photo(wanted.id);
        if (!record && record.error().code == LibraryErrorCode::notFound)
            continue;
        if (!record)
            return std::move(record.error());
        record->priority = wanted.priority.value_or(record->priority);
        record->held = wanted.held.value_or(record->held);
        if (auto set = all.statements.setOrder.reset().bind(record->priority).bind(record->held).bind(record->id).run();
            !set)
            return std::move(set.error());
        changed.push_back(std::move(*record));
    }
    if (auto committed = transaction->commit(); !committed)
        return std::move(committed.error());
    return changed;
}

Result<std::vector<PhotoRecord>, LibraryError> Database::arrange(std::span<const PhotoId> ids)
{
    Parts &all = parts();
    auto transaction = all.begin(true);
    if (!transaction)
        return std::move(transaction.error());
    std::vector<PhotoRecord> arranged;
    std::vector<std::int64_t> positions;
    for (const PhotoId id : ids) {
        const bool twice = std::any_of(arranged.begin(), arranged.end(), [&](const auto &r) { return r.id == id; });
        auto record = all.photo(id);
        if (twice || (!record && record.error().code == LibraryErrorCode::notFound))
            continue;
        if (!record)
            return std::move(record.error());
        positions.push_back(record->position);
        arranged.push_back(std::move(*record));
    }
    std::sort(positions.begin(), positions.end());
    // Out of each other's way first: no two photos may share a position, not even for a moment.
    for (const bool away : {true, false}) {
        for (std::size_t i = 0; i < arranged.size(); ++i) {
            arranged[i].position = away ? -positions[i] : positions[i];
            if (auto set = all.statements.setPosition.reset().bind(arranged[i].position).bind(arranged[i].id).run();
                !set)
                return std::move(set.error());
        }
    }
    if (auto committed = transaction->commit(); !committed)
        return std::move(committed.error());
    return arranged;
}

} // namespace steadyframe::library
