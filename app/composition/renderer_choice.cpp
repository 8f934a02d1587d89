#include "composition/renderer_choice.h"

#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QQuickWindow>

#include <algorithm>
#include <array>

namespace steadyframe::composition {

namespace {

/// The renderer's name; empty when there is no OpenGL.
std::string_view openGlRenderer(QOpenGLContext &context, QOffscreenSurface &surface)
{
    surface.create();
    if (!context.create() || !context.makeCurrent(&surface))
        return {};
    const auto *name = reinterpret_cast<const char *>(context.functions()->glGetString(GL_RENDERER));
    return name ? std::string_view(name) : std::string_view();
}

} // namespace

bool drawsWithProcessor(std::string_view renderer) noexcept
{
    // Mesa's three, and what Windows falls back to.
    constexpr std::array names{"llvmpipe", "softpipe", "swrast", "Software Rasterizer", "GDI Generic", "SwiftShader"};
    return std::any_of(names.begin(), names.end(),
                       [renderer](const char *name) { return renderer.find(name) != std::string_view::npos; });
}

void chooseRenderer()
{
    for (const char *chosen : {"QT_QUICK_BACKEND", "QMLSCENE_DEVICE", "QSG_RHI_BACKEND", "QSG_RHI"}) {
        if (qEnvironmentVariableIsSet(chosen))
            return;
    }
    if (QQuickWindow::graphicsApi() != QSGRendererInterface::OpenGL
        && QQuickWindow::graphicsApi() != QSGRendererInterface::Unknown)
        return; // the platform's own, which is not asked by OpenGL
    QOpenGLContext context;
    QOffscreenSurface surface;
    const std::string_view renderer = openGlRenderer(context, surface);
    if (renderer.empty() || drawsWithProcessor(renderer))
        QQuickWindow::setGraphicsApi(QSGRendererInterface::Software);
}

} // namespace steadyframe::composition
