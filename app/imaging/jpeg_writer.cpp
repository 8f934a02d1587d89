#include "imaging/jpeg_writer.h"

#include "imaging/jpeg_guard.h"
#include "imaging/jpeg_streams.h"

#include <algorithm>

namespace steadyframe::imaging {
struct JpegWriter::Codec {
    JpegErrors errors;
    JpegSink sink;
    jpeg_compress_struct jpeg{};
    bool created = false;

    explicit Codec(ByteSink &bytes) : sink(bytes)
    {
        jpeg.err = &errors.base;
        created = guarded(errors, [this] { jpeg_create_compress(&jpeg); });
        jpeg.dest = &sink.base;
        jpeg.progress = &errors.progress;
    }
    Codec(const Codec &) = delete;
    Codec &operator=(const Codec &) = delete;
    ~Codec() { jpeg_destroy_compress(&jpeg); }

    void configure(const JpegLayout &layout);
    [[nodiscard]] ImagingError error() const;
};

void JpegWriter::Codec::configure(const JpegLayout &layout)
{
    jpeg.image_width = static_cast<JDIMENSION>(layout.width);
    jpeg.image_height = static_cast<JDIMENSION>(layout.height);
    jpeg.input_components = layout.gray ? 1 : 3;
    jpeg.in_color_space = layout.gray ? JCS_GRAYSCALE : JCS_YCbCr;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, layout.quality, TRUE);
    jpeg.comp_info[0].h_samp_factor = layout.gray ? 1 : layout.chroma.x;
    jpeg.comp_info[0].v_samp_factor = layout.gray ? 1 : layout.chroma.y;
    jpeg.raw_data_in = TRUE;
    jpeg.optimize_coding = TRUE;
    jpeg.dct_method = JDCT_ISLOW;
    if (layout.progressive)
        jpeg_simple_progression(&jpeg);
    if (layout.density) {
        jpeg.density_unit = layout.density->unit;
        jpeg.X_density = layout.density->x;
        jpeg.Y_density = layout.density->y;
    }
}

ImagingError JpegWriter::Codec::error() const
{
    switch (errors.cause) {
    case JpegErrors::Cause::cancelled:
        return cancelledError();
    case JpegErrors::Cause::writeFailed:
        return sink.bytes->error();
    default:
        if (errors.code == JERR_OUT_OF_MEMORY)
            return outOfMemoryError();
        return {ImagingErrc::unsupported,
                std::string("The picture can't be written as a JPEG (") + errors.words + "). Choose a smaller size."};
    }
}

JpegWriter::JpegWriter(ByteSink &sink, const std::stop_token &stop) : m_codec(std::make_unique<Codec>(sink))
{
    m_codec->errors.stop = stop;
}

JpegWriter::~JpegWriter() = default;

isolate::Result<void, ImagingError> JpegWriter::start(const JpegLayout &layout)
{
    Codec &codec = *m_codec;
    const bool started = codec.created && guarded(codec.errors, [&] {
                             codec.configure(layout);
                             jpeg_start_compress(&codec.jpeg, TRUE);
                             writeMarkers(codec.jpeg, layout.markers, layout.icc);
                         });
    if (!started)
        return codec.error();
    return {};
}

int JpegWriter::stripes() const noexcept
{
    const int rows = m_codec->jpeg.max_v_samp_factor * DCTSIZE;
    return (static_cast<int>(m_codec->jpeg.image_height) + rows - 1) / rows;
}

int JpegWriter::rowsInStripe(std::size_t channel) const noexcept
{
    return m_codec->jpeg.comp_info[channel].v_samp_factor * DCTSIZE;
}

isolate::Result<void, ImagingError> JpegWriter::writeStripe(std::uint8_t **const *rows)
{
    jpeg_compress_struct &jpeg = m_codec->jpeg;
    JSAMPARRAY planes[MAX_COMPONENTS] = {};
    std::copy_n(rows, jpeg.num_components, planes);
    const auto lines = static_cast<JDIMENSION>(jpeg.max_v_samp_factor * DCTSIZE);
    if (!guarded(m_codec->errors, [&] { jpeg_write_raw_data(&jpeg, planes, lines); }))
        return m_codec->error();
    return {};
}

isolate::Result<void, ImagingError> JpegWriter::writeAll(std::vector<Plane> &planes,
                                                         const std::function<void(double)> &step)
{
    for (Plane &plane : planes)
        plane.extendRight();
    std::vector<std::vector<std::uint8_t *>> rows(planes.size());
    std::vector<std::uint8_t **> stripe(planes.size());
    for (int i = 0; i < stripes(); ++i) {
        for (std::size_t c = 0; c < planes.size(); ++c) {
            const int count = rowsInStripe(c);
            rows[c].resize(static_cast<std::size_t>(count));
            for (int y = 0; y < count; ++y)
                rows[c][static_cast<std::size_t>(y)] = planes[c].row(std::min(i * count + y, planes[c].height() - 1));
            stripe[c] = rows[c].data();
        }
        if (auto written = writeStripe(stripe.data()); !written)
            return written;
        if (step)
            step(static_cast<double>(i + 1) / stripes());
    }
    return {};
}

isolate::Result<void, ImagingError> JpegWriter::finish()
{
    if (!guarded(m_codec->errors, [this] { jpeg_finish_compress(&m_codec->jpeg); }))
        return m_codec->error();
    return {};
}

} // namespace steadyframe::imaging
