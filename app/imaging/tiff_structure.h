#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace steadyframe::imaging {

/// One entry of a TIFF directory with its value, in the order of bytes of its file.
struct TiffField {
    std::uint16_t tag = 0;
    std::uint16_t type = 0;
    std::uint32_t count = 0;
    std::vector<std::uint8_t> value;
    std::size_t stoodAt = 0; ///< where the value was; 0 when it was in the entry itself
};

using TiffDirectory = std::vector<TiffField>;

/// A TIFF structure, as EXIF is one: read with distrust, written anew.
///
/// An entry that lies about its size or its place, or is of no known type, is left out and sets `damaged`.
/// @thread one at a time
class TiffReader {
public:
    /// Fills the buffer from this offset, or returns false.
    using Fetch = std::function<bool(std::size_t offset, std::span<std::uint8_t> buffer)>;

    TiffReader(Fetch fetch, std::size_t size);

    /// It begins as such a structure does.
    [[nodiscard]] bool valid() const noexcept { return m_first != 0; }
    [[nodiscard]] bool bigEndian() const noexcept { return m_bigEndian; }
    [[nodiscard]] bool damaged() const noexcept { return m_damaged; }
    [[nodiscard]] std::size_t firstDirectory() const noexcept { return m_first; }
    /// The directory at `offset`, and in `next` where the following one is, or 0. A value of more than `longest` bytes
    /// stays unread and its entry is left out.
    [[nodiscard]] TiffDirectory directory(std::size_t offset, std::size_t longest, std::size_t *next = nullptr);
    /// The number at `index` of a field of bytes, shorts or longs; empty for others.
    [[nodiscard]] std::optional<std::uint32_t> number(const TiffField &field, std::size_t index = 0) const;

private:
    Fetch m_fetch;
    std::size_t m_size = 0;
    std::size_t m_first = 0;
    std::size_t m_budget; ///< entries that may still be read
    bool m_bigEndian = false;
    bool m_damaged = false;
};

/// Bytes of one value of this type; 0 when there is no such type.
[[nodiscard]] std::size_t tiffTypeSize(unsigned type);
/// Big-endian, or little-endian.
[[nodiscard]] std::uint32_t tiffNumber(std::span<const std::uint8_t> bytes, bool bigEndian);
void putTiffNumber(std::span<std::uint8_t> bytes, bool bigEndian, std::uint32_t value);
[[nodiscard]] TiffField tiffNumberField(std::uint16_t tag, std::uint16_t type, std::uint32_t value, bool bigEndian);
[[nodiscard]] const TiffField *fieldOf(const TiffDirectory &directory, unsigned tag);

/// What a `TiffWriter` writes: directories that point to each other.
struct TiffTree {
    struct Child {
        std::uint16_t tag = 0; ///< of the pointer in the parent
        TiffDirectory fields;
        std::vector<Child> children;
    };
    bool bigEndian = true;
    Child main;
    std::optional<TiffDirectory> second; ///< the next directory, with the thumbnail
    std::vector<std::uint8_t> thumbnail; ///< what the second directory's JPEG tags, which are made here, point to
    /// Tag of the one value that keeps its offset, because it points into the structure by itself.
    std::uint16_t pinnedTag = 0;
};

/// The tree's bytes; everything is laid out without gaps, around the pinned value.
[[nodiscard]] std::vector<std::uint8_t> writeTiff(const TiffTree &tree);

} // namespace steadyframe::imaging
