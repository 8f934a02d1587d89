#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace isolate {

/// A right, as an unforgeable value: equal only to its own copies, within this process. Sent in messages like any
/// value. Cost: that of an integer. @thread any
class Capability {
public:
    /// A capability equal to no other.
    static Capability create() noexcept;

    /// None: equal to every other none, and a right to nothing.
    Capability() noexcept = default;
    /// Whether it is a capability and not none.
    explicit operator bool() const noexcept { return m_id != 0; }
    /// In the order in which they were created, none first; for keys of maps.
    auto operator<=>(const Capability &) const noexcept = default;

private:
    friend struct std::hash<Capability>;
    explicit Capability(std::uint64_t id) noexcept : m_id(id) {}
    std::uint64_t m_id = 0;
};

} // namespace isolate

/// For keys of hashed maps.
template <>
struct std::hash<isolate::Capability> {
    /// Equal for equal capabilities.
    std::size_t operator()(const isolate::Capability &c) const noexcept { return std::hash<std::uint64_t>{}(c.m_id); }
};
