#pragma once

#include "jank_monitor/json_text.h"
#include "jank_monitor/report.h"

#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

#include <initializer_list>

namespace jank {

/// Text for HTML and XML: marks escaped, control characters shown as pictures, broken UTF-8 as U+FFFD. @thread any
[[nodiscard]] QString escaped(const QString &text);
[[nodiscard]] QString escaped(std::string_view utf8);
/// The first `most` characters, with an ellipsis in the place of what follows.
[[nodiscard]] QString shortened(std::string_view utf8, qsizetype most = 120);

/// "0.35 ms", "16.7 ms", "1,204 ms" or "12.3 s". @thread any
[[nodiscard]] QString durationText(double milliseconds);
/// A whole number with a comma between thousands; a true minus sign.
[[nodiscard]] QString countText(qint64 number);
/// A time within a recording: "12.345 s", "3:07.250".
[[nodiscard]] QString momentText(std::int64_t nanoseconds);
/// "+4.2 %", "−12 %".
[[nodiscard]] QString percentText(double share);

/// One figure in the summary.
struct Figure {
    QString name;
    QString value; ///< plain text
    QString note; ///< plain text; may be empty
    const char *tone = ""; ///< "good", "fair" or "bad", said in words by the note as well
};

/// A page that is written from top to bottom. What is handed over as text is escaped here; what is called markup must
/// already be. The page is well-formed XML too. Belongs to one thread.
class ReportPage {
public:
    /// Both must outlive it. `steps`: how many calls of endSection() the page takes, for the progress.
    ReportPage(QIODevice &device, const IoControl &control, std::size_t steps) : m_sink(device, control, steps) {}

    void begin(const QString &title, const QString &kind, const QStringList &facts);
    void figures(const std::vector<Figure> &figures);
    void beginSection(const QString &heading, const QString &introduction = {});
    /// False when there is no use in going on.
    bool endSection();
    void paragraph(const QString &text, const char *cssClass = nullptr);
    void markup(const QString &markup) { m_sink.append(markup.toStdString()); }
    /// A table; the first column names the row. Cells are markup. `numeric` columns are aligned to the right.
    void table(const QString &caption, const QStringList &columns, const QList<QStringList> &rows,
               const QList<int> &numeric);
    /// Names and what they mean, both plain.
    void definitions(const QList<std::pair<QString, QString>> &entries);
    void machine(const ReportMachine &machine, const ReportCost &cost);
    [[nodiscard]] IoResult end();

private:
    TextSink m_sink;
    int m_sections = 0;
};

/// The look of the page, as CSS.
[[nodiscard]] QString reportStyle();

} // namespace jank
