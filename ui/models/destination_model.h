#pragma once

#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

namespace steadyframe::ui {

/// Where photos are uploaded to, as the settings show it, and what the person wishes to change. Secrets go one way:
/// from here to the application, never back. All members: @thread ui
class DestinationModel : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(Destination)
    QML_UNCREATABLE("The application makes it.")
    Q_PROPERTY(Kind kind READ kind NOTIFY chosenChanged FINAL)
    /// Absolute; empty for the built-in receiver.
    Q_PROPERTY(QString address READ address NOTIFY chosenChanged FINAL)
    /// Of a WebDAV server, or the access key of a store.
    Q_PROPERTY(QString user READ user NOTIFY chosenChanged FINAL)
    Q_PROPERTY(QString region READ region NOTIFY chosenChanged FINAL)
    /// Where the password, key or token is kept, as a sentence; empty when there is none.
    Q_PROPERTY(QString secretText READ secretText NOTIFY chosenChanged FINAL)
    /// Files at once; 0: found out by trying.
    Q_PROPERTY(int atOnce READ atOnce NOTIFY uploadsChanged FINAL)
    /// Of all uploads together; 0: no limit.
    Q_PROPERTY(int kilobytesPerSecond READ kilobytesPerSecond NOTIFY uploadsChanged FINAL)
    Q_PROPERTY(bool testing READ testing NOTIFY testChanged FINAL)
    /// What came of the last test; empty before one.
    Q_PROPERTY(QString testText READ testText NOTIFY testChanged FINAL)
    Q_PROPERTY(bool testGood READ testGood NOTIFY testChanged FINAL)

public:
    enum Kind { Receiver, Tus, WebDav, S3 };
    Q_ENUM(Kind)

    /// What the person entered. An empty secret means the one that is kept.
    struct Entry {
        Kind kind = Receiver;
        QString address;
        QString user;
        QString secret;
        QString region;
    };

    explicit DestinationModel(QObject *parent = nullptr) : QObject(parent) {}

    [[nodiscard]] Kind kind() const { return m_chosen.kind; }
    [[nodiscard]] QString address() const { return m_chosen.address; }
    [[nodiscard]] QString user() const { return m_chosen.user; }
    [[nodiscard]] QString region() const { return m_chosen.region; }
    [[nodiscard]] QString secretText() const { return m_secretText; }
    [[nodiscard]] int atOnce() const { return m_atOnce; }
    [[nodiscard]] int kilobytesPerSecond() const { return m_kilobytesPerSecond; }
    [[nodiscard]] bool testing() const { return m_testing; }
    [[nodiscard]] QString testText() const { return m_testText; }
    [[nodiscard]] bool testGood() const { return m_testGood; }

    // Facts.
    /// Photos go there from now on. A secret in the entry is not kept here.
    void setChosen(Entry chosen, const QString &secretText);
    void setUploads(int atOnce, int kilobytesPerSecond);
    void setTesting();
    void setTestResult(bool good, const QString &text);

    // Wishes.
    Q_INVOKABLE void use(steadyframe::ui::DestinationModel::Kind kind, const QString &address, const QString &user,
                         const QString &secret, const QString &region)
    {
        emit useWanted({kind, address.trimmed(), user.trimmed(), secret, region.trimmed()});
    }
    Q_INVOKABLE void test(steadyframe::ui::DestinationModel::Kind kind, const QString &address, const QString &user,
                          const QString &secret, const QString &region)
    {
        emit testWanted({kind, address.trimmed(), user.trimmed(), secret, region.trimmed()});
    }
    Q_INVOKABLE void changeUploads(int atOnce, int kilobytesPerSecond)
    {
        emit uploadsWanted(atOnce, kilobytesPerSecond);
    }

signals:
    void chosenChanged();
    void uploadsChanged();
    void testChanged();

    void useWanted(const steadyframe::ui::DestinationModel::Entry &entry);
    void testWanted(const steadyframe::ui::DestinationModel::Entry &entry);
    void uploadsWanted(int atOnce, int kilobytesPerSecond);

private:
    Entry m_chosen;
    QString m_secretText;
    int m_atOnce = 0;
    int m_kilobytesPerSecond = 0;
    bool m_testing = false;
    bool m_testGood = false;
    QString m_testText;
};

} // namespace steadyframe::ui
