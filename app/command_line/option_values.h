#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace steadyframe::command_line {

/// What an option takes instead, or a whole sentence.
struct WrongValue : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Each throws WrongValue with what it takes. @thread any
[[nodiscard]] int wholeNumber(const std::string &text, int from, int to);
[[nodiscard]] double realNumber(const std::string &text, double above, double to);
/// "200", "200k", "200KB" (thousands), "200KiB" (1024), and so on with M and G; at least 1.
[[nodiscard]] std::uint64_t byteCount(const std::string &text);
/// "1920x1080".
[[nodiscard]] std::pair<int, int> widthAndHeight(const std::string &text, int to);
[[nodiscard]] std::vector<std::string> splitByComma(const std::string &text);

} // namespace steadyframe::command_line
