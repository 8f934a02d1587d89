#include "jank_monitor/timeline_text.h"

#include <QtGui/qfontmetrics.h>
#include <QtGui/qimage.h>
#include <QtGui/qpainter.h>
#include <QtQuick/qquickwindow.h>
#include <QtQuick/qsgimagenode.h>
#include <QtQuick/qsgtexture.h>

#include <cmath>

namespace jank {

namespace {

constexpr qsizetype MostWords = 1'500; // some megabytes of textures
constexpr std::uint64_t KeptRounds = 120;

} // namespace

TextLayer::TextLayer(QQuickWindow *window) : m_window(window) {}

TextLayer::~TextLayer()
{
    // Nodes before the textures that they show.
    removeAllChildNodes();
    for (QSGImageNode *node : m_nodes)
        delete node;
}

void TextLayer::show(const std::vector<TimelineText> &texts, const QFont &font)
{
    const double ratio = m_window->effectiveDevicePixelRatio();
    if (font != m_font || ratio != m_ratio) {
        m_words.clear();
        for (QSGImageNode *node : m_nodes) {
            removeChildNode(node);
            delete node;
        }
        m_nodes.clear();
        m_font = font;
        m_ratio = ratio;
    }
    ++m_round;
    const QFontMetricsF metrics(m_font);
    std::size_t used = 0;
    for (const TimelineText &text : texts) {
        const double width = metrics.horizontalAdvance(text.text);
        if (width > text.rect.width() && !text.cut)
            continue;
        const QString shown
            = width > text.rect.width() ? metrics.elidedText(text.text, Qt::ElideRight, text.rect.width()) : text.text;
        if (shown.size() < 2 && shown != text.text)
            continue;
        const Word &word = wordFor(shown, text.color);
        if (used == m_nodes.size()) {
            QSGImageNode *node = m_window->createImageNode();
            node->setOwnsTexture(false);
            node->setFiltering(QSGTexture::Nearest);
            node->setFlag(QSGNode::OwnedByParent, false);
            m_nodes.push_back(node);
        }
        QSGImageNode *node = m_nodes[used++];
        const double x = text.right ? text.rect.right() - word.size.width() : text.rect.left();
        const double y = text.rect.top() + (text.rect.height() - word.size.height()) / 2;
        const QPointF at(std::round(x * ratio) / ratio, std::round(y * ratio) / ratio);
        node->setTexture(word.texture.get());
        node->setRect({at, word.size});
        node->setSourceRect({QPointF(0, 0), word.texture->textureSize()});
        // Not before it has a texture: the software renderer looks at it at once.
        if (node->parent() == nullptr)
            appendChildNode(node);
    }
    while (m_nodes.size() > used) {
        removeChildNode(m_nodes.back());
        delete m_nodes.back();
        m_nodes.pop_back();
    }
    forgetUnused();
}

const TextLayer::Word &TextLayer::wordFor(const QString &text, const QColor &color)
{
    std::shared_ptr<Word> &word = m_words[QString::number(color.rgba(), 16) + text];
    if (word == nullptr) {
        const QFontMetricsF metrics(m_font);
        const QSize pixels(static_cast<int>(std::ceil((metrics.horizontalAdvance(text) + 2) * m_ratio)),
                           static_cast<int>(std::ceil(metrics.height() * m_ratio)));
        QImage image(pixels.expandedTo({1, 1}), QImage::Format_ARGB32_Premultiplied);
        image.setDevicePixelRatio(m_ratio);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        painter.setFont(m_font);
        painter.setPen(color);
        painter.drawText(QPointF(0, metrics.ascent()), text);
        painter.end();
        word = std::make_shared<Word>();
        word->size = QSizeF(image.size()) / m_ratio;
        word->texture.reset(m_window->createTextureFromImage(image, QQuickWindow::TextureCanUseAtlas));
    }
    word->used = m_round;
    return *word;
}

void TextLayer::forgetUnused()
{
    if (m_words.size() <= MostWords)
        return;
    for (auto word = m_words.begin(); word != m_words.end();) {
        if ((*word)->used + KeptRounds < m_round || ((*word)->used != m_round && m_words.size() > 2 * MostWords))
            word = m_words.erase(word);
        else
            ++word;
    }
}

} // namespace jank
