#include "jank_monitor/trace_details.h"

#include "jank_monitor/trace_names.h"

#include <QtCore/qcoreapplication.h>

namespace jank {

namespace {

using Kind = TimelineBand::Kind;

constexpr std::size_t MostPiecesNamed = 4;

QColor faint(QColor color)
{
    color.setAlphaF(color.alphaF() * 0.45F);
    return color;
}

QString tr(const char *text)
{
    return QCoreApplication::translate("JankTimeline", text);
}

QVariantMap row(const QString &label, const QString &value)
{
    return {{QStringLiteral("label"), label}, {QStringLiteral("value"), value}};
}

QVariantMap part(const QString &name, std::int64_t length, const QColor &color)
{
    return {{QStringLiteral("name"), name},
            {QStringLiteral("length"), toMilliseconds(std::max<std::int64_t>(0, length))},
            {QStringLiteral("text"), lengthText(std::max<std::int64_t>(0, length))},
            {QStringLiteral("color"), color}};
}

QStringList labelsDuring(const Trace &trace, Interval span)
{
    QStringList texts;
    for (const LabelSpan &label : trace.labels) {
        if (label.span.meets(span))
            texts.append(QString::fromStdString(label.text));
    }
    return texts;
}

/// The longest stall that lies, at least in part, within `span`.
const Stall *stallDuring(const Trace &trace, Interval span)
{
    const Stall *longest = nullptr;
    for (const Stall &stall : trace.stalls) {
        if (stall.block.span().meets(span) && (longest == nullptr || stall.block.length > longest->block.length))
            longest = &stall;
    }
    return longest;
}

QStringList stackOf(const Stall &stall)
{
    QStringList lines;
    for (const std::string &line : stall.stack)
        lines.append(QString::fromStdString(line));
    return lines;
}

QString missedText(int missed)
{
    return missed == 1 ? tr("1 vsync missed") : tr("%1 vsyncs missed").arg(missed);
}

/// The pieces of work that overlap a frame most, by name.
QString meanwhile(const Trace &trace, Interval span)
{
    struct Piece {
        std::int64_t overlap;
        QString text;
    };
    std::vector<Piece> pieces;
    trace.work.forEach([&](const WorkInterval &work) {
        const std::int64_t overlap = std::min(work.end, span.end) - std::max(work.start, span.start);
        if (overlap > 0)
            pieces.push_back({overlap, QString::fromStdString(work.label)});
    });
    std::stable_sort(pieces.begin(), pieces.end(),
                     [](const Piece &a, const Piece &b) { return a.overlap > b.overlap; });
    QStringList texts;
    for (std::size_t i = 0; i < pieces.size() && i < MostPiecesNamed; ++i)
        texts.append(QStringLiteral("%1 (%2)").arg(pieces[i].text, lengthText(pieces[i].overlap)));
    if (pieces.size() > MostPiecesNamed)
        texts.append(tr("and %1 more").arg(pieces.size() - MostPiecesNamed));
    return texts.join(QStringLiteral(", "));
}

void describeFrame(QVariantMap &map, const Trace &trace, const FrameSample &frame, const TimelineColors &colors)
{
    const Interval span{frame.wanted, frame.swapEnd};
    const bool bad = frame.missed > 0;
    map[QStringLiteral("kind")] = QStringLiteral("frame");
    map[QStringLiteral("bad")] = bad;
    map[QStringLiteral("title")] = tr("Frame of %1").arg(lengthText(frame.frameTime()));
    map[QStringLiteral("summary")] = frame.own ? tr("The monitor's own frame: not counted")
        : !bad                                 ? tr("On time")
        : frame.cause == Cause::Render         ? tr("%1, by the render thread").arg(missedText(frame.missed))
                                               : tr("%1, by the UI thread").arg(missedText(frame.missed));
    const auto after = [&](std::int64_t time) {
        return QStringLiteral("%1 + %2").arg(timeText(frame.wanted - trace.span.start, 1'000'000),
                                             lengthText(std::max<std::int64_t>(0, time - frame.wanted)));
    };
    QVariantList rows{row(tr("Wanted"), timeText(frame.wanted - trace.span.start, 1'000)),
                      row(tr("Deadline"), after(frame.deadline)), row(tr("Shown"), after(frame.swapEnd)),
                      row(tr("UI thread worked"), lengthText(frame.uiBusy)),
                      row(tr("Render thread worked"), lengthText(frame.renderTime()))};
    QStringList stack;
    if (const Stall *stall = stallDuring(trace, span)) {
        rows.append(row(tr("Stall"), lengthText(stall->block.length)));
        if (const QString culprit = culpritText(stall->block); !culprit.isEmpty())
            rows.append(row(tr("Held up by"), culprit));
        stack = stackOf(*stall);
    }
    if (const QString work = meanwhile(trace, span); !work.isEmpty())
        rows.append(row(tr("Elsewhere"), work));
    map[QStringLiteral("rows")] = rows;
    map[QStringLiteral("stack")] = stack;
    map[QStringLiteral("labels")] = labelsDuring(trace, span);
    const bool ui = bad && frame.cause == Cause::Ui;
    const bool render = bad && frame.cause == Cause::Render;
    // What was done before the frame was wanted is no part of its time.
    std::int64_t from = frame.wanted;
    QVariantList parts;
    const auto addPart = [&](const QString &name, std::int64_t end, const QColor &color) {
        const std::int64_t to = std::clamp(end, from, std::max(from, frame.swapEnd));
        parts.append(part(name, to - from, color));
        from = to;
    };
    addPart(tr("Not begun"), frame.uiStart, faint(colors.wait));
    addPart(tr("UI"), frame.uiEnd, ui ? colors.missed : colors.ui);
    addPart(tr("Wait"), frame.syncStart, colors.wait);
    addPart(tr("Sync"), frame.syncEnd, colors.sync);
    addPart(tr("Render"), frame.renderEnd, render ? colors.missed : colors.render);
    addPart(tr("Swap"), frame.swapEnd, faint(colors.render));
    map[QStringLiteral("parts")] = parts;
}

void describeBlock(QVariantMap &map, const Trace &trace, const LoopBlock &block, const Stall *stall)
{
    const Interval span = block.span();
    map[QStringLiteral("kind")] = stall != nullptr ? QStringLiteral("stall") : QStringLiteral("block");
    map[QStringLiteral("bad")] = stall != nullptr;
    map[QStringLiteral("title")]
        = (stall != nullptr ? tr("Stall of %1") : tr("Block of %1")).arg(lengthText(block.length));
    const QString culprit = culpritText(block);
    map[QStringLiteral("summary")]
        = culprit.isEmpty() ? tr("The event loop was away") : tr("The event loop was away, longest in %1").arg(culprit);
    QVariantList rows{row(tr("Began"), timeText(block.start - trace.span.start, 1'000)),
                      row(tr("Event"), block.eventType != 0 ? eventName(block.eventType) : tr("not known"))};
    if (block.receiver[0] != 0)
        rows.append(row(tr("Receiver"), QString::fromUtf8(block.receiver)));
    if (block.name[0] != 0)
        rows.append(row(tr("Object"), QString::fromUtf8(block.name)));
    map[QStringLiteral("rows")] = rows;
    map[QStringLiteral("stack")] = stall != nullptr ? stackOf(*stall) : QStringList();
    map[QStringLiteral("labels")] = labelsDuring(trace, span);
}

void describeWork(QVariantMap &map, const Trace &trace, const WorkInterval &work)
{
    map[QStringLiteral("kind")] = QStringLiteral("work");
    map[QStringLiteral("title")] = QString::fromStdString(work.label.empty() ? std::string("—") : work.label);
    QString lane;
    for (const WorkLog::Lane &candidate : trace.lanes) {
        if (candidate.id == work.lane)
            lane = QString::fromStdString(candidate.name);
    }
    map[QStringLiteral("summary")] = tr("%1 in %2").arg(lengthText(work.end - work.start), lane);
    QVariantList rows{row(tr("Began"), timeText(work.start - trace.span.start, 1'000)),
                      row(tr("Took"), lengthText(work.end - work.start))};
    if (work.cpu > 0)
        rows.append(row(tr("Processor time"), lengthText(work.cpu)));
    if (!work.requester.empty())
        rows.append(row(tr("For"), QString::fromStdString(work.requester)));
    if (work.thread != 0)
        rows.append(row(tr("Thread"), QString::number(work.thread)));
    map[QStringLiteral("rows")] = rows;
    map[QStringLiteral("labels")] = labelsDuring(trace, {work.start, work.end});
}

} // namespace

QString lengthText(std::int64_t nanoseconds)
{
    if (nanoseconds < 1'000'000)
        return QStringLiteral("%1 µs").arg(nanoseconds / 1'000);
    if (nanoseconds < 99'950'000)
        return QStringLiteral("%1 ms").arg(toMilliseconds(nanoseconds), 0, 'f', 1);
    if (nanoseconds < NanosecondsPerSecond)
        return QStringLiteral("%1 ms").arg(toMilliseconds(nanoseconds), 0, 'f', 0);
    return QStringLiteral("%1 s").arg(static_cast<double>(nanoseconds) / 1e9, 0, 'f', 2);
}

QVariantMap describe(const Trace &trace, const TimelineHit &hit, const TimelineColors &colors)
{
    QVariantMap map;
    const TimelineMark &mark = hit.mark;
    if (mark.empty())
        return map;
    map[QStringLiteral("bad")] = false;
    map[QStringLiteral("parts")] = QVariantList();
    map[QStringLiteral("stack")] = QStringList();
    map[QStringLiteral("labels")] = QStringList();
    map[QStringLiteral("start")] = toMilliseconds(mark.span.start - trace.span.start);
    map[QStringLiteral("length")] = toMilliseconds(mark.span.length());
    switch (mark.kind) {
    case Kind::Frames:
    case Kind::Render:
        describeFrame(map, trace, trace.frames[hit.index], colors);
        break;
    case Kind::Ui:
        if (hit.stall)
            describeBlock(map, trace, trace.stalls[hit.index].block, &trace.stalls[hit.index]);
        else
            describeBlock(map, trace, trace.blocks[hit.index], nullptr);
        break;
    case Kind::Lane:
        describeWork(map, trace, trace.work[hit.index]);
        break;
    case Kind::Labels:
        map[QStringLiteral("kind")] = QStringLiteral("label");
        map[QStringLiteral("title")] = QString::fromStdString(trace.labels[hit.index].text);
        map[QStringLiteral("summary")] = tr("The program said so for %1").arg(lengthText(mark.span.length()));
        map[QStringLiteral("rows")]
            = QVariantList{row(tr("Began"), timeText(mark.span.start - trace.span.start, 1'000))};
        break;
    case Kind::Ruler:
        break;
    }
    return map;
}

} // namespace jank
