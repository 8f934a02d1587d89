#include "jank_monitor/report_page.h"

#include <QtCore/qlocale.h>

#include <cmath>

namespace jank {

namespace {

const QLocale &english()
{
    static const QLocale locale(QLocale::English, QLocale::UnitedStates);
    return locale;
}

QString signedText(QString number)
{
    return number.replace(QLatin1Char('-'), QStringLiteral("−"));
}

} // namespace

QString escaped(const QString &text)
{
    QString result;
    result.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        const bool pair = c.isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate();
        if (c == QLatin1Char('<'))
            result += QLatin1String("&lt;");
        else if (c == QLatin1Char('>'))
            result += QLatin1String("&gt;");
        else if (c == QLatin1Char('&'))
            result += QLatin1String("&amp;");
        else if (c == QLatin1Char('"'))
            result += QLatin1String("&quot;");
        else if (c == QLatin1Char('\''))
            result += QLatin1String("&#39;");
        else if (c.unicode() < 0x20 && c != QLatin1Char('\n') && c != QLatin1Char('\t'))
            result += QChar(0x2400 + c.unicode()); // the picture of the control character
        else if (pair)
            result += QStringView(text).mid(i++, 2);
        else if ((c.unicode() >= 0x7f && c.unicode() < 0xa0) || c.isSurrogate() || c.unicode() >= 0xfffe)
            result += QChar(QChar::ReplacementCharacter);
        else
            result += c;
    }
    return result;
}

QString escaped(std::string_view utf8)
{
    return escaped(QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size())));
}

QString shortened(std::string_view utf8, qsizetype most)
{
    const QString text = QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
    return text.size() <= most ? text : text.left(most - 1) + QChar(0x2026);
}

