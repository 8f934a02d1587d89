#include "isolate_core/isolate.h"

#include "isolate_core/receive_port.h"

namespace isolate {

using namespace detail;

Isolate Isolate::current()
{
    return Isolate(Ref<Cell>(&Cell::expectCurrent("Isolate::current")));
}

Capability Isolate::pause(Capability resumeWith) const
{
    if (!m_mayPause)
        return resumeWith;
    m_cell->control(false, [resumeWith](Cell &cell) { cell.pauseBy(resumeWith); });
    return resumeWith;
}

void Isolate::resume(Capability capability) const
{
    m_cell->control(false, [capability](Cell &cell) { cell.resumeBy(capability); });
}

void Isolate::kill(Priority priority) const
{
    if (!m_mayTerminate)
        return;
    m_cell->control(priority == Priority::immediate, [](Cell &cell) { cell.requestEnd(ExitReason::killed); });
    m_cell->stopSource().request_stop();
    if (priority == Priority::immediate && Cell::current() == m_cell.get())
        m_cell->checkpoint();
}

void Isolate::addOnExitListener(const SendPort<ExitNotice> &port) const
{
    m_cell->control(true, [port](Cell &cell) { cell.listen(port); });
}

void Isolate::addListener(const SendPort<Notice> &port) const
{
    m_cell->control(true, [port](Cell &cell) { cell.listen(port); });
}

void Isolate::removeListener(const SendPort<Notice> &port) const
{
    m_cell->control(true, [port](Cell &cell) {
        cell.removeErrorListener(PortAccess::state(port).get());
        cell.removeExitListener(PortAccess::state(port).get());
    });
}

void Isolate::addErrorListener(const SendPort<ErrorNotice> &port) const
{
    m_cell->control(true, [port](Cell &cell) { cell.listen(port); });
}

void Isolate::removeErrorListener(const SendPort<ErrorNotice> &port) const
{
    m_cell->control(true, [port](Cell &cell) { cell.removeErrorListener(PortAccess::state(port).get()); });
}

Stream<ErrorNotice> Isolate::errors() const
{
    auto state = std::make_shared<StreamState<ErrorNotice>>(true);
    auto port = std::make_shared<RawReceivePort<ErrorNotice>>(
        [weak = std::weak_ptr(state)](ErrorNotice notice) {
            if (auto stream = weak.lock())
                stream->value(std::move(notice));
        },
        PortOptions{.keepIsolateAlive = false});
    addErrorListener(port->sendPort());
    state->keep = std::move(port);
    return Stream<ErrorNotice>(std::move(state));
}

void Isolate::setErrorsFatal(bool fatal, Capability terminate) const
{
    if (terminate != m_cell->terminateCapability())
        return;
    m_cell->control(true, [fatal](Cell &cell) { cell.setErrorsFatal(fatal); });
}

void checkpoint()
{
    if (Cell *cell = Cell::current())
        cell->checkpoint();
}

std::stop_token stopToken()
{
    Cell *cell = Cell::current();
    return cell ? cell->stopSource().get_token() : std::stop_token();
}

void setActivity(std::string what)
{
    Cell::expectCurrent("setActivity").setWhat(std::move(what));
}

void exit()
{
    Cell::expectCurrent("exit").requestEnd(ExitReason::exited);
    throw Unwind{};
}

} // namespace isolate
