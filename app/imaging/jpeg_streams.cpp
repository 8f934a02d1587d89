#include "imaging/jpeg_streams.h"

namespace steadyframe::imaging {
namespace {

JpegSource &sourceOf(j_decompress_ptr codec)
{
    return *reinterpret_cast<JpegSource *>(codec->src);
}

boolean fill(j_decompress_ptr codec)
{
    JpegSource &source = sourceOf(codec);
    std::ptrdiff_t got = source.bytes->read(source.buffer);
    if (got == 0 && source.pretendEnd) {
        source.endedEarly = true;
        source.buffer[0] = 0xFF;
        source.buffer[1] = JPEG_EOI;
        got = 2;
    }
    if (got <= 0) {
        auto *common = reinterpret_cast<j_common_ptr>(codec);
        JpegErrors::of(common).readErrno = static_cast<int>(-got);
        JpegErrors::raise(common, got < 0 ? JpegErrors::Cause::readFailed : JpegErrors::Cause::endOfSource);
    }
    source.base.next_input_byte = source.buffer.data();
    source.base.bytes_in_buffer = static_cast<std::size_t>(got);
    return TRUE;
}

void skip(j_decompress_ptr codec, long count)
{
    JpegSource &source = sourceOf(codec);
    auto left = static_cast<std::size_t>(count > 0 ? count : 0);
    while (left > source.base.bytes_in_buffer) {
        left -= source.base.bytes_in_buffer;
        fill(codec);
    }
    source.base.next_input_byte += left;
    source.base.bytes_in_buffer -= left;
}

JpegSink &sinkOf(j_compress_ptr codec)
{
    return *reinterpret_cast<JpegSink *>(codec->dest);
}

void restart(JpegSink &sink)
{
    sink.base.next_output_byte = sink.buffer.data();
    sink.base.free_in_buffer = sink.buffer.size();
}

void put(j_compress_ptr codec, std::size_t count)
{
    JpegSink &sink = sinkOf(codec);
    if (!sink.bytes->write({sink.buffer.data(), count}))
        JpegErrors::raise(reinterpret_cast<j_common_ptr>(codec), JpegErrors::Cause::writeFailed);
    restart(sink);
}

} // namespace

JpegSource::JpegSource(ByteSource &source) : bytes(&source)
{
    base.init_source = [](j_decompress_ptr) {};
    base.fill_input_buffer = fill;
    base.skip_input_data = skip;
    base.resync_to_restart = jpeg_resync_to_restart;
    base.term_source = [](j_decompress_ptr) {};
}

JpegSink::JpegSink(ByteSink &sink) : bytes(&sink)
{
    base.init_destination = [](j_compress_ptr codec) { restart(sinkOf(codec)); };
    base.empty_output_buffer = [](j_compress_ptr codec) -> boolean {
        put(codec, sinkOf(codec).buffer.size());
        return TRUE;
    };
    base.term_destination
        = [](j_compress_ptr codec) { put(codec, sinkOf(codec).buffer.size() - sinkOf(codec).base.free_in_buffer); };
}

void writeMarkers(jpeg_compress_struct &jpeg, const std::vector<JpegMarker> &markers,
                  const std::vector<std::uint8_t> &icc)
{
    for (const JpegMarker &marker : markers)
        jpeg_write_marker(&jpeg, marker.marker, marker.bytes.data(), static_cast<unsigned>(marker.bytes.size()));
    if (!icc.empty())
        jpeg_write_icc_profile(&jpeg, icc.data(), static_cast<unsigned>(icc.size()));
}

} // namespace steadyframe::imaging
