#include "imaging/thumbnail.h"

#include "imaging/arrange.h"
#include "imaging/colors.h"
#include "imaging/exif.h"
#include "imaging/jpeg_reader.h"
#include "imaging/memory_bytes.h"
#include "imaging/picture_format.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <span>

namespace steadyframe::imaging {
namespace {

/// How much the shape of an embedded picture may differ: a few rows are lost to rounding in cameras.
constexpr double shapeTolerance = 0.02;

bool sameShape(PictureSize a, PictureSize b)
{
    const double shapeA = static_cast<double>(a.width) / a.height;
    const double shapeB = static_cast<double>(b.width) / b.height;
    return std::abs(shapeA / shapeB - 1) <= shapeTolerance;
}

/// `source` is the size of the photo upright, `size` that of the thumbnail.
isolate::Result<Thumbnail, ImagingError> render(Picture picture, PictureSize source, PictureSize size,
                                                Orientation orientation, const std::stop_token &stop)
{
    auto planes = arrange(std::move(picture), {size, {1, 1}, orientation}, stop);
    if (!planes)
        return std::move(planes).error();
    Thumbnail thumbnail{size.width, size.height, source.width, source.height, {}};
    const auto rowBytes = static_cast<std::size_t>(size.width) * 4;
    thumbnail.rgba.resize(rowBytes * static_cast<std::size_t>(size.height));
    for (int y = 0; y < size.height; ++y) {
        std::uint8_t *to = thumbnail.rgba.data() + rowBytes * static_cast<std::size_t>(y);
        if (planes->size() == 1)
            grayToRgba((*planes)[0].row(y), size.width, to);
        else
            yccToRgba((*planes)[0].row(y), (*planes)[1].row(y), (*planes)[2].row(y), size.width, to);
    }
    return thumbnail;
}

isolate::Result<Thumbnail, ImagingError> decodeReduced(JpegReader &reader, PictureSize stored, PictureSize source,
                                                       int longestSide, Orientation orientation,
                                                       const std::stop_token &stop)
{
    const PictureSize size = fitted(source, longestSide);
    if (auto started = reader.start(fastScale(decodeScale(stored, size, 1))); !started)
        return std::move(started).error();
    auto picture = reader.readAll();
    if (!picture)
        return std::move(picture).error();
    return render(std::move(*picture), source, size, orientation, stop);
}

/// The picture that the camera embedded, if it will do. What is wrong with it is no error: there is the photo itself.
std::optional<Thumbnail> embedded(const JpegHeader &photo, PictureSize source, int longestSide,
                                  const ImagingLimits &limits, const std::stop_token &stop)
{
    const auto place = readExif(photo.metadata.exif).thumbnail;
    if (!place)
        return std::nullopt;
    MemoryBytes bytes(std::span(photo.metadata.exif).subspan(place->offset, place->size));
    JpegReader reader(bytes, stop);
    const auto header = reader.readHeader(limits);
    if (!header)
        return std::nullopt;
    const PictureSize stored{header->width, header->height};
    const PictureSize wanted = fitted(source, longestSide);
    if (std::max(stored.width, stored.height) < std::max(wanted.width, wanted.height)
        || !sameShape(stored, {photo.width, photo.height}))
        return std::nullopt;
    auto thumbnail = decodeReduced(reader, stored, source, longestSide, photo.orientation, stop);
    if (!thumbnail)
        return std::nullopt;
    return std::move(*thumbnail);
}

isolate::Result<Thumbnail, ImagingError> ofJpeg(InputFile &file, int longestSide, const std::stop_token &stop,
                                                const ImagingOptions &options, ThumbnailFrom from)
{
    JpegReader reader(file, stop);
    const auto header = reader.readHeader(options.limits);
    if (!header)
        return header.error();
    if (options.takeWhatIsThere)
        reader.takeWhatIsThere();
    const PictureSize stored{header->width, header->height};
    const PictureSize source = turned(stored, header->orientation);
    auto thumbnail
        = from == ThumbnailFrom::quickest ? embedded(*header, source, longestSide, options.limits, stop) : std::nullopt;
    if (thumbnail)
        return std::move(*thumbnail);
    return decodeReduced(reader, stored, source, longestSide, header->orientation, stop);
}

isolate::Result<Thumbnail, ImagingError> ofOther(const InputFile &file, PictureFormat format, int longestSide,
                                                 const std::stop_token &stop, const ImagingOptions &options)
{
    if (!options.readOther)
        return unreadableFormatError(format);
    auto other = options.readOther(file, options.limits, stop);
    if (!other)
        return std::move(other).error();
    const PictureSize source = turned(other->storedSize, other->orientation);
    return render(std::move(other->picture), source, fitted(source, longestSide), other->orientation, stop);
}

} // namespace

isolate::Result<Thumbnail, ImagingError> makeThumbnail(const std::filesystem::path &path, int longestSide,
                                                       std::stop_token stop, const ImagingOptions &options,
                                                       ThumbnailFrom from)
{
    try {
        auto file = InputFile::open(path, options.limits);
        if (!file)
            return std::move(file).error();
        const std::string beginning = file->beginning(formatBytes);
        const PictureFormat format = formatOf(beginning);
        if (format == PictureFormat::none)
            return notAnImageError(beginning);
        longestSide = std::max(1, longestSide);
        return format == PictureFormat::jpeg ? ofJpeg(*file, longestSide, stop, options, from)
                                             : ofOther(*file, format, longestSide, stop, options);
    } catch (const std::bad_alloc &) {
        return outOfMemoryError();
    }
}

} // namespace steadyframe::imaging
