#include "models/session.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>

namespace steadyframe::ui {

Session::Session(QObject *parent) : QObject(parent) {}

double Session::fraction() const
{
    return m_totals.total > 0
        ? static_cast<double>(m_totals.total - m_totals.left()) / static_cast<double>(m_totals.total)
        : 0;
}

QString Session::savedText() const
{
    if (m_totals.bytesBefore <= 0)
        return {};
    const double before = static_cast<double>(m_totals.bytesBefore), after = static_cast<double>(m_totals.bytesAfter);
    if (after >= before)
        return tr("Nothing saved");
    return tr("%1 saved (%2 %)")
        .arg(readableBytes(qMax(0.0, before - after)))
        .arg(qMax(0, qRound(100 * (before - after) / before)));
}

QString Session::paceText() const
{
    return m_pace.uploadBytesPerSecond > 0 ? tr("%1/s").arg(readableBytes(m_pace.uploadBytesPerSecond)) : QString();
}

QString Session::timeLeftText() const
{
    return m_pace.secondsLeft < 0 ? QString() : tr("%1 left").arg(readableDuration(m_pace.secondsLeft));
}

void Session::openFeeds(const QList<QUrl> &urls)
{
    if (urls.isEmpty())
        return;
    if (urls.size() > 1)
        notify(tr("One feed is open at a time. Of these it is %1.").arg(urls.constFirst().fileName()), Info);
    openFeed(urls.constFirst());
}

void Session::setTotals(const Totals &totals)
{
    if (totals == m_totals)
        return;
    m_totals = totals;
    emit totalsChanged();
}

void Session::setPace(const Pace &pace)
{
    if (pace == m_pace)
        return;
    m_pace = pace;
    emit paceChanged();
}

void Session::setAttention(Attention attention, const QString &text)
{
    if (attention == m_attention && text == m_attentionText)
        return;
    m_attention = attention;
    m_attentionText = text;
    emit attentionChanged();
}

void Session::setPaused(bool paused)
{
    if (paused == m_paused)
        return;
    m_paused = paused;
    emit pausedChanged();
}

void Session::setObstacle(const QString &text)
{
    if (text == m_obstacle)
        return;
    m_obstacle = text;
    emit obstacleChanged();
}

void Session::setExecutionMode(ExecutionMode mode)
{
    if (mode == m_mode)
        return;
    m_mode = mode;
    emit executionModeChanged();
}

void Session::setFolders(const QString &results, const QString &received, const QString &address)
{
    m_resultFolder = results;
    m_receiverFolder = received;
    m_receiverAddress = address;
    emit foldersChanged();
}

void Session::paste()
{
    const QMimeData *data = QGuiApplication::clipboard()->mimeData();
    if (data && data->hasUrls())
        emit picked(data->urls());
    else if (data && data->hasImage())
        emit imagePasted(qvariant_cast<QImage>(data->imageData()));
    else
        notify(tr("There is no file and no picture on the clipboard."), Info);
}

namespace {

/// QML has no whole numbers of 64 bits.
QList<qint64> wholeNumbers(const QList<double> &ids)
{
    QList<qint64> whole;
    whole.reserve(ids.size());
    for (const double id : ids)
        whole.append(static_cast<qint64>(id));
    return whole;
}

} // namespace

void Session::remove(const QList<double> &ids)
{
    emit removeWanted(wholeNumbers(ids));
}

void Session::uploadAgain(const QList<double> &ids)
{
    emit uploadAgainWanted(wholeNumbers(ids));
}

void Session::hold(const QList<double> &ids, bool held)
{
    emit holdWanted(wholeNumbers(ids), held);
}

void Session::prioritize(const QList<double> &ids, int priority)
{
    emit priorityWanted(wholeNumbers(ids), priority);
}

} // namespace steadyframe::ui
