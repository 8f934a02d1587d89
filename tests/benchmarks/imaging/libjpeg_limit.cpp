#include "benchmarks/imaging/libjpeg_limit.h"

#include <array>
#include <csetjmp>
#include <cstdio>
#include <memory>
#include <vector>

#include <jpeglib.h>

namespace steadyframe::benchmarks {
namespace {

struct Errors {
    jpeg_error_mgr base{};
    std::jmp_buf jump{};
};

void leave(j_common_ptr codec)
{
    std::longjmp(reinterpret_cast<Errors *>(codec->err)->jump, 1);
}

using File = std::unique_ptr<std::FILE, int (*)(std::FILE *)>;

struct Codecs {
    Errors errors;
    jpeg_decompress_struct in{};
    jpeg_compress_struct out{};
    std::array<std::vector<std::uint8_t>, MAX_COMPONENTS> planes;
    std::array<std::array<JSAMPROW, 4 * DCTSIZE>, MAX_COMPONENTS> rows{};
    std::array<JSAMPARRAY, MAX_COMPONENTS> stripe{};

    Codecs()
    {
        in.err = out.err = jpeg_std_error(&errors.base);
        errors.base.error_exit = leave;
        jpeg_create_decompress(&in);
        jpeg_create_compress(&out);
    }
    Codecs(const Codecs &) = delete;
    Codecs &operator=(const Codecs &) = delete;
    ~Codecs()
    {
        jpeg_destroy_compress(&out);
        jpeg_destroy_decompress(&in);
    }
};

void copyLayout(Codecs &codecs, int quality)
{
    auto &in = codecs.in;
    auto &out = codecs.out;
    out.image_width = in.image_width;
    out.image_height = in.image_height;
    out.input_components = in.num_components;
    out.in_color_space = in.jpeg_color_space;
    jpeg_set_defaults(&out);
    jpeg_set_colorspace(&out, in.jpeg_color_space);
    jpeg_set_quality(&out, quality, TRUE);
    out.optimize_coding = TRUE;
    out.raw_data_in = TRUE;
    for (int c = 0; c < in.num_components; ++c) {
        out.comp_info[c].h_samp_factor = in.comp_info[c].h_samp_factor;
        out.comp_info[c].v_samp_factor = in.comp_info[c].v_samp_factor;
    }
}

void work(Codecs &codecs, std::FILE *from, std::FILE *to, int quality)
{
    auto &in = codecs.in;
    auto &out = codecs.out;
    jpeg_stdio_src(&in, from);
    jpeg_stdio_dest(&out, to);
    jpeg_read_header(&in, TRUE);
    in.out_color_space = in.jpeg_color_space;
    in.raw_data_out = TRUE;
    jpeg_start_decompress(&in);
    copyLayout(codecs, quality);
    jpeg_start_compress(&out, TRUE);
    for (int c = 0; c < in.num_components; ++c) {
        const auto &component = in.comp_info[c];
        const std::size_t stride = component.width_in_blocks * DCTSIZE + 8 * DCTSIZE;
        auto &plane = codecs.planes[static_cast<std::size_t>(c)];
        auto &rows = codecs.rows[static_cast<std::size_t>(c)];
        plane.resize(stride * rows.size());
        for (std::size_t y = 0; y < rows.size(); ++y)
            rows[y] = plane.data() + y * stride;
        codecs.stripe[static_cast<std::size_t>(c)] = rows.data();
    }
    const auto height = static_cast<JDIMENSION>(in.max_v_samp_factor * DCTSIZE);
    while (in.output_scanline < in.output_height) {
        jpeg_read_raw_data(&in, codecs.stripe.data(), height);
        jpeg_write_raw_data(&out, codecs.stripe.data(), height);
    }
    jpeg_finish_compress(&out);
    jpeg_finish_decompress(&in);
}

} // namespace

bool decodeAndEncode(const std::string &source, const std::string &target, int quality)
{
    const File from(std::fopen(source.c_str(), "rb"), std::fclose);
    const File to(std::fopen(target.c_str(), "wb"), std::fclose);
    if (!from || !to)
        return false;
    Codecs codecs;
    if (setjmp(codecs.errors.jump) != 0)
        return false;
    work(codecs, from.get(), to.get(), quality);
    return std::fflush(to.get()) == 0;
}

} // namespace steadyframe::benchmarks
