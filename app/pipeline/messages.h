#pragma once

#include "library/messages.h"
#include "recipe/recipe.h"
#include "upload/messages.h"

#include <isolate_core/future.h>
#include <isolate_core/send_port.h>

#include <filesystem>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace steadyframe::pipeline {

using library::PhotoId;

/// The person picked these: files, or folders that are searched for pictures. Native bytes.
struct Pick {
    std::vector<std::string> paths;
};
/// Start nothing new, and suspend what is uploading; with `ids` the same for these alone, also after a restart.
struct Pause {
    std::vector<PhotoId> ids{};
};
/// Go on, with all that was paused as a whole and not one by one, or with these. Also asks again what the person was
/// told to mend.
struct Resume {
    std::vector<PhotoId> ids{};
};
/// Greater goes first; 0 is where all begin.
struct Prioritize {
    std::vector<PhotoId> ids;
    std::int32_t priority = 0;
};
/// Do these in this order; they share out the places that they have in the list.
struct Arrange {
    std::vector<PhotoId> ids;
};
/// Stop these, wherever they are; all that are not done when `ids` is empty.
struct Cancel {
    std::vector<PhotoId> ids;
};
/// Do these again; all in `state`, failed or cancelled, when `ids` is empty.
struct Retry {
    std::vector<PhotoId> ids;
    library::PhotoState state = library::PhotoState::failed;
};
/// Send these to the destination once more, also where it has them: they were uploaded, and are not there any more.
struct UploadAgain {
    std::vector<PhotoId> ids;
};
/// Take these off the list, stopping what runs; all that are uploaded when `ids` is empty. Files stay where they are.
struct Remove {
    std::vector<PhotoId> ids;
};
/// For photos that are compressed from now on.
struct UseRecipe {
    recipe::Recipe recipe;
};
/// Where photos are uploaded to from now on. Nothing is uploaded before the first of these.
struct UseTarget {
    upload::Target target;
};
/// How uploads share the line.
struct UseUploads {
    unsigned atOnce = 0; ///< files; at most `mostUploads`; 0: found out by trying
    std::uint64_t bytesPerSecond = 0; ///< of all together; 0: no limit
};
inline constexpr unsigned mostUploads = 6;
/// What the person answered to `Attention::nameExists`. It is remembered for the destination.
struct AnswerName {
    upload::NamePolicy policy = upload::NamePolicy::keepBoth;
};
/// Write a list of what was uploaded into the folder, and upload it, too.
struct WriteManifest {
    std::filesystem::path folder;
    /// Of destinations beside the present one, by their identity: the library has only paths of what went there.
    std::map<std::string, std::string> addresses{};
};
/// Uploads run on the main isolate, or on isolates of their own. Compression follows the runtime's execution mode.
struct UseMainIsolate {
    bool yes = false;
};

/// How far the compression of one photo is, from 0 to 1.
struct Progress {
    PhotoId id = 0;
    double fraction = 0;
};

/// How fast it goes. Of the last seconds; zero when nothing runs.
struct Pace {
    double uploadBytesPerSecond = 0; ///< as the server acknowledged
    double photosPerSecond = 0; ///< that were uploaded
    double secondsLeft = -1; ///< -1: can't be told yet
};

/// Why no upload goes on until the person has done something.
enum class Attention : std::uint8_t {
    none,
    credentials, ///< the destination does not accept them: enter others, and `UseTarget`
    certificate, ///< the destination can't prove who it is
    nameExists, ///< it has another file of the name: `AnswerName`
};

/// What changed since the last one. Every state in it is durable. The next one comes after `applied` was completed or
/// dropped, so that a subscriber that is busy gets fewer and larger ones.
struct Update {
    std::vector<library::PhotoRecord> photos; ///< new or changed; at most `mostPhotosInUpdate`
    std::vector<PhotoId> removed;
    std::vector<Progress> progress;
    std::vector<std::filesystem::path> manifests; ///< that were written
    std::vector<std::string> notices; ///< sentences for the person that belong to no photo
    library::LibraryTotals totals;
    std::uint64_t held = 0; ///< not done, and at rest because the person paused them one by one
    Pace pace;
    bool paused = false;
    Attention attention = Attention::none;
    std::string attentionText; ///< a sentence or two for the person, which say what to do
    isolate::Completer<void> applied;
};
inline constexpr std::size_t mostPhotosInUpdate = 400;

/// Tell `port` of everything there is, and then of every change.
struct Subscribe {
    isolate::SendPort<Update> port;
};
/// Suspend what runs, record everything, and end. `stopped` is completed as the last act.
struct Stop {
    isolate::Completer<void> stopped;
};

using Command = std::variant<Pick, Pause, Resume, Cancel, Retry, UploadAgain, Remove, Prioritize, Arrange, UseRecipe,
                             UseTarget, UseUploads, AnswerName, WriteManifest, UseMainIsolate, Subscribe, Stop>;

} // namespace steadyframe::pipeline
