#pragma once

#include "jank_monitor/trace_io.h"

#include <cstddef>
#include <string>
#include <vector>

namespace jank {

/// Reads CSV (RFC 4180, also with bare line feeds) row by row, in bounded memory. Belongs to one thread.
class CsvReader {
public:
    /// Both must outlive it.
    CsvReader(QIODevice &device, const IoControl &control) : m_device(device), m_control(control) {}

    /// The next row that is not empty. False at the end of the file, and when it can't be read: problem() then says
    /// why.
    [[nodiscard]] bool nextRow(std::vector<std::string> &cells);
    /// The line in which the last row began, from 1.
    [[nodiscard]] std::size_t line() const noexcept { return m_rowLine; }
    [[nodiscard]] const QString &problem() const noexcept { return m_problem; }
    [[nodiscard]] bool cancelled() const noexcept { return m_cancelled; }

private:
    static constexpr int End = -1;

    int look();
    bool refill();
    bool readCell(std::string &cell);
    bool readQuoted(std::string &cell);

    QIODevice &m_device;
    const IoControl &m_control;
    std::string m_buffer;
    std::size_t m_position = 0;
    std::size_t m_line = 1;
    std::size_t m_rowLine = 1;
    double m_reported = 0;
    bool m_begun = false;
    bool m_cancelled = false;
    QString m_problem;
};

} // namespace jank
