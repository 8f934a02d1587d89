#include "command_line/compress_command.h"
#include "composition/application.h"
#include "composition/command_line.h"
#include "composition/demo.h"
#include "composition/quit_signals.h"
#include "composition/single_instance.h"
#include "imaging/other_formats.h"
#include "receiver/receiver_program.h"
#include "recipe/trash.h"

#include <QApplication>
#include <QIcon>
#include <QQuickStyle>
#include <QThread>
#include <QTimer>

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

using namespace steadyframe;
using namespace steadyframe::composition;

namespace {

/// Where a standard stream was closed (`>&-`), the next file to be opened would get its number, and what is printed.
void fillStandardStreams()
{
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(stream, F_GETFD) < 0)
            static_cast<void>(::open("/dev/null", O_RDWR)); // takes the lowest number that is free
    }
}

/// Before anything of the window exists.
int compress(std::vector<std::string> arguments)
{
    // Qt takes the first thread that calls it for the application's, which must not be one that ends before the others.
    // An application object would bring the locale's decimal comma along.
    QThread::currentThread();
    // What Qt's readers of pictures say of their own accord: our errors say what matters.
    qInstallMessageHandler([](QtMsgType, const QMessageLogContext &, const QString &) {});
    command_line::CompressCommand command;
    command.arguments = std::move(arguments);
    command.presetFile = AppFolders::standard().presets();
    command.workshop.imaging.readOther = imaging::readOtherWithQt;
    command.workshop.moveToTrash = recipe::moveToTrash;
    return command_line::runCompress(std::move(command));
}

} // namespace

int main(int argc, char **argv)
{
    fillStandardStreams();
    if (argc > 1 && std::string_view(argv[1]) == "compress")
        return compress({argv + 2, argv + argc});
    if (argc > 1 && std::string_view(argv[1]) == "receiver")
        return steadyframe::receiver::runReceiverProgram({argv + 2, argv + argc});

    QGuiApplication::setApplicationName(QStringLiteral("steadyframe"));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Steadyframe"));
    QGuiApplication::setApplicationVersion(QStringLiteral(STEADYFRAME_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("steadyframe"));
    const std::vector<std::string> all(argv + 1, argv + argc);
    const auto printed = parseCommandLine(all);
    if (printed && (printed->help || printed->version)) {
        std::printf("%s", printed->help ? CommandLine::usage() : "steadyframe " STEADYFRAME_VERSION "\n");
        return 0;
    }

    QQuickStyle::setStyle(QStringLiteral("Basic"));
    // Where the desktop brings no file dialog of its own, Qt shows that of its widgets.
    QApplication qt(argc, argv);
    // Qt has taken its own arguments out.
    const auto line = parseCommandLine({argv + 1, argv + argc});
    if (!line) {
        std::fprintf(stderr, "steadyframe: %s\n", line.error().c_str());
        return 2;
    }
    qt.setWindowIcon(QIcon(QStringLiteral(":/steadyframe/steadyframe.svg")));

    SingleInstance instance(line->folders.root);
    if (!line->demo && instance.handOver(line->picks))
        return 0; // the one that runs shows its window

    const QuitSignals quitSignals;
    Application application(line->folders);
    if (!application.start())
        return 1;
    std::unique_ptr<Demo> demo;
    if (line->demo) {
        demo = std::make_unique<Demo>(application, line->picks, line->demoOutput);
        QObject::connect(demo.get(), &Demo::finished, &qt, &QGuiApplication::exit, Qt::QueuedConnection);
        QObject::connect(&application, &Application::ready, demo.get(), &Demo::start);
        QObject::connect(
            &application, &Application::failed, &qt, [] { QGuiApplication::exit(1); }, Qt::QueuedConnection);
    } else {
        application.open(line->picks);
        application.goOnWithoutWindow();
        QObject::connect(&instance, &SingleInstance::started, &application, [&](const std::vector<std::string> &picks) {
            application.showWindow();
            application.open(picks);
        });
        instance.listen();
    }
    const int code = qt.exec();
    demo.reset();
    application.shutDown();
    if (application.hung())
        std::_Exit(code); // its threads can't be waited for; what was under way is recorded
    return code;
}
