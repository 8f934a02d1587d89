#include "upload/session_parts.h"

namespace steadyframe::upload {

std::optional<UploadError> waitForNextTry(const UploadError &fault, BackOff &backOff, const UploadObserver &observer,
                                          const std::stop_token &stop)
{
    if (fault.code == UploadErrc::cancelled)
        return fault;
    const auto wait = backOff.next(fault);
    if (!wait)
        return fault;
    if (observer.onWaiting)
        observer.onWaiting(fault, *wait);
    if (!waitUnlessStopped(*wait, stop))
        return cancelledError();
    return std::nullopt;
}

bool removesWhenStopped(const UploadObserver &observer)
{
    return !observer.whenStopped || observer.whenStopped() == WhenStopped::remove;
}

} // namespace steadyframe::upload
