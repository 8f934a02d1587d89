#pragma once

#include "imaging/compress.h"
#include "imaging/jpeg_forge.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <string>

namespace steadyframe::tests {

/// A folder with originals, and one for results, for one test.
class Desk {
public:
    Desk() = default;
    Desk(const Desk &) = delete;
    Desk &operator=(const Desk &) = delete;
    ~Desk() { std::filesystem::remove_all(folder()); } // Qt can't remove a name that is not UTF-8

    [[nodiscard]] std::filesystem::path folder() const { return m_folder.path().toStdString(); }
    [[nodiscard]] std::filesystem::path results() const { return folder() / "results"; }
    std::filesystem::path put(const std::string &name, const Bytes &bytes) const
    {
        writeBytes(folder() / name, bytes);
        return folder() / name;
    }
    [[nodiscard]] isolate::Result<imaging::CompressResult, imaging::ImagingError>
    compress(const std::filesystem::path &source, const imaging::CompressSettings &settings = {},
             std::stop_token stop = {}, const std::function<void(double)> &progress = {}) const
    {
        return imaging::compressFile(source, results(), "result", settings, std::move(stop), progress);
    }

private:
    /// In memory where there is such a folder: results are flushed, which disks take their time for.
    static QString nameTemplate()
    {
        const QString memory = "/dev/shm";
        return (QFileInfo(memory).isWritable() ? memory : QDir::tempPath()) + "/steadyframe-test-XXXXXX";
    }

    QTemporaryDir m_folder{nameTemplate()};
};

/// For QVERIFY2: the message of an error, or that there is none.
template <class T>
std::string words(const isolate::Result<T, imaging::ImagingError> &result)
{
    return result ? "no error" : result.error().message;
}

} // namespace steadyframe::tests

#define VERIFY_OK(result)                                                                                              \
    do {                                                                                                               \
        const auto &checked = (result);                                                                                \
        QVERIFY2(checked.ok(), words(checked).c_str());                                                                \
    } while (false)
#define COMPARE_CODE(result, wanted)                                                                                   \
    do {                                                                                                               \
        const auto &checked = (result);                                                                                \
        QVERIFY2(!checked.ok(), "no error");                                                                           \
        QVERIFY2(checked.error().code == (wanted), checked.error().message.c_str());                                   \
    } while (false)
