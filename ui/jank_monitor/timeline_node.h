#pragma once

#include "jank_monitor/timeline_text.h"

#include <QtQuick/qsgnode.h>

#include <vector>

namespace jank {

class QuadNode;

/// A timeline's picture in the scene graph: its rectangles in a node (in few, when they are very many), its words in a
/// layer above. Belongs to the thread that renders.
class TimelineNode final : public QSGNode {
public:
    explicit TimelineNode(QQuickWindow *window) : m_window(window) {}

    /// Shows `picture` in an item of that size. Call it during synchronisation.
    void show(const TimelinePicture &picture, const QFont &font, QSizeF size);

private:
    QQuickWindow *const m_window;
    std::vector<QuadNode *> m_quads; // children, owned by the scene graph
    TextLayer *m_text = nullptr; // the last child
};

} // namespace jank
