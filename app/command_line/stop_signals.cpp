#include "command_line/stop_signals.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace steadyframe::command_line {

StopSignals::StopSignals(std::stop_source stop)
{
    sigset_t taken;
    sigemptyset(&taken);
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        sigaddset(&taken, number);
    ::pthread_sigmask(SIG_BLOCK, &taken, nullptr);
    m_signals = ::signalfd(-1, &taken, SFD_CLOEXEC);
    m_end = ::eventfd(0, EFD_CLOEXEC);
    m_thread = std::thread([this, stop = std::move(stop)] { watch(stop); });
}

StopSignals::~StopSignals()
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(m_end, &one, sizeof one);
    m_thread.join();
    ::close(m_signals);
    ::close(m_end);
}

void StopSignals::watch(std::stop_source stop)
{
    for (;;) {
        std::array<pollfd, 2> events{{{m_signals, POLLIN, 0}, {m_end, POLLIN, 0}}};
        if (::poll(events.data(), events.size(), -1) < 0 && errno != EINTR)
            return;
        if (events[1].revents != 0)
            return;
        signalfd_siginfo info{};
        if (events[0].revents != 0 && ::read(m_signals, &info, sizeof info) == sizeof info) {
            m_received = static_cast<int>(info.ssi_signo);
            stop.request_stop();
        }
    }
}

} // namespace steadyframe::command_line
