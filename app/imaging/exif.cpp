#include "imaging/exif.h"

#include "imaging/tiff_structure.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace steadyframe::imaging {
namespace {

using namespace std::string_view_literals;

enum Tag : std::uint16_t {
    interopIndexTag = 0x0001,
    gpsTimeTag = 0x0007,
    gpsDateTag = 0x001D,
    imageWidthTag = 0x0100,
    imageHeightTag = 0x0101,
    compressionTag = 0x0103,
    makeTag = 0x010F,
    orientationTag = 0x0112,
    thumbnailOffsetTag = 0x0201,
    thumbnailLengthTag = 0x0202,
    exifDirectoryTag = 0x8769,
    gpsDirectoryTag = 0x8825,
    makerNoteTag = 0x927C,
    colorSpaceTag = 0xA001,
    widthTag = 0xA002,
    heightTag = 0xA003,
    interopDirectoryTag = 0xA005,
};
enum Type : std::uint8_t { shortType = 3, longType = 4 };

/// Of a JPEG's segment, less the name of the block.
constexpr std::size_t longestBlock = 65533 - 6;
constexpr std::uint32_t jpegCompression = 6;
constexpr std::uint32_t uncalibrated = 0xFFFF;

/// What an entry tells about. `person` needs two kinds. `hidden` may tell anything and is told elsewhere too; `dropped`
/// only serves how the file is stored.
enum class Kind { picture, camera, date, comments, person, hidden, dropped };

Kind mainKind(unsigned tag)
{
    switch (tag) {
    case 0x00FE: // NewSubfileType
    case 0x011A: // XResolution
    case 0x011B: // YResolution
    case 0x0128: // ResolutionUnit
    case imageWidthTag:
    case imageHeightTag:
    case orientationTag:
    case 0x0211: // YCbCrCoefficients
    case 0x0213: // YCbCrPositioning
    case 0x0214: // ReferenceBlackWhite
    case 0x013E: // WhitePoint
    case 0x013F: // PrimaryChromaticities
    case 0x012D: // TransferFunction
        return Kind::picture;
    case 0x0132: // DateTime
        return Kind::date;
    case 0x010D: // DocumentName
    case 0x010E: // ImageDescription
    case 0x013B: // Artist
    case 0x4746: // Rating
    case 0x4749: // RatingPercent
    case 0x8298: // Copyright
    case 0x9C9B: // XPTitle
    case 0x9C9C: // XPComment
    case 0x9C9D: // XPAuthor
    case 0x9C9E: // XPKeywords
    case 0x9C9F: // XPSubject
        return Kind::comments;
    case 0x0102: // BitsPerSample: how a TIFF stores its pixels, which a JPEG does not
    case compressionTag:
    case 0x0106: // PhotometricInterpretation
    case 0x010A: // FillOrder
    case 0x0111: // StripOffsets
    case 0x0115: // SamplesPerPixel
    case 0x0116: // RowsPerStrip
    case 0x0117: // StripByteCounts
    case 0x011C: // PlanarConfiguration
    case 0x013D: // Predictor
    case 0x0140: // ColorMap
    case 0x0142: // TileWidth
    case 0x0143: // TileLength
    case 0x0144: // TileOffsets
    case 0x0145: // TileByteCounts
    case 0x014C: // InkSet
    case 0x0152: // ExtraSamples
    case 0x0153: // SampleFormat
    case 0x015B: // JPEGTables
    case thumbnailOffsetTag:
    case thumbnailLengthTag:
    case 0x0212: // YCbCrSubSampling
    case 0x8773: // the colour profile, which has its own segment
    case exifDirectoryTag:
    case gpsDirectoryTag:
    case interopDirectoryTag:
        return Kind::dropped;
    case 0x014A: // SubIFDs: other pictures
    case 0x02BC: // XMP
    case 0x83BB: // IPTC
    case 0x8649: // Photoshop's resources
    case 0x935C: // Photoshop's layers
    case 0xEA1C: // padding
        return Kind::hidden;
    default:
        return Kind::camera;
    }
}

Kind exifKind(unsigned tag)
{
    switch (tag) {
    case 0x9000: // ExifVersion
    case 0x9101: // ComponentsConfiguration
    case 0xA000: // FlashpixVersion
    case colorSpaceTag:
    case widthTag:
    case heightTag:
    case 0xA500: // Gamma
        return Kind::picture;
    case 0x9003: // DateTimeOriginal
    case 0x9004: // DateTimeDigitized
    case 0x9010: // OffsetTime
    case 0x9011: // OffsetTimeOriginal
    case 0x9012: // OffsetTimeDigitized
    case 0x9290: // SubSecTime
    case 0x9291: // SubSecTimeOriginal
    case 0x9292: // SubSecTimeDigitized
        return Kind::date;
    case 0x9286: // UserComment
    case 0xA436: // ImageTitle
    case 0xA437: // Photographer
    case 0xA438: // ImageEditor
        return Kind::comments;
    case 0xA430: // CameraOwnerName
        return Kind::person;
    case 0xEA1C: // padding
        return Kind::hidden;
    case interopDirectoryTag:
        return Kind::dropped;
    default:
        return Kind::camera;
    }
}

bool keeps(const MetadataRule &rule, Kind kind)
{
    switch (kind) {
    case Kind::picture:
        return true;
    case Kind::camera:
        return rule.camera;
    case Kind::date:
        return rule.date;
    case Kind::comments:
        return rule.comments;
    case Kind::person:
        return rule.camera && rule.comments;
    default:
        return false;
    }
}

std::string_view textOf(const TiffField *field)
{
    if (!field)
        return {};
    return {reinterpret_cast<const char *>(field->value.data()), field->value.size()};
}

/// Makers that write names of places, or the way of a flight, into their note.
bool noteTellsPlaces(const TiffDirectory &main, const TiffField &note)
{
    return textOf(&note).starts_with("Panasonic"sv) || textOf(fieldOf(main, makeTag)).starts_with("DJI"sv);
}

/// Directories and what has to be known of them to write them anew.
class Rewriter {
public:
    Rewriter(TiffReader &tiff, const ExifChanges &changes) : m_tiff(tiff), m_changes(changes) {}

