#include "jank_monitor/trace_rows.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

namespace jank {

namespace {

/// Lane, thread, and the number of the row among those of both.
using RowKey = std::tuple<std::size_t, std::uint64_t, std::uint32_t>;

std::string rowName(const std::string &lane, std::uint64_t thread, bool severalThreads, std::uint32_t number)
{
    std::string name = lane;
    if (severalThreads && thread != 0)
        name += " @ thread " + std::to_string(thread);
    if (number > 0)
        name += " (" + std::to_string(number + 1) + ")";
    return name;
}

} // namespace

std::uint32_t RowAllocator::place(std::int64_t start, std::int64_t end, std::int64_t gap)
{
    const auto isOver = [start, gap](std::int64_t until) {
        return until <= start
            && static_cast<std::uint64_t>(start) - static_cast<std::uint64_t>(until) >= static_cast<std::uint64_t>(gap);
    };
    while (!m_busy.empty() && isOver(m_busy.top().until)) {
        m_free.push(m_busy.top().row);
        m_busy.pop();
    }
    std::uint32_t row = m_rows;
    if (m_free.empty()) {
        ++m_rows;
    } else {
        row = m_free.top();
        m_free.pop();
    }
    m_busy.push({std::max(start, end), row});
    return row;
}

WorkRows WorkRows::of(const Trace &trace)
{
    std::map<std::uint64_t, std::size_t> lanePlaces;
    std::vector<std::string> laneNames;
    std::vector<std::uint64_t> laneIds;
    const auto addLane = [&](std::uint64_t id, const std::string &name) {
        const auto [found, isNew] = lanePlaces.try_emplace(id, laneNames.size());
        if (isNew) {
            laneNames.push_back(name.empty() ? "lane " + std::to_string(id) : name);
            laneIds.push_back(id);
        }
        return found->second;
    };
    for (const WorkLog::Lane &lane : trace.lanes)
        addLane(lane.id, lane.name);

    std::vector<std::uint32_t> order(trace.work.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [&trace](std::uint32_t a, std::uint32_t b) { return trace.work[a].start < trace.work[b].start; });

    std::map<std::pair<std::size_t, std::uint64_t>, RowAllocator> allocators;
    std::vector<RowKey> keys(order.size());
    for (const std::uint32_t index : order) {
        const WorkInterval &work = trace.work[index];
        const std::size_t lane = addLane(work.lane, {});
        const std::uint32_t number = allocators[{lane, work.thread}].place(work.start, work.end);
        keys[index] = {lane, work.thread, number};
    }

    WorkRows result;
    std::map<RowKey, std::uint32_t> numbers;
    std::vector<std::size_t> threadsOf(laneNames.size(), 0);
    for (const auto &[key, allocator] : allocators)
        ++threadsOf[key.first];
    for (const auto &[key, allocator] : allocators) {
        const auto [lane, thread] = key;
        for (std::uint32_t number = 0; number < allocator.rows(); ++number) {
            numbers[{lane, thread, number}] = static_cast<std::uint32_t>(result.rows.size());
            result.rows.push_back(
                {laneIds[lane], thread, rowName(laneNames[lane], thread, threadsOf[lane] > 1, number)});
        }
    }
    result.rowOf.reserve(keys.size());
    for (const RowKey &key : keys)
        result.rowOf.push_back(numbers.at(key));
    return result;
}

} // namespace jank
