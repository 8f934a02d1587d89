#include "composition/quit_signals.h"

#include <QCoreApplication>

#ifdef Q_OS_UNIX
#include <QSocketNotifier>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>
#include <utility>
#endif

namespace steadyframe::composition {

#ifdef Q_OS_UNIX

namespace {

// A signal handler may do little more than write; the event loop reads.
int wakeUp[2] = {-1, -1};
constexpr std::array handled{SIGINT, SIGTERM, SIGHUP};
std::array<void (*)(int), handled.size()> before{};

void tell(int number)
{
    const char byte = 0;
    [[maybe_unused]] const auto written = ::write(wakeUp[1], &byte, 1);
    std::signal(number, SIG_DFL);
}

} // namespace

QuitSignals::QuitSignals(QObject *parent) : QObject(parent)
{
    if (::pipe2(wakeUp, O_CLOEXEC | O_NONBLOCK) != 0)
        return;
    auto *notifier = new QSocketNotifier(wakeUp[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, &QuitSignals::received);
    for (std::size_t i = 0; i < handled.size(); ++i) {
        before[i] = std::signal(handled[i], tell);
        // nohup asks for a hang-up to be ignored.
        if (before[i] == SIG_IGN)
            std::signal(handled[i], SIG_IGN);
    }
}

QuitSignals::~QuitSignals()
{
    for (std::size_t i = 0; i < handled.size(); ++i)
        std::signal(handled[i], before[i]);
    for (int &end : wakeUp)
        ::close(std::exchange(end, -1));
}

void QuitSignals::received()
{
    char byte = 0;
    while (::read(wakeUp[0], &byte, 1) > 0) {}
    QCoreApplication::quit();
}

#else

QuitSignals::QuitSignals(QObject *parent) : QObject(parent) {}
QuitSignals::~QuitSignals() = default;
void QuitSignals::received() {}

#endif

} // namespace steadyframe::composition
