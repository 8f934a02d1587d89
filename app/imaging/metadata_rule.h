#pragma once

namespace steadyframe::imaging {

/// Which kinds of what a file tells about its picture the result keeps. @thread any
///
/// Every kind is meant wherever it stands: EXIF, XMP and IPTC say the same things in their own ways. What is needed to
/// show the picture (resolution, the meaning of its colours) is no kind and stays, unless all kinds are off: then the
/// result has no EXIF, XMP or IPTC at all. The orientation is applied to the pixels and reset.
struct MetadataRule {
    /// Maker, model, lens, exposure, serial numbers, software. The maker's own note is kept at its place in the EXIF
    /// block, because it points into the block; pictures that it points to beyond its own end are lost.
    bool camera = true;
    bool date = true; ///< when it was taken, digitised and changed; in a GPS block too
    /// Where it was taken: the GPS block, coordinates in XMP, and the names of places in XMP and IPTC. Kept unless
    /// switched off: results go where the person keeps their photos, and a place that was dropped can't be brought
    /// back. Off is what to choose before publishing; it drops the maker's note too where a maker is known to write
    /// places into it.
    bool gps = true;
    bool comments = true; ///< what people wrote: descriptions, comments, authors, rights, keywords, ratings, faces
    bool xmp = true; ///< the XMP packet, less what the other kinds leave out
    bool thumbnail = false; ///< the small pictures in EXIF, XMP and IPTC; EXIF's is turned with the picture

    [[nodiscard]] static MetadataRule all() { return {true, true, true, true, true, true}; }
    [[nodiscard]] static MetadataRule none() { return {false, false, false, false, false, false}; }
    /// Everything but small pictures stays.
    [[nodiscard]] bool keepsWhatIsTold() const { return camera && date && gps && comments && xmp; }

    friend bool operator==(const MetadataRule &, const MetadataRule &) = default;
};

/// What happens to a picture that has a colour profile. @thread any
enum class ColorRule {
    keepProfile, ///< The profile goes into the result as it is. CMYK, which no browser shows, is converted to sRGB.
    toSrgb, ///< The colours are converted to sRGB, and the result needs no profile.
};

} // namespace steadyframe::imaging
