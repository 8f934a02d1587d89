#include "jank_monitor/loop_tracker.h"

#include "jank_monitor/names.h"
#include "jank_monitor/ui_part_tracker.h"

#include <QtCore/qcoreevent.h>

#include <algorithm>
#include <cstring>

namespace jank {

namespace {

/// Sent in the middle of other work, to tell objects of it: hardly anybody does much about them.
bool isNotice(int type) noexcept
{
    switch (type) {
    case QEvent::ChildAdded:
    case QEvent::ChildPolished:
    case QEvent::ChildRemoved:
    case QEvent::ParentAboutToChange:
    case QEvent::ParentChange:
    case QEvent::ThreadChange:
    case QEvent::DynamicPropertyChange:
    case QEvent::CursorChange:
    case QEvent::PlatformSurface:
        return true;
    default:
        return false;
    }
}

// A sample in one word: 24 bits of the step, 8 of the deliveries, 32 of the time since the block's start.
constexpr unsigned StepBits = 24;
constexpr unsigned DeliveryBits = 8;
constexpr std::uint64_t StepMask = (std::uint64_t(1) << StepBits) - 1;
constexpr std::uint64_t DeliveryMask = (std::uint64_t(1) << DeliveryBits) - 1;
constexpr std::int64_t SampleUnit = 1'000; // nanoseconds

} // namespace

void LoopTracker::addBlockSink(BlockSink sink, void *context)
{
    m_sinks.push_back({sink, context});
}

void LoopTracker::removeBlockSink(void *context) noexcept
{
    // It may be called from a sink: leave the places of the others alone.
    for (Sink &sink : m_sinks) {
        if (sink.context == context)
            sink = {};
    }
    while (!m_sinks.empty() && m_sinks.back().sink == nullptr)
        m_sinks.pop_back();
}

void LoopTracker::setBusySink(BusySink sink, void *context) noexcept
{
    m_busySink = sink;
    m_busySinkContext = context;
}

void LoopTracker::addPart(UiPartTracker *part)
{
    m_parts.push_back(part);
    part->start(m_busySince, m_waitSince);
}

void LoopTracker::removePart(UiPartTracker *part) noexcept
{
    std::erase(m_parts, part);
    part->stop();
}

void LoopTracker::waiting(std::int64_t now, std::uintptr_t depth) noexcept
{
    if (m_busySince != 0)
        close(now);
    popUntil(depth);
    if (m_waitSince == 0) {
        m_waitSince = now;
        for (UiPartTracker *part : m_parts)
            part->waitBegan(now);
    }
}

void LoopTracker::awake(std::int64_t now, std::uintptr_t depth) noexcept
{
    if (m_busySince != 0)
        close(now);
    else if (m_waitSince != 0)
        endWait(now);
    popUntil(depth);
    open(now);
}

void LoopTracker::event(std::int64_t now, int type, const char *receiver, std::u16string_view name,
                        std::uintptr_t depth) noexcept
{
    ensureOpen(now);
    attribute(now);
    popUntil(depth);
    if (m_deliveryCount < DepthKept) {
        Delivery &delivery = m_deliveries[m_deliveryCount++];
        delivery.depth = depth;
        delivery.time = 0;
        delivery.type = type;
        copyClassName(delivery.receiver, receiver);
        copyUtf8(delivery.name, name);
    }
    goOn();
}

void LoopTracker::reset() noexcept
{
    m_waitSince = m_busySince = m_excused = m_lastMoment = 0;
    m_deliveryCount = 0;
    m_culprit = {};
    m_publishedBusySince.store(0);
    goOn();
}

LoopBlock LoopTracker::openBlockAt(std::int64_t now) const noexcept
{
    LoopBlock block;
    if (m_busySince == 0)
        return block;
    const auto fill = [&block](const auto &culprit) {
        block.eventType = culprit.type;
        std::memcpy(block.receiver, culprit.receiver, sizeof(block.receiver));
        std::memcpy(block.name, culprit.name, sizeof(block.name));
    };
    fill(m_culprit);
    std::int64_t longest = m_culprit.time;
    const std::size_t running = presumed();
    for (std::size_t i = 0; i < m_deliveryCount; ++i) {
        const std::int64_t time = m_deliveries[i].time + (i + 1 == running ? now - m_lastMoment : 0);
        if (time <= longest)
            continue;
        longest = time;
        fill(m_deliveries[i]);
    }
    block.start = m_busySince;
    block.end = now;
    block.length = std::max<std::int64_t>(0, now - m_busySince - m_excused);
    return block;
}

void LoopTracker::sampled(std::uint32_t step, std::int64_t time, std::size_t deliveries) noexcept
{
    const std::size_t count = m_sampleCount.load(std::memory_order_acquire);
    if (step != m_step.load(std::memory_order_acquire) || count >= SamplesKept)
        return;
    const auto since = static_cast<std::uint64_t>(std::max<std::int64_t>(0, time - busySince()) / SampleUnit);
    const std::uint64_t packed = (since << (StepBits + DeliveryBits))
        | (std::min<std::uint64_t>(deliveries, DeliveryMask) << StepBits) | (step & StepMask);
    m_samples[count].store(packed, std::memory_order_relaxed);
    std::size_t expected = count; // the loop may have gone on and begun to count anew
    m_sampleCount.compare_exchange_strong(expected, count + 1, std::memory_order_release);
}

void LoopTracker::ensureOpen(std::int64_t now) noexcept
{
    if (m_busySince != 0)
        return;
    if (m_waitSince != 0)
        endWait(now);
    open(now);
}

void LoopTracker::open(std::int64_t now) noexcept
{
    m_busySince = m_lastMoment = now;
    m_waitSince = 0;
    m_excused = 0;
    m_culprit = {};
    for (std::size_t i = 0; i < m_deliveryCount; ++i)
        m_deliveries[i].time = 0;
    for (UiPartTracker *part : m_parts)
        part->blockOpened(now);
    m_publishedBusySince.store(now);
    goOn();
    if (m_busySink != nullptr)
        m_busySink(m_busySinkContext);
}

void LoopTracker::close(std::int64_t now) noexcept
{
    attribute(now);
    const LoopBlock block = openBlockAt(now);
    for (UiPartTracker *part : m_parts)
        part->blockClosed(now);
    m_busySince = 0;
    m_publishedBusySince.store(0);
    goOn();
    // A sink may remove itself or others, or add some, which hear of the next block.
    const std::size_t count = m_sinks.size();
    for (std::size_t i = 0; i < count && i < m_sinks.size(); ++i) {
        if (const Sink sink = m_sinks[i]; sink.sink != nullptr)
            sink.sink(sink.context, block);
    }
}

void LoopTracker::endWait(std::int64_t now) noexcept
{
    for (UiPartTracker *part : m_parts)
        part->waitEnded(m_waitSince, now);
    m_waitSince = 0;
}

void LoopTracker::attribute(std::int64_t now) noexcept
{
    // Within one step deliveries can only end: what a sample shows running has run since the one before.
    const std::size_t count = std::min(m_sampleCount.load(std::memory_order_acquire), SamplesKept);
    const std::uint64_t step = m_step.load(std::memory_order_relaxed) & StepMask;
    std::size_t running = presumed();
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t packed = m_samples[i].load(std::memory_order_relaxed);
        const auto deliveries = static_cast<std::size_t>((packed >> StepBits) & DeliveryMask);
        if ((packed & StepMask) != step || deliveries > m_deliveryCount)
            continue;
        const std::int64_t time
            = m_busySince + static_cast<std::int64_t>(packed >> (StepBits + DeliveryBits)) * SampleUnit;
        running = deliveries;
        const std::int64_t until = std::clamp(time, m_lastMoment, now);
        if (running > 0)
            m_deliveries[running - 1].time += until - m_lastMoment;
        m_lastMoment = until;
    }
    if (running > 0)
        m_deliveries[running - 1].time += now - m_lastMoment;
    m_lastMoment = now;
}

