#include "composition/image_file.h"

#include <isolate_core/isolate.h>

#include <QFile>

namespace steadyframe::composition {

std::string saveImage(QImage image, std::filesystem::path path)
{
    isolate::setActivity("saving a picture");
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (image.save(QFile::decodeName(path.c_str()), "PNG"))
        return {};
    return "The picture could not be saved in " + path.parent_path().native() + ". Free some space, then try again.";
}

} // namespace steadyframe::composition
