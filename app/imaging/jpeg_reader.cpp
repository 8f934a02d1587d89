#include "imaging/jpeg_reader.h"

#include "imaging/colors.h"
#include "imaging/exif.h"
#include "imaging/jpeg_guard.h"
#include "imaging/jpeg_streams.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace steadyframe::imaging {
namespace {

constexpr int exifMarker = JPEG_APP0 + 1;
constexpr int iccMarker = JPEG_APP0 + 2;
constexpr std::string_view exifName("Exif\0\0", 6);
constexpr int convertedRowsInStripe = 8;
/// The most that a sensible file has is a few dozen; each costs a pass over the whole picture.
constexpr int mostScans = 500;

std::vector<std::uint8_t> exifOf(const jpeg_decompress_struct &codec)
{
    for (const jpeg_marker_struct *marker = codec.marker_list; marker; marker = marker->next) {
        if (marker->marker == exifMarker && marker->data_length > exifName.size()
            && std::memcmp(marker->data, exifName.data(), exifName.size()) == 0)
            return {marker->data + exifName.size(), marker->data + marker->data_length};
    }
    return {};
}

} // namespace

struct JpegReader::Codec {
    JpegErrors errors;
    JpegSource source;
    jpeg_decompress_struct jpeg{};
    bool created = false;
    bool converts = false; ///< from RGB or CMYK
    bool manyScans = false;
    int rowsDone = 0;
    int stripeCount = 0;
    std::vector<ChannelLayout> channels;
    std::vector<std::uint8_t> pixels; ///< one row, for conversion

    explicit Codec(ByteSource &bytes) : source(bytes)
    {
        jpeg.err = &errors.base;
        created = guarded(errors, [this] { jpeg_create_decompress(&jpeg); });
        jpeg.src = &source.base;
        jpeg.progress = &errors.progress;
    }
    Codec(const Codec &) = delete;
    Codec &operator=(const Codec &) = delete;
    ~Codec() { jpeg_destroy_decompress(&jpeg); }

    [[nodiscard]] ImagingError error() const;
    [[nodiscard]] ImagingError truncatedError() const;
    [[nodiscard]] ImagingError libraryError() const;
    [[nodiscard]] std::optional<ImagingError> damage() const;
    [[nodiscard]] std::string place() const;
    [[nodiscard]] std::optional<ImagingError> excess(const ImagingLimits &limits) const;
    [[nodiscard]] bool isYcc() const;
    void layOut();
};

std::string JpegReader::Codec::place() const
{
    if (channels.empty())
        return "in its header";
    if (rowsDone == 0 && manyScans)
        return "in pass " + std::to_string(std::max(1, jpeg.input_scan_number)) + " of its progressive picture";
    const auto height = std::max<std::uint64_t>(1, jpeg.output_height);
    const auto percent = std::min<std::uint64_t>(100, static_cast<std::uint64_t>(rowsDone) * 100 / height);
    return "after " + std::to_string(percent) + " % of its rows";
}

ImagingError JpegReader::Codec::truncatedError() const
{
    return {ImagingErrc::truncated,
            "The JPEG ends " + place() + ": the rest of the file is missing. Copy it again from where it came."};
}

ImagingError JpegReader::Codec::libraryError() const
{
    switch (errors.code) {
    case JERR_OUT_OF_MEMORY:
        return outOfMemoryError();
    case JERR_IMAGE_TOO_BIG:
        return {ImagingErrc::tooLarge,
                "The JPEG claims " + grouped(jpeg.image_width) + " by " + grouped(jpeg.image_height)
                    + " pixels; a side can have 65,500. Pick a smaller picture."};
    case JERR_SOF_UNSUPPORTED:
    case JERR_BAD_PRECISION:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_BAD_J_COLORSPACE:
    case JERR_COMPONENT_COUNT:
        return {ImagingErrc::unsupported,
                std::string("This kind of JPEG can't be read (") + errors.words
                    + "). Save it as an ordinary JPEG first."};
    default:
        return {ImagingErrc::corrupt,
                "The JPEG is damaged " + place() + " (" + errors.words + "). Copy it again from where it came."};
    }
}

ImagingError JpegReader::Codec::error() const
{
    switch (errors.cause) {
    case JpegErrors::Cause::cancelled:
        return cancelledError();
    case JpegErrors::Cause::endOfSource:
        return truncatedError();
    case JpegErrors::Cause::readFailed:
        return readError(errors.readErrno);
    default:
        return libraryError();
    }
}

std::optional<ImagingError> JpegReader::Codec::damage() const
{
    if (!errors.damaged)
        return std::nullopt;
    return ImagingError{ImagingErrc::corrupt,
                        "The JPEG is damaged " + place() + " (" + errors.words
                            + "). Copy it again from where it came."};
}

