#include "imaging/jpeg_reader.h"

#include "imaging/colors.h"
#include "imaging/exif.h"
#include "imaging/jpeg_reader_codec.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace steadyframe::imaging {
namespace {

constexpr int convertedRowsInStripe = 8;
/// A bit says at least that a block of 64 pixels goes on as the one before it.
constexpr std::uint64_t pixelsInABit = 64;

} // namespace

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
    case JERR_BAD_PRECISION:
        return {ImagingErrc::unsupported,
                "The JPEG has " + std::to_string(jpeg.data_precision)
                    + " bits a colour; 8 can be read. Save it as an ordinary JPEG first."};
    case JERR_SOF_UNSUPPORTED:
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
    // What is missing at the end looks like damage to libjpeg.
    if (!errors.damaged || source.endedEarly)
        return std::nullopt;
    return ImagingError{ImagingErrc::corrupt,
                        "The JPEG is damaged " + place() + " (" + errors.words
                            + "). Copy it again from where it came."};
}

std::optional<ImagingError> JpegReader::Codec::excess() const
{
    if (std::uint64_t{jpeg.image_width} * jpeg.image_height <= limits.pixels)
        return std::nullopt;
    return tooManyPixelsError(jpeg.image_width, jpeg.image_height, limits);
}

std::optional<ImagingError> JpegReader::Codec::emptyClaim() const
{
    const std::uint64_t fileBytes = file.size();
    const std::uint64_t claimed = std::uint64_t{jpeg.image_width} * jpeg.image_height;
    if (jpeg.arith_code || claimed / pixelsInABit <= fileBytes * 8)
        return std::nullopt;
    return ImagingError{ImagingErrc::tooLarge,
                        "The JPEG claims " + grouped(claimed) + " pixels in " + grouped(fileBytes)
                            + " bytes, which can't hold them: nearly all of it is missing, or it was made to fill the "
                              "memory. Pick another file."};
}

