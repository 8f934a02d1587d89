#include "imaging/xmp.h"

#include <algorithm>
#include <cstring>
#include <sstream>
#include <vector>

#include <pugixml.hpp>

namespace steadyframe::imaging {
namespace {

using namespace std::string_view_literals;

/// Deeper than any real packet; what recurses over a document must not be led on for long.
constexpr int deepest = 64;
constexpr std::size_t longestPacket = 16'000'000;

constexpr auto rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"sv;
constexpr auto gainMapSpace = "http://ns.adobe.com/hdr-gain-map/1.0/"sv;
constexpr auto containerSpace = "http://ns.google.com/photos/1.0/container/"sv;
constexpr auto itemSpace = "http://ns.google.com/photos/1.0/container/item/"sv;
constexpr auto cameraSpace = "http://ns.google.com/photos/1.0/camera/"sv;
constexpr auto noteSpace = "http://ns.adobe.com/xmp/note/"sv;
constexpr auto tiffSpace = "http://ns.adobe.com/tiff/1.0/"sv;
constexpr auto exifSpace = "http://ns.adobe.com/exif/1.0/"sv;
constexpr auto appleSpace = "http://ns.apple.com/HDRGainMap/1.0/"sv;
constexpr auto appleAuxiliarySpace = "http://ns.apple.com/pixeldatainfo/1.0/"sv;

enum class Kind { xmp, camera, date, gps, comments, person, thumbnail, gainMap, motion, extension };

/// Properties that are of another kind than their namespace; an end of "*" stands for any.
struct NamedKind {
    std::string_view space;
    std::string_view name;
    Kind kind;
};
constexpr NamedKind named[] = {
    {exifSpace, "GPS*", Kind::gps},
    {exifSpace, "DateTime*", Kind::date},
    {exifSpace, "UserComment", Kind::comments},
    {exifSpace, "PixelXDimension", Kind::xmp},
    {exifSpace, "PixelYDimension", Kind::xmp},
    {exifSpace, "ColorSpace", Kind::xmp},
    {exifSpace, "ExifVersion", Kind::xmp},
    {exifSpace, "*", Kind::camera},
    {"http://cipa.jp/exif/1.0/", "CameraOwnerName", Kind::person},
    {"http://cipa.jp/exif/1.0/", "*", Kind::camera},
    {tiffSpace, "Make", Kind::camera},
    {tiffSpace, "Model", Kind::camera},
    {tiffSpace, "Software", Kind::camera},
    {tiffSpace, "DateTime", Kind::date},
    {tiffSpace, "ImageDescription", Kind::comments},
    {tiffSpace, "Artist", Kind::comments},
    {tiffSpace, "Copyright", Kind::comments},
    {"http://ns.adobe.com/exif/1.0/aux/", "OwnerName", Kind::person},
    {"http://ns.adobe.com/exif/1.0/aux/", "*", Kind::camera},
    {"http://ns.adobe.com/xap/1.0/", "CreateDate", Kind::date},
    {"http://ns.adobe.com/xap/1.0/", "ModifyDate", Kind::date},
    {"http://ns.adobe.com/xap/1.0/", "MetadataDate", Kind::date},
    {"http://ns.adobe.com/xap/1.0/", "CreatorTool", Kind::camera},
    {"http://ns.adobe.com/xap/1.0/", "Thumbnails", Kind::thumbnail},
    {"http://ns.adobe.com/xap/1.0/", "PageInfo", Kind::thumbnail},
    {"http://ns.adobe.com/xap/1.0/", "Rating", Kind::comments},
    {"http://ns.adobe.com/xap/1.0/", "Label", Kind::comments},
    {"http://ns.adobe.com/xap/1.0/", "Nickname", Kind::comments},
    {"http://ns.adobe.com/xap/1.0/mm/", "History", Kind::date},
    {"http://ns.adobe.com/xap/1.0/mm/", "DerivedFrom", Kind::date},
    {"http://ns.adobe.com/xap/1.0/mm/", "Ingredients", Kind::date},
    {"http://ns.adobe.com/xap/1.0/mm/", "Pantry", Kind::date},
    {"http://ns.adobe.com/photoshop/1.0/", "DateCreated", Kind::date},
    {"http://ns.adobe.com/photoshop/1.0/", "City", Kind::gps},
    {"http://ns.adobe.com/photoshop/1.0/", "State", Kind::gps},
    {"http://ns.adobe.com/photoshop/1.0/", "Country", Kind::gps},
    {"http://ns.adobe.com/photoshop/1.0/", "ColorMode", Kind::xmp},
    {"http://ns.adobe.com/photoshop/1.0/", "ICCProfile", Kind::xmp},
    {"http://ns.adobe.com/photoshop/1.0/", "*", Kind::comments},
    {"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/", "Location", Kind::gps},
    {"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/", "CountryCode", Kind::gps},
    {"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/", "*", Kind::comments},
    {"http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "Location*", Kind::gps},
    {"http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "*", Kind::comments},
    {"http://purl.org/dc/elements/1.1/", "date", Kind::date},
    {"http://purl.org/dc/elements/1.1/", "coverage", Kind::gps},
    {"http://purl.org/dc/elements/1.1/", "format", Kind::xmp},
    {"http://purl.org/dc/elements/1.1/", "*", Kind::comments},
    {"http://ns.adobe.com/xap/1.0/rights/", "*", Kind::comments},
    {"http://ns.useplus.org/ldf/xmp/1.0/", "*", Kind::comments},
    {"http://ns.adobe.com/lightroom/1.0/", "*", Kind::comments},
    {"http://www.digikam.org/ns/1.0/", "*", Kind::comments},
    {"http://www.metadataworkinggroup.com/schemas/regions/", "*", Kind::comments},
    {"http://ns.microsoft.com/photo/1.0/", "DateAcquired", Kind::date},
    {"http://ns.microsoft.com/photo/1.0/", "*", Kind::comments},
    {"http://ns.microsoft.com/photo/1.2/", "*", Kind::comments},
    {"http://ns.google.com/photos/1.0/panorama/", "FirstPhotoDate", Kind::date},
    {"http://ns.google.com/photos/1.0/panorama/", "LastPhotoDate", Kind::date},
    {"http://ns.dji.com/drone-dji/1.0/", "*", Kind::gps},
    {"http://www.dji.com/drone-dji/1.0/", "*", Kind::gps},
    {"http://pix4d.com/camera/1.0/", "*", Kind::camera},
    {gainMapSpace, "*", Kind::gainMap},
    {appleSpace, "*", Kind::gainMap},
    {appleAuxiliarySpace, "*", Kind::gainMap},
    {containerSpace, "*", Kind::gainMap},
    {cameraSpace, "Motion*", Kind::motion},
    {cameraSpace, "MicroVideo*", Kind::motion},
    {noteSpace, "HasExtendedXMP", Kind::extension},
};

Kind kindOf(std::string_view space, std::string_view name)
{
    for (const NamedKind &entry : named) {
        const bool any = entry.name.ends_with('*');
        const std::string_view begin = entry.name.substr(0, entry.name.size() - (any ? 1 : 0));
        if (entry.space == space && (any ? name.starts_with(begin) : name == begin))
            return entry.kind;
    }
    return Kind::xmp;
}

/// "prefix:name" taken apart, the prefix looked up from `node` upwards.
struct Name {
    std::string_view space;
    std::string_view local;
};
Name nameOf(const pugi::xml_node &node, std::string_view qualified)
{
    const std::size_t colon = qualified.find(':');
    if (colon == qualified.npos)
        return {{}, qualified};
    const std::string declaration = "xmlns:" + std::string(qualified.substr(0, colon));
    for (pugi::xml_node at = node; at; at = at.parent()) {
        if (const auto found = at.attribute(declaration.c_str()))
            return {found.value(), qualified.substr(colon + 1)};
    }
    return {{}, qualified.substr(colon + 1)};
}

/// Of a description: either an attribute or an element.
struct Property {
    Name name;
    pugi::xml_node owner;
    pugi::xml_attribute attribute;
    pugi::xml_node element;

    [[nodiscard]] std::string_view value() const { return attribute ? attribute.value() : element.text().get(); }
    void setValue(const std::string &value)
    {
        if (attribute)
            attribute.set_value(value.c_str());
        else
            element.text().set(value.c_str());
    }
    void remove() { attribute ? owner.remove_attribute(attribute) : owner.remove_child(element); }
};

struct Depth final : pugi::xml_tree_walker {
    bool for_each(pugi::xml_node &) override { return depth() < deepest; }
};

/// A packet as a document, and its descriptions, each with properties as attributes and elements.
struct Document {
    pugi::xml_document xml;
    std::vector<pugi::xml_node> descriptions;

    [[nodiscard]] bool load(std::string_view packet)
    {
        if (packet.empty() || packet.size() > longestPacket)
            return false;
        // Readers of XMP are used to zeros behind a packet.
        packet = packet.substr(0, packet.find_last_not_of('\0') + 1);
        constexpr unsigned options = pugi::parse_default | pugi::parse_pi;
        if (!xml.load_buffer(packet.data(), packet.size(), options))
            return false;
        Depth depth;
        if (!xml.traverse(depth))
            return false;
        pugi::xml_node root;
        for (const pugi::xml_node &node : xml.children()) {
            if (node.type() == pugi::node_element)
                root = node;
        }
        for (pugi::xml_node at : {root, child(root, "RDF"sv)}) {
            const Name name = nameOf(at, at.name());
            if (name.space != rdf || name.local != "RDF"sv)
                continue;
            for (const pugi::xml_node &node : at.children()) {
                if (node.type() == pugi::node_element)
                    descriptions.push_back(node);
            }
            return true;
        }
        return false;
    }

    static pugi::xml_node child(const pugi::xml_node &of, std::string_view local)
    {
        for (const pugi::xml_node &node : of.children()) {
            if (nameOf(node, node.name()).local == local)
                return node;
        }
        return {};
    }

    /// Calls `visitProperty` with each property, which it may remove.
    template <class Visit>
    void visit(Visit &&visitProperty) const
    {
        for (const pugi::xml_node &description : descriptions) {
            for (pugi::xml_attribute at = description.first_attribute(), next; at; at = next) {
                next = at.next_attribute();
                const std::string_view qualified = at.name();
                if (!qualified.starts_with("xmlns"sv) && !qualified.starts_with("rdf:"sv)
                    && !qualified.starts_with("xml:"sv))
                    visitProperty(Property{nameOf(description, qualified), description, at, {}});
            }
            for (pugi::xml_node at = description.first_child(), next; at; at = next) {
                next = at.next_sibling();
                if (at.type() == pugi::node_element)
                    visitProperty(Property{nameOf(at, at.name()), description, {}, at});
            }
        }
    }
};

/// Changes a document as it is asked to.
class Rewriter {
public:
    Rewriter(Document &document, const XmpChanges &changes) : m_document(document), m_changes(changes) {}

    void run()
    {
        m_document.visit([this](Property property) {
            const Kind kind = kindOf(property.name.space, property.name.local);
            if (keeps(kind)) {
                update(property);
                ++left;
                return;
            }
            // A gain map and a video are no more than their file: what is said of them tells nothing by itself.
            leftOut = leftOut || (kind != Kind::gainMap && kind != Kind::motion);
            changed = true;
            property.remove();
        });
    }

    bool leftOut = false;
    bool changed = false;
    int left = 0; ///< properties

private:
    [[nodiscard]] bool keeps(Kind kind) const
    {
        const MetadataRule &rule = m_changes.rule;
        switch (kind) {
        case Kind::gainMap:
            return m_changes.gainMapBytes != 0;
        case Kind::motion:
            return false;
        case Kind::extension: // further packets are not looked into: all or nothing
            return rule.keepsWhatIsTold();
        case Kind::camera:
            return rule.xmp && rule.camera;
        case Kind::date:
            return rule.xmp && rule.date;
        case Kind::gps:
            return rule.xmp && rule.gps;
        case Kind::comments:
            return rule.xmp && rule.comments;
        case Kind::person:
            return rule.xmp && rule.camera && rule.comments;
        case Kind::thumbnail:
            return rule.xmp && rule.thumbnail;
        default:
            return rule.xmp;
        }
    }

    void update(Property &property)
    {
        const auto set = [&](const std::string &value) {
            if (property.value() == value)
                return;
            changed = true;
            property.setValue(value);
        };
        const auto &[space, local] = property.name;
        if (space == tiffSpace && local == "Orientation"sv && m_changes.upright)
            set("1");
        else if ((space == tiffSpace && local == "ImageWidth"sv)
                 || (space == exifSpace && local == "PixelXDimension"sv))
            set(std::to_string(m_changes.width));
        else if ((space == tiffSpace && local == "ImageLength"sv)
                 || (space == exifSpace && local == "PixelYDimension"sv))
            set(std::to_string(m_changes.height));
        else if (space == containerSpace && property.element)
            updateItems(property.element);
    }

    /// The gain map is the one picture that follows: the list is to say so, with its length.
    void updateItems(const pugi::xml_node &directory)
    {
        pugi::xml_node list = directory.first_child();
        for (pugi::xml_node entry = list.first_child(), next; entry; entry = next) {
            next = entry.next_sibling();
            const pugi::xml_node item = entry.first_child();
            const std::string semantic = value(item, "Semantic"sv);
            if (semantic == "Primary")
                continue;
            changed = true;
            if (semantic != "GainMap")
                list.remove_child(entry);
            else
                setValue(item, "Length"sv, std::to_string(m_changes.gainMapBytes));
        }
    }

    static std::string value(const pugi::xml_node &item, std::string_view local)
    {
        for (const pugi::xml_attribute &attribute : item.attributes()) {
            const Name name = nameOf(item, attribute.name());
            if (name.space == itemSpace && name.local == local)
                return attribute.value();
        }
        const pugi::xml_node node = Document::child(item, local);
        return node.text().get();
    }

    static void setValue(const pugi::xml_node &item, std::string_view local, const std::string &value)
    {
        for (pugi::xml_attribute attribute : item.attributes()) {
            const Name name = nameOf(item, attribute.name());
            if (name.space == itemSpace && name.local == local)
                attribute.set_value(value.c_str());
        }
        if (const pugi::xml_node node = Document::child(item, local))
            node.text().set(value.c_str());
    }

    Document &m_document;
    const XmpChanges &m_changes;
};

} // namespace

XmpRewrite rewriteXmp(std::string_view packet, const XmpChanges &changes)
{
    if (!changes.rule.xmp && changes.gainMapBytes == 0)
        return {{}, true, false};
    Document document;
    if (!document.load(packet))
        return {{}, true, true};
    Rewriter rewriter(document, changes);
    rewriter.run();
    XmpRewrite rewrite;
    rewrite.leftOut = rewriter.leftOut;
    if (rewriter.left == 0)
        return rewrite;
    if (!rewriter.changed) {
        rewrite.packet = packet;
        return rewrite;
    }
    std::ostringstream words;
    document.xml.save(words, "", pugi::format_raw | pugi::format_no_declaration);
    rewrite.packet = std::move(words).str();
    return rewrite;
}

XmpFacts readXmp(std::string_view packet)
{
    XmpFacts facts;
    Document document;
    if (!document.load(packet))
        return facts;
    document.visit([&facts](const Property &property) {
        const std::string_view space = property.name.space;
        const std::string_view value = property.value();
        const Kind kind = kindOf(space, property.name.local);
        const bool apple
            = space == appleSpace || (space == appleAuxiliarySpace && value.find("hdrgainmap"sv) != value.npos);
        facts.appleGainMap = facts.appleGainMap || apple;
        facts.gainMap = facts.gainMap || apple || space == gainMapSpace;
        if (kind == Kind::motion && value != "0"sv)
            facts.motion = true;
        else if (kind == Kind::extension)
            facts.extended = value;
    });
    return facts;
}

} // namespace steadyframe::imaging
