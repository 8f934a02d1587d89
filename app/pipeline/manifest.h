#pragma once

#include "library/library_isolate.h"

#include <isolate_core/future.h>
#include <isolate_core/result.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace steadyframe::pipeline {

/// A list of what was uploaded, in a file.
struct Manifest {
    std::filesystem::path path;
    std::uint64_t photos = 0;
    std::uint64_t bytes = 0; ///< of the file
    std::string sha256; ///< of the file, in hex
};

/// Writes all uploaded photos into a new file in the folder, `manifest DATE.json.gz`: JSON in the form of a photo feed,
/// with hash, sizes and time beside, compressed by zlib. `addresses`, by the identities of destinations, make
/// those absolute that the library has as paths; a destination that is not among them is its own address.
/// An isolate of its own asks the library page by page, so that memory stays flat. The error is a sentence for the
/// person; nothing is left then. @thread isolate
[[nodiscard]] isolate::Future<isolate::Result<Manifest, std::string>>
writeManifest(isolate::SendPort<library::LibraryMessage> library, std::filesystem::path folder,
              std::map<std::string, std::string> addresses);

} // namespace steadyframe::pipeline