void LoopTracker::popUntil(std::uintptr_t depth) noexcept
{
    while (m_deliveryCount > 0 && m_deliveries[m_deliveryCount - 1].depth <= depth)
        consider(m_deliveries[--m_deliveryCount]);
}

void LoopTracker::consider(const Delivery &delivery) noexcept
{
    if (delivery.time <= m_culprit.time)
        return;
    m_culprit.time = delivery.time;
    m_culprit.type = delivery.type;
    std::memcpy(m_culprit.receiver, delivery.receiver, sizeof(m_culprit.receiver));
    std::memcpy(m_culprit.name, delivery.name, sizeof(m_culprit.name));
}

/// How many deliveries are likely to run now, one in another.
std::size_t LoopTracker::presumed() const noexcept
{
    std::size_t count = m_deliveryCount;
    while (count > 1 && isNotice(m_deliveries[count - 1].type))
        --count;
    return count;
}

void LoopTracker::goOn() noexcept
{
    m_sampleCount.store(0, std::memory_order_release);
    m_step.fetch_add(1, std::memory_order_acq_rel);
}

void LoopTracker::excuse(std::int64_t length, const UiPartTracker *whose) noexcept
{
    m_excused += length;
    for (UiPartTracker *part : m_parts) {
        if (part != whose)
            part->otherWaited(length);
    }
}

void LoopTracker::drew(const UiPartTracker *whose) noexcept
{
    for (UiPartTracker *part : m_parts) {
        if (part != whose)
            part->otherDrew();
    }
}

} // namespace jank
