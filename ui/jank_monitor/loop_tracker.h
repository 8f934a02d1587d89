#pragma once

#include "jank_monitor/frame_sample.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>
#include <vector>

namespace jank {

class UiPartTracker;

/// Follows what an event loop does: waits, works, how long it stays away from its dispatcher, and over which event.
///
/// Fed by the dispatcher's signals and by the start of each event; reads no clock itself. A nested loop (a dialog, a
/// drag) that waits has come back to the dispatcher, so it is no block. Only the registration of listeners allocates.
/// All methods belong to the loop's thread, except where marked.
///
/// Nobody says when an event's delivery ends. `depth` tells: the address of a frame on the stack at the moment of the
/// call. A delivery that began at a lower address is nested in the one before, and one that began at the same or a
/// higher address can only begin when that has ended. What lies between the beginning of a nested event and the next
/// known moment belongs to the nested one, unless its kind says that it is never handled for long, or a look at the
/// stack (sampled()) says who was running.
class LoopTracker {
public:
    /// The depth of a call that nothing is nested in.
    static constexpr std::uintptr_t Outermost = UINTPTR_MAX;

    /// Receives each block, of any length, when it ends. May add and remove listeners.
    using BlockSink = void (*)(void *context, const LoopBlock &block);
    void addBlockSink(BlockSink sink, void *context);
    void removeBlockSink(void *context) noexcept;
    /// Called when the loop begins to work; must be quick.
    using BusySink = void (*)(void *context);
    void setBusySink(BusySink sink, void *context) noexcept;
    /// `part` is told what the loop does until it is removed. @thread the loop's
    void addPart(UiPartTracker *part);
    void removePart(UiPartTracker *part) noexcept;

    /// The dispatcher is about to wait.
    void waiting(std::int64_t now, std::uintptr_t depth = Outermost) noexcept;
    /// The dispatcher came round without waiting, or after it.
    void awake(std::int64_t now, std::uintptr_t depth = Outermost) noexcept;
    /// An event is about to be delivered. `receiver` is its class name and `name` its objectName; both are copied, the
    /// class name without the number that QML adds to it.
    void event(std::int64_t now, int type, const char *receiver, std::u16string_view name = {},
               std::uintptr_t depth = Outermost) noexcept;
    /// Monitoring stops: the open block or wait is forgotten.
    void reset() noexcept;

    /// The open block if it ended `now`; length 0 while the loop waits.
    [[nodiscard]] LoopBlock openBlockAt(std::int64_t now) const noexcept;
    [[nodiscard]] bool isBusy() const noexcept { return m_busySince != 0; }

    /// Since when the loop has been away from its dispatcher, 0 while it waits. @thread any
    [[nodiscard]] std::int64_t busySince() const noexcept { return m_publishedBusySince.load(); }
    /// Grows with everything that the tracker is told. @thread any
    [[nodiscard]] std::uint32_t step() const noexcept { return m_step.load(std::memory_order_acquire); }
    /// At `time`, when the loop was at `step`, its stack held `deliveries` events that were being delivered, one in
    /// another. Forgotten when the loop has gone on since. @thread one, any
    void sampled(std::uint32_t step, std::int64_t time, std::size_t deliveries) noexcept;

private:
    friend class UiPartTracker;

    static constexpr std::size_t DepthKept = 32; // nested deliveries; those within the last count to it
    static constexpr std::size_t SamplesKept = 8;

    struct Delivery {
        std::uintptr_t depth = 0;
        std::int64_t time = 0; // that it took itself, in the open block
        int type = 0;
        char receiver[LoopBlock::NameSize] = {};
        char name[LoopBlock::NameSize] = {};
    };
    struct Culprit {
        std::int64_t time = 0;
        int type = 0;
        char receiver[LoopBlock::NameSize] = {};
        char name[LoopBlock::NameSize] = {};
    };
    struct Sink {
        BlockSink sink = nullptr;
        void *context = nullptr;
    };

    void ensureOpen(std::int64_t now) noexcept;
    void open(std::int64_t now) noexcept;
    void close(std::int64_t now) noexcept;
    void endWait(std::int64_t now) noexcept;
    void attribute(std::int64_t now) noexcept;
    void popUntil(std::uintptr_t depth) noexcept;
    void consider(const Delivery &delivery) noexcept;
    [[nodiscard]] std::size_t presumed() const noexcept;
    void goOn() noexcept;
    /// A wait for the vsync or for the render thread, within the open block, is not the program's. @thread the loop's,
    /// or one that holds it
    void excuse(std::int64_t length, const UiPartTracker *whose) noexcept;
    /// A frame is drawn for `whose` window.
    void drew(const UiPartTracker *whose) noexcept;

    std::int64_t m_waitSince = 0; // 0: not waiting
    std::int64_t m_busySince = 0; // 0: not busy
    std::int64_t m_excused = 0; // waits for the vsync within the open block

    std::array<Delivery, DepthKept> m_deliveries; // outermost first
    std::size_t m_deliveryCount = 0;
    std::int64_t m_lastMoment = 0; // until when the open block's time is attributed
    Culprit m_culprit; // of what has ended in the open block

    std::atomic<std::uint32_t> m_step{0};
    std::array<std::atomic<std::uint64_t>, SamplesKept> m_samples{}; // packed
    std::atomic<std::size_t> m_sampleCount{0};

    std::vector<Sink> m_sinks;
    std::vector<UiPartTracker *> m_parts;
    BusySink m_busySink = nullptr;
    void *m_busySinkContext = nullptr;
    std::atomic<std::int64_t> m_publishedBusySince{0};
};

} // namespace jank
