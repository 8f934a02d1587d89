#include "imaging/jpeg_guard.h"

namespace steadyframe::imaging {
namespace {

void onError(j_common_ptr codec)
{
    JpegErrors &errors = JpegErrors::of(codec);
    errors.code = errors.base.msg_code;
    errors.base.format_message(codec, errors.words);
    JpegErrors::raise(codec, JpegErrors::Cause::library);
}

bool tellsOfLostPixels(int code)
{
    switch (code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_NOT_SEQUENTIAL:
    case JWRN_JPEG_EOF:
        return true;
    default:
        return false;
    }
}

void onMessage(j_common_ptr codec, int level)
{
    if (level >= 0)
        return;
    JpegErrors &errors = JpegErrors::of(codec);
    ++errors.base.num_warnings;
    if (!errors.damaged && tellsOfLostPixels(errors.base.msg_code)) {
        errors.damaged = true;
        errors.base.format_message(codec, errors.words);
    }
}

void onProgress(j_common_ptr codec)
{
    if (JpegErrors::of(codec).stop.stop_requested())
        JpegErrors::raise(codec, JpegErrors::Cause::cancelled);
}

} // namespace

JpegErrors::JpegErrors()
{
    jpeg_std_error(&base);
    base.error_exit = onError;
    base.emit_message = onMessage;
    base.output_message = [](j_common_ptr) {};
    progress.progress_monitor = onProgress;
}

void JpegErrors::raise(j_common_ptr codec, Cause cause)
{
    JpegErrors &errors = of(codec);
    errors.cause = cause;
    std::longjmp(errors.jump, 1);
}

} // namespace steadyframe::imaging
