#include "imaging/tiff_structure.h"

#include <algorithm>
#include <array>

namespace steadyframe::imaging {
namespace {

constexpr std::size_t headerSize = 8;
constexpr std::size_t entrySize = 12;
constexpr std::uint16_t longType = 4;
constexpr std::uint16_t thumbnailOffsetTag = 0x0201;
constexpr std::uint16_t thumbnailLengthTag = 0x0202;
/// More than any camera writes; each may be read from a file of its own place.
constexpr std::size_t mostEntries = 4096;

std::size_t directorySize(std::size_t fields)
{
    return 2 + fields * entrySize + 4;
}

/// Hands out places of a structure, before and behind one that is taken.
class Layout {
public:
    Layout() = default;
    Layout(std::size_t takenAt, std::size_t takenSize) : m_takenAt(takenAt), m_behind(even(takenAt + takenSize)) {}

    std::size_t place(std::size_t size)
    {
        std::size_t &end = m_end + size <= m_takenAt ? m_end : m_behind;
        const std::size_t at = end;
        end = even(end + size);
        return at;
    }
    [[nodiscard]] std::size_t end() const { return std::max(m_end, m_behind); }

private:
    static std::size_t even(std::size_t offset) { return offset + (offset & 1); } // as TIFF wants it

    std::size_t m_takenAt = SIZE_MAX;
    std::size_t m_end = headerSize;
    std::size_t m_behind = 0;
};

/// A directory with the places of its values, ready to be written.
struct Placed {
    TiffDirectory fields;
    std::size_t at = 0;
    std::vector<std::size_t> values; ///< offset of each value that does not fit into its entry
    std::size_t next = 0;
};

class Writer {
public:
    explicit Writer(const TiffTree &tree) : m_tree(tree)
    {
        findPinned(tree.main);
        if (m_pinned)
            m_layout = Layout(m_pinned->stoodAt, m_pinned->value.size());
    }

    std::vector<std::uint8_t> write()
    {
        const std::size_t main = place(m_tree.main);
        if (m_tree.second) {
            TiffTree::Child second{0, *m_tree.second, {}};
            const auto size = static_cast<std::uint32_t>(m_tree.thumbnail.size());
            second.fields.push_back(tiffNumberField(thumbnailOffsetTag, longType, 0, m_tree.bigEndian));
            second.fields.push_back(tiffNumberField(thumbnailLengthTag, longType, size, m_tree.bigEndian));
            const std::size_t index = m_placed.size();
            const std::size_t at = place(second);
            m_placed[main].next = m_placed[at].at;
            m_thumbnailAt = m_layout.place(m_tree.thumbnail.size());
            for (TiffField &field : m_placed[index].fields) {
                if (field.tag == thumbnailOffsetTag)
                    putTiffNumber(field.value, m_tree.bigEndian, static_cast<std::uint32_t>(m_thumbnailAt));
            }
        }
        m_bytes.assign(m_layout.end(), 0);
        std::fill_n(m_bytes.begin(), 2, static_cast<std::uint8_t>(m_tree.bigEndian ? 'M' : 'I'));
        put(2, 2, 42);
        put(4, 4, m_placed[main].at);
        for (const Placed &placed : m_placed)
            store(placed);
        std::copy(m_tree.thumbnail.begin(), m_tree.thumbnail.end(),
                  m_bytes.begin() + static_cast<std::ptrdiff_t>(m_thumbnailAt));
        return std::move(m_bytes);
    }

private:
    void findPinned(const TiffTree::Child &directory)
    {
        for (const TiffField &field : directory.fields) {
            if (m_tree.pinnedTag != 0 && field.tag == m_tree.pinnedTag && field.stoodAt >= headerSize && !m_pinned)
                m_pinned = &field;
        }
        for (const TiffTree::Child &child : directory.children)
            findPinned(child);
    }

    /// Gives a directory, its values and its children their places; returns its index.
    std::size_t place(const TiffTree::Child &directory)
    {
        const std::size_t index = m_placed.size();
        Placed &placed = m_placed.emplace_back();
        placed.fields = directory.fields;
        for (const TiffTree::Child &child : directory.children)
            placed.fields.push_back(tiffNumberField(child.tag, longType, 0, m_tree.bigEndian));
        std::stable_sort(placed.fields.begin(), placed.fields.end(),
                         [](const TiffField &a, const TiffField &b) { return a.tag < b.tag; });
        placed.at = m_layout.place(directorySize(placed.fields.size()));
        for (const TiffField &field : placed.fields) {
            // A forged file has it twice, with two lengths.
            const bool pinned = m_pinned && field.tag == m_pinned->tag && field.stoodAt == m_pinned->stoodAt
                && field.value.size() <= m_pinned->value.size();
            placed.values.push_back(field.value.size() <= 4 ? 0
                                        : pinned            ? field.stoodAt
                                                            : m_layout.place(field.value.size()));
        }
        for (const TiffTree::Child &child : directory.children) {
            const std::size_t at = m_placed[place(child)].at;
            for (TiffField &field : m_placed[index].fields) {
                if (field.tag == child.tag)
                    putTiffNumber(field.value, m_tree.bigEndian, static_cast<std::uint32_t>(at));
            }
        }
        return index;
    }

    void put(std::size_t at, std::size_t size, std::size_t value)
    {
        putTiffNumber(std::span(m_bytes).subspan(at, size), m_tree.bigEndian, static_cast<std::uint32_t>(value));
    }

