#include "jank_monitor/work_log.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace jank {

WorkLog::WorkLog(std::size_t capacity, std::size_t laneCapacity) : m_capacity(capacity), m_laneCapacity(laneCapacity) {}

void WorkLog::addWork(std::uint64_t laneId, std::string_view laneName, std::string_view label, std::int64_t startNs,
                      std::int64_t endNs, std::int64_t cpuNs)
{
    addWork(laneName, {.lane = laneId, .start = startNs, .end = endNs, .cpu = cpuNs, .label = std::string(label)});
}

void WorkLog::addWork(std::string_view laneName, WorkInterval work)
{
    if (work.start > work.end)
        return;
    {
        const std::lock_guard lock(m_mutex);
        touchLaneLocked(work.lane, laneName, work.end);
        m_work.push_back(std::move(work));
        if (m_work.size() > m_capacity)
            m_work.pop_front();
        const std::uint64_t reported = m_revision.fetch_add(1, std::memory_order_release) + 1;
        if (m_told || reported - m_taken < (m_capacity + 1) / 2)
            return;
        m_told = true;
    }
    const std::lock_guard lock(m_callbackMutex);
    if (m_halfFull)
        m_halfFull();
}

void WorkLog::setHalfFull(std::function<void()> callback)
{
    const std::lock_guard lock(m_callbackMutex);
    m_halfFull = std::move(callback);
}

void WorkLog::bringBusiestForward(std::size_t count, std::int64_t sinceNs)
{
    const std::lock_guard lock(m_mutex);
    if (m_lanes.size() <= count)
        return;
    std::vector<std::int64_t> busy(m_lanes.size(), 0);
    for (auto it = m_work.rbegin(); it != m_work.rend() && it->end > sinceNs - ReportingDelay; ++it) {
        const std::size_t lane = laneIndexLocked(it->lane);
        if (lane < busy.size() && it->end > sinceNs)
            busy[lane] += it->end - std::max(it->start, sinceNs);
    }
    std::vector<std::size_t> order(m_lanes.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::pair(busy[a], m_laneUsed[a]) > std::pair(busy[b], m_laneUsed[b]);
    });
    std::size_t place = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t lane = order[i];
        if (lane < count)
            continue;
        // The next place in front whose lane is not among the busiest.
        const auto front = order.begin() + static_cast<std::ptrdiff_t>(count);
        while (std::find(order.begin(), front, place) != front)
            ++place;
        std::swap(m_lanes[place], m_lanes[lane]);
        std::swap(m_laneUsed[place], m_laneUsed[lane]);
        ++place;
    }
}

std::vector<WorkLog::Lane> WorkLog::lanes() const
{
    const std::lock_guard lock(m_mutex);
    return m_lanes;
}

std::vector<WorkInterval> WorkLog::workSince(std::int64_t sinceNs) const
{
    std::vector<WorkInterval> result;
    const std::lock_guard lock(m_mutex);
    std::copy_if(m_work.begin(), m_work.end(), std::back_inserter(result),
                 [sinceNs](const WorkInterval &work) { return work.end > sinceNs; });
    return result;
}

std::vector<WorkInterval> WorkLog::takeAfter(std::uint64_t &serial)
{
    const std::lock_guard lock(m_mutex);
    const std::uint64_t reported = m_revision.load(std::memory_order_relaxed);
    const std::uint64_t wanted = reported - std::min(serial, reported);
    const auto fresh = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, m_work.size()));
    m_lost.fetch_add(wanted - fresh, std::memory_order_relaxed);
    serial = m_taken = reported;
    m_told = false;
    return {m_work.end() - static_cast<std::ptrdiff_t>(fresh), m_work.end()};
}

void WorkLog::clear()
{
    const std::lock_guard lock(m_mutex);
    m_work.clear();
    m_lanes.clear();
    m_laneUsed.clear();
    m_taken = m_revision.fetch_add(1, std::memory_order_release) + 1;
    m_told = false;
}

std::size_t WorkLog::laneIndexLocked(std::uint64_t id) const noexcept
{
    const auto found = std::find_if(m_lanes.begin(), m_lanes.end(), [id](const Lane &lane) { return lane.id == id; });
    return static_cast<std::size_t>(found - m_lanes.begin());
}

void WorkLog::touchLaneLocked(std::uint64_t id, std::string_view name, std::int64_t when)
{
    const std::size_t index = laneIndexLocked(id);
    if (index < m_lanes.size()) {
        m_laneUsed[index] = std::max(m_laneUsed[index], when);
        if (m_lanes[index].name != name)
            m_lanes[index].name = name;
        return;
    }
    if (m_lanes.size() < m_laneCapacity) {
        m_lanes.push_back({id, std::string(name)});
        m_laneUsed.push_back(when);
        return;
    }
    const auto silent = std::min_element(m_laneUsed.begin(), m_laneUsed.end()) - m_laneUsed.begin();
    m_lanes[static_cast<std::size_t>(silent)] = {id, std::string(name)};
    m_laneUsed[static_cast<std::size_t>(silent)] = when;
}

} // namespace jank
