// The pipeline with a library that can't do what it is asked: nothing is lost, and nothing is sent that is not
// recorded.
#include "pipeline_faults.h"

#include <typeindex>

using namespace steadyframe;
using namespace steadyframe::tests;
using library::LibraryError;
using library::LibraryErrorCode;

namespace {

/// Before a real library: passes on what it is asked, or answers it with an error. Belongs to the main isolate.
class LibraryProxy {
public:
    LibraryProxy() : m_port([this](library::LibraryMessage message) { pass(std::move(message)); }) {}

    /// Puts itself between the library of a world that is about to start and its pipeline.
    void stepBetween(pipeline::Config &config) { m_library = std::exchange(config.library, m_port.sendPort()); }
    /// Requests of this kind are refused from now on.
    template <class Request>
    void refuse(LibraryErrorCode code)
    {
        m_errors[typeid(Request)] = {code, "It can't."};
    }
    void mend() { m_errors.clear(); }
    /// There once so many requests have been refused.
    isolate::Future<void> untilRefused(std::size_t count)
    {
        m_awaited = m_refused + count;
        m_reached = {};
        return m_reached.future();
    }

private:
    void pass(library::LibraryMessage message)
    {
        std::visit(
            [this]<class Request>(library::Asked<Request> &&asked) {
                using Answer = typename Request::Answer;
                if constexpr (std::is_constructible_v<Answer, LibraryError>) {
                    if (const auto error = m_errors.find(typeid(Request)); error != m_errors.end()) {
                        asked.reply.complete(Answer(error->second));
                        if (++m_refused == m_awaited)
                            m_reached.complete();
                        return;
                    }
                }
                m_library.send(library::LibraryMessage(std::move(asked)));
            },
            std::move(message));
    }

    isolate::SendPort<library::LibraryMessage> m_library;
    std::map<std::type_index, LibraryError> m_errors;
    std::size_t m_refused = 0;
    std::size_t m_awaited = 0;
    isolate::Completer<void> m_reached;
    isolate::RawReceivePort<library::LibraryMessage> m_port;
};

struct LibraryWorld : FaultWorld {
    explicit LibraryWorld(World &all) : FaultWorld(all)
    {
        const auto before = std::exchange(world.tune, nullptr);
        world.tune = [this, before](pipeline::Config &config) {
            before(config);
            library.stepBetween(config);
        };
    }
    LibraryProxy library{};
};

} // namespace

class PipelineLibraryTest : public QObject {
    Q_OBJECT

private slots:
    void whatCannotBeRecordedIsNotLostAndNotSent_data()
    {
        QTest::addColumn<int>("code");
        QTest::newRow("damaged") << int(LibraryErrorCode::damaged);
        QTest::newRow("no access") << int(LibraryErrorCode::noAccess);
        QTest::newRow("a mistake of ours") << int(LibraryErrorCode::internal);
    }
    void whatCannotBeRecordedIsNotLostAndNotSent()
    {
        QFETCH(int, code);
        const auto error = static_cast<LibraryErrorCode>(code);
        inWorld([&](World &world) -> isolate::Task<> {
            LibraryWorld faults(world);
            co_await faults.start();
            faults.library.refuse<library::AddPhotos>(error);
            world.pipeline.send(pipeline::Pick{{world.makePhoto("a.jpg", 1), world.makePhoto("b.jpg", 2)}});
            co_await world.watcher->until([](auto &w) { return !w.notices.empty(); });
            CO_VERIFY(world.watcher->photos.empty());
            const bool advises = world.watcher->notices.front().find("start Steadyframe again") != std::string::npos;
            CO_COMPARE(advises, error == LibraryErrorCode::damaged);
            faults.library.mend(); // the pick was not forgotten
            co_await world.watcher->until([](auto &w) { return w.count(PhotoState::compressed) == 2; });

            faults.library.refuse<library::ApplyChanges>(error);
            auto refused = faults.library.untilRefused(3);
            faults.useProxy();
            co_await std::move(refused);
            CO_COMPARE(faults.proxy->count("PATCH"), 0); // the address of the upload is not recorded yet
            CO_COMPARE(world.watcher->count(PhotoState::compressed), std::size_t(2));
            faults.library.mend();
            co_await faults.untilNoneIsLeft();
            CO_ARRIVED(faults);
            co_await world.stop();
        });
    }

