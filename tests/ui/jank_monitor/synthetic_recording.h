#pragma once

#include "jank_monitor/recording_store.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>

/// A recording as a program of some isolates makes it: 60 frames a second, now and then one late or missed, blocks with
/// a culprit, work in lanes, labels. The same for the same seed.
struct SyntheticRecording {
    std::size_t frames = 3'600;
    std::size_t work = 5'000;
    int lanes = 6;
    double missedShare = 0.004; ///< of the frames
    unsigned seed = 1;

    static constexpr std::int64_t Interval = 16'666'667;
    static constexpr std::int64_t Start = 1'000'000'000'000;

    [[nodiscard]] std::int64_t length() const { return static_cast<std::int64_t>(frames) * Interval; }

    /// Fills a store; its limits must hold what is made.
    void fill(jank::RecordingStore &store) const
    {
        std::mt19937 random(seed);
        const auto uniform = [&](std::int64_t low, std::int64_t high) {
            return std::uniform_int_distribution<std::int64_t>(low, high)(random);
        };
        store.clear(Start);
        std::int64_t vsync = Start;
        const std::int64_t end = Start + length();
        while (vsync < end) {
            const bool bad = std::uniform_real_distribution<>(0, 1)(random) < missedShare;
            jank::FrameSample frame;
            frame.interval = Interval;
            frame.wanted = vsync;
            frame.deadline = vsync + Interval;
            frame.missed = bad ? static_cast<std::int32_t>(uniform(1, 20)) : 0;
            frame.cause = !bad ? jank::Cause::None : uniform(0, 3) == 0 ? jank::Cause::Render : jank::Cause::Ui;
            const std::int64_t stall = bad ? frame.missed * Interval : 0;
            const std::int64_t uiStall = frame.cause == jank::Cause::Ui ? stall : 0;
            frame.uiStart = vsync + uniform(100'000, 900'000);
            frame.uiEnd = frame.uiStart + uniform(800'000, 5'000'000) + uiStall;
            frame.uiBusy = frame.uiEnd - frame.uiStart;
            frame.syncStart = frame.uiEnd + uniform(20'000, 400'000);
            frame.syncEnd = frame.syncStart + uniform(100'000, 500'000);
            frame.renderStart = frame.syncEnd + 10'000;
            frame.renderEnd = frame.renderStart + uniform(1'000'000, 5'000'000) + (stall - uiStall);
            frame.swapEnd = vsync + (1 + frame.missed) * Interval;
            frame.swapEnd = std::max(frame.swapEnd, frame.renderEnd + 100'000);
            store.addFrame(frame);
            if (frame.uiBusy > 4'000'000) {
                jank::LoopBlock block;
                block.start = frame.uiStart;
                block.end = frame.uiEnd;
                block.length = frame.uiBusy;
                block.eventType = uiStall > 0 ? 1 : 77; // QEvent::Timer, UpdateRequest
                std::strncpy(block.receiver, uiStall > 0 ? "FeedModel" : "QQuickWindow", sizeof(block.receiver) - 1);
                store.addBlock(block);
                if (block.length > 2 * Interval)
                    store.addStall({.block = block,
                                    .stack = {"FeedModel::rebuild()", "QAbstractItemModel::endResetModel()", "main"},
                                    .labels = {}});
            }
            vsync += (1 + frame.missed) * Interval;
        }
        const std::vector<jank::WorkLog::Lane> names = laneNames();
        std::vector<jank::WorkInterval> pieces;
        for (std::size_t i = 0; i < work; ++i) {
            jank::WorkInterval piece;
            piece.lane = names[static_cast<std::size_t>(uniform(0, lanes - 1))].id;
            piece.end = Start + static_cast<std::int64_t>(static_cast<double>(i + 1) / work * length());
            piece.start = std::max(Start, piece.end - uniform(20'000, 90'000'000));
            piece.label = "IMG_" + std::to_string(1'000 + i % 9'000) + ".jpg";
            piece.requester = i % 3 == 0 ? "pipeline" : "";
            pieces.push_back(std::move(piece));
        }
        store.addWork(std::move(pieces), names);
    }

    [[nodiscard]] std::vector<jank::WorkLog::Lane> laneNames() const
    {
        std::vector<jank::WorkLog::Lane> names;
        for (int i = 0; i < lanes; ++i)
            names.push_back({static_cast<std::uint64_t>(100 + i), "compress " + std::to_string(i + 1)});
        return names;
    }

    [[nodiscard]] jank::Trace trace() const
    {
        jank::RecordingStore store(jank::RecordingLimits::hours());
        fill(store);
        jank::Trace trace = store.snapshot(Start + length());
        trace.interval = Interval;
        trace.program = "synthetic 1.0";
        for (int i = 0; i < 12; ++i) {
            const std::int64_t at = Start + length() / 12 * i;
            trace.labels.push_back({i % 2 == 0 ? "scrolling the feed" : "importing", {at, at + length() / 15}});
        }
        return trace;
    }
};
