// What a message lives in: memory that goes from thread to thread, and the port that outlives the messages to it.
#include <isolate_core/detail/event_memory.h>
#include <isolate_core/deterministic.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/timer.h>

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <random>
#include <thread>

using namespace isolate;
using namespace std::chrono_literals;

namespace {

struct Block {
    unsigned char *memory;
    std::size_t size;
    unsigned char mark;
};

/// Blocks that threads hand to each other.
class Exchange {
public:
    void put(Block block)
    {
        std::lock_guard lock(m_mutex);
        m_blocks.push_back(block);
    }
    std::optional<Block> take(std::uint64_t random)
    {
        std::lock_guard lock(m_mutex);
        if (m_blocks.empty())
            return {};
        std::swap(m_blocks[random % m_blocks.size()], m_blocks.back());
        const Block block = m_blocks.back();
        m_blocks.pop_back();
        return block;
    }

private:
    std::mutex m_mutex;
    std::vector<Block> m_blocks;
};

/// Gives a block back, after a look at whether it still holds what was written into it.
bool giveBack(const Block &block)
{
    const bool whole
        = std::all_of(block.memory, block.memory + block.size, [&](unsigned char c) { return c == block.mark; });
    detail::returnEventMemory(block.memory, block.size);
    return whole;
}

TEST(EventMemory, NoTwoHoldTheSameBlockOnWhicheverThreadTheyCameFrom)
{
    Exchange exchange;
    std::atomic<int> broken{0};
    const auto work = [&](std::uint64_t seed) {
        std::mt19937_64 random(seed);
        for (int i = 0; i < 50'000; ++i) {
            // More is made than deleted at first, and the other way round later, so that batches change hands.
            if (random() % 100 < (i < 25'000 ? 60U : 40U)) {
                const std::size_t size = 1 + random() % 200; // beyond 128 bytes it is the heap's
                const auto mark = static_cast<unsigned char>(random());
                auto *memory = static_cast<unsigned char *>(detail::takeEventMemory(size));
                std::memset(memory, mark, size);
                exchange.put({memory, size, mark});
            } else if (const auto block = exchange.take(random())) {
                broken += giveBack(*block) ? 0 : 1;
            }
        }
    };
    for (std::uint64_t round = 0; round < 3; ++round) { // threads that end leave nothing behind
        std::vector<std::thread> threads;
        for (std::uint64_t i = 0; i < 4; ++i)
            threads.emplace_back(work, round * 4 + i);
        for (std::thread &thread : threads)
            thread.join();
    }
    while (const auto block = exchange.take(0))
        broken += giveBack(*block) ? 0 : 1;
    EXPECT_EQ(broken, 0);
}

struct alignas(32) Wide {
    std::string text;
};

struct PortLife : testing::TestWithParam<std::uint64_t> {
    DeterministicRuntime world{GetParam()};
};

TEST_P(PortLife, AMessageThatAsksForAlignmentGetsIt)
{
    std::string seen;
    RawReceivePort<Wide> port([&](const Wide &wide) {
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&wide) % alignof(Wide), 0u);
        seen += wide.text;
    });
    for (int i = 1; i <= 3; ++i)
        port.sendPort().send(Wide{std::to_string(i)});
    world.runUntilIdle();
    EXPECT_EQ(seen, "123");
}

TEST_P(PortLife, TheLastReferenceMayGoWhileMessagesAreOnTheirWay)
{
    const auto held = std::make_shared<const int>(1);
    long most = 0;
    {
        const auto sender = [](SendPort<std::shared_ptr<const int>> to, std::shared_ptr<const int> what) -> Task<> {
            for (int i = 0; i < 5; ++i) {
                to.send(what);
                if (i % 2)
                    co_await delay(1ms);
            }
        };
        std::array<std::optional<RawReceivePort<std::shared_ptr<const int>>>, 8> ports;
        for (int i = 0; i < 8; ++i) {
            // The handler holds on to something as well, and most ports close themselves in the middle of it.
            auto &port = ports[static_cast<std::size_t>(i)];
            port.emplace([&port, held, left = i](std::shared_ptr<const int>) mutable {
                if (left-- == 0)
                    port.reset();
            });
            ASSERT_TRUE(spawn(sender, port->sendPort(), held).ok());
            if (i == 5)
                port.reset(); // before anything came
        }
        for (int step = 0; step < 20; ++step) {
            world.step();
            most = std::max(most, held.use_count());
        }
        if (GetParam() % 2)
            world.runToEnd();
    }
    world.runToEnd();
    EXPECT_GT(most, 1);
    EXPECT_EQ(held.use_count(), 1);
}

TEST_P(PortLife, AnIsolateThatEndsDropsWhatIsOnItsWayToItsPorts)
{
    const auto held = std::make_shared<const int>(1);
    auto other = spawn(
        [](std::shared_ptr<const int> what) -> Task<> {
            ReceivePort<std::shared_ptr<const int>> own;
            for (int i = 0; i < 3; ++i)
                own.sendPort().send(what);
            RawReceivePort<int> second([what](int) {});
            second.sendPort().send(1);
            co_await delay(24h);
        },
        held);
    ASSERT_TRUE(other.ok());
    for (std::uint64_t step = 0; step < GetParam() % 7; ++step)
        world.step();
    other->kill();
    world.runToEnd();
    EXPECT_EQ(held.use_count(), 1);
}

INSTANTIATE_TEST_SUITE_P(ManySeeds, PortLife, testing::Range<std::uint64_t>(1, 101));

} // namespace
