#pragma once

// A strict check of a file against the documented Chrome trace event format, and against what Perfetto drops.

#include <QtCore/qbytearray.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qmap.h>
#include <QtCore/qset.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringconverter.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace fixtures {

/// Goes through all events of a Chrome trace in the JSON object form.
class ChromeTraceCheck {
public:
    /// The first thing that is wrong with it; empty when it keeps to the format.
    static QString problem(const QByteArray &file)
    {
        ChromeTraceCheck check;
        check.read(file);
        return check.m_problem;
    }
    /// How many slices there are on each thread's row.
    static QMap<QString, int> slicesByThread(const QByteArray &file)
    {
        ChromeTraceCheck check;
        check.read(file);
        QMap<QString, int> result;
        for (auto it = check.m_slices.cbegin(); it != check.m_slices.cend(); ++it)
            result[check.m_threads.value(it.key())] += static_cast<int>(it.value().size());
        return result;
    }

private:
    struct Slice {
        qint64 start;
        qint64 length;
    };

    void read(const QByteArray &file)
    {
        QStringDecoder utf8(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
        const QString text = utf8(file);
        if (utf8.hasError() || text.contains(QChar::Null))
            return fail(QStringLiteral("the file is not UTF-8"));
        QJsonParseError error{};
        const QJsonDocument document = QJsonDocument::fromJson(file, &error);
        if (error.error != QJsonParseError::NoError)
            return fail(QStringLiteral("no JSON: %1 at %2").arg(error.errorString()).arg(error.offset));
        const QJsonObject top = document.object();
        const QString unit = top.value(QLatin1String("displayTimeUnit")).toString();
        if (unit != QLatin1String("ms") && unit != QLatin1String("ns"))
            return fail(QStringLiteral("displayTimeUnit is neither ms nor ns"));
        if (!top.value(QLatin1String("otherData")).isObject() || !top.value(QLatin1String("traceEvents")).isArray())
            return fail(QStringLiteral("otherData or traceEvents is missing"));
        const QJsonArray events = top.value(QLatin1String("traceEvents")).toArray();
        for (int i = 0; i < events.size() && m_problem.isEmpty(); ++i) {
            m_where = QStringLiteral("event %1: ").arg(i);
            readEvent(events.at(i).toObject());
        }
        m_where.clear();
        checkWhole();
    }

    void readEvent(const QJsonObject &event)
    {
        const QString phase = event.value(QLatin1String("ph")).toString();
        require(event.value(QLatin1String("name")).isString(), "no name");
        require(isWhole(event.value(QLatin1String("pid"))), "pid is no whole number");
        require(isWhole(event.value(QLatin1String("tid"))), "tid is no whole number");
        m_tid = event.value(QLatin1String("tid")).toInteger();
        const QJsonObject args = event.value(QLatin1String("args")).toObject();
        if (phase == QLatin1String("M"))
            return readMetadata(event.value(QLatin1String("name")).toString(), args);
        require(isTime(event.value(QLatin1String("ts"))), "ts is no time");
        if (phase == QLatin1String("X"))
            readSlice(event);
        else if (phase == QLatin1String("b") || phase == QLatin1String("e"))
            readAsync(event, phase == QLatin1String("b"));
        else if (phase == QLatin1String("i"))
            require(QStringLiteral("tpg").contains(event.value(QLatin1String("s")).toString(QStringLiteral("?"))),
                    "an instant without a scope");
        else if (phase == QLatin1String("C"))
            require(!args.isEmpty() && std::all_of(args.begin(), args.end(), [](auto v) { return v.isDouble(); }),
                    "a counter that is no number");
        else
            fail(QStringLiteral("unknown phase “%1”").arg(phase));
    }

    void readMetadata(const QString &name, const QJsonObject &args)
    {
        if (name == QLatin1String("thread_sort_index"))
            return require(isWhole(args.value(QLatin1String("sort_index"))), "no sort_index");
        require(args.value(QLatin1String("name")).isString(), "metadata without a name");
        if (name == QLatin1String("process_name"))
            m_hasProcess = true;
        else if (name == QLatin1String("thread_name"))
            m_threads.insert(m_tid, args.value(QLatin1String("name")).toString());
        else
            fail(QStringLiteral("unknown metadata “%1”").arg(name));
    }

    void readSlice(const QJsonObject &event)
    {
        require(event.value(QLatin1String("cat")).isString(), "a slice without a category");
        require(isTime(event.value(QLatin1String("dur"))), "dur is no time");
        m_slices[m_tid].push_back(
            {nanoseconds(event.value(QLatin1String("ts"))), nanoseconds(event.value(QLatin1String("dur")))});
    }

    void readAsync(const QJsonObject &event, bool begins)
    {
        const QString category = event.value(QLatin1String("cat")).toString();
        require(!category.isEmpty(), "an async event without a category");
        require(event.value(QLatin1String("id")).isString(), "an async event without an id");
        const QString key = category + QLatin1Char('/') + event.value(QLatin1String("id")).toString();
        const qint64 at = nanoseconds(event.value(QLatin1String("ts")));
        // Viewers sort by time: with one at a time in an id, and a gap between two, no rounding mixes them up.
        if (begins) {
            require(!m_open.contains(key), "an id that is open already");
            require(!m_closedAt.contains(key) || at > m_closedAt.value(key), "an id that is used again too soon");
            m_open.insert(key, at);
            m_openNames.insert(key, event.value(QLatin1String("name")).toString());
        } else {
            require(m_open.contains(key) && at >= m_open.value(key), "an end without its beginning");
            require(m_openNames.value(key) == event.value(QLatin1String("name")).toString(), "an end of another name");
            m_open.remove(key);
            m_closedAt.insert(key, at);
        }
    }

    void checkWhole()
    {
        if (!m_problem.isEmpty())
            return;
        require(m_open.isEmpty(), "async events that are never ended");
        require(m_hasProcess, "the process has no name");
        for (auto it = m_slices.begin(); it != m_slices.end(); ++it) {
            require(m_threads.contains(it.key()), "a thread without a name");
            checkNesting(it.value(), it.key());
        }
    }

    /// As Perfetto has it: a slice that begins within another must end within it, or it is dropped.
    void checkNesting(std::vector<Slice> &slices, qint64 tid)
    {
        std::stable_sort(slices.begin(), slices.end(),
                         [](const Slice &a, const Slice &b) { return a.start < b.start; });
        std::vector<qint64> ends;
        for (const Slice &slice : slices) {
            while (!ends.empty() && ends.back() <= slice.start)
                ends.pop_back();
            if (!ends.empty() && slice.start + slice.length > ends.back())
                fail(QStringLiteral("slices of thread %1 overlap at %2 ns").arg(tid).arg(slice.start));
            ends.push_back(slice.start + slice.length);
        }
    }

    static bool isWhole(const QJsonValue &value)
    {
        return value.isDouble() && value.toDouble() == std::floor(value.toDouble());
    }
    static bool isTime(const QJsonValue &value)
    {
        return value.isDouble() && std::isfinite(value.toDouble()) && value.toDouble() >= 0;
    }
    /// As Perfetto reads them: a double, cut off.
    static qint64 nanoseconds(const QJsonValue &microseconds)
    {
        return static_cast<qint64>(microseconds.toDouble() * 1000.0);
    }

    void require(bool condition, const char *otherwise)
    {
        if (!condition)
            fail(QLatin1String(otherwise));
    }
    void fail(const QString &what)
    {
        if (m_problem.isEmpty())
            m_problem = m_where + what;
    }

    QString m_problem;
    QString m_where;
    qint64 m_tid = 0;
    bool m_hasProcess = false;
    QMap<qint64, QString> m_threads;
    QMap<qint64, std::vector<Slice>> m_slices;
    QMap<QString, qint64> m_open;
    QMap<QString, qint64> m_closedAt;
    QMap<QString, QString> m_openNames;
};

} // namespace fixtures
