#include "feed/structural_index.h"

#include <simdjson.h>

#include <algorithm>

namespace steadyframe::feed {

// The stage is used by itself, behind simdjson's choice of the processor's instructions at run time: the second stages
// that it offers either build a tree or copy every string, and don't check what they skip.
struct StructuralIndex::Engine {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
    std::size_t capacity = 0;
    bool blank = true;
};

StructuralIndex::StructuralIndex() : m_engine(std::make_unique<Engine>()) {}
StructuralIndex::~StructuralIndex() = default;

ScanOutcome StructuralIndex::scan(std::string_view text)
{
    // Nested values are walked elsewhere, so the engine needs no stack of its own.
    constexpr std::size_t engineDepth = 1;
    m_engine->blank = true;
    if (text.empty())
        return ScanOutcome::blank;
    if (!m_engine->parser || m_engine->capacity < text.size()) {
        const std::size_t capacity = std::max(text.size(), m_engine->capacity);
        m_engine->parser.reset();
        if (simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, engineDepth,
                                                                                    m_engine->parser)
            != simdjson::SUCCESS)
            return ScanOutcome::outOfMemory;
        m_engine->capacity = capacity;
    }
    const auto *bytes = reinterpret_cast<const std::uint8_t *>(text.data());
    switch (m_engine->parser->stage1(bytes, text.size(), simdjson::stage1_mode::regular)) {
    case simdjson::SUCCESS:
        m_engine->blank = false;
        return ScanOutcome::good;
    case simdjson::EMPTY:
        return ScanOutcome::blank;
    case simdjson::UNCLOSED_STRING:
        return ScanOutcome::unclosedString;
    case simdjson::UNESCAPED_CHARS:
        return ScanOutcome::controlCharacter;
    case simdjson::UTF8_ERROR:
        return ScanOutcome::invalidUtf8;
    default:
        return ScanOutcome::outOfMemory;
    }
}

std::span<const std::uint32_t> StructuralIndex::offsets() const
{
    if (m_engine->blank)
        return {};
    return {m_engine->parser->structural_indexes.get(), m_engine->parser->n_structural_indexes};
}

} // namespace steadyframe::feed
