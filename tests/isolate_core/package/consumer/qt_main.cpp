#include <isolate_core/qt/main_isolate.h>
#include <isolate_core/receive_port.h>
#include <isolate_core/runtime.h>
#include <isolate_core/spawn.h>

#include <QCoreApplication>

#include <iostream>

int main(int argc, char **argv)
{
    QCoreApplication qt(argc, argv);
    isolate::qt::MainIsolate main(isolate::Runtime::instance());
    isolate::RawReceivePort<int> port([](int answer) {
        std::cout << "in Qt's loop " << answer << '\n';
        QCoreApplication::quit();
    });
    if (!isolate::spawn([](isolate::SendPort<int> to) { to.send(42); }, port.sendPort()).ok())
        return 1;
    return QCoreApplication::exec();
}
