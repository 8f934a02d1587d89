#pragma once

#include "library/database.h"
#include "library/library_error.h"
#include "library/photo_record.h"

#include <isolate_core/future.h>
#include <isolate_core/result.h>
#include <isolate_core/send_port.h>

#include <cstdint>
#include <variant>
#include <vector>

/// What the library's isolate is asked, one struct for each call of `Database`, and what it tells of its own accord.
/// A request names its answer as `Answer`; an answer comes when what was asked is durable.
namespace steadyframe::library {

template <class T>
using LibraryAnswer = isolate::Result<T, LibraryError>;

/// `Database::addPhotos`
struct AddPhotos {
    using Answer = LibraryAnswer<std::vector<PhotoRecord>>;
    std::vector<NewPhoto> photos;
};

/// `Database::apply`
struct ApplyChanges {
    using Answer = LibraryAnswer<AppliedChanges>;
    std::vector<PhotoChange> changes;
};

/// `Database::photo`
struct QueryPhoto {
    using Answer = LibraryAnswer<PhotoRecord>;
    PhotoId id = 0;
};

/// `Database::page`, or `Database::pageInState` when a state is given
struct QueryPage {
    using Answer = LibraryAnswer<std::vector<PhotoRecord>>;
    std::int64_t afterPosition = 0;
    std::uint32_t limit = 500;
    std::optional<PhotoState> state{};
};

/// `Database::totals`
struct QueryTotals {
    using Answer = LibraryTotals;
};

/// `Database::remove`
struct RemovePhotos {
    using Answer = LibraryAnswer<std::vector<PhotoRecord>>;
    std::vector<PhotoId> ids;
};

/// `Database::order`
struct OrderPhotos {
    using Answer = LibraryAnswer<std::vector<PhotoRecord>>;
    std::vector<PhotoOrder> orders;
};

/// `Database::arrange`
struct ArrangePhotos {
    using Answer = LibraryAnswer<std::vector<PhotoRecord>>;
    std::vector<PhotoId> ids;
};

/// `Database::arrival`
struct QueryArrival {
    using Answer = LibraryAnswer<std::optional<Arrival>>;
    std::string destination;
    std::string sha256;
};

/// `Database::answerTo`
struct QueryAnswer {
    using Answer = LibraryAnswer<std::string>;
    std::string question;
};

/// `Database::remember`
struct RememberAnswer {
    using Answer = LibraryAnswer<void>;
    std::string question;
    std::string answer;
};

/// `Database::resumeAfterCrash`
struct ResumeWork {
    using Answer = LibraryAnswer<UnfinishedWork>;
};

/// Told to every subscriber after each request that changed something, once that is durable.
struct LibraryNews {
    std::vector<PhotoRecord> added{};
    std::vector<PhotoRecord> changed{};
    std::vector<PhotoId> removed{};
    LibraryTotals totals{};
};

/// From now on news go to the port, too; they end with the port or with `Unsubscribe`. The answer is where things
/// stand.
struct Subscribe {
    using Answer = LibraryTotals;
    isolate::SendPort<LibraryNews> port;
};
struct Unsubscribe {
    using Answer = std::monostate;
    isolate::SendPort<LibraryNews> port;
};

/// A request with the promise of its answer, which fails when the library's isolate ends first.
template <class Request>
struct Asked {
    Request request;
    isolate::Completer<typename Request::Answer> reply{};
};

/// What the library's isolate receives.
using LibraryMessage
    = std::variant<Asked<AddPhotos>, Asked<ApplyChanges>, Asked<QueryPhoto>, Asked<QueryPage>, Asked<QueryTotals>,
                   Asked<RemovePhotos>, Asked<OrderPhotos>, Asked<ArrangePhotos>, Asked<QueryArrival>,
                   Asked<QueryAnswer>, Asked<RememberAnswer>, Asked<ResumeWork>, Asked<Subscribe>, Asked<Unsubscribe>>;

} // namespace steadyframe::library
