#include "imaging/container_metadata.h"

#include "imaging/exif.h"
#include "imaging/image_resources.h"
#include "imaging/tiff_structure.h"
#include "imaging/xmp.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <zlib.h>

namespace steadyframe::imaging {
namespace {

using namespace std::string_view_literals;

/// Of one chunk with metadata, and of what a compressed one becomes.
constexpr std::size_t longestChunk = 16'000'000;
constexpr std::size_t mostChunks = 100'000;
constexpr std::size_t pngHead = 8;
constexpr std::size_t webpHead = 12;

constexpr auto xmpKeyword = "XML:com.adobe.xmp\0"sv;

/// A piece of a PNG or of a RIFF file.
struct Chunk {
    std::array<char, 4> type{};
    std::uint64_t begin = 0; ///< of the whole piece
    std::uint64_t content = 0;
    std::uint64_t size = 0; ///< of the content
    std::uint64_t end = 0; ///< of the whole piece, with its checksum or padding

    [[nodiscard]] bool is(std::string_view name) const { return std::string_view(type.data(), type.size()) == name; }
};

std::optional<Chunk> chunkAt(const RandomBytes &file, std::uint64_t at, bool png)
{
    std::array<std::uint8_t, 8> head{};
    if (!file.fill(at, head))
        return std::nullopt;
    Chunk chunk;
    const std::span<const std::uint8_t> bytes(head);
    std::copy_n(bytes.begin() + (png ? 4 : 0), 4, chunk.type.begin());
    chunk.begin = at;
    chunk.content = at + head.size();
    chunk.size = tiffNumber(bytes.subspan(png ? 0 : 4, 4), png);
    chunk.end = chunk.content + chunk.size + (png ? 4 : chunk.size & 1);
    // The padding after the last piece of a RIFF file is often missing.
    if (chunk.content + chunk.size > file.size())
        return std::nullopt;
    return chunk;
}

/// All whole chunks; false when the file ends within one.
template <class Visit>
bool visitChunks(const RandomBytes &file, bool png, Visit &&visit)
{
    std::uint64_t at = png ? pngHead : webpHead;
    for (std::size_t count = 0; at < file.size(); ++count) {
        const auto chunk = count < mostChunks ? chunkAt(file, at, png) : std::nullopt;
        if (!chunk)
            return false;
        visit(*chunk);
        if (png && chunk->is("IEND"))
            break; // whatever comes behind it is no part of the picture
        at = chunk->end;
    }
    return true;
}

std::vector<std::uint8_t> contentOf(const RandomBytes &file, const Chunk &chunk)
{
    if (chunk.size > longestChunk)
        return {};
    std::vector<std::uint8_t> content(static_cast<std::size_t>(chunk.size));
    if (!file.fill(chunk.content, content))
        content.clear();
    return content;
}

/// Empty when the data is damaged or would become too long.
std::vector<std::uint8_t> inflated(std::span<const std::uint8_t> compressed)
{
    std::vector<std::uint8_t> bytes;
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK)
        return bytes;
    stream.next_in = const_cast<Bytef *>(compressed.data());
    stream.avail_in = static_cast<uInt>(compressed.size());
    std::array<std::uint8_t, 16384> part{};
    int status = Z_OK;
    while (status == Z_OK && bytes.size() <= longestChunk) {
        stream.next_out = part.data();
        stream.avail_out = static_cast<uInt>(part.size());
        status = inflate(&stream, Z_NO_FLUSH);
        bytes.insert(bytes.end(), part.begin(), part.end() - stream.avail_out);
    }
    inflateEnd(&stream);
    if (status != Z_STREAM_END)
        bytes.clear();
    return bytes;
}

std::string_view textOf(std::span<const std::uint8_t> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

/// What follows a keyword and its zero.
std::span<const std::uint8_t> behindKeyword(std::span<const std::uint8_t> content)
{
    const auto zero = std::find(content.begin(), content.end(), std::uint8_t{0});
    return zero == content.end() ? std::span<const std::uint8_t>() : std::span(zero + 1, content.end());
}

/// An international text: a flag for compression, its method, a language and a translated keyword come before it.
std::vector<std::uint8_t> internationalText(std::span<const std::uint8_t> content)
{
    const auto behind = behindKeyword(content);
    if (behind.size() < 2)
        return {};
    const auto text = behindKeyword(behindKeyword(behind.subspan(2)));
    return behind[0] == 0 ? std::vector<std::uint8_t>(text.begin(), text.end()) : inflated(text);
}

void addComment(PhotoMetadata &metadata, std::span<const std::uint8_t> content, std::span<const std::uint8_t> text)
{
    const std::string_view keyword = textOf(content).substr(0, textOf(content).find('\0'));
    if (text.empty() || keyword.size() + 2 + text.size() > longestMarker)
        return;
    JpegMarker &comment = metadata.comments.emplace_back(JpegMarker{commentMarker, {keyword.begin(), keyword.end()}});
    comment.bytes.insert(comment.bytes.end(), {':', ' '});
    comment.bytes.insert(comment.bytes.end(), text.begin(), text.end());
}

void readPngChunk(const RandomBytes &file, const Chunk &chunk, ContainerMetadata &container)
{
    PhotoMetadata &metadata = container.metadata;
    if (chunk.is("eXIf")) {
        metadata.exif = contentOf(file, chunk);
    } else if (chunk.is("iCCP")) {
        const auto content = contentOf(file, chunk);
        const auto behind = behindKeyword(content);
        if (!behind.empty())
            container.icc = inflated(behind.subspan(1));
    } else if (chunk.is("iTXt")) {
        const auto content = contentOf(file, chunk);
        const auto text = internationalText(content);
        if (textOf(content).starts_with(xmpKeyword))
            metadata.xmp = textOf(text);
        else
            addComment(metadata, content, text);
    } else if (chunk.is("tEXt")) {
        const auto content = contentOf(file, chunk);
        addComment(metadata, content, behindKeyword(content));
    } else if (chunk.is("zTXt")) {
        const auto content = contentOf(file, chunk);
        const auto behind = behindKeyword(content);
        if (!behind.empty())
            addComment(metadata, content, inflated(behind.subspan(1)));
    }
}

void readWebpChunk(const RandomBytes &file, const Chunk &chunk, ContainerMetadata &container)
{
    if (chunk.is("ICCP")) {
        container.icc = contentOf(file, chunk);
    } else if (chunk.is("XMP ")) {
        container.metadata.xmp = textOf(contentOf(file, chunk));
    } else if (chunk.is("EXIF")) {
        std::vector<std::uint8_t> &exif = container.metadata.exif = contentOf(file, chunk);
        if (textOf(exif).starts_with("Exif\0\0"sv)) // as some programs write it
            exif.erase(exif.begin(), exif.begin() + 6);
    }
}

/// TIFF's own directories hold what EXIF does.
void readTiff(const RandomBytes &file, ContainerMetadata &container)
{
    const auto size = static_cast<std::size_t>(file.size());
    TiffReader tiff([&](std::size_t offset, std::span<std::uint8_t> buffer) { return file.fill(offset, buffer); },
                    size);
    if (!tiff.valid())
        return;
    const TiffDirectory main = tiff.directory(tiff.firstDirectory(), longestChunk);
    const auto valueOf = [&main](unsigned tag) {
        const TiffField *field = fieldOf(main, tag);
        return field ? field->value : std::vector<std::uint8_t>();
    };
    PhotoMetadata &metadata = container.metadata;
    metadata.xmp = textOf(valueOf(0x02BC));
    container.icc = valueOf(0x8773);
    metadata.resources = valueOf(0x8649);
    if (const auto iptc = valueOf(0x83BB); !iptc.empty() && metadata.resources.empty())
        metadata.resources = iptcAsResource(iptc);
    const auto numberOf = [&](unsigned tag) {
        const TiffField *field = fieldOf(main, tag);
        return field ? tiff.number(*field).value_or(0) : 0;
    };
    ExifChanges changes;
    changes.rule = MetadataRule::all();
    changes.width = static_cast<int>(numberOf(0x0100) & 0x7FFFFFFF);
    changes.height = static_cast<int>(numberOf(0x0101) & 0x7FFFFFFF);
    TiffReader again([&](std::size_t offset, std::span<std::uint8_t> buffer) { return file.fill(offset, buffer); },
                     size);
    metadata.exif = rewriteExif(again, changes).block;
}

void append(std::vector<std::uint8_t> &to, const RandomBytes &file, std::uint64_t begin, std::uint64_t end)
{
    const std::size_t at = to.size();
    to.resize(at + static_cast<std::size_t>(end - begin));
    if (!file.fill(begin, std::span(to).subspan(at)))
        to.resize(at + static_cast<std::size_t>(std::min(end, file.size()) - begin));
}

void appendNumber(std::vector<std::uint8_t> &to, bool bigEndian, std::size_t value)
{
    to.resize(to.size() + 4);
    putTiffNumber(std::span(to).last(4), bigEndian, static_cast<std::uint32_t>(value));
}

void appendPngChunk(std::vector<std::uint8_t> &to, std::string_view type, std::span<const std::uint8_t> content)
{
    appendNumber(to, true, content.size());
    const std::size_t checked = to.size();
    to.insert(to.end(), type.begin(), type.end());
    to.insert(to.end(), content.begin(), content.end());
    const auto sum = crc32(0, to.data() + checked, static_cast<uInt>(to.size() - checked));
    appendNumber(to, true, sum);
}

void appendWebpChunk(std::vector<std::uint8_t> &to, std::string_view type, std::span<const std::uint8_t> content)
{
    to.insert(to.end(), type.begin(), type.end());
    appendNumber(to, false, content.size());
    to.insert(to.end(), content.begin(), content.end());
    if (content.size() & 1)
        to.push_back(0);
}

struct Kept {
    std::vector<std::uint8_t> exif;
    std::string xmp;
};

Kept keptOf(const PhotoMetadata &metadata, const MetadataChanges &changes)
{
    Kept kept;
    if (!metadata.exif.empty())
        kept.exif
            = rewriteExif(metadata.exif, {changes.rule, changes.width, changes.height, changes.orientation, {}}).block;
    if (!metadata.xmp.empty())
        kept.xmp = rewriteXmp(metadata.xmp, {changes.rule, changes.width, changes.height, false, 0}).packet;
    if (kept.exif.empty() && changes.orientation != Orientation::upright)
        kept.exif = exifWithOrientation(changes.orientation);
    return kept;
}

std::span<const std::uint8_t> bytesOf(const std::string &text)
{
    return {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()};
}

std::optional<std::vector<std::uint8_t>> strippedPng(const RandomBytes &file, const Kept &kept,
                                                     const MetadataRule &rule)
{
    std::vector<std::uint8_t> bytes;
    append(bytes, file, 0, pngHead);
    bool ended = false;
    const bool whole = visitChunks(file, true, [&](const Chunk &chunk) {
        const bool text = chunk.is("iTXt") || chunk.is("tEXt") || chunk.is("zTXt");
        if (chunk.is("eXIf") || (chunk.is("tIME") && !rule.date))
            return;
        if (text) {
            const auto content = contentOf(file, chunk);
            if (!rule.comments || textOf(content).starts_with(xmpKeyword))
                return;
        }
        append(bytes, file, chunk.begin, std::min(chunk.end, file.size()));
        ended = ended || chunk.is("IEND");
        if (!chunk.is("IHDR"))
            return;
        if (!kept.exif.empty())
            appendPngChunk(bytes, "eXIf", kept.exif);
        if (!kept.xmp.empty()) {
            std::vector<std::uint8_t> content(xmpKeyword.begin(), xmpKeyword.end());
            content.resize(content.size() + 4); // not compressed, by no method, of no language, not translated
            content.insert(content.end(), kept.xmp.begin(), kept.xmp.end());
            appendPngChunk(bytes, "iTXt", content);
        }
    });
    if (!whole || !ended)
        return std::nullopt;
    return bytes;
}

std::optional<std::vector<std::uint8_t>> strippedWebp(const RandomBytes &file, const Kept &kept)
{
    constexpr std::uint8_t exifFlag = 0x08;
    constexpr std::uint8_t xmpFlag = 0x04;
    std::vector<std::uint8_t> bytes;
    append(bytes, file, 0, webpHead);
    bool extended = false;
    const bool whole = visitChunks(file, false, [&](const Chunk &chunk) {
        if (chunk.is("EXIF") || chunk.is("XMP "))
            return;
        const std::size_t at = bytes.size();
        append(bytes, file, chunk.begin, std::min(chunk.end, file.size()));
        if (chunk.is("VP8X") && chunk.size > 0) {
            extended = true;
            std::uint8_t &flags = bytes[at + 8];
            flags = static_cast<std::uint8_t>(flags & ~(exifFlag | xmpFlag));
            flags = static_cast<std::uint8_t>(flags | (kept.exif.empty() ? 0 : exifFlag)
                                              | (kept.xmp.empty() ? 0 : xmpFlag));
        }
    });
    if (!whole)
        return std::nullopt;
    if (extended && !kept.exif.empty())
        appendWebpChunk(bytes, "EXIF", kept.exif);
    if (extended && !kept.xmp.empty())
        appendWebpChunk(bytes, "XMP ", bytesOf(kept.xmp));
    putTiffNumber(std::span(bytes).subspan(4, 4), false, static_cast<std::uint32_t>(bytes.size() - 8));
    return bytes;
}

} // namespace

ContainerMetadata readContainer(const RandomBytes &file, PictureFormat format)
{
    ContainerMetadata container;
    container.known = true;
    switch (format) {
    case PictureFormat::png:
        visitChunks(file, true, [&](const Chunk &chunk) { readPngChunk(file, chunk, container); });
        break;
    case PictureFormat::webp:
        visitChunks(file, false, [&](const Chunk &chunk) { readWebpChunk(file, chunk, container); });
        break;
    case PictureFormat::tiff:
        readTiff(file, container);
        break;
    default:
        container.known = format == PictureFormat::bmp;
    }
    return container;
}

std::optional<std::vector<std::uint8_t>> strippedContainer(const RandomBytes &file, PictureFormat format,
                                                           const MetadataChanges &changes)
{
    if (format != PictureFormat::png && format != PictureFormat::webp)
        return std::nullopt;
    const Kept kept = keptOf(readContainer(file, format).metadata, changes);
    return format == PictureFormat::png ? strippedPng(file, kept, changes.rule) : strippedWebp(file, kept);
}

} // namespace steadyframe::imaging
