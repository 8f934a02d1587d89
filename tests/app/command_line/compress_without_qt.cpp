#include "command_line/compress_command.h"

int main(int argc, char **argv)
{
    steadyframe::command_line::CompressCommand command;
    command.arguments = {argv + 1, argv + argc};
    return steadyframe::command_line::runCompress(std::move(command));
}
