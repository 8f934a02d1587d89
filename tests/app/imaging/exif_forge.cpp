#include "imaging/exif_forge.h"

namespace steadyframe::tests {
namespace {

/// Writes directories whose values follow them.
class Writer {
public:
    explicit Writer(bool bigEndian) : m_bigEndian(bigEndian)
    {
        bytes.assign(2, bigEndian ? 'M' : 'I');
        number(42, 2);
        number(8, 4);
    }

    struct Entry {
        unsigned tag;
        unsigned type;
        unsigned count;
        std::string value; ///< empty: `number`
        unsigned number = 0;
    };

    /// The directory and its values; `at` is where it ends up, which must be here.
    void directory(const std::vector<Entry> &entries, unsigned next)
    {
        std::size_t values = bytes.size() + 2 + entries.size() * 12 + 4;
        number(static_cast<unsigned>(entries.size()), 2);
        std::string behind;
        for (const Entry &entry : entries) {
            number(entry.tag, 2);
            number(entry.type, 2);
            number(entry.count, 4);
            if (entry.value.empty()) {
                number(entry.number, entry.type == 3 ? 2 : 4);
                if (entry.type == 3)
                    number(0, 2);
            } else if (entry.value.size() <= 4) {
                bytes.insert(bytes.end(), entry.value.begin(), entry.value.end());
                bytes.resize(bytes.size() + 4 - entry.value.size());
            } else {
                number(static_cast<unsigned>(values + behind.size()), 4);
                behind += entry.value;
                behind.resize(behind.size() + behind.size() % 2);
            }
        }
        number(next, 4);
        bytes.insert(bytes.end(), behind.begin(), behind.end());
    }

    Bytes bytes;

private:
    void number(unsigned value, int size)
    {
        for (int i = 0; i < size; ++i)
            bytes.push_back(static_cast<std::uint8_t>(value >> 8 * (m_bigEndian ? size - 1 - i : i)));
    }

    bool m_bigEndian;
};

Writer::Entry text(unsigned tag, const std::string &words)
{
    return {tag, 2, static_cast<unsigned>(words.size() + 1), words + std::string(1, '\0')};
}

} // namespace

Bytes forgeExif(const ExifRecipe &recipe)
{
    // The first pass learns where the directories come to lie.
    unsigned exif = 0;
    unsigned interop = 0;
    unsigned gps = 0;
    unsigned second = 0;
    unsigned thumbnail = 0;
    for (int pass = 0;; ++pass) {
        Writer w(recipe.bigEndian);
        const auto here = [&w] { return static_cast<unsigned>(w.bytes.size()); };
        w.directory({text(0x010E, "A day at the sea"),
                     text(0x010F, "Forge"),
                     text(0x0110, "Model 1"),
                     {0x0112, 3, 1, {}, recipe.orientation},
                     text(0x0132, "2024:05:06 07:08:09"),
                     text(0x013B, "Ann Example"),
                     {0x8769, 4, 1, {}, exif},
                     {0x8825, 4, 1, {}, gps}},
                    recipe.thumbnail.empty() ? 0 : second);
        exif = here();
        const unsigned noteSize = static_cast<unsigned>(recipe.note.size());
        w.directory({text(0x9003, "2023:01:02 03:04:05"),
                     {0x927C, 7, noteSize, recipe.note},
                     {0x9286, 7, 14, std::string("ASCII\0\0\0remark", 14)},
                     {0xA001, 3, 1, {}, recipe.adobeRgb ? 0xFFFFU : 1U},
                     {0xA002, 4, 1, {}, 4000},
                     {0xA003, 3, 1, {}, 3000},
                     {0xA005, 4, 1, {}, interop},
                     text(0xA434, "LENS")},
                    0);
        interop = here();
        w.directory({text(0x0001, recipe.adobeRgb ? "R03" : "R98")}, 0);
        gps = here();
        w.directory({text(0x0001, "N"), {0x0002, 5, 3, "48NORTH8" + std::string(16, '\1')}, text(0x001D, "2022:03:04")},
                    0);
        second = here();
        if (!recipe.thumbnail.empty()) {
            const auto size = static_cast<unsigned>(recipe.thumbnail.size());
            w.directory({{0x0103, 3, 1, {}, 6}, {0x0201, 4, 1, {}, thumbnail}, {0x0202, 4, 1, {}, size}}, 0);
            thumbnail = here();
            w.bytes.insert(w.bytes.end(), recipe.thumbnail.begin(), recipe.thumbnail.end());
        }
        if (pass == 1)
            return w.bytes;
    }
}

} // namespace steadyframe::tests
