#pragma once

#include "isolate_core/detail/cell.h"

#include <functional>
#include <utility>

namespace isolate {

/// A global with one value for each isolate, made on first use there and destroyed at the isolate's end:
/// `static isolate::Local<Cache> cache;`
///
/// C++ shares statics between threads, and so between isolates; nothing can be done about that but this. What is
/// isolated is what you declare so: a plain static, a singleton of a library or a file is shared as ever. It must
/// outlive the isolates that use it: make it static. The values of an isolate are destroyed after its ports and
/// coroutines, the youngest first. Cost: a search among the isolate's locals, O(their number); an allocation on first
/// use. @thread isolate
template <class T>
class Local {
public:
    /// The first value in each isolate is `T()`. @thread any
    Local() : m_make([] { return T(); }) {}
    /// `make` gives the first value in each isolate, and is called there, by several threads at once. What it throws
    /// leaves `get`, and the next use calls it again. @thread any
    explicit Local(std::function<T()> make) : m_make(std::move(make)) {}
    Local(const Local &) = delete;
    Local &operator=(const Local &) = delete;

    /// This isolate's value, made if it was not used here before; valid until the isolate ends.
    [[nodiscard]] T &get() const
    {
        detail::Cell &cell = detail::Cell::expectCurrent("Local");
        if (void *found = cell.findLocal(this))
            return *static_cast<T *>(found);
        auto *made = new T(m_make());
        cell.addLocal(this, made, [](void *value) { delete static_cast<T *>(value); });
        return *made;
    }
    T &operator*() const { return get(); } ///< `get()`.
    T *operator->() const { return &get(); } ///< `get()`.

private:
    const std::function<T()> m_make;
};

} // namespace isolate