    ExifRewrite run()
    {
        if (!m_tiff.valid())
            return {{}, false, true};
        const MetadataRule &rule = m_changes.rule;
        std::size_t next = 0;
        const TiffDirectory main = m_tiff.directory(m_tiff.firstDirectory(), longestBlock, &next);
        m_tree.bigEndian = m_tiff.bigEndian();
        const TiffDirectory exif = pointed(main, exifDirectoryTag);
        const TiffDirectory gps = pointed(main, gpsDirectoryTag);
        const TiffDirectory interop = pointed(exif, interopDirectoryTag);
        m_tree.main.fields = kept(main, mainKind);
        TiffTree::Child exifChild{exifDirectoryTag, kept(exif, exifKind), {}};
        if (rule.camera && !rule.gps)
            dropTalkativeNote(main, exifChild.fields);
        // Without the directory of EXIF, what the other ones say of the picture is not needed either.
        if (!interop.empty() && !exifChild.fields.empty())
            exifChild.children.push_back({interopDirectoryTag, interop, {}});
        if (!exifChild.fields.empty())
            m_tree.main.children.push_back(std::move(exifChild));
        if (rule.gps && !gps.empty())
            m_tree.main.children.push_back({gpsDirectoryTag, keptGps(gps), {}});
        m_leftOut = m_leftOut || (!rule.gps && !gps.empty());
        m_tree.pinnedTag = makerNoteTag;
        takeThumbnail(next);
        ExifRewrite rewrite;
        if (rule != MetadataRule::none() && !(m_tree.main.fields.empty() && m_tree.main.children.empty()))
            rewrite.block = fitting();
        else
            m_leftOut = m_leftOut || !main.empty();
        rewrite.leftOut = m_leftOut;
        rewrite.damaged = m_tiff.damaged();
        return rewrite;
    }

private:
    TiffDirectory pointed(const TiffDirectory &directory, unsigned tag)
    {
        const TiffField *pointer = fieldOf(directory, tag);
        const auto offset = pointer ? m_tiff.number(*pointer) : std::nullopt;
        return offset ? m_tiff.directory(*offset, longestBlock) : TiffDirectory();
    }

