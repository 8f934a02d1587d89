#pragma once

#include <QtCore/qrect.h>
#include <QtGui/qcolor.h>

#include <cstdint>
#include <memory>
#include <vector>

class QQuickWindow;
class QSGNode;

namespace jank {

/// An axis-parallel rectangle of one colour.
struct Quad {
    QRectF rect;
    QColor color;
};

/// Where a picture made of rectangles comes from. Built on the thread that renders.
class QuadSource {
public:
    virtual ~QuadSource() = default;

    /// Changes whenever build() would give another picture. @thread render
    [[nodiscard]] virtual std::uint64_t revision() const = 0;
    /// Appends the picture, back to front; `quads` keeps its capacity from frame to frame. @thread render
    virtual void build(std::vector<Quad> &quads) = 0;
};

/// A scene-graph node that shows what a source gives, looking at it each time the window is drawn, so that new content
/// needs no update() and asks for no frame of its own. One node of coloured triangles; with the software renderer,
/// which draws no custom geometry, a node that paints. The source may be exchanged only during synchronisation.
class QuadNode {
public:
    virtual ~QuadNode() = default;

    /// The node to return from updatePaintNode(); it owns this object.
    [[nodiscard]] virtual QSGNode *node() noexcept = 0;
    /// Shows another source in the rectangle (0, 0, size). @thread render, while the UI thread is held
    virtual void setSource(std::shared_ptr<QuadSource> source, QSizeF size) = 0;

    /// The kind that the window's renderer can draw. @thread render
    [[nodiscard]] static QuadNode *create(QQuickWindow *window);
    /// The object that `node` (from create()) belongs to.
    [[nodiscard]] static QuadNode *of(QSGNode *node) noexcept;
};

} // namespace jank
