#include "composition/short_slices.h"

#include <QtTest>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <thread>

using namespace steadyframe::composition;

namespace {

id_t threadId()
{
    return static_cast<id_t>(syscall(SYS_gettid));
}

/// What the system says of this thread: the head of struct sched_attr, of which the slice is the last member.
struct Attributes {
    std::uint32_t size = 0;
    std::uint32_t policy = 0;
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime = 0;
    std::array<std::uint64_t, 2> rest{};
};
Attributes attributes()
{
    Attributes result;
    if (syscall(SYS_sched_getattr, 0, &result, sizeof result, 0) != 0)
        qFatal("sched_getattr failed");
    return result;
}

} // namespace

class ShortSlicesTest : public QObject {
    Q_OBJECT

private slots:
    void theRestOfTheThreadsPriorityStays()
    {
        Attributes before, after, child;
        std::thread([&] {
            setpriority(PRIO_PROCESS, threadId(), 3);
            before = attributes();
            if (!askForShortSlices())
                qFatal("refused");
            after = attributes();
            std::thread([&] { child = attributes(); }).join();
        }).join();
        QCOMPARE(after.nice, 3);
        QCOMPARE(after.policy, before.policy);
        if (before.runtime == 0)
            QSKIP("This Linux has no slices of a thread's own.");
        QCOMPARE(after.runtime, std::uint64_t(100'000));
        QCOMPARE(child.runtime, before.runtime);
    }
};

QTEST_GUILESS_MAIN(ShortSlicesTest)
#include "short_slices_test.moc"
