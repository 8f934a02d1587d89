#pragma once

#include <string>

namespace steadyframe::library {

/// Why the library did not do what it was asked.
enum class LibraryErrorCode {
    locked, ///< Another program has the database open.
    diskFull, ///< There is no room for the change; nothing of it was stored.
    damaged, ///< The file is no sound database. Opening it again keeps it aside and starts a new one.
    newerVersion, ///< A newer version of the application made the file.
    noAccess, ///< The file or its folder may not be read or written.
    ioFailed, ///< The system failed to read or write; the message has its words.
    outOfMemory, ///< There is no memory for it.
    notFound, ///< There is no photo with this id.
    refused, ///< The photo can't go from its state to the one that was asked for.
    internal, ///< A mistake in the application; the message has the words of SQLite.
};

/// What went wrong, and a sentence for the person that says what to do.
struct LibraryError {
    LibraryErrorCode code = LibraryErrorCode::internal;
    std::string message;
};

} // namespace steadyframe::library
