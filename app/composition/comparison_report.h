#pragma once

#include "composition/comparison_result.h"
#include "jank_monitor/report.h"

#include <isolate_core/sendable.h>

#include <filesystem>
#include <string>
#include <utility>

namespace steadyframe::composition {

/// A report that can be sent to where it is written.
class ReportParcel {
public:
    explicit ReportParcel(jank::ReportComparison report) : m_report(std::move(report)) {}
    [[nodiscard]] const jank::ReportComparison &report() const noexcept { return m_report; }

private:
    jank::ReportComparison m_report;
};

/// What the report says of a comparison. The machine's display, the renderer and the cost are left to who knows them.
/// @thread any
[[nodiscard]] jank::ReportComparison reportOf(const ComparisonResult &result);

/// Writes it as HTML, and makes the folder when it is missing. Empty when it was written, else a sentence for the
/// person. @thread any, but takes longer than a frame
[[nodiscard]] std::string saveReport(ReportParcel parcel, std::filesystem::path path);

} // namespace steadyframe::composition

/// Copies share texts and lists of Qt's until one of them is written to.
template <>
struct isolate::IsSendableClass<steadyframe::composition::ReportParcel> : std::true_type {
};
