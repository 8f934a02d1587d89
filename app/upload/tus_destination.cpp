#include "upload/tus_destination.h"

#include "upload/file_source.h"
#include "upload/tus_session.h"

namespace steadyframe::upload {

TusDestination::TusDestination(TusOptions options) : m_options(std::move(options)), m_client(m_options.http) {}

TusDestination::~TusDestination() = default;

isolate::Result<UploadReceipt, UploadError> TusDestination::upload(const UploadRequest &request,
                                                                   const UploadObserver &observer, std::stop_token stop)
{
    auto file = FileSource::open(request);
    if (!file)
        return std::move(file).error();
    TusSession session(m_options, m_client, m_features, request, file.value(), observer, std::move(stop));
    return session.run();
}

} // namespace steadyframe::upload