void JpegReader::Codec::noteEarlyEnd()
{
    if (source.endedEarly && errors.damaged && rowsWhole < 0)
        rowsWhole = rowsDone;
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
        converted.resize(static_cast<std::size_t>(width) * 3);
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

JpegReader::JpegReader(ByteSource &source, const RandomBytes &file, const std::stop_token &stop)
    : m_codec(std::make_unique<Codec>(source, file))
{
    m_codec->errors.stop = stop;
}

JpegReader::~JpegReader() = default;

isolate::Result<JpegHeader, ImagingError> JpegReader::readHeader(const ImagingLimits &limits)
{
    jpeg_decompress_struct &jpeg = m_codec->jpeg;
    m_codec->limits = limits;
    const bool read = m_codec->created && guarded(m_codec->errors, [&jpeg] { jpeg_read_header(&jpeg, TRUE); });
    // A claim that is too large is the better explanation, whatever else is wrong with the file.
    if (auto error = m_codec->excess())
        return std::move(*error);
    if (!read)
        return m_codec->error();
    if (auto error = m_codec->emptyClaim())
        return std::move(*error);

    JpegHeader header;
    header.width = static_cast<int>(jpeg.image_width);
    header.height = static_cast<int>(jpeg.image_height);
    header.gray = jpeg.jpeg_color_space == JCS_GRAYSCALE;
    header.cmyk = jpeg.jpeg_color_space == JCS_CMYK || jpeg.jpeg_color_space == JCS_YCCK;
    header.invertedInks = header.cmyk && jpeg.saw_Adobe_marker;
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
    if (const auto segments = readSegments(m_codec->file)) {
        header.metadata = readMetadata(m_codec->file, *segments);
        header.icc = readProfile(m_codec->file, *segments);
        header.orientation = readExif(header.metadata.exif).orientation;
    }
    if (jpeg.saw_JFIF_marker)
        header.density = PixelDensity{jpeg.density_unit, jpeg.X_density, jpeg.Y_density};
    return header;
}

std::optional<ScanDecoder> JpegReader::scanDecoder()
{
    return ScanDecoder::make(m_codec->jpeg, m_codec->source);
}

std::uint64_t JpegReader::Codec::coefficientBytes() const
{
    std::uint64_t bytes = 0;
    for (int c = 0; c < jpeg.num_components; ++c)
        bytes += std::uint64_t{jpeg.comp_info[c].width_in_blocks} * jpeg.comp_info[c].height_in_blocks * sizeof(JBLOCK);
    return bytes;
}

std::optional<ImagingError> JpegReader::Codec::tooManyCoefficients() const
{
    const std::uint64_t bytes = coefficientBytes();
    if (bytes <= limits.memory)
        return std::nullopt;
    const bool progressive = jpeg_has_multiple_scans(const_cast<jpeg_decompress_struct *>(&jpeg)); // changes nothing
    return tooMuchMemoryError("The JPEG", bytes,
                              progressive ? "it is progressive" : "all of it is needed at once to go on without loss",
                              limits);
}

isolate::Result<void, ImagingError> JpegReader::start(int eighths, const std::function<void()> &step)
{
    jpeg_decompress_struct &jpeg = m_codec->jpeg;
    m_codec->manyScans = jpeg_has_multiple_scans(&jpeg);
    if (m_codec->manyScans) {
        if (auto error = m_codec->tooManyCoefficients())
            return std::move(*error);
    }
    jpeg.buffered_image = m_codec->manyScans;
    jpeg.scale_num = static_cast<unsigned>(eighths);
    jpeg.scale_denom = 8;
    jpeg.dct_method = JDCT_ISLOW;
    if (!m_codec->converts) {
        jpeg.raw_data_out = TRUE;
        jpeg.out_color_space = jpeg.jpeg_color_space;
    } else {
        jpeg.out_color_space = jpeg.num_components == 3 ? JCS_RGB : JCS_CMYK;
    }
    if (!guarded(m_codec->errors, [&jpeg] { jpeg_start_decompress(&jpeg); }))
        return m_codec->error();
    m_codec->layOut();
    if (!m_codec->manyScans)
        return {};
    if (auto read = m_codec->readPasses(step); !read)
        return read;
    if (!guarded(m_codec->errors, [&jpeg] { jpeg_start_output(&jpeg, jpeg.input_scan_number); }))
        return m_codec->error();
    return {};
}

isolate::Result<void, ImagingError> JpegReader::readCoefficients(const std::function<void(double)> &step)
{
    jpeg_decompress_struct &jpeg = m_codec->jpeg;
    if (auto error = m_codec->tooManyCoefficients())
        return std::move(*error);
    m_codec->manyScans = true;
    jpeg.buffered_image = TRUE;
    jpeg.raw_data_out = TRUE;
    jpeg.out_color_space = jpeg.jpeg_color_space;
    if (!guarded(m_codec->errors, [&jpeg] { jpeg_start_decompress(&jpeg); }))
        return m_codec->error();
    const auto rows = static_cast<double>(jpeg.total_iMCU_rows);
    return m_codec->readPasses([&] { step(std::min(1.0, jpeg.input_iMCU_row / rows)); });
}

isolate::Result<void, ImagingError> JpegReader::Codec::readPasses(const std::function<void()> &step)
{
    for (int status = JPEG_SUSPENDED; status != JPEG_REACHED_EOI;) {
        if (errors.stop.stop_requested())
            return cancelledError();
        const int pass = jpeg.input_scan_number;
        const auto row = static_cast<int>(jpeg.input_iMCU_row);
        const bool consumed = guarded(errors, [&] { status = jpeg_consume_input(&jpeg); });
        if (source.endedEarly && lastPass == 0) {
            lastPass = pass;
            lastPassRows = row;
        }
        if (!consumed && source.endedEarly && errors.cause == JpegErrors::Cause::library) {
            endedInMarker = true; // between two passes, so that what came before it is whole
            jpeg.do_block_smoothing = FALSE; // it would read on
            break;
        }
        if (!consumed)
            return error();
        if (auto found = damage())
            return std::move(*found);
        if (static_cast<std::uint64_t>(jpeg.input_scan_number) > limits.passes)
            return ImagingError{ImagingErrc::tooLarge,
                                "The JPEG has more than " + grouped(limits.passes)
                                    + " passes over its picture, which is the limit: it may be made to take for ever. "
                                      "Raise the limit, or pick another file."};
        if (step)
            step();
    }
    if (source.endedEarly && !hasAllChannels())
        return truncatedError();
    return {};
}

bool JpegReader::Codec::passIsWhole() const
{
    return static_cast<JDIMENSION>(lastPassRows) >= jpeg.total_iMCU_rows;
}

bool JpegReader::Codec::hasAllChannels() const
{
    if (lastPass == 1 && lastPassRows == 0)
        return false;
    if (!jpeg.coef_bits) // of several passes without refinement each holds a part of the channels
        return jpeg.comps_in_scan == jpeg.num_components || (lastPass >= jpeg.num_components && passIsWhole());
    return std::all_of(jpeg.coef_bits, jpeg.coef_bits + jpeg.num_components,
                       [](const int(&bits)[DCTSIZE2]) { return bits[0] >= 0; });
}

bool JpegReader::Codec::hasAllDetail() const
{
    if (allDetail)
        return *allDetail;
    if (!passIsWhole())
        return false;
    return !jpeg.coef_bits
        || std::all_of(jpeg.coef_bits, jpeg.coef_bits + jpeg.num_components, [](const int(&bits)[DCTSIZE2]) {
               return std::all_of(std::begin(bits), std::end(bits), [](int left) { return left == 0; });
           });
}

void JpegReader::takeWhatIsThere() noexcept
{
    m_codec->source.pretendEnd = true;
}

std::string JpegReader::loss() const
{
    return m_codec->loss();
}

void JpegReader::convertBy(std::shared_ptr<const ColorTransform> transform)
{
    m_codec->transform = std::move(transform);
    m_codec->converts = !m_codec->isYcc() || (m_codec->transform && m_codec->jpeg.num_components > 1);
}

std::string JpegReader::Codec::loss() const
{
    if (!source.endedEarly)
        return {};
    const std::string advice = " Copy it again from where it came.";
    const auto missing = [](std::uint64_t rows, std::uint64_t all) {
        const std::uint64_t percent = (std::max(all, rows) - rows) * 100 / std::max<std::uint64_t>(1, all);
        return std::to_string(std::max<std::uint64_t>(1, percent)) + " %";
    };
    const std::string lastBytes = "The file's last bytes are missing; the picture seems whole.";
    if (lastPass > 0 && hasAllDetail())
        return lastBytes;
    if (lastPass > 1)
        return "The file ends early, in pass " + std::to_string(lastPass)
            + " of its progressive picture: fine detail is missing." + advice;
    if (lastPass == 1)
        return "The file ends early: the lower "
            + missing(static_cast<std::uint64_t>(lastPassRows), jpeg.total_iMCU_rows) + " is missing." + advice;
    if (rowsWhole >= 0)
        return "The file ends early: the lower " + missing(static_cast<std::uint64_t>(rowsWhole), jpeg.output_height)
            + " is missing." + advice;
    return lastBytes;
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
        for (int y = 0; codec.transform && y < codec.channels[0].rowsInStripe; ++y)
            codec.transform->convert(rows[0][y], rows[0][y], codec.channels[0].width);
    } else {
        for (int i = 0; i < convertedRowsInStripe && jpeg.output_scanline < jpeg.output_height; ++i) {
            JSAMPROW pixels = codec.pixels.data();
            if (!guarded(codec.errors, [&] { jpeg_read_scanlines(&jpeg, &pixels, 1); }))
                return codec.error();
            const YccRow to{rows[0][i], rows[1][i], rows[2][i]};
            const int width = static_cast<int>(jpeg.output_width);
            const bool inks = jpeg.out_color_space == JCS_CMYK;
            if (codec.transform)
                codec.transform->convert(pixels, codec.converted.data(), width);
            if (inks && !codec.transform)
                cmykToYcc(pixels, width, jpeg.saw_Adobe_marker, to);
            else
                rgbToYcc(codec.transform ? codec.converted.data() : pixels, width, to);
        }
    }
    codec.noteEarlyEnd();
    if (codec.rowsWhole == 0)
        return codec.truncatedError();
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
    if (m_codec->endedInMarker)
        return {};
    m_codec->allDetail = m_codec->hasAllDetail();
    const bool finished = guarded(m_codec->errors, [&jpeg, manyScans] {
        if (manyScans)
            jpeg_finish_output(&jpeg);
        jpeg_finish_decompress(&jpeg);
    });
    if (!finished)
        return m_codec->error();
    if (auto error = m_codec->damage())
        return std::move(*error);
    m_codec->noteEarlyEnd();
    return {};
}

} // namespace steadyframe::imaging
