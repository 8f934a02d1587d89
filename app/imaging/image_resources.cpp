#include "imaging/image_resources.h"

#include <algorithm>
#include <string_view>

namespace steadyframe::imaging {
namespace {

constexpr std::string_view signature = "8BIM";
constexpr unsigned iptcResource = 0x0404;
constexpr unsigned iptcDigestResource = 0x0425;
constexpr std::uint8_t dataSetMarker = 0x1C;

unsigned number(std::span<const std::uint8_t> bytes, std::size_t size)
{
    unsigned value = 0;
    for (std::size_t i = 0; i < size; ++i)
        value = value << 8 | bytes[i];
    return value;
}

enum class Kind { comments, date, gps, camera, thumbnail, needed };

Kind dataSetKind(unsigned record, unsigned set)
{
    if (record == 1)
        return set == 70 || set == 80 ? Kind::date : Kind::needed; // sent on, sent at; others are about the coding
    if (record != 2)
        return Kind::comments;
    switch (set) {
    case 0: // version
        return Kind::needed;
    case 26: // content location code
    case 27: // content location name
    case 90: // city
    case 92: // sublocation
    case 95: // province
    case 100: // country code
    case 101: // country
        return Kind::gps;
    case 30: // released on
    case 35:
    case 37: // expires on
    case 38:
    case 47: // reference
    case 55: // created on
    case 60:
    case 62: // digitised on
    case 63:
        return Kind::date;
    case 65: // program
    case 70:
        return Kind::camera;
    case 200: // preview
    case 201:
    case 202:
        return Kind::thumbnail;
    default:
        return Kind::comments;
    }
}

bool keeps(const MetadataRule &rule, Kind kind)
{
    switch (kind) {
    case Kind::comments:
        return rule.comments;
    case Kind::date:
        return rule.date;
    case Kind::gps:
        return rule.gps;
    case Kind::camera:
        return rule.camera;
    case Kind::thumbnail:
        return rule.thumbnail;
    default:
        return true;
    }
}

/// What is left of IPTC's data sets, when more is left than what is said of their coding.
std::vector<std::uint8_t> keptIptc(std::span<const std::uint8_t> bytes, const MetadataRule &rule,
                                   ResourcesRewrite &rewrite)
{
    std::vector<std::uint8_t> kept;
    bool telling = false;
    while (bytes.size() >= 5 && bytes[0] == dataSetMarker) {
        std::size_t head = 5;
        std::size_t size = number(bytes.subspan(3), 2);
        if (size & 0x8000) { // the length of a length
            const std::size_t digits = size & 0x7FFF;
            if (digits == 0 || digits > 4 || bytes.size() < head + digits)
                break;
            size = number(bytes.subspan(head), digits);
            head += digits;
        }
        if (size > bytes.size() - head)
            break;
        const Kind kind = dataSetKind(bytes[1], bytes[2]);
        if (keeps(rule, kind)) {
            kept.insert(kept.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(head + size));
            telling = telling || kind != Kind::needed;
        } else {
            rewrite.leftOut = true;
        }
        bytes = bytes.subspan(head + size);
    }
    const bool padding = std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
    rewrite.damaged = rewrite.damaged || !padding;
    return telling ? kept : std::vector<std::uint8_t>();
}

bool isPictureOrCopy(unsigned resource)
{
    switch (resource) {
    case 0x0409: // thumbnail
    case 0x040C: // thumbnail
    case 0x040F: // colour profile
    case 0x0422: // EXIF
    case 0x0423: // EXIF
    case 0x0424: // XMP
        return true;
    default:
        return false;
    }
}

void append(std::vector<std::uint8_t> &to, std::span<const std::uint8_t> head, std::span<const std::uint8_t> content)
{
    to.insert(to.end(), head.begin(), head.end());
    const auto size = static_cast<std::uint32_t>(content.size());
    for (int shift : {24, 16, 8, 0})
        to.push_back(static_cast<std::uint8_t>(size >> shift));
    to.insert(to.end(), content.begin(), content.end());
    if (content.size() & 1)
        to.push_back(0);
}

} // namespace

ResourcesRewrite rewriteResources(std::span<const std::uint8_t> bytes, const MetadataRule &rule)
{
    ResourcesRewrite rewrite;
    while (!bytes.empty()) {
        // Signature, number, a name of even length with its own length, the size, the content padded to even.
        const bool begins = bytes.size() >= 12 && std::equal(signature.begin(), signature.end(), bytes.begin());
        const std::size_t name = begins ? (std::size_t{bytes[6]} + 2) & ~std::size_t{1} : 0;
        const std::size_t head = 6 + name;
        if (!begins || bytes.size() < head + 4) {
            rewrite.damaged = true;
            break;
        }
        const std::size_t size = number(bytes.subspan(head), 4);
        if (size > bytes.size() - head - 4) {
            rewrite.damaged = true;
            break;
        }
        const unsigned resource = number(bytes.subspan(4), 2);
        const auto content = bytes.subspan(head + 4, size);
        if (resource == iptcResource) {
            if (const auto kept = keptIptc(content, rule, rewrite); !kept.empty())
                append(rewrite.bytes, bytes.first(head), kept);
        } else if (isPictureOrCopy(resource) || resource == iptcDigestResource) {
            // A digest of IPTC would be wrong once a part of it is gone, and says nothing by itself.
            rewrite.leftOut = rewrite.leftOut || (resource != iptcDigestResource && rule != MetadataRule::all());
        } else if (rule.comments) {
            append(rewrite.bytes, bytes.first(head), content);
        } else {
            rewrite.leftOut = true;
        }
        bytes = bytes.subspan(std::min(bytes.size(), head + 4 + size + (size & 1)));
    }
    return rewrite;
}

std::vector<std::uint8_t> iptcAsResource(std::span<const std::uint8_t> dataSets)
{
    std::vector<std::uint8_t> head(signature.begin(), signature.end());
    head.insert(head.end(), {iptcResource >> 8, iptcResource & 0xFF, 0, 0});
    std::vector<std::uint8_t> bytes;
    append(bytes, head, dataSets);
    return bytes;
}

} // namespace steadyframe::imaging
