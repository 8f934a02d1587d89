#include "library/record_row.h"

namespace steadyframe::library {

namespace {

/// In the order of `readRow`.
constexpr std::string_view columns
    = "id, position, state, source_path, name, folder, original_bytes, original_width, original_height, "
      "result_path, result_bytes, result_width, result_height, sha256, upload_url, acknowledged_bytes, attempts, "
      "last_error, destination, priority, held, "
      "queued_at, compressing_at, compressed_at, uploading_at, uploaded_at, failed_at, cancelled_at, note";

void bindTime(Statement &statement, const std::optional<UtcTime> &time)
{
    if (time)
        statement.bind(time->time_since_epoch().count());
    else
        statement.bindNull();
}

void bindBytes(Statement &statement, std::uint64_t bytes)
{
    statement.bind(static_cast<std::int64_t>(bytes));
}

} // namespace

std::string selectRows(std::string_view rest)
{
    return std::string("SELECT ").append(columns).append(" FROM photos ").append(rest);
}

PhotoRecord readRow(const Statement &query)
{
    PhotoRecord record;
    int column = 0;
    const auto number = [&] { return query.number(column++); };
    const auto bytes = [&] { return static_cast<std::uint64_t>(number()); };
    const auto text = [&] { return std::string(query.bytes(column++)); };
    const auto size = [&] {
        const auto width = static_cast<std::int32_t>(number());
        return PixelSize{width, static_cast<std::int32_t>(number())};
    };
    record.id = number();
    record.position = number();
    record.state = static_cast<PhotoState>(number());
    record.sourcePath = text();
    record.name = text();
    record.folder = text();
    record.originalBytes = bytes();
    record.originalSize = size();
    record.resultPath = text();
    record.resultBytes = bytes();
    record.resultSize = size();
    record.sha256 = text();
    record.uploadUrl = text();
    record.acknowledgedBytes = bytes();
    record.attempts = static_cast<std::uint32_t>(number());
    record.lastError = text();
    record.destination = text();
    record.priority = static_cast<std::int32_t>(number());
    record.held = number() != 0;
    for (auto &time : record.enteredAt) {
        if (!query.isNull(column))
            time = UtcTime(std::chrono::milliseconds(query.number(column)));
        ++column;
    }
    record.note = text();
    return record;
}

const std::string_view insertRow = "INSERT INTO photos (position, state, source_path, name, folder, original_bytes, "
                                   "original_width, original_height, "
                                   "queued_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

void bindInsert(Statement &insert, const PhotoRecord &record)
{
    insert.reset();
    insert.bind(record.position);
    insert.bind(static_cast<std::int64_t>(record.state));
    insert.bindBlob(record.sourcePath.native());
    insert.bindText(record.name);
    insert.bindText(record.folder);
    bindBytes(insert, record.originalBytes);
    insert.bind(record.originalSize.width);
    insert.bind(record.originalSize.height);
    bindTime(insert, record.enteredAt[static_cast<std::size_t>(PhotoState::queued)]);
}

const std::string_view updateRow
    = "UPDATE photos SET state = ?, original_bytes = ?, original_width = ?, original_height = ?, result_path = ?, "
      "result_bytes = ?, result_width = ?, result_height = ?, sha256 = ?, upload_url = ?, acknowledged_bytes = ?, "
      "attempts = ?, last_error = ?, destination = ?, queued_at = ?, compressing_at = ?, compressed_at = ?, "
      "uploading_at = ?, uploaded_at = ?, failed_at = ?, cancelled_at = ?, note = ? WHERE id = ?";

void bindUpdate(Statement &update, const PhotoRecord &record)
{
    update.reset();
    update.bind(static_cast<std::int64_t>(record.state));
    bindBytes(update, record.originalBytes);
    update.bind(record.originalSize.width);
    update.bind(record.originalSize.height);
    update.bindBlob(record.resultPath.native());
    bindBytes(update, record.resultBytes);
    update.bind(record.resultSize.width);
    update.bind(record.resultSize.height);
    update.bindText(record.sha256);
    update.bindText(record.uploadUrl);
    bindBytes(update, record.acknowledgedBytes);
    update.bind(record.attempts);
    update.bindText(record.lastError);
    update.bindText(record.destination);
    for (const auto &time : record.enteredAt)
        bindTime(update, time);
    update.bindText(record.note);
    update.bind(record.id);
}

} // namespace steadyframe::library
