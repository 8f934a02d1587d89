#pragma once

#include "pipeline/pipeline.h"

#include <isolate_core/timer.h>

namespace steadyframe::pipeline {

template <class Request>
isolate::Task<typename Request::Answer> Pipeline::askUntilAnswered(Request request)
{
    for (bool isTold = false;; isTold = true) {
        Request again = request;
        auto answer = co_await library::ask(m_config.library, std::move(again));
        if (answer || m_stopping)
            co_return answer;
        if (!isTold)
            libraryFailed(answer.error());
        co_await isolate::delay(libraryPause);
    }
}

} // namespace steadyframe::pipeline
