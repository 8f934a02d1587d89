#include "imaging/jpeg_writer.h"

#include "imaging/block_feeder.h"
#include "imaging/jpeg_guard.h"
#include "imaging/jpeg_streams.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace steadyframe::imaging {
namespace {

constexpr std::string_view jfifName("JFIF\0", 5);
constexpr int startOfImage = 0xD8;
constexpr int endOfImage = 0xD9;
constexpr int quantisationTable = 0xDB;
constexpr int huffmanTable = 0xC4;
constexpr int startOfFrame = 0xC0;
constexpr int startOfScan = 0xDA;

/// The sampling factors that JPEG's header tells of a channel of the upright picture.
int sampling(const JpegLayout &layout, std::size_t channel, bool across)
{
    if (layout.gray || channel > 0)
        return 1;
    return across ? layout.chroma.x : layout.chroma.y;
}

/// The segments of a baseline file.
class Segments {
public:
    void mark(int marker)
    {
        m_bytes.push_back(0xFF);
        m_bytes.push_back(static_cast<std::uint8_t>(marker));
    }
    void start(int marker, std::size_t length)
    {
        mark(marker);
        putTwo(static_cast<unsigned>(length + 2));
    }
    void put(unsigned byte) { m_bytes.push_back(static_cast<std::uint8_t>(byte)); }
    void putTwo(unsigned number)
    {
        put(number >> 8);
        put(number & 0xFF);
    }
    template <class Container>
    void putAll(const Container &bytes)
    {
        for (const auto byte : bytes)
            put(static_cast<std::uint8_t>(byte));
    }
    [[nodiscard]] const std::vector<std::uint8_t> &bytes() const noexcept { return m_bytes; }

private:
    std::vector<std::uint8_t> m_bytes;
};

void putJfif(Segments &to, const PixelDensity &density)
{
    to.start(JPEG_APP0, 14);
    to.putAll(jfifName);
    to.put(1);
    to.put(1);
    to.put(density.unit);
    to.putTwo(density.x);
    to.putTwo(density.y);
    to.putTwo(0); // no thumbnail
}

void putMarkers(Segments &to, const std::vector<JpegMarker> &markers)
{
    for (const JpegMarker &marker : markers) {
        to.start(marker.marker, marker.bytes.size());
        to.putAll(marker.bytes);
    }
}

/// All before the scan.
std::vector<std::uint8_t> baselineHeader(const JpegLayout &layout, const BlockCoder &coder)
{
    // libjpeg's order of the coefficients is row by row; the file has them in the order of writing.
    const auto &order = zigzag();
    Segments to;
    to.mark(startOfImage);
    putJfif(to, layout.density.value_or(PixelDensity{}));
    putMarkers(to, layout.markers);
    putMarkers(to, profileMarkers(layout.icc));
    const std::size_t tables = layout.gray ? 1 : 2;
    for (std::size_t table = 0; table < tables; ++table) {
        to.start(quantisationTable, 1 + blockCoefficients);
        to.put(static_cast<unsigned>(table));
        for (const std::uint8_t place : order)
            to.put(coder.tables()
                       .steps[table][static_cast<std::size_t>(place % blockSide * blockSide + place / blockSide)]);
    }
    const std::size_t channels = coder.grid().channels.size();
    to.start(startOfFrame, 6 + 3 * channels);
    to.put(8);
    to.putTwo(static_cast<unsigned>(layout.height));
    to.putTwo(static_cast<unsigned>(layout.width));
    to.put(static_cast<unsigned>(channels));
    for (std::size_t c = 0; c < channels; ++c) {
        to.put(static_cast<unsigned>(c + 1));
        to.put(static_cast<unsigned>(sampling(layout, c, true) << 4 | sampling(layout, c, false)));
        to.put(c > 0);
    }
    for (std::size_t table = 0; table < tables; ++table) {
        for (const auto &[kind, code] : {std::pair{0U, &coder.dcCode(table)}, std::pair{1U, &coder.acCode(table)}}) {
            to.start(huffmanTable, code->tableBytes());
            to.put(kind << 4 | static_cast<unsigned>(table));
            to.putAll(code->codesOfLength());
            to.putAll(code->symbols());
        }
    }
    to.start(startOfScan, 4 + 2 * channels);
    to.put(static_cast<unsigned>(channels));
    for (std::size_t c = 0; c < channels; ++c) {
        to.put(static_cast<unsigned>(c + 1));
        to.put(c > 0 ? 0x11 : 0);
    }
    to.put(0);
    to.put(blockCoefficients - 1);
    to.put(0);
    return to.bytes();
}

struct Codec {
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

void Codec::configure(const JpegLayout &layout)
{
    jpeg.image_width = static_cast<JDIMENSION>(layout.width);
    jpeg.image_height = static_cast<JDIMENSION>(layout.height);
    jpeg.input_components = layout.gray ? 1 : 3;
    jpeg.in_color_space = layout.gray ? JCS_GRAYSCALE : JCS_YCbCr;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, layout.quality, TRUE);
    jpeg.comp_info[0].h_samp_factor = sampling(layout, 0, true);
    jpeg.comp_info[0].v_samp_factor = sampling(layout, 0, false);
    jpeg_simple_progression(&jpeg);
    if (layout.density) {
        jpeg.density_unit = layout.density->unit;
        jpeg.X_density = layout.density->x;
        jpeg.Y_density = layout.density->y;
    }
}

ImagingError Codec::error() const
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

} // namespace

