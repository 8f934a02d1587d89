#include "composition/exception_text.h"

#include "pipeline/pipeline_text.h"

namespace steadyframe::composition {

QString textOf(const std::exception_ptr &error)
{
    return QString::fromStdString(pipeline::textOf(error));
}

} // namespace steadyframe::composition