std::optional<ImagingError> JpegReader::Codec::excess(const ImagingLimits &limits) const
{
    if (std::uint64_t{jpeg.image_width} * jpeg.image_height <= limits.pixels)
        return std::nullopt;
    return tooManyPixelsError(jpeg.image_width, jpeg.image_height, limits);
}

bool JpegReader::Codec::isYcc() const
{
    return jpeg.jpeg_color_space == JCS_YCbCr || jpeg.jpeg_color_space == JCS_GRAYSCALE;
}

void JpegReader::Codec::layOut()
{
    channels.clear();
    if (converts) {
        const int width = static_cast<int>(jpeg.output_width);
        const int height = static_cast<int>(jpeg.output_height);
        const double scale = static_cast<double>(jpeg.scale_num) / jpeg.scale_denom;
        channels.assign(3, {width, height, convertedRowsInStripe, jpeg.image_width * scale, jpeg.image_height * scale});
        pixels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(jpeg.output_components));
        stripeCount = (height + convertedRowsInStripe - 1) / convertedRowsInStripe;
        return;
    }
    for (int i = 0; i < jpeg.num_components; ++i) {
        const jpeg_component_info &component = jpeg.comp_info[i];
        const double size = component.DCT_scaled_size;
        ChannelLayout layout;
        layout.width = static_cast<int>(component.downsampled_width);
        layout.height = static_cast<int>(component.downsampled_height);
        layout.rowsInStripe = component.v_samp_factor * component.DCT_scaled_size;
        layout.coveredWidth = jpeg.image_width * component.h_samp_factor * size / (jpeg.max_h_samp_factor * DCTSIZE);
        layout.coveredHeight = jpeg.image_height * component.v_samp_factor * size / (jpeg.max_v_samp_factor * DCTSIZE);
        channels.push_back(layout);
    }
    stripeCount = static_cast<int>(jpeg.total_iMCU_rows);
}

JpegReader::JpegReader(ByteSource &source, const std::stop_token &stop) : m_codec(std::make_unique<Codec>(source))
{
    m_codec->errors.stop = stop;
}

JpegReader::~JpegReader() = default;

isolate::Result<JpegHeader, ImagingError> JpegReader::readHeader(const ImagingLimits &limits)
{
    jpeg_decompress_struct &jpeg = m_codec->jpeg;
    const bool read = m_codec->created && guarded(m_codec->errors, [&jpeg] {
                          jpeg_save_markers(&jpeg, exifMarker, 0xFFFF);
                          jpeg_save_markers(&jpeg, iccMarker, 0xFFFF);
                          jpeg_read_header(&jpeg, TRUE);
                      });
    // A claim that is too large is the better explanation, whatever else is wrong with the file.
    if (auto error = m_codec->excess(limits))
        return std::move(*error);
    if (!read)
        return m_codec->error();

    JpegHeader header;
    header.width = static_cast<int>(jpeg.image_width);
    header.height = static_cast<int>(jpeg.image_height);
    header.gray = jpeg.jpeg_color_space == JCS_GRAYSCALE;
    header.cmyk = jpeg.jpeg_color_space == JCS_CMYK || jpeg.jpeg_color_space == JCS_YCCK;
    m_codec->converts = !m_codec->isYcc();
    const jpeg_component_info *components = jpeg.comp_info;
    if (header.gray) {
        header.plainBlocks = components[0].h_samp_factor == 1 && components[0].v_samp_factor == 1;
    } else if (jpeg.jpeg_color_space == JCS_YCbCr) {
        header.chroma = {std::max(1, jpeg.max_h_samp_factor / components[1].h_samp_factor),
                         std::max(1, jpeg.max_v_samp_factor / components[1].v_samp_factor)};
        header.plainBlocks = components[0].h_samp_factor == header.chroma.x
            && components[0].v_samp_factor == header.chroma.y
            && std::all_of(components + 1, components + 3, [](const jpeg_component_info &component) {
                                 return component.h_samp_factor == 1 && component.v_samp_factor == 1;
                             });
    }
    header.exif = exifOf(jpeg);
    header.orientation = readExif(header.exif).orientation;
    JOCTET *profile = nullptr;
    unsigned profileSize = 0;
    if (guarded(m_codec->errors, [&] { jpeg_read_icc_profile(&jpeg, &profile, &profileSize); }) && profile)
        header.icc.assign(profile, profile + profileSize);
    std::free(profile);
    if (jpeg.saw_JFIF_marker)
        header.density = PixelDensity{jpeg.density_unit, jpeg.X_density, jpeg.Y_density};
    return header;
}

std::optional<ScanDecoder> JpegReader::scanDecoder()
{
    return ScanDecoder::make(m_codec->jpeg, m_codec->source);
}

