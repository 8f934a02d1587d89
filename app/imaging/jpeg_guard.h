#pragma once

#include <csetjmp>
#include <cstddef>
#include <cstdio> // jpeglib.h needs it

#include <jpeglib.h>

#include <jerror.h> // after jpeglib.h, whose options decide the numbers of the codes

#include <stop_token>
#include <type_traits>

namespace steadyframe::imaging {

/// What libjpeg told of its troubles. It hands out a pointer to `base`, which is therefore the first member.
///
/// An error can't be returned from libjpeg's callbacks and must not be thrown through its C frames: `raise` jumps back
/// to the `guarded` call that is active. @thread the codec's
struct JpegErrors {
    enum class Cause { none, library, endOfSource, readFailed, writeFailed, cancelled };

    jpeg_error_mgr base{};
    std::jmp_buf jump{};
    Cause cause = Cause::none;
    int code = 0; ///< libjpeg's, with the cause `library`
    int readErrno = 0; ///< with the cause `readFailed`
    bool damaged = false; ///< a warning told of pixels that were lost; `words` are libjpeg's
    char words[JMSG_LENGTH_MAX] = "";
    std::stop_token stop;
    jpeg_progress_mgr progress{}; ///< looks at `stop`

    JpegErrors();
    JpegErrors(const JpegErrors &) = delete;
    JpegErrors &operator=(const JpegErrors &) = delete;

    /// For libjpeg's callbacks: ends the guarded call.
    [[noreturn]] static void raise(j_common_ptr codec, Cause cause);
    [[nodiscard]] static JpegErrors &of(j_common_ptr codec) { return *reinterpret_cast<JpegErrors *>(codec->err); }
};

/// Calls libjpeg; false when it raised an error. What `call` does besides must need no destructor, since it is left by
/// a jump: hence one small lambda for each call, which captures references only.
template <class Call>
[[nodiscard]] bool guarded(JpegErrors &errors, Call call)
{
    static_assert(std::is_trivially_destructible_v<Call>);
    if (setjmp(errors.jump) != 0)
        return false;
    call();
    return true;
}

} // namespace steadyframe::imaging
