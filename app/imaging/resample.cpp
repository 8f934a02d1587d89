#include "imaging/resample.h"

#include <memory>
#include <zimg.h>

namespace steadyframe::imaging {
namespace {

struct FreeGraph {
    void operator()(zimg_filter_graph *graph) const noexcept { zimg_filter_graph_free(graph); }
};

zimg_image_format formatOf(int width, int height)
{
    zimg_image_format format;
    zimg_image_format_default(&format, ZIMG_API_VERSION);
    format.width = static_cast<unsigned>(width);
    format.height = static_cast<unsigned>(height);
    format.pixel_type = ZIMG_PIXEL_BYTE;
    format.pixel_range = ZIMG_RANGE_FULL;
    format.color_family = ZIMG_COLOR_GREY;
    return format;
}

int stopWhenAsked(void *stop, unsigned, unsigned, unsigned)
{
    return static_cast<const std::stop_token *>(stop)->stop_requested() ? 1 : 0;
}

ImagingError zimgError()
{
    char words[256] = "";
    if (zimg_get_last_error(words, sizeof words) == ZIMG_ERROR_OUT_OF_MEMORY)
        return outOfMemoryError();
    return {ImagingErrc::unsupported,
            std::string("The picture can't be resized (") + words + "). Choose another size, then retry."};
}

} // namespace

isolate::Result<Plane, ImagingError> resample(const Plane &source, const Region &region, int width, int height,
                                              const std::stop_token &stop)
{
    zimg_image_format from = formatOf(source.width(), source.height());
    from.active_region = {region.left, region.top, region.width, region.height};
    const zimg_image_format to = formatOf(width, height);
    zimg_graph_builder_params params;
    zimg_graph_builder_params_default(&params, ZIMG_API_VERSION);
    params.resample_filter = ZIMG_RESIZE_LANCZOS;
    params.filter_param_a = 3;
    const std::unique_ptr<zimg_filter_graph, FreeGraph> graph(zimg_filter_graph_build(&from, &to, &params));
    std::size_t scratchSize = 0;
    if (!graph || zimg_filter_graph_get_tmp_size(graph.get(), &scratchSize) != ZIMG_ERROR_SUCCESS)
        return zimgError();

    Plane result(width, height);
    Plane scratch(static_cast<int>(Plane::alignment), static_cast<int>(scratchSize / Plane::alignment) + 1);
    zimg_image_buffer_const input{.version = ZIMG_API_VERSION, .plane = {}};
    input.plane[0] = {source.row(0), static_cast<std::ptrdiff_t>(source.stride()), ZIMG_BUFFER_MAX};
    zimg_image_buffer output{.version = ZIMG_API_VERSION, .plane = {}};
    output.plane[0] = {result.row(0), static_cast<std::ptrdiff_t>(result.stride()), ZIMG_BUFFER_MAX};
    std::stop_token token = stop;
    if (zimg_filter_graph_process(graph.get(), &input, &output, scratch.row(0), nullptr, nullptr, stopWhenAsked, &token)
        != ZIMG_ERROR_SUCCESS)
        return token.stop_requested() ? cancelledError() : zimgError();
    return result;
}

} // namespace steadyframe::imaging
