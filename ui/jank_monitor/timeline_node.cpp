#include "jank_monitor/timeline_node.h"

#include "jank_monitor/quads.h"

#include <QtQuick/qquickwindow.h>

namespace jank {

namespace {

constexpr std::size_t MostQuads = 8'000; // of one geometry: a batch holds 65,535 vertices

/// A picture that does not change by itself.
class StillQuads final : public QuadSource {
public:
    explicit StillQuads(std::vector<Quad> quads) : m_quads(std::move(quads)) {}
    std::uint64_t revision() const override { return 1; }
    void build(std::vector<Quad> &quads) override { quads.insert(quads.end(), m_quads.begin(), m_quads.end()); }

private:
    const std::vector<Quad> m_quads;
};

} // namespace

void TimelineNode::show(const TimelinePicture &picture, const QFont &font, QSizeF size)
{
    const std::size_t wanted = (picture.quads.size() + MostQuads - 1) / MostQuads;
    while (m_quads.size() > wanted) {
        QSGNode *node = m_quads.back()->node();
        m_quads.pop_back();
        removeChildNode(node);
        delete node;
    }
    while (m_quads.size() < wanted) {
        m_quads.push_back(QuadNode::create(m_window));
        if (m_text != nullptr)
            insertChildNodeBefore(m_quads.back()->node(), m_text);
        else
            appendChildNode(m_quads.back()->node());
    }
    for (std::size_t i = 0; i < wanted; ++i) {
        const auto begin = picture.quads.begin() + static_cast<std::ptrdiff_t>(i * MostQuads);
        const auto count = static_cast<std::ptrdiff_t>(std::min(MostQuads, picture.quads.size() - i * MostQuads));
        m_quads[i]->setSource(std::make_shared<StillQuads>(std::vector<Quad>(begin, begin + count)), size);
    }
    if (m_text == nullptr) {
        m_text = new TextLayer(m_window);
        appendChildNode(m_text);
    }
    m_text->show(picture.texts, font);
}

} // namespace jank
