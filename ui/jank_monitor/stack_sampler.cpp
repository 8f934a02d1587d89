#include "jank_monitor/stack_sampler.h"

#if JANK_STACKS

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <mutex>
#include <vector>

#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

namespace jank {

/// What the handler writes to. Of a sampler that is gone it is never freed but used again by the next, since a signal
/// may still be under way.
struct StackSampler::Shared {
    static constexpr std::size_t StackWords = 128 * 1024 / sizeof(std::uintptr_t);
    enum State : int { Idle, Requested, Copying, Copied };

    std::atomic<int> state{Idle};
    sem_t done{};
    pid_t thread = 0;
    std::uintptr_t stackEnd = 0; // the first address after the thread's stack
    std::uintptr_t stackBegin = 0;
    void (*mark)(void *) = nullptr;
    void *context = nullptr;

    std::uintptr_t pc = 0;
    std::array<std::uintptr_t, StackSnapshot::Registers> registers{};
    std::uintptr_t bottom = 0;
    std::size_t count = 0;
    std::array<std::uintptr_t, StackWords> words{};
};

namespace {

using Shared = StackSampler::Shared;

constexpr int NoSignal = 0;
constexpr long PatienceNs = 20'000'000; // for the thread to be scheduled on a busy machine

// By the steady clock where the C library can: the time of day may be set while somebody waits.
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 30)
constexpr clockid_t WaitClock = CLOCK_MONOTONIC;
int waitUntil(sem_t &semaphore, const timespec &until) noexcept
{
    return ::sem_clockwait(&semaphore, WaitClock, &until);
}
#else
constexpr clockid_t WaitClock = CLOCK_REALTIME;
int waitUntil(sem_t &semaphore, const timespec &until) noexcept
{
    return ::sem_timedwait(&semaphore, &until);
}
#endif

#if defined(__x86_64__)
// In the order of DWARF: rax, rdx, rcx, rbx, rsi, rdi, rbp, rsp, r8 to r15.
constexpr std::array<int, 16> ContextRegisters{REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI, REG_RBP, REG_RSP,
                                               REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
#endif

void readRegisters(const ucontext_t &context, Shared &shared) noexcept
{
#if defined(__x86_64__)
    for (std::size_t i = 0; i < ContextRegisters.size(); ++i)
        shared.registers[i]
            = static_cast<std::uintptr_t>(context.uc_mcontext.gregs[static_cast<std::size_t>(ContextRegisters[i])]);
    shared.pc = static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RIP]);
    shared.registers[StackSnapshot::ReturnAddress] = shared.pc;
#else
    for (std::size_t i = 0; i < 31; ++i)
        shared.registers[i] = context.uc_mcontext.regs[i];
    shared.registers[StackSnapshot::StackPointer] = context.uc_mcontext.sp;
    shared.pc = context.uc_mcontext.pc;
#endif
}

/// By words through a volatile pointer: not a memcpy, which sanitizers would check against the bounds of variables.
#if defined(__clang__)
__attribute__((no_sanitize("address", "thread", "undefined", "memory")))
#else
__attribute__((no_sanitize("address"), no_sanitize("thread"), no_sanitize("undefined")))
#endif
void copyStack(Shared &shared) noexcept
{
    const std::uintptr_t pointer = shared.registers[StackSnapshot::StackPointer];
    shared.bottom = pointer & ~(sizeof(std::uintptr_t) - 1);
    shared.count = 0;
    if (pointer < shared.stackBegin || pointer >= shared.stackEnd)
        return; // a coroutine's stack, or one of the signals' own
    const std::size_t available = (shared.stackEnd - shared.bottom) / sizeof(std::uintptr_t);
    const std::size_t count = available < Shared::StackWords ? available : Shared::StackWords;
    const auto *from = reinterpret_cast<const volatile std::uintptr_t *>(shared.bottom);
    for (std::size_t i = 0; i < count; ++i)
        shared.words[i] = from[i];
    shared.count = count;
}

void handle(int, siginfo_t *info, void *context)
{
    const int error = errno;
    // Whoever else sends this signal is not meant.
    if (info->si_code == SI_QUEUE && info->si_pid == ::getpid() && info->si_value.sival_ptr != nullptr) {
        Shared &shared = *static_cast<Shared *>(info->si_value.sival_ptr);
        int expected = Shared::Requested;
        if (shared.state.compare_exchange_strong(expected, Shared::Copying)) {
            readRegisters(*static_cast<const ucontext_t *>(context), shared);
            copyStack(shared);
            if (shared.mark != nullptr)
                shared.mark(shared.context);
            shared.state.store(Shared::Copied);
            ::sem_post(&shared.done);
        }
    }
    errno = error;
}

bool isOurs(int signal) noexcept
{
    struct sigaction current {};
    return ::sigaction(signal, nullptr, &current) == 0 && (current.sa_flags & SA_SIGINFO) != 0
        && current.sa_sigaction == handle;
}

