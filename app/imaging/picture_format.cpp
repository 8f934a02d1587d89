#include "imaging/picture_format.h"

#include <algorithm>
#include <string>

namespace steadyframe::imaging {
namespace {

using namespace std::string_view_literals;

/// The brand of an ISO media file: what comes after "ftyp".
PictureFormat formatOfBrand(std::string_view brand)
{
    if (brand == "avif" || brand == "avis")
        return PictureFormat::avif;
    for (std::string_view heic : {"heic"sv, "heix"sv, "hevc"sv, "hevx"sv, "heim"sv, "heis"sv, "mif1"sv, "msf1"sv}) {
        if (brand == heic)
            return PictureFormat::heic;
    }
    return PictureFormat::none;
}

/// No control characters, and mostly ASCII, as text of most languages is in every encoding but UTF-16.
bool isText(std::string_view bytes)
{
    std::size_t ascii = 0;
    for (char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte == 0x7F || (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f'))
            return false;
        ascii += byte < 0x80;
    }
    return ascii * 2 > bytes.size();
}

/// The end of the sentence "The file begins with …".
std::string describe(std::string_view b)
{
    if (b.starts_with("%PDF"sv))
        return "a PDF document";
    if (b.starts_with("PK\x03\x04"sv))
        return "a ZIP archive or an office document";
    if (b.starts_with("\x7F"
                      "ELF"sv)
        || b.starts_with("MZ"sv))
        return "a program";
    if (b.size() >= 8 && b.substr(4, 4) == "ftyp"sv)
        return "a video";
    if (b.starts_with("<svg"sv) || (b.starts_with("<?xml"sv) && b.find("<svg"sv) != b.npos))
        return "an SVG drawing";
    if (b.starts_with("<!DOCTYPE"sv) || b.starts_with("<html"sv) || b.starts_with("<!doctype"sv))
        return "a web page, as when a download needed a login";
    if (std::all_of(b.begin(), b.end(), [](char c) { return c == '\0'; }))
        return "zero bytes only, as after an interrupted copy";
    if (isText(b))
        return "plain text";
    return "data of an unknown kind";
}

} // namespace

PictureFormat formatOf(std::string_view b)
{
    if (b.starts_with("\xFF\xD8\xFF"sv))
        return PictureFormat::jpeg;
    if (b.starts_with("\x89PNG\r\n\x1A\n"sv))
        return PictureFormat::png;
    if (b.starts_with("GIF87a"sv) || b.starts_with("GIF89a"sv))
        return PictureFormat::gif;
    if (b.starts_with("RIFF"sv) && b.size() >= 12 && b.substr(8, 4) == "WEBP"sv)
        return PictureFormat::webp;
    if (b.starts_with("II*\0"sv) || b.starts_with("MM\0*"sv))
        return PictureFormat::tiff;
    if (b.starts_with("BM"sv) && b.size() >= 26 && b.substr(6, 4) == "\0\0\0\0"sv)
        return PictureFormat::bmp;
    if (b.size() >= 12 && b.substr(4, 4) == "ftyp"sv)
        return formatOfBrand(b.substr(8, 4));
    return PictureFormat::none;
}

std::string_view nameOf(PictureFormat format)
{
    constexpr std::string_view names[] = {"JPEG", "PNG", "GIF", "WebP", "TIFF", "BMP", "HEIC", "AVIF", "unknown"};
    return names[static_cast<std::size_t>(format)];
}

std::string_view extensionOf(PictureFormat format)
{
    constexpr std::string_view extensions[] = {".jpg", ".png", ".gif", ".webp", ".tiff", ".bmp", ".heic", ".avif", ""};
    return extensions[static_cast<std::size_t>(format)];
}

ImagingError notAnImageError(std::string_view beginning)
{
    return {ImagingErrc::notAnImage,
            "Not an image: the file begins with " + describe(beginning) + ". Pick a photo instead."};
}

ImagingError unreadableFormatError(PictureFormat format)
{
    return {ImagingErrc::unsupported,
            std::string(nameOf(format)) + " pictures can't be read here. Save it as a JPEG first."};
}

} // namespace steadyframe::imaging