    TiffDirectory kept(const TiffDirectory &directory, Kind (*kindOf)(unsigned))
    {
        TiffDirectory fields;
        for (const TiffField &field : directory) {
            const Kind kind = kindOf(field.tag);
            if (!keeps(m_changes.rule, kind)) {
                const bool matters = kind == Kind::hidden ? !m_changes.rule.keepsWhatIsTold() : kind != Kind::dropped;
                m_leftOut = m_leftOut || matters;
                continue;
            }
            fields.push_back(field);
            update(fields.back());
        }
        return fields;
    }

    TiffDirectory keptGps(const TiffDirectory &gps)
    {
        TiffDirectory fields = gps;
        if (!m_changes.rule.date) {
            const auto tellsTheDate
                = [](const TiffField &field) { return field.tag == gpsTimeTag || field.tag == gpsDateTag; };
            m_leftOut = std::erase_if(fields, tellsTheDate) > 0 || m_leftOut;
        }
        return fields;
    }

    void dropTalkativeNote(const TiffDirectory &main, TiffDirectory &exif)
    {
        const auto talks
            = [&](const TiffField &field) { return field.tag == makerNoteTag && noteTellsPlaces(main, field); };
        m_leftOut = std::erase_if(exif, talks) > 0 || m_leftOut;
    }

    /// What is no longer true of the picture.
    void update(TiffField &field)
    {
        const auto set = [&](int value) {
            const bool fits = field.type == longType || (field.type == shortType && value <= 0xFFFF);
            field = tiffNumberField(field.tag, fits ? field.type : std::uint16_t{longType},
                                    static_cast<std::uint32_t>(value), m_tree.bigEndian);
        };
        if (field.tag == orientationTag)
            set(static_cast<int>(m_changes.orientation));
        else if (field.tag == widthTag || field.tag == imageWidthTag)
            set(m_changes.width);
        else if (field.tag == heightTag || field.tag == imageHeightTag)
            set(m_changes.height);
    }

    void takeThumbnail(std::size_t directory)
    {
        if (directory == 0)
            return;
        const TiffDirectory second = m_tiff.directory(directory, longestBlock);
        m_leftOut = m_leftOut || !m_changes.rule.thumbnail || m_changes.thumbnail.empty();
        if (!m_changes.rule.thumbnail || m_changes.thumbnail.empty())
            return;
        m_tree.second.emplace();
        for (const TiffField &field : second) {
            const bool resolution = field.tag == 0x011A || field.tag == 0x011B || field.tag == 0x0128;
            if (resolution || field.tag == compressionTag)
                m_tree.second->push_back(field);
        }
        m_tree.thumbnail = m_changes.thumbnail;
    }

    /// The bytes, after leaving out what makes them longer than a segment: values that overlap can add up to more than
    /// the block that they come from.
    std::vector<std::uint8_t> fitting()
    {
        std::vector<std::uint8_t> block = writeTiff(m_tree);
        if (block.size() <= longestBlock)
            return block;
        m_leftOut = true;
        m_tree.second.reset();
        m_tree.thumbnail.clear();
        for (std::size_t longest : {std::size_t{32768}, std::size_t{4096}, std::size_t{256}, std::size_t{4}}) {
            block = writeTiff(m_tree);
            if (block.size() <= longestBlock)
                return block;
            dropLonger(m_tree.main, longest);
        }
        block = writeTiff(m_tree);
        return block.size() <= longestBlock ? block : std::vector<std::uint8_t>();
    }

