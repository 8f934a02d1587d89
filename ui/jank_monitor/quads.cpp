#include "jank_monitor/quads.h"

#include <QtGui/qpainter.h>
#include <QtQuick/qquickwindow.h>
#include <QtQuick/qsggeometry.h>
#include <QtQuick/qsgnode.h>
#include <QtQuick/qsgrendererinterface.h>
#include <QtQuick/qsgrendernode.h>
#include <QtQuick/qsgvertexcolormaterial.h>

namespace jank {

namespace {

constexpr int VerticesOfQuad = 6;

/// Two triangles for each rectangle, coloured at their corners.
class GeometryQuadNode final : public QSGGeometryNode, public QuadNode {
public:
    GeometryQuadNode() : m_geometry(QSGGeometry::defaultAttributes_ColoredPoint2D(), 0)
    {
        m_geometry.setDrawingMode(QSGGeometry::DrawTriangles);
        m_geometry.setVertexDataPattern(QSGGeometry::StreamPattern);
        m_material.setFlag(QSGMaterial::Blending);
        setGeometry(&m_geometry);
        setMaterial(&m_material);
        setFlag(QSGNode::UsePreprocess);
    }

    QSGNode *node() noexcept override { return this; }

    void setSource(std::shared_ptr<QuadSource> source, QSizeF) override
    {
        m_source = std::move(source);
        rebuild();
    }

    void preprocess() override
    {
        if (m_source->revision() != m_revision)
            rebuild();
    }

private:
    void rebuild()
    {
        m_revision = m_source->revision();
        m_quads.clear();
        m_source->build(m_quads);
        const int needed = static_cast<int>(m_quads.size()) * VerticesOfQuad;
        if (needed > m_geometry.vertexCount())
            m_geometry.allocate(needed + needed / 2);
        auto *vertex = m_geometry.vertexDataAsColoredPoint2D();
        for (const Quad &quad : m_quads)
            vertex = append(vertex, quad);
        for (auto *end = m_geometry.vertexDataAsColoredPoint2D() + m_geometry.vertexCount(); vertex != end; ++vertex)
            vertex->set(0, 0, 0, 0, 0, 0);
        markDirty(QSGNode::DirtyGeometry);
    }

    static QSGGeometry::ColoredPoint2D *append(QSGGeometry::ColoredPoint2D *vertex, const Quad &quad)
    {
        const auto premultiplied = qPremultiply(quad.color.rgba());
        const auto left = static_cast<float>(quad.rect.left());
        const auto top = static_cast<float>(quad.rect.top());
        const auto right = static_cast<float>(quad.rect.right());
        const auto bottom = static_cast<float>(quad.rect.bottom());
        const float corners[VerticesOfQuad][2]
            = {{left, top}, {left, bottom}, {right, top}, {right, top}, {left, bottom}, {right, bottom}};
        for (const auto &corner : corners) {
            vertex->set(corner[0], corner[1], static_cast<uchar>(qRed(premultiplied)),
                        static_cast<uchar>(qGreen(premultiplied)), static_cast<uchar>(qBlue(premultiplied)),
                        static_cast<uchar>(qAlpha(premultiplied)));
            ++vertex;
        }
        return vertex;
    }

    QSGGeometry m_geometry;
    QSGVertexColorMaterial m_material;
    std::shared_ptr<QuadSource> m_source;
    std::vector<Quad> m_quads;
    std::uint64_t m_revision = 0;
};

/// Fills rectangles with the software renderer's painter.
class PaintedQuadNode final : public QSGRenderNode, public QuadNode {
public:
    explicit PaintedQuadNode(QQuickWindow *window) : m_window(window) { setFlag(QSGNode::UsePreprocess); }

    QSGNode *node() noexcept override { return this; }

    void setSource(std::shared_ptr<QuadSource> source, QSizeF size) override
    {
        m_source = std::move(source);
        m_size = size;
        rebuild();
    }

    void preprocess() override
    {
        if (m_source->revision() != m_revision)
            rebuild();
    }

    void render(const RenderState *state) override
    {
        auto *painter = static_cast<QPainter *>(
            m_window->rendererInterface()->getResource(m_window, QSGRendererInterface::PainterResource));
        if (painter == nullptr)
            return;
        if (const QRegion *clip = state->clipRegion(); clip != nullptr && !clip->isEmpty())
            painter->setClipRegion(*clip, Qt::ReplaceClip);
        painter->setTransform(matrix()->toTransform());
        painter->setOpacity(inheritedOpacity());
        painter->setRenderHint(QPainter::Antialiasing, false);
        for (const Quad &quad : m_quads)
            painter->fillRect(quad.rect, quad.color);
    }

    StateFlags changedStates() const override { return {}; }
    RenderingFlags flags() const override { return BoundedRectRendering; }
    QRectF rect() const override { return {QPointF(0, 0), m_size}; }

private:
    void rebuild()
    {
        m_revision = m_source->revision();
        m_quads.clear();
        m_source->build(m_quads);
        markDirty(QSGNode::DirtyMaterial);
    }

    QQuickWindow *const m_window;
    std::shared_ptr<QuadSource> m_source;
    QSizeF m_size;
    std::vector<Quad> m_quads;
    std::uint64_t m_revision = 0;
};

} // namespace

QuadNode *QuadNode::create(QQuickWindow *window)
{
    if (window->rendererInterface()->graphicsApi() == QSGRendererInterface::Software)
        return new PaintedQuadNode(window);
    return new GeometryQuadNode;
}

QuadNode *QuadNode::of(QSGNode *node) noexcept
{
    return dynamic_cast<QuadNode *>(node);
}

} // namespace jank