    void nothingIsSentBeforeTheLibrarySaysThatItIsNotThereYet()
    {
        inWorld([](World &world) -> isolate::Task<> {
            LibraryWorld faults(world);
            co_await faults.start();
            faults.library.refuse<library::QueryArrival>(LibraryErrorCode::ioFailed);
            auto refused = faults.library.untilRefused(2);
            faults.useProxy();
            world.pipeline.send(pipeline::Pick{{world.makePhoto("a.jpg", 1)}});
            co_await std::move(refused);
            CO_COMPARE(faults.proxy->count("POST"), 0);
            faults.library.mend();
            co_await faults.untilNoneIsLeft();
            CO_ARRIVED(faults);
            co_await world.stop();
        });
    }

    void whatCannotBeRemovedIsWorkedOn()
    {
        inWorld([](World &world) -> isolate::Task<> {
            LibraryWorld faults(world);
            co_await faults.startWithAPhoto();
            faults.library.refuse<library::RemovePhotos>(LibraryErrorCode::diskFull);
            world.pipeline.send(pipeline::Remove{{world.watcher->named("a.jpg")->id}});
            co_await world.watcher->until([](auto &w) { return !w.notices.empty(); });
            faults.useProxy();
            co_await faults.untilNoneIsLeft();
            CO_ARRIVED(faults);
            co_await world.stop();
        });
    }

    void aListThatCannotBeReadAtTheStartIsReadLater()
    {
        inWorld([](World &world) -> isolate::Task<> {
            LibraryWorld faults(world);
            co_await faults.startWithAPhoto();
            faults.library.refuse<library::QueryPage>(LibraryErrorCode::ioFailed);
            co_await faults.restart();
            co_await world.watcher->until([](auto &w) { return !w.notices.empty(); });
            CO_VERIFY(world.watcher->photos.empty());
            faults.library.mend();
            faults.useProxy();
            co_await faults.untilNoneIsLeft();
            CO_ARRIVED(faults);
            co_await world.stop();
        });
    }

    void aWishThatNeedsAListThatCannotBeReadIsToldOf()
    {
        inWorld([](World &world) -> isolate::Task<> {
            LibraryWorld faults(world);
            co_await faults.startWithAPhoto();
            faults.library.refuse<library::QueryPage>(LibraryErrorCode::ioFailed);
            world.pipeline.send(pipeline::Retry{});
            co_await world.watcher->until([](auto &w) { return w.notices.size() == 1; });
            world.pipeline.send(pipeline::Remove{});
            co_await world.watcher->until([](auto &w) { return w.notices.size() == 2; });
            co_await world.stop();
        });
    }

    void withoutALibraryNothingIsBegunAndItEndsAtOnce()
    {
        inWorld([](World &world) -> isolate::Task<> {
            FaultWorld faults(world);
            co_await faults.startWithAPhoto();
            faults.proxy->stallAfter(faults.bytesToSend() / 3);
            faults.useProxy();
            faults.proxy->waitUntilStalled();
            isolate::ReceivePort<isolate::ExitNotice> ended;
            world.library->isolate.addOnExitListener(ended.sendPort());
            world.library->isolate.kill();
            static_cast<void>(co_await ended.next());
            world.pipeline.send(pipeline::Prioritize{{1}, 1});
            co_await world.watcher->until([](auto &w) { return !w.notices.empty(); });
            CO_VERIFY(world.watcher->notices.front().find("Start Steadyframe again") != std::string::npos);
            pipeline::Stop stop;
            auto stopped = stop.stopped.future();
            world.pipeline.send(std::move(stop));
            co_await std::move(stopped);
        });
    }
};

QTEST_GUILESS_MAIN(PipelineLibraryTest)
#include "pipeline_library_test.moc"