    static void dropLonger(TiffTree::Child &directory, std::size_t longest)
    {
        std::erase_if(directory.fields, [=](const TiffField &field) { return field.value.size() > longest; });
        for (TiffTree::Child &child : directory.children)
            dropLonger(child, longest);
    }

    TiffReader &m_tiff;
    const ExifChanges &m_changes;
    TiffTree m_tree;
    bool m_leftOut = false;
};

TiffReader readerOf(std::span<const std::uint8_t> block)
{
    return {[block](std::size_t offset, std::span<std::uint8_t> buffer) {
                if (offset > block.size() || buffer.size() > block.size() - offset)
                    return false;
                std::copy_n(block.begin() + static_cast<std::ptrdiff_t>(offset), buffer.size(), buffer.begin());
                return true;
            },
            block.size()};
}

std::optional<ExifRange> thumbnailOf(const TiffReader &tiff, const TiffDirectory &directory, std::size_t blockSize)
{
    const TiffField *offset = fieldOf(directory, thumbnailOffsetTag);
    const TiffField *length = fieldOf(directory, thumbnailLengthTag);
    if (!offset || !length)
        return std::nullopt;
    const ExifRange range{tiff.number(*offset).value_or(0), tiff.number(*length).value_or(0)};
    const TiffField *compression = fieldOf(directory, compressionTag);
    if (compression && tiff.number(*compression) != jpegCompression)
        return std::nullopt;
    if (range.size == 0 || range.offset < 8 || range.offset > blockSize || range.size > blockSize - range.offset)
        return std::nullopt;
    return range;
}

} // namespace

ExifFacts readExif(std::span<const std::uint8_t> block)
{
    ExifFacts facts;
    TiffReader tiff = readerOf(block);
    if (!tiff.valid())
        return facts;
    const auto numberIn = [&tiff](const TiffDirectory &directory, unsigned tag) -> std::uint32_t {
        const TiffField *field = fieldOf(directory, tag);
        return field ? tiff.number(*field).value_or(0) : 0;
    };
    constexpr std::size_t short_ = 16; // only numbers and a name of four letters are looked at
    std::size_t next = 0;
    const TiffDirectory main = tiff.directory(tiff.firstDirectory(), short_, &next);
    const std::uint32_t orientation = numberIn(main, orientationTag);
    if (orientation >= 1 && orientation <= 8)
        facts.orientation = static_cast<Orientation>(orientation);
    if (next != 0)
        facts.thumbnail = thumbnailOf(tiff, tiff.directory(next, short_), block.size());
    if (const std::uint32_t exifAt = numberIn(main, exifDirectoryTag)) {
        const TiffDirectory exif = tiff.directory(exifAt, short_);
        const std::uint32_t interopAt = numberIn(exif, interopDirectoryTag);
        const bool r03 = interopAt != 0
            && textOf(fieldOf(tiff.directory(interopAt, short_), interopIndexTag)).starts_with("R03"sv);
        facts.adobeRgb = r03 && numberIn(exif, colorSpaceTag) == uncalibrated;
    }
    return facts;
}

ExifRewrite rewriteExif(TiffReader &tiff, const ExifChanges &changes)
{
    return Rewriter(tiff, changes).run();
}

ExifRewrite rewriteExif(std::span<const std::uint8_t> block, const ExifChanges &changes)
{
    TiffReader tiff = readerOf(block);
    return rewriteExif(tiff, changes);
}

std::vector<std::uint8_t> exifWithOrientation(Orientation orientation)
{
    // Big-endian, the first directory at 8: one entry and no further directory.
    constexpr std::array<std::uint8_t, 26> block
        = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, shortType, 0, 0, 0, 1};
    std::vector<std::uint8_t> bytes(block.begin(), block.end());
    bytes[19] = static_cast<std::uint8_t>(orientation);
    return bytes;
}

} // namespace steadyframe::imaging
