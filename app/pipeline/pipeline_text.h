#pragma once

#include "upload/target.h"
#include "upload/upload_request.h"

#include <exception>
#include <filesystem>
#include <string>
#include <string_view>

namespace steadyframe::pipeline {

/// What an error says.
[[nodiscard]] std::string textOf(const std::exception_ptr &error);

/// The name of a photo without its extension: what its result is called after.
[[nodiscard]] std::string stemOf(const std::filesystem::path &path);

/// What to do with names that exist, as the library remembers it: the question, and the answers.
[[nodiscard]] std::string nameQuestion(const upload::Target &target);
[[nodiscard]] std::string_view textOf(upload::NamePolicy policy);
[[nodiscard]] upload::NamePolicy namePolicyOf(std::string_view text);

} // namespace steadyframe::pipeline
