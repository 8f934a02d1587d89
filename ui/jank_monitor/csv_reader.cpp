#include "jank_monitor/csv_reader.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qiodevice.h>

#include <algorithm>

namespace jank {

namespace {

constexpr std::size_t PieceSize = 256 * 1024;
constexpr std::size_t MostCells = 1024;
constexpr std::size_t LongestCell = 1024 * 1024;
constexpr double ProgressStep = 0.01;
constexpr std::string_view ByteOrderMark = "\xef\xbb\xbf";

QString translated(const char *text)
{
    return QCoreApplication::translate("jank::TraceIo", text);
}

} // namespace

bool CsvReader::refill()
{
    if (m_control.stop.stop_requested()) {
        m_cancelled = true;
        m_problem = translated("Cancelled.");
    }
    if (!m_problem.isEmpty())
        return false;
    m_buffer.resize(PieceSize);
    const qint64 read = m_device.read(m_buffer.data(), static_cast<qint64>(PieceSize));
    m_buffer.resize(static_cast<std::size_t>(std::max<qint64>(read, 0)));
    m_position = 0;
    if (read < 0 && !m_device.isSequential())
        m_problem = translated("Reading failed: %1").arg(m_device.errorString());
    if (!std::exchange(m_begun, true) && m_buffer.starts_with(ByteOrderMark))
        m_position = ByteOrderMark.size();
    const auto size = static_cast<double>(m_device.size());
    const double done = size > 0 ? std::min(1.0, static_cast<double>(m_device.pos()) / size) : 0;
    if (m_control.progress && done >= m_reported + ProgressStep)
        m_control.progress(m_reported = done);
    return m_position < m_buffer.size();
}

int CsvReader::look()
{
    if (m_position == m_buffer.size() && !refill())
        return End;
    return static_cast<unsigned char>(m_buffer[m_position]);
}

bool CsvReader::readQuoted(std::string &cell)
{
    ++m_position;
    for (int c = look(); c != End; c = look()) {
        ++m_position;
        if (c == '"' && look() != '"')
            return true;
        if (c == '"')
            ++m_position;
        m_line += c == '\n' ? 1 : 0;
        cell.push_back(static_cast<char>(c));
        if (cell.size() > LongestCell)
            break;
    }
    if (m_problem.isEmpty())
        m_problem = cell.size() > LongestCell ? translated("A cell is longer than a megabyte")
                                              : translated("The file ends within quotes");
    return false;
}

bool CsvReader::readCell(std::string &cell)
{
    if (look() == '"')
        return readQuoted(cell);
    for (int c = look(); c != End && c != ',' && c != '\r' && c != '\n'; c = look()) {
        cell.push_back(static_cast<char>(c));
        ++m_position;
        if (cell.size() > LongestCell) {
            m_problem = translated("A cell is longer than a megabyte");
            return false;
        }
    }
    return m_problem.isEmpty();
}

bool CsvReader::nextRow(std::vector<std::string> &cells)
{
    cells.clear();
    for (int c = look(); c == '\r' || c == '\n'; c = look()) {
        m_line += c == '\n' ? 1 : 0;
        ++m_position;
    }
    m_rowLine = m_line;
    if (look() == End)
        return false;
    while (cells.size() < MostCells) {
        if (!readCell(cells.emplace_back()))
            return false;
        const int c = look();
        if (c == End || c == '\r' || c == '\n')
            return m_problem.isEmpty();
        if (c != ',') {
            m_problem = translated("Something follows a closing quote");
            return false;
        }
        ++m_position;
    }
    m_problem = translated("A line has too many cells");
    return false;
}

} // namespace jank
