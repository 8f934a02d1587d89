#include "pipeline/pipeline_text.h"

#include <array>
#include <utility>

namespace steadyframe::pipeline {

namespace {

using upload::NamePolicy;

constexpr std::array<std::pair<NamePolicy, std::string_view>, 4> policies{{
    {NamePolicy::ask, ""},
    {NamePolicy::keepBoth, "keep both"},
    {NamePolicy::replace, "replace"},
    {NamePolicy::skip, "skip"},
}};

} // namespace

std::string textOf(const std::exception_ptr &error)
{
    try {
        std::rethrow_exception(error);
    } catch (const std::exception &e) {
        return e.what();
    }
}

std::string stemOf(const std::filesystem::path &path)
{
    const std::string stem = path.stem().native();
    return stem.empty() ? "photo" : stem;
}

std::string nameQuestion(const upload::Target &target)
{
    return "names that exist at " + upload::identityOf(target);
}

std::string_view textOf(NamePolicy policy)
{
    for (const auto &[known, text] : policies) {
        if (known == policy)
            return text;
    }
    return {};
}

NamePolicy namePolicyOf(std::string_view text)
{
    for (const auto &[known, name] : policies) {
        if (name == text)
            return known;
    }
    return NamePolicy::ask;
}

} // namespace steadyframe::pipeline
