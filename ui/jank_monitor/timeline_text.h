#pragma once

#include "jank_monitor/timeline_picture.h"

#include <QtCore/qhash.h>
#include <QtGui/qfont.h>
#include <QtQuick/qsgnode.h>

#include <memory>
#include <vector>

class QQuickWindow;
class QSGImageNode;
class QSGTexture;

namespace jank {

/// Words in the scene graph, each drawn once into a texture of the window's atlas and then only moved: panning uploads
/// nothing. Belongs to the thread that renders.
class TextLayer final : public QSGNode {
public:
    explicit TextLayer(QQuickWindow *window);
    ~TextLayer() override;

    /// Shows these words and no others.
    void show(const std::vector<TimelineText> &texts, const QFont &font);

private:
    struct Word {
        std::unique_ptr<QSGTexture> texture;
        QSizeF size;
        std::uint64_t used = 0;
    };
    const Word &wordFor(const QString &text, const QColor &color);
    void forgetUnused();

    QQuickWindow *const m_window;
    QFont m_font;
    double m_ratio = 1;
    std::uint64_t m_round = 0;
    QHash<QString, std::shared_ptr<Word>> m_words;
    std::vector<QSGImageNode *> m_nodes; // children, owned by the scene graph
};

} // namespace jank
