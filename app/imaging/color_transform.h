#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace steadyframe::imaging {

/// Colours of a profile, matrix or table, to sRGB: relative to white, with black kept black, as printing and editing
/// programs do it. @thread any, any number at once
class ColorTransform {
public:
    enum class From { gray, rgb, cmyk, invertedCmyk };

    /// Empty when `icc` is no profile of such colours, or one that is damaged.
    [[nodiscard]] static std::shared_ptr<const ColorTransform> toSrgb(std::span<const std::uint8_t> icc, From from);

    ColorTransform(const ColorTransform &) = delete;
    ColorTransform &operator=(const ColorTransform &) = delete;
    ~ColorTransform();

    /// `width` pixels to red, green and blue, for `gray` to one value each. In place where the sizes are equal.
    void convert(const std::uint8_t *from, std::uint8_t *to, int width) const;

private:
    explicit ColorTransform(void *transform) : m_transform(transform) {}

    void *m_transform;
};

/// The bytes are a whole profile: its own size and places are true. @thread any
[[nodiscard]] bool isWholeProfile(std::span<const std::uint8_t> icc);
/// The colours are those of sRGB already, so that converting them would only cost time. @thread any
[[nodiscard]] bool isSrgb(std::span<const std::uint8_t> icc);
/// The profile of Adobe RGB (1998), which cameras name but do not embed. @thread any
[[nodiscard]] std::vector<std::uint8_t> adobeRgbProfile();

} // namespace steadyframe::imaging
