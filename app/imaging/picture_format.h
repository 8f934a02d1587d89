#pragma once

#include "imaging/imaging_error.h"

#include <cstddef>
#include <string_view>

namespace steadyframe::imaging {

/// What a file is, by its first bytes; names lie.
enum class PictureFormat { jpeg, png, gif, webp, tiff, bmp, heic, avif, none };

/// How many bytes `formatOf` and `notAnImageError` want to see.
inline constexpr std::size_t formatBytes = 512;

/// @thread any
[[nodiscard]] PictureFormat formatOf(std::string_view beginning);
/// "PNG". @thread any
[[nodiscard]] std::string_view nameOf(PictureFormat format);
/// ".png". @thread any
[[nodiscard]] std::string_view extensionOf(PictureFormat format);
/// The error for what is no picture; it says what the file seems to be. @thread any
[[nodiscard]] ImagingError notAnImageError(std::string_view beginning);
/// The error for a picture that nothing here reads. @thread any
[[nodiscard]] ImagingError unreadableFormatError(PictureFormat format);

} // namespace steadyframe::imaging
