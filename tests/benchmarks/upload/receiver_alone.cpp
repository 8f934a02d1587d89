// `steadyframe receiver` without the window's libraries.
#include "receiver/receiver_program.h"

int main(int argc, char **argv)
{
    return steadyframe::receiver::runReceiverProgram({argv + 1, argv + argc});
}