/// Claims a real-time signal that is free, from the top; NoSignal when there is none.
int claimSignal() noexcept
{
    for (int signal = SIGRTMAX; signal >= SIGRTMIN; --signal) {
        struct sigaction current {};
        if (::sigaction(signal, nullptr, &current) != 0 || (current.sa_flags & SA_SIGINFO) != 0
            || current.sa_handler != SIG_DFL)
            continue;
        struct sigaction ours {};
        ours.sa_sigaction = handle;
        ours.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
        ::sigfillset(&ours.sa_mask);
        if (::sigaction(signal, &ours, nullptr) == 0)
            return signal;
    }
    return NoSignal;
}

int signalNumber() noexcept
{
    static const int signal = claimSignal();
    return signal;
}

bool isTraced() noexcept
{
    const int file = ::open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    std::array<char, 2048> text{};
    const ssize_t length = ::read(file, text.data(), text.size() - 1);
    ::close(file);
    if (length <= 0)
        return false;
    const char *line = std::strstr(text.data(), "\nTracerPid:");
    return line != nullptr && std::strtol(line + 11, nullptr, 10) != 0;
}

class Pool {
public:
    std::shared_ptr<Shared> take()
    {
        const std::lock_guard lock(m_mutex);
        std::unique_ptr<Shared> shared;
        for (auto &free : m_free) {
            if (free->state.load() == Shared::Idle) {
                shared = std::move(free);
                std::erase(m_free, nullptr);
                break;
            }
        }
        if (!shared) {
            shared = std::make_unique<Shared>();
            ::sem_init(&shared->done, 0, 0);
        }
        return {shared.release(), [](Shared *used) { instance().give(used); }};
    }
    static Pool &instance()
    {
        static auto *pool = new Pool; // outlives every signal
        return *pool;
    }

private:
    void give(Shared *shared)
    {
        const std::lock_guard lock(m_mutex);
        m_free.emplace_back(shared);
    }

    std::mutex m_mutex;
    std::vector<std::unique_ptr<Shared>> m_free;
};

} // namespace

StackSampler::StackSampler()
{
    pthread_attr_t attributes;
    if (signalNumber() == NoSignal || ::pthread_getattr_np(::pthread_self(), &attributes) != 0)
        return;
    void *begin = nullptr;
    std::size_t size = 0;
    const bool known = ::pthread_attr_getstack(&attributes, &begin, &size) == 0;
    ::pthread_attr_destroy(&attributes);
    if (!known)
        return;
    m_shared = Pool::instance().take();
    m_shared->thread = static_cast<pid_t>(::syscall(SYS_gettid));
    m_shared->stackBegin = reinterpret_cast<std::uintptr_t>(begin);
    m_shared->stackEnd = m_shared->stackBegin + size;
}

StackSampler::~StackSampler() = default;

bool StackSampler::isSupported() noexcept
{
    return true;
}

std::optional<CallStack> StackSampler::sample(void (*mark)(void *), void *context)
{
    const int signal = signalNumber();
    if (!m_shared || !isOurs(signal) || isTraced())
        return {};
    Shared &shared = *m_shared;
    if (shared.state.load() == Shared::Copied) // an answer that came too late
        shared.state.store(Shared::Idle);
    while (::sem_trywait(&shared.done) == 0) {}
    shared.mark = mark;
    shared.context = context;
    int expected = Shared::Idle;
    if (!shared.state.compare_exchange_strong(expected, Shared::Requested))
        return {}; // the thread was taken off the processor in the middle of copying

    siginfo_t info{};
    info.si_signo = signal;
    info.si_code = SI_QUEUE;
    info.si_pid = ::getpid();
    info.si_uid = ::getuid();
    info.si_value.sival_ptr = &shared;
    if (::syscall(SYS_rt_tgsigqueueinfo, info.si_pid, shared.thread, signal, &info) != 0) {
        shared.state.store(Shared::Idle);
        return {};
    }
    timespec until{};
    ::clock_gettime(WaitClock, &until);
    until.tv_nsec += PatienceNs;
    if (until.tv_nsec >= 1'000'000'000) {
        until.tv_nsec -= 1'000'000'000;
        ++until.tv_sec;
    }
    while (waitUntil(shared.done, until) != 0 && errno == EINTR) {}
    expected = Shared::Requested;
    if (shared.state.compare_exchange_strong(expected, Shared::Idle) || shared.state.load() != Shared::Copied)
        return {};

    StackSnapshot snapshot;
    snapshot.pc = shared.pc;
    snapshot.registers = shared.registers;
    snapshot.bottom = shared.bottom;
    snapshot.words = std::span(shared.words.data(), shared.count);
    CallStack stack = unwind(snapshot, FrameLimit);
    shared.state.store(Shared::Idle);
    return stack;
}

} // namespace jank

#else

namespace jank {

struct StackSampler::Shared {};

StackSampler::StackSampler() = default;
StackSampler::~StackSampler() = default;

bool StackSampler::isSupported() noexcept
{
    return false;
}

std::optional<CallStack> StackSampler::sample(void (*)(void *), void *)
{
    return {};
}

} // namespace jank

#endif