BlockGrid gridOf(const JpegLayout &layout)
{
    int width = layout.width;
    int height = layout.height;
    ChromaStep step = layout.gray ? ChromaStep{1, 1} : layout.chroma;
    if (swapsSides(layout.orientation)) {
        std::swap(width, height);
        std::swap(step.x, step.y);
    }
    const auto parts = [](int length, int part) { return (length + part - 1) / part; };
    BlockGrid grid;
    grid.unitColumns = parts(width, blockSide * step.x);
    grid.unitRows = parts(height, blockSide * step.y);
    grid.channels.push_back({step.x, step.y, width, height});
    if (!layout.gray)
        grid.channels.insert(grid.channels.end(), 2, {1, 1, parts(width, step.x), parts(height, step.y)});
    return grid;
}

std::uint64_t baselineBytes(const JpegLayout &layout, const BlockCoder &coder)
{
    return baselineHeader(layout, coder).size() + coder.scanBytes() + 2;
}

JpegWriter::JpegWriter(ByteSink &sink, std::stop_token stop, JpegLayout layout)
    : m_sink(sink), m_stop(std::move(stop)), m_layout(std::move(layout)), m_grid(gridOf(m_layout)),
      m_pool(m_layout.temporary), m_coder(m_grid, m_layout.orientation, m_layout.quality, &m_pool)
{
}

JpegWriter::~JpegWriter() = default;

isolate::Result<void, ImagingError> JpegWriter::putAll(const std::vector<Plane> &planes,
                                                       const std::function<void(double)> &step)
{
    BlockFeeder feeder(m_grid, {}, m_coder);
    const int rows = planes[0].height();
    for (int y = 0; y < rows; ++y) {
        for (std::size_t c = 0; c < planes.size(); ++c) {
            // A row of colour comes with the first of its rows of brightness.
            const int share = m_grid.channels[0].v / m_grid.channels[c].v;
            if (y % share != 0)
                continue;
            std::memcpy(feeder.nextRow(c), planes[c].row(y / share), static_cast<std::size_t>(planes[c].width()));
            if (auto taken = feeder.commit(c); !taken)
                return taken;
        }
        if (y % blockSide != 0)
            continue;
        if (m_stop.stop_requested())
            return cancelledError();
        if (step)
            step(static_cast<double>(y) / rows);
    }
    return {};
}

isolate::Result<void, ImagingError> JpegWriter::finish(const std::function<void(double)> &step)
{
    m_coder.close();
    return m_layout.progressive ? writeProgressive() : writeBaseline(step);
}

isolate::Result<void, ImagingError> JpegWriter::writeBaseline(const std::function<void(double)> &step)
{
    if (!m_sink.write(baselineHeader(m_layout, m_coder)))
        return m_sink.error();
    if (auto written = m_coder.write(m_sink, m_stop, step); !written)
        return written;
    const std::uint8_t end[] = {0xFF, endOfImage};
    if (!m_sink.write(end))
        return m_sink.error();
    return {};
}

isolate::Result<void, ImagingError> JpegWriter::writeProgressive()
{
    // libjpeg keeps all coefficients and goes over them for each pass.
    Codec codec(m_sink);
    codec.errors.stop = m_stop;
    jpeg_compress_struct &jpeg = codec.jpeg;
    const BlockGrid &grid = m_coder.grid();
    jvirt_barray_ptr arrays[MAX_COMPONENTS] = {};
    const bool started
        = codec.created && guarded(codec.errors, [&] {
              codec.configure(m_layout);
              for (std::size_t c = 0; c < grid.channels.size(); ++c) {
                  const auto rows = static_cast<JDIMENSION>(grid.channels[c].v);
                  arrays[c] = jpeg.mem->request_virt_barray(reinterpret_cast<j_common_ptr>(&jpeg), JPOOL_IMAGE, TRUE,
                                                            static_cast<JDIMENSION>(grid.columns(c)),
                                                            rows * static_cast<JDIMENSION>(grid.unitRows), rows);
              }
              jpeg_write_coefficients(&jpeg, arrays);
              writeMarkers(jpeg, m_layout.markers, m_layout.icc);
          });
    if (!started)
        return codec.error();
    bool reached = true;
    auto read = m_coder.readLevels(
        m_stop, [&](std::size_t channel, int row, int column, const std::int16_t(&levels)[blockCoefficients]) {
            JBLOCKARRAY rows = nullptr;
            reached = reached && guarded(codec.errors, [&] {
                          rows = jpeg.mem->access_virt_barray(reinterpret_cast<j_common_ptr>(&jpeg), arrays[channel],
                                                              static_cast<JDIMENSION>(row), 1, TRUE);
                      });
            if (reached)
                std::copy_n(levels, blockCoefficients, rows[0][column]);
        });
    if (!read)
        return read;
    if (!reached || !guarded(codec.errors, [&] { jpeg_finish_compress(&jpeg); }))
        return codec.error();
    return {};
}

} // namespace steadyframe::imaging
