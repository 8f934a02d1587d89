#include "imaging/lossless.h"

#include "imaging/jpeg_reader_codec.h"
#include "imaging/memory_bytes.h"

#include <algorithm>
#include <array>
#include <utility>

namespace steadyframe::imaging {
namespace {

/// The share of the work that is reading.
constexpr double readingShare = 0.5;

/// Where each coefficient of a turned block comes from, and whether its sign changes.
struct BlockTurn {
    std::array<std::uint8_t, DCTSIZE2> from{};
    std::array<JCOEF, DCTSIZE2> sign{};

    explicit BlockTurn(Orientation turn)
    {
        for (unsigned v = 0; v < DCTSIZE; ++v) {
            for (unsigned u = 0; u < DCTSIZE; ++u) {
                const unsigned storedU = swapsSides(turn) ? v : u;
                const unsigned storedV = swapsSides(turn) ? u : v;
                // A mirrored wave of odd frequency is the wave with the other sign.
                const bool flips
                    = ((storedU & 1) != 0 && reversesColumns(turn)) != ((storedV & 1) != 0 && reversesRows(turn));
                from[v * DCTSIZE + u] = static_cast<std::uint8_t>(storedV * DCTSIZE + storedU);
                sign[v * DCTSIZE + u] = flips ? JCOEF{-1} : JCOEF{1};
            }
        }
    }
};

struct Blocks {
    JDIMENSION width = 0;
    JDIMENSION height = 0;
};

Blocks blocksOf(const jpeg_component_info &component)
{
    return {component.width_in_blocks, component.height_in_blocks};
}

/// Fills `to`, which lies in the memory of `jpeg`, with the blocks of `from`, turned.
void turnBlocks(jpeg_decompress_struct &jpeg, jvirt_barray_ptr from, Blocks stored, jvirt_barray_ptr to,
                Orientation turn, const BlockTurn &blockTurn)
{
    auto *common = reinterpret_cast<j_common_ptr>(&jpeg);
    const Blocks shown = swapsSides(turn) ? Blocks{stored.height, stored.width} : stored;
    for (JDIMENSION y = 0; y < shown.height; ++y) {
        const JBLOCKROW row = (*jpeg.mem->access_virt_barray)(common, to, y, 1, TRUE)[0];
        JpegErrors::of(common).progress.progress_monitor(common);
        for (JDIMENSION x = 0; x < shown.width; ++x) {
            JDIMENSION fromX = swapsSides(turn) ? y : x;
            JDIMENSION fromY = swapsSides(turn) ? x : y;
            if (reversesColumns(turn))
                fromX = stored.width - 1 - fromX;
            if (reversesRows(turn))
                fromY = stored.height - 1 - fromY;
            const JCOEF *block = (*jpeg.mem->access_virt_barray)(common, from, fromY, 1, FALSE)[0][fromX];
            for (std::size_t i = 0; i < DCTSIZE2; ++i)
                row[x][i] = static_cast<JCOEF>(block[blockTurn.from[i]] * blockTurn.sign[i]);
        }
    }
}

JDIMENSION roundedUp(JDIMENSION count, int to)
{
    const auto step = static_cast<JDIMENSION>(to);
    return (count + step - 1) / step * step;
}

/// The turned coefficients, one array a channel.
std::array<jvirt_barray_ptr, MAX_COMPONENTS> turnedArrays(jpeg_decompress_struct &jpeg, jvirt_barray_ptr *stored,
                                                          Orientation turn)
{
    auto *common = reinterpret_cast<j_common_ptr>(&jpeg);
    std::array<jvirt_barray_ptr, MAX_COMPONENTS> arrays{};
    for (int c = 0; c < jpeg.num_components; ++c) {
        const jpeg_component_info &component = jpeg.comp_info[c];
        Blocks size = blocksOf(component);
        int across = component.h_samp_factor;
        int down = component.v_samp_factor;
        if (swapsSides(turn)) {
            std::swap(size.width, size.height);
            std::swap(across, down);
        }
        arrays[static_cast<std::size_t>(c)]
            = (*jpeg.mem->request_virt_barray)(common, JPOOL_IMAGE, TRUE, roundedUp(size.width, across),
                                               roundedUp(size.height, down), static_cast<JDIMENSION>(down));
    }
    (*jpeg.mem->realize_virt_arrays)(common);
    const BlockTurn blockTurn(turn);
    for (int c = 0; c < jpeg.num_components; ++c)
        turnBlocks(jpeg, stored[c], blocksOf(jpeg.comp_info[c]), arrays[static_cast<std::size_t>(c)], turn, blockTurn);
    return arrays;
}

void turnTables(jpeg_compress_struct &jpeg)
{
    std::swap(jpeg.image_width, jpeg.image_height);
    for (int c = 0; c < jpeg.num_components; ++c)
        std::swap(jpeg.comp_info[c].h_samp_factor, jpeg.comp_info[c].v_samp_factor);
    for (JQUANT_TBL *table : jpeg.quant_tbl_ptrs) {
        if (!table)
            continue;
        for (std::size_t v = 0; v < DCTSIZE; ++v) {
            for (std::size_t u = 0; u < v; ++u)
                std::swap(table->quantval[v * DCTSIZE + u], table->quantval[u * DCTSIZE + v]);
        }
    }
}

/// Writes coefficients once.
class Recoder {
public:
    Recoder(MemorySink &sink, const std::stop_token &stop) : m_sink(sink)
    {
        m_jpeg.err = &m_errors.base;
        m_errors.stop = stop;
        m_created = guarded(m_errors, [this] { jpeg_create_compress(&m_jpeg); });
        m_jpeg.dest = &m_sink.base;
        m_jpeg.progress = &m_errors.progress;
    }
    Recoder(const Recoder &) = delete;
    Recoder &operator=(const Recoder &) = delete;
    ~Recoder() { jpeg_destroy_compress(&m_jpeg); }

