#include "imaging/jpeg_forge.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include <jpeglib.h>

namespace steadyframe::tests {
namespace {

constexpr char exifName[] = "Exif\0";

void storeInks(Rgb pixel, bool inverted, std::uint8_t *to)
{
    // Inverted: 255 is no ink. Black takes what the three have in common.
    const int black = std::max({pixel.r, pixel.g, pixel.b});
    const auto ink = [&](int light) { return static_cast<std::uint8_t>(black == 0 ? 255 : light * 255 / black); };
    to[0] = ink(pixel.r);
    to[1] = ink(pixel.g);
    to[2] = ink(pixel.b);
    to[3] = static_cast<std::uint8_t>(black);
    for (int i = 0; i < 4 && !inverted; ++i)
        to[i] = static_cast<std::uint8_t>(~to[i]);
}

J_COLOR_SPACE fileColours(Recipe::Colours colours)
{
    switch (colours) {
    case Recipe::Colours::gray:
        return JCS_GRAYSCALE;
    case Recipe::Colours::rgb:
        return JCS_RGB;
    case Recipe::Colours::cmyk:
        return JCS_CMYK;
    case Recipe::Colours::ycck:
        return JCS_YCCK;
    default:
        return JCS_YCbCr;
    }
}

} // namespace

Painter fourCorners(int width, int height)
{
    return [width, height](int x, int y) {
        const auto share = [](int at, int count) { return count > 1 ? static_cast<double>(at) / (count - 1) : 0.0; };
        const double u = share(x, width);
        const double v = share(y, height);
        const auto level = [&](double a, double b, double c, double d) {
            return static_cast<int>(255 * ((a * (1 - u) + b * u) * (1 - v) + (c * (1 - u) + d * u) * v) + 0.5);
        };
        return Rgb{level(1, 0, 0, 1), level(0, 1, 0, 1), level(0, 0, 1, 1)};
    };
}

Bytes forgeJpeg(const Recipe &recipe, const Painter &painter)
{
    jpeg_compress_struct jpeg{};
    jpeg_error_mgr errors{};
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    unsigned char *memory = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&jpeg, &memory, &size);
    const bool gray = recipe.colours == Recipe::Colours::gray;
    const bool inks = recipe.colours == Recipe::Colours::cmyk || recipe.colours == Recipe::Colours::ycck;
    jpeg.image_width = static_cast<JDIMENSION>(recipe.width);
    jpeg.image_height = static_cast<JDIMENSION>(recipe.height);
    jpeg.input_components = gray ? 1 : inks ? 4 : 3;
    jpeg.in_color_space = gray ? JCS_GRAYSCALE : inks ? JCS_CMYK : JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_colorspace(&jpeg, fileColours(recipe.colours));
    jpeg_set_quality(&jpeg, recipe.quality, TRUE);
    jpeg.comp_info[0].h_samp_factor = recipe.samplingX;
    jpeg.comp_info[0].v_samp_factor = recipe.samplingY;
    if (recipe.colours == Recipe::Colours::ycck) {
        jpeg.comp_info[3].h_samp_factor = recipe.samplingX;
        jpeg.comp_info[3].v_samp_factor = recipe.samplingY;
    }
    if (!gray && !inks) {
        jpeg.comp_info[1].h_samp_factor = recipe.secondX;
        jpeg.comp_info[1].v_samp_factor = recipe.secondY;
    }
    jpeg.write_Adobe_marker = jpeg.write_Adobe_marker && recipe.adobe;
    jpeg.optimize_coding = recipe.optimized;
    jpeg.arith_code = recipe.arithmetic;
    jpeg.restart_in_rows = recipe.restartRows;
    if (recipe.progressive)
        jpeg_simple_progression(&jpeg);
    std::vector<jpeg_scan_info> passes;
    if (recipe.passOfEach) {
        passes.push_back({3, {0, 1, 2}, 0, 0, 0, 0});
        for (int channel = 0; channel < 3; ++channel) {
            for (int k = 1; k < DCTSIZE2; ++k)
                passes.push_back({1, {channel}, k, k, 0, 0});
        }
        jpeg.scan_info = passes.data();
        jpeg.num_scans = static_cast<int>(passes.size());
    }
    jpeg_start_compress(&jpeg, TRUE);
    if (!recipe.exif.empty()) {
        Bytes block(exifName, exifName + 6);
        block.insert(block.end(), recipe.exif.begin(), recipe.exif.end());
        jpeg_write_marker(&jpeg, JPEG_APP0 + 1, block.data(), static_cast<unsigned>(block.size()));
    }
    if (!recipe.icc.empty())
        jpeg_write_icc_profile(&jpeg, recipe.icc.data(), static_cast<unsigned>(recipe.icc.size()));
    Bytes row(static_cast<std::size_t>(recipe.width * jpeg.input_components));
    for (int y = 0; y < recipe.height; ++y) {
        std::uint8_t *to = row.data();
        for (int x = 0; x < recipe.width; ++x, to += jpeg.input_components) {
            const Rgb pixel = painter(x, y);
            if (gray) {
                to[0] = static_cast<std::uint8_t>((pixel.r * 299 + pixel.g * 587 + pixel.b * 114 + 500) / 1000);
            } else if (inks) {
                storeInks(pixel, recipe.adobe, to);
            } else {
                to[0] = static_cast<std::uint8_t>(pixel.r);
                to[1] = static_cast<std::uint8_t>(pixel.g);
                to[2] = static_cast<std::uint8_t>(pixel.b);
            }
        }
        JSAMPROW pointer = row.data();
        jpeg_write_scanlines(&jpeg, &pointer, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    Bytes bytes(memory, memory + size);
    std::free(memory);
    return bytes;
}

Rgb Decoded::at(int x, int y) const
{
    const std::uint8_t *pixel = rgb.data() + static_cast<std::size_t>((y * width + x) * 3);
    return {pixel[0], pixel[1], pixel[2]};
}

Decoded decodeJpeg(const Bytes &file)
{
    jpeg_decompress_struct jpeg{};
    jpeg_error_mgr errors{};
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, file.data(), static_cast<unsigned long>(file.size()));
    jpeg_save_markers(&jpeg, JPEG_APP0 + 1, 0xFFFF);
    jpeg_save_markers(&jpeg, JPEG_APP0 + 2, 0xFFFF);
    jpeg_read_header(&jpeg, TRUE);
    Decoded decoded;
    decoded.components = jpeg.num_components;
    decoded.progressive = jpeg.progressive_mode;
    if (jpeg.num_components == 3) {
        decoded.chromaX = jpeg.max_h_samp_factor / jpeg.comp_info[1].h_samp_factor;
        decoded.chromaY = jpeg.max_v_samp_factor / jpeg.comp_info[1].v_samp_factor;
    }
    for (const jpeg_marker_struct *marker = jpeg.marker_list; marker; marker = marker->next) {
        if (marker->marker == JPEG_APP0 + 1 && marker->data_length > 6 && std::memcmp(marker->data, exifName, 6) == 0)
            decoded.exif.assign(marker->data + 6, marker->data + marker->data_length);
    }
    JOCTET *profile = nullptr;
    unsigned profileSize = 0;
    if (jpeg_read_icc_profile(&jpeg, &profile, &profileSize))
        decoded.icc.assign(profile, profile + profileSize);
    std::free(profile);
    jpeg.out_color_space = JCS_RGB;
    jpeg_start_decompress(&jpeg);
    decoded.width = static_cast<int>(jpeg.output_width);
    decoded.height = static_cast<int>(jpeg.output_height);
    decoded.rgb.resize(static_cast<std::size_t>(decoded.width * decoded.height * 3));
    while (jpeg.output_scanline < jpeg.output_height) {
        JSAMPROW row = decoded.rgb.data() + static_cast<std::size_t>(jpeg.output_scanline) * jpeg.output_width * 3;
        jpeg_read_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
    return decoded;
}

std::vector<Coefficients> coefficientsOf(const Bytes &file)
{
    jpeg_decompress_struct jpeg{};
    jpeg_error_mgr errors{};
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, file.data(), static_cast<unsigned long>(file.size()));
    jpeg_read_header(&jpeg, TRUE);
    jvirt_barray_ptr *arrays = jpeg_read_coefficients(&jpeg);
    std::vector<Coefficients> channels;
    for (int c = 0; c < jpeg.num_components; ++c) {
        const jpeg_component_info &component = jpeg.comp_info[c];
        Coefficients &channel = channels.emplace_back();
        channel.widthInBlocks = static_cast<int>(component.width_in_blocks);
        channel.heightInBlocks = static_cast<int>(component.height_in_blocks);
        for (JDIMENSION y = 0; y < component.height_in_blocks; ++y) {
            const JBLOCKROW row
                = (*jpeg.mem->access_virt_barray)(reinterpret_cast<j_common_ptr>(&jpeg), arrays[c], y, 1, FALSE)[0];
            for (JDIMENSION x = 0; x < component.width_in_blocks; ++x)
                channel.values.insert(channel.values.end(), row[x], row[x] + DCTSIZE2);
        }
    }
    jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
    return channels;
}

Bytes withSegments(const Bytes &file, const std::vector<Segment> &segments)
{
    Bytes bytes(file.begin(), file.begin() + 2);
    for (const auto &[marker, content] : segments) {
        const std::size_t length = content.size() + 2;
        bytes.insert(bytes.end(),
                     {0xFF, static_cast<std::uint8_t>(marker), static_cast<std::uint8_t>(length >> 8),
                      static_cast<std::uint8_t>(length)});
        bytes.insert(bytes.end(), content.begin(), content.end());
    }
    bytes.insert(bytes.end(), file.begin() + 2, file.end());
    return bytes;
}

Bytes bytesOf(std::string_view words)
{
    return {words.begin(), words.end()};
}

Segment named(int marker, std::string_view name, const Bytes &content)
{
    Bytes bytes = bytesOf(name);
    bytes.insert(bytes.end(), content.begin(), content.end());
    return {marker, bytes};
}

std::vector<Segment> segmentsOf(const Bytes &file)
{
    std::vector<Segment> segments;
    for (std::size_t at = 2; at + 4 <= file.size() && file[at + 1] != 0xDA;) {
        const std::size_t length = static_cast<std::size_t>(file[at + 2]) << 8 | file[at + 3];
        const auto begin = file.begin() + static_cast<std::ptrdiff_t>(at);
        segments.emplace_back(file[at + 1], Bytes(begin + 4, begin + 2 + static_cast<std::ptrdiff_t>(length)));
        at += 2 + length;
    }
    return segments;
}

bool contains(const Bytes &bytes, std::string_view words)
{
    return std::search(bytes.begin(), bytes.end(), words.begin(), words.end()) != bytes.end();
}

double meanDifference(const Decoded &picture, const Painter &expected)
{
    double sum = 0;
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) {
            const Rgb a = picture.at(x, y);
            const Rgb b = expected(x, y);
            sum += std::abs(a.r - b.r) + std::abs(a.g - b.g) + std::abs(a.b - b.b);
        }
    }
    return sum / (3.0 * picture.width * picture.height);
}

Bytes readBytes(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void writeBytes(const std::filesystem::path &path, const Bytes &bytes)
{
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

std::vector<std::string> namesIn(const std::filesystem::path &folder)
{
    std::vector<std::string> names;
    std::error_code error;
    for (const auto &entry : std::filesystem::directory_iterator(folder, error))
        names.push_back(entry.path().filename().native());
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace steadyframe::tests
