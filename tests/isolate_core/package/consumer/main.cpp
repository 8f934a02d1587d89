#include <isolate_core/receive_port.h>
#include <isolate_core/runtime.h>

#include <iostream>

int main()
{
    isolate::runMain([]() -> isolate::Task<> {
        std::cout << "installed " << co_await isolate::run([](int a, int b) { return a * b; }, 6, 7) << '\n';
    });
}