    /// False when it was cancelled, ran out of memory, or came over the limit of the sink.
    [[nodiscard]] bool write(jpeg_decompress_struct &from, jvirt_barray_ptr *arrays, const Recoding &recoding,
                             bool progressive)
    {
        return m_created && guarded(m_errors, [&] {
                   jpeg_copy_critical_parameters(&from, &m_jpeg);
                   if (swapsSides(recoding.turn))
                       turnTables(m_jpeg);
                   if (from.saw_JFIF_marker && swapsSides(recoding.turn))
                       std::swap(m_jpeg.X_density, m_jpeg.Y_density);
                   m_jpeg.optimize_coding = TRUE;
                   if (progressive)
                       jpeg_simple_progression(&m_jpeg);
                   jpeg_write_coefficients(&m_jpeg, arrays);
                   writeMarkers(m_jpeg, recoding.markers, recoding.icc);
                   jpeg_finish_compress(&m_jpeg);
               });
    }
    [[nodiscard]] ImagingError error() const
    {
        if (m_errors.cause == JpegErrors::Cause::cancelled)
            return cancelledError();
        if (m_errors.cause == JpegErrors::Cause::writeFailed || m_errors.code == JERR_OUT_OF_MEMORY)
            return outOfMemoryError();
        return {ImagingErrc::unsupported,
                std::string("The picture can't be written anew as it is (") + m_errors.words + "). Choose a quality."};
    }

private:
    JpegErrors m_errors;
    JpegSink m_sink;
    jpeg_compress_struct m_jpeg{};
    bool m_created = false;
};

} // namespace

bool turnsWhole(JpegReader &reader, Orientation turn)
{
    const jpeg_decompress_struct &jpeg = reader.codec().jpeg;
    const auto whole
        = [](JDIMENSION pixels, int sampling) { return pixels % static_cast<JDIMENSION>(sampling * DCTSIZE) == 0; };
    return (!reversesColumns(turn) || whole(jpeg.image_width, jpeg.max_h_samp_factor))
        && (!reversesRows(turn) || whole(jpeg.image_height, jpeg.max_v_samp_factor));
}

bool turnsWithinBounds(JpegReader &reader, Orientation turn, const ImagingLimits &limits)
{
    constexpr std::uint64_t mostCoefficientBytes = 80'000'000; // and as much again while they are turned
    return turn == Orientation::upright
        || (turnsWhole(reader, turn)
            && reader.codec().coefficientBytes() <= std::min(mostCoefficientBytes, limits.memory));
}

isolate::Result<std::vector<std::uint8_t>, ImagingError> recode(JpegReader &reader, const Recoding &recoding,
                                                                const std::function<void(double)> &step)
{
    const auto told = [&step](double fraction) {
        if (step)
            step(fraction);
    };
    if (auto read = reader.readCoefficients([&](double fraction) { told(readingShare * fraction); }); !read)
        return std::move(read).error();
    JpegReader::Codec &codec = reader.codec();
    jvirt_barray_ptr *stored = nullptr;
    std::array<jvirt_barray_ptr, MAX_COMPONENTS> arrays{};
    const bool ready = guarded(codec.errors, [&] {
        stored = jpeg_read_coefficients(&codec.jpeg);
        std::copy_n(stored, codec.jpeg.num_components, arrays.begin());
        if (recoding.turn != Orientation::upright)
            arrays = turnedArrays(codec.jpeg, stored, recoding.turn);
    });
    if (!ready)
        return codec.error();
    MemorySink progressive;
    Recoder first(progressive, codec.errors.stop);
    if (!first.write(codec.jpeg, arrays.data(), recoding, true))
        return first.error();
    if (recoding.progressive)
        return std::move(progressive.bytes());
    told((1 + readingShare) / 2);
    MemorySink sequential(progressive.bytes().size());
    Recoder second(sequential, codec.errors.stop);
    if (second.write(codec.jpeg, arrays.data(), recoding, false))
        return std::move(sequential.bytes());
    if (sequential.overLimit())
        return std::move(progressive.bytes());
    return second.error();
}

} // namespace steadyframe::imaging
