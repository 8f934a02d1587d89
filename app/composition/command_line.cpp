#include "composition/command_line.h"

namespace steadyframe::composition {

const char *CommandLine::usage()
{
    return "steadyframe [--data DIR] [--demo [--out DIR]] [PATH...]\n"
           "steadyframe compress [OPTION...] PATH...\n"
           "steadyframe receiver --dir DIR [--port PORT]   a tus server alone; see steadyframe receiver --help\n"
           "\n"
           "Opens the window and picks the files and folders that are named. A photo feed is opened: a file\n"
           "that ends in .json or .json.gz, or an address that begins with http:// or https://.\n"
           "  --data DIR  keep the library, results and received files in DIR\n"
           "  --demo      let the window drive itself: pick, compress, upload, open a feed, compare;\n"
           "              with no PATH on 24 pictures that it makes\n"
           "  --out DIR   where the demo writes report.json and screenshots (steadyframe-demo)\n"
           "  --          what follows is a path, even if it begins with a dash\n"
           "  --version   the version\n"
           "  --help      this\n"
           "\n"
           "The second compresses without a window: see steadyframe compress --help.\n";
}

isolate::Result<CommandLine, std::string> parseCommandLine(const std::vector<std::string> &arguments)
{
    CommandLine line;
    bool onlyPaths = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string &argument = arguments[i];
        const auto value
            = [&]() -> const std::string * { return i + 1 < arguments.size() ? &arguments[++i] : nullptr; };
        if (onlyPaths || argument.empty() || argument[0] != '-') {
            line.picks.push_back(argument);
        } else if (argument == "--") {
            onlyPaths = true;
        } else if (argument == "--data" || argument == "--out") {
            const bool data = argument == "--data";
            const std::string *folder = value();
            if (!folder)
                return argument + " needs a folder: " + argument + " DIR";
            if (data)
                line.folders = {*folder};
            else
                line.demoOutput = *folder;
        } else if (argument == "--demo") {
            line.demo = true;
        } else if (argument == "--help" || argument == "-h") {
            line.help = true;
        } else if (argument == "--version") {
            line.version = true;
        } else {
            return "There is no option " + argument + ". See steadyframe --help; for a file of that name write ./"
                + argument;
        }
    }
    return line;
}

} // namespace steadyframe::composition