    void store(const Placed &placed)
    {
        put(placed.at, 2, placed.fields.size());
        std::size_t entry = placed.at + 2;
        for (std::size_t i = 0; i < placed.fields.size(); ++i, entry += entrySize) {
            const TiffField &field = placed.fields[i];
            put(entry, 2, field.tag);
            put(entry + 2, 2, field.type);
            put(entry + 4, 4, field.count);
            const std::size_t at = placed.values[i] == 0 ? entry + 8 : placed.values[i];
            if (placed.values[i] != 0)
                put(entry + 8, 4, placed.values[i]);
            std::copy(field.value.begin(), field.value.end(), m_bytes.begin() + static_cast<std::ptrdiff_t>(at));
        }
        put(entry, 4, placed.next);
    }

    const TiffTree &m_tree;
    const TiffField *m_pinned = nullptr;
    Layout m_layout;
    std::vector<Placed> m_placed;
    std::size_t m_thumbnailAt = 0;
    std::vector<std::uint8_t> m_bytes;
};

} // namespace

std::size_t tiffTypeSize(unsigned type)
{
    constexpr std::size_t sizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};
    return type < std::size(sizes) ? sizes[type] : 0;
}

std::uint32_t tiffNumber(std::span<const std::uint8_t> bytes, bool bigEndian)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        value = value << 8 | bytes[bigEndian ? i : bytes.size() - 1 - i];
    return value;
}

void putTiffNumber(std::span<std::uint8_t> bytes, bool bigEndian, std::uint32_t value)
{
    for (std::size_t i = 0; i < bytes.size(); ++i, value >>= 8)
        bytes[bigEndian ? bytes.size() - 1 - i : i] = static_cast<std::uint8_t>(value);
}

TiffField tiffNumberField(std::uint16_t tag, std::uint16_t type, std::uint32_t value, bool bigEndian)
{
    TiffField field{tag, type, 1, std::vector<std::uint8_t>(tiffTypeSize(type)), 0};
    putTiffNumber(field.value, bigEndian, value);
    return field;
}

const TiffField *fieldOf(const TiffDirectory &directory, unsigned tag)
{
    const auto found
        = std::find_if(directory.begin(), directory.end(), [tag](const TiffField &field) { return field.tag == tag; });
    return found == directory.end() ? nullptr : &*found;
}

TiffReader::TiffReader(Fetch fetch, std::size_t size) : m_fetch(std::move(fetch)), m_size(size), m_budget(mostEntries)
{
    std::array<std::uint8_t, headerSize> header{};
    if (size < headerSize || !m_fetch(0, header))
        return;
    m_bigEndian = header[0] == 'M' && header[1] == 'M';
    const bool littleEndian = header[0] == 'I' && header[1] == 'I';
    if ((m_bigEndian || littleEndian) && tiffNumber(std::span(header).subspan(2, 2), m_bigEndian) == 42)
        m_first = tiffNumber(std::span(header).subspan(4, 4), m_bigEndian);
}

TiffDirectory TiffReader::directory(std::size_t offset, std::size_t longest, std::size_t *next)
{
    TiffDirectory fields;
    std::array<std::uint8_t, 2> head{};
    if (offset < headerSize || offset + 2 > m_size || !m_fetch(offset, head)) {
        m_damaged = true;
        return fields;
    }
    std::size_t count = tiffNumber(head, m_bigEndian);
    const std::size_t fitting = std::min((m_size - offset - 2) / entrySize, m_budget);
    if (count > fitting) {
        m_damaged = true;
        count = fitting;
    }
    m_budget -= count;
    std::vector<std::uint8_t> entries(count * entrySize);
    if (!m_fetch(offset + 2, entries)) {
        m_damaged = true;
        return fields;
    }
    for (std::size_t i = 0; i < count; ++i) {
        const auto entry = std::span<const std::uint8_t>(entries).subspan(i * entrySize, entrySize);
        const auto part
            = [&](std::size_t at, std::size_t size) { return tiffNumber(entry.subspan(at, size), m_bigEndian); };
        TiffField field{
            static_cast<std::uint16_t>(part(0, 2)), static_cast<std::uint16_t>(part(2, 2)), part(4, 4), {}, 0};
        const std::uint64_t size = std::uint64_t{field.count} * tiffTypeSize(field.type);
        if (size == 0 || fieldOf(fields, field.tag)) {
            m_damaged = m_damaged || tiffTypeSize(field.type) == 0;
            continue;
        }
        if (size <= 4) {
            field.value.assign(entry.begin() + 8, entry.begin() + 8 + static_cast<std::ptrdiff_t>(size));
            fields.push_back(std::move(field));
            continue;
        }
        field.stoodAt = part(8, 4);
        if (field.stoodAt > m_size || size > m_size - field.stoodAt) {
            m_damaged = true;
            continue;
        }
        if (size > longest)
            continue;
        field.value.resize(static_cast<std::size_t>(size));
        if (m_fetch(field.stoodAt, field.value))
            fields.push_back(std::move(field));
        else
            m_damaged = true;
    }
    if (next) {
        std::array<std::uint8_t, 4> link{};
        const std::size_t at = offset + 2 + count * entrySize;
        *next = at + 4 <= m_size && m_fetch(at, link) ? tiffNumber(link, m_bigEndian) : 0;
    }
    return fields;
}

std::optional<std::uint32_t> TiffReader::number(const TiffField &field, std::size_t index) const
{
    const std::size_t size = tiffTypeSize(field.type);
    const bool whole = field.type == 1 || field.type == 3 || field.type == 4 || field.type == 13;
    if (!whole || index >= field.count)
        return std::nullopt;
    return tiffNumber(std::span(field.value).subspan(index * size, size), m_bigEndian);
}

std::vector<std::uint8_t> writeTiff(const TiffTree &tree)
{
    return Writer(tree).write();
}

} // namespace steadyframe::imaging