QString durationText(double milliseconds)
{
    const double size = std::abs(milliseconds);
    if (size == 0)
        return QStringLiteral("0 ms");
    if (size >= 10'000)
        return signedText(english().toString(milliseconds / 1000, 'f', 1)) + QStringLiteral(" s");
    const int decimals = size >= 100 ? 0 : size >= 10 ? 1 : 2;
    return signedText(english().toString(milliseconds, 'f', decimals)) + QStringLiteral(" ms");
}

QString countText(qint64 number)
{
    return signedText(english().toString(number));
}

QString momentText(std::int64_t nanoseconds)
{
    const double seconds = static_cast<double>(nanoseconds) / 1e9;
    if (seconds < 60)
        return signedText(english().toString(seconds, 'f', 3)) + QStringLiteral(" s");
    const auto minutes = static_cast<qint64>(seconds / 60);
    return QStringLiteral("%1:%2").arg(minutes).arg(seconds - static_cast<double>(minutes) * 60, 6, 'f', 3,
                                                    QLatin1Char('0'));
}

QString percentText(double share)
{
    const double percent = share * 100;
    const QString text = english().toString(percent, 'f', std::abs(percent) < 10 ? 1 : 0);
    return (percent > 0 ? QStringLiteral("+") : QString()) + signedText(text) + QStringLiteral(" %");
}

void ReportPage::begin(const QString &title, const QString &kind, const QStringList &facts)
{
    QString shown;
    for (const QString &fact : facts) {
        if (!fact.isEmpty())
            shown += QStringLiteral("<span>%1</span>").arg(escaped(fact));
    }
    markup(QStringLiteral("<!DOCTYPE html>\n"
                          "<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
                          "<meta charset=\"utf-8\"/>\n"
                          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                          "<meta name=\"generator\" content=\"JankMonitor\"/>\n"
                          "<title>%1</title>\n<style>\n")
               .arg(escaped(title)));
    markup(reportStyle());
    // A hatch for what is told apart from its neighbour by more than colour; all plots share it.
    markup(QStringLiteral("</style>\n</head>\n<body>\n"
                          "<svg width=\"0\" height=\"0\" style=\"position:absolute\" aria-hidden=\"true\"><defs>"
                          "<pattern id=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
                          "patternTransform=\"rotate(45)\"><path class=\"hatchline\" d=\"M0 0V5\"/></pattern>"
                          "</defs></svg>\n"));
    markup(QStringLiteral("<header>\n<p class=\"kind\">") + escaped(kind) + QStringLiteral("</p>\n<h1>")
           + escaped(title) + QStringLiteral("</h1>\n<p class=\"facts\">") + shown
           + QStringLiteral("</p>\n</header>\n<main>\n"));
}

void ReportPage::figures(const std::vector<Figure> &figures)
{
    markup(figures.size() == 6 ? QStringLiteral("<ul class=\"figures six\">\n")
                               : QStringLiteral("<ul class=\"figures\">\n"));
    for (const Figure &figure : figures) {
        markup(QStringLiteral("<li class=\"%1\"><span class=\"name\">").arg(QLatin1String(figure.tone))
               + escaped(figure.name) + QStringLiteral("</span> <b>") + escaped(figure.value) + QStringLiteral("</b>"));
        if (!figure.note.isEmpty())
            markup(QStringLiteral(" <span class=\"note\">") + escaped(figure.note) + QStringLiteral("</span>"));
        markup(QStringLiteral("</li>\n"));
    }
    markup(QStringLiteral("</ul>\n"));
}

void ReportPage::beginSection(const QString &heading, const QString &introduction)
{
    ++m_sections;
    markup(QStringLiteral("<section aria-labelledby=\"s%1\">\n<h2 id=\"s%1\">").arg(m_sections) + escaped(heading)
           + QStringLiteral("</h2>\n"));
    if (!introduction.isEmpty())
        paragraph(introduction);
}

bool ReportPage::endSection()
{
    markup(QStringLiteral("</section>\n"));
    return m_sink.itemDone();
}

void ReportPage::paragraph(const QString &text, const char *cssClass)
{
    markup(cssClass != nullptr ? QStringLiteral("<p class=\"%1\">").arg(QLatin1String(cssClass))
                               : QStringLiteral("<p>"));
    markup(escaped(text) + QStringLiteral("</p>\n"));
}

void ReportPage::table(const QString &caption, const QStringList &columns, const QList<QStringList> &rows,
                       const QList<int> &numeric)
{
    const auto kind = [&numeric](qsizetype column) {
        return numeric.contains(static_cast<int>(column)) ? QStringLiteral(" class=\"n\"") : QString();
    };
    markup(QStringLiteral("<div class=\"scroll\"><table>\n<caption>") + escaped(caption)
           + QStringLiteral("</caption>\n<thead><tr>"));
    for (qsizetype i = 0; i < columns.size(); ++i)
        markup(QStringLiteral("<th scope=\"col\"%1>").arg(kind(i)) + escaped(columns.at(i)) + QStringLiteral("</th>"));
    markup(QStringLiteral("</tr></thead>\n<tbody>\n"));
    for (const QStringList &row : rows) {
        markup(QStringLiteral("<tr>"));
        for (qsizetype i = 0; i < row.size(); ++i) {
            const QString tag = i == 0 ? QStringLiteral("th") : QStringLiteral("td");
            const QString scope = i == 0 ? QStringLiteral(" scope=\"row\"") : QString();
            markup(QLatin1Char('<') + tag + scope + kind(i) + QLatin1Char('>') + row.at(i) + QStringLiteral("</") + tag
                   + QLatin1Char('>'));
        }
        markup(QStringLiteral("</tr>\n"));
    }
    markup(QStringLiteral("</tbody></table></div>\n"));
}

void ReportPage::definitions(const QList<std::pair<QString, QString>> &entries)
{
    markup(QStringLiteral("<dl>\n"));
    for (const auto &[name, meaning] : entries)
        markup(QStringLiteral("<dt>") + escaped(name) + QStringLiteral("</dt><dd>") + escaped(meaning)
               + QStringLiteral("</dd>\n"));
    markup(QStringLiteral("</dl>\n"));
}

void ReportPage::machine(const ReportMachine &machine, const ReportCost &cost)
{
    QList<std::pair<QString, QString>> entries;
    const auto add = [&entries](const char *name, const QString &value) {
        if (!value.isEmpty())
            entries.append({QString::fromUtf8(name), value});
    };
    add("System", machine.system);
    add("Processor", machine.processor);
    add("Cores", machine.cores > 0 ? countText(machine.cores) : QString());
    add("Display", machine.display);
    add("Refresh rate",
        machine.refreshRate > 0 ? QStringLiteral("%1 Hz").arg(machine.refreshRate, 0, 'g', 5) : QString());
    add("Renderer", machine.renderer);
    add("Render loop", machine.renderLoop);
    const auto costText
        = [](double nanoseconds) { return QStringLiteral("%1 µs a frame").arg(nanoseconds / 1000, 0, 'f', 1); };
    if (cost.ui >= 0)
        add("The monitor itself, UI thread", costText(cost.ui));
    if (cost.render >= 0)
        add("The monitor itself, render thread", costText(cost.render));
    if (entries.isEmpty())
        paragraph(QStringLiteral("Nothing is known of the machine."));
    else
        definitions(entries);
}

IoResult ReportPage::end()
{
    markup(QStringLiteral("</main>\n<footer><p>Written by the jank monitor. Nothing in this page is loaded from "
                          "elsewhere; it can be kept, sent and printed as it is.</p></footer>\n</body>\n</html>\n"));
    return m_sink.finish();
}

} // namespace jank