isolate::Result<void, ImagingError> JpegReader::start(int eighths, const std::function<void()> &step)
{
    jpeg_decompress_struct &jpeg = m_codec->jpeg;
    m_codec->manyScans = jpeg_has_multiple_scans(&jpeg);
    jpeg.buffered_image = m_codec->manyScans;
    jpeg.scale_num = static_cast<unsigned>(eighths);
    jpeg.scale_denom = 8;
    jpeg.dct_method = JDCT_ISLOW;
    if (!m_codec->converts) {
        jpeg.raw_data_out = TRUE;
        jpeg.out_color_space = jpeg.jpeg_color_space;
    } else {
        jpeg.out_color_space = jpeg.jpeg_color_space == JCS_RGB ? JCS_RGB : JCS_CMYK;
    }
    if (!guarded(m_codec->errors, [&jpeg] { jpeg_start_decompress(&jpeg); }))
        return m_codec->error();
    m_codec->layOut();
    if (!m_codec->manyScans)
        return {};
    for (int status = JPEG_SUSPENDED; status != JPEG_REACHED_EOI;) {
        if (m_codec->errors.stop.stop_requested())
            return cancelledError();
        if (!guarded(m_codec->errors, [&] { status = jpeg_consume_input(&jpeg); }))
            return m_codec->error();
        if (auto error = m_codec->damage())
            return std::move(*error);
        if (jpeg.input_scan_number > mostScans)
            return ImagingError{ImagingErrc::corrupt,
                                "The JPEG has more passes than any real picture. Pick another file."};
        if (step)
            step();
    }
    if (!guarded(m_codec->errors, [&jpeg] { jpeg_start_output(&jpeg, jpeg.input_scan_number); }))
        return m_codec->error();
    return {};
}

const std::vector<ChannelLayout> &JpegReader::channels() const noexcept
{
    return m_codec->channels;
}

int JpegReader::stripes() const noexcept
{
    return m_codec->stripeCount;
}

isolate::Result<void, ImagingError> JpegReader::readStripe(std::uint8_t **const *rows)
{
    Codec &codec = *m_codec;
    jpeg_decompress_struct &jpeg = codec.jpeg;
    if (codec.errors.stop.stop_requested())
        return cancelledError();
    if (!codec.converts) {
        JSAMPARRAY planes[MAX_COMPONENTS] = {};
        for (std::size_t c = 0; c < codec.channels.size(); ++c)
            planes[c] = rows[c];
        const auto lines = static_cast<JDIMENSION>(jpeg.max_v_samp_factor * jpeg.min_DCT_scaled_size);
        if (!guarded(codec.errors, [&] { jpeg_read_raw_data(&jpeg, planes, lines); }))
            return codec.error();
    } else {
        for (int i = 0; i < convertedRowsInStripe && jpeg.output_scanline < jpeg.output_height; ++i) {
            JSAMPROW pixels = codec.pixels.data();
            if (!guarded(codec.errors, [&] { jpeg_read_scanlines(&jpeg, &pixels, 1); }))
                return codec.error();
            const YccRow to{rows[0][i], rows[1][i], rows[2][i]};
            const int width = static_cast<int>(jpeg.output_width);
            if (jpeg.out_color_space == JCS_RGB)
                rgbToYcc(pixels, width, to);
            else
                cmykToYcc(pixels, width, jpeg.saw_Adobe_marker, to);
        }
    }
    codec.rowsDone = static_cast<int>(std::min(jpeg.output_scanline, jpeg.output_height));
    if (auto error = codec.damage())
        return std::move(*error);
    return {};
}

isolate::Result<Picture, ImagingError> JpegReader::readAll(const std::function<void(double)> &step)
{
    Picture picture;
    for (const ChannelLayout &layout : channels()) {
        Plane plane(layout.width, layout.height, stripes() * layout.rowsInStripe);
        picture.channels.push_back({std::move(plane), layout.coveredWidth, layout.coveredHeight});
    }
    std::vector<std::vector<std::uint8_t *>> rows(picture.channels.size());
    std::vector<std::uint8_t **> stripe(rows.size());
    for (int i = 0; i < stripes(); ++i) {
        for (std::size_t c = 0; c < rows.size(); ++c) {
            const int count = channels()[c].rowsInStripe;
            rows[c].resize(static_cast<std::size_t>(count));
            for (int y = 0; y < count; ++y)
                rows[c][static_cast<std::size_t>(y)] = picture.channels[c].plane.row(i * count + y);
            stripe[c] = rows[c].data();
        }
        if (auto read = readStripe(stripe.data()); !read)
            return std::move(read).error();
        if (step)
            step(static_cast<double>(i + 1) / stripes());
    }
    return picture;
}

isolate::Result<void, ImagingError> JpegReader::finish()
{
    jpeg_decompress_struct &jpeg = m_codec->jpeg;
    const bool manyScans = m_codec->manyScans;
    const bool finished = guarded(m_codec->errors, [&jpeg, manyScans] {
        if (manyScans)
            jpeg_finish_output(&jpeg);
        jpeg_finish_decompress(&jpeg);
    });
    if (!finished)
        return m_codec->error();
    if (auto error = m_codec->damage())
        return std::move(*error);
    return {};
}

} // namespace steadyframe::imaging
