#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace isolate::detail {

/// Base of what is shared between isolates by counting. The last `Ref` has it deleted, on whichever thread that is.
class RefCounted {
public:
    RefCounted() = default;
    RefCounted(const RefCounted &) = delete;
    RefCounted &operator=(const RefCounted &) = delete;

    void retain() const noexcept { m_references.fetch_add(1, std::memory_order_relaxed); }
    void release() const noexcept
    {
        if (m_references.fetch_sub(1, std::memory_order_acq_rel) == 1)
            unreferenced();
    }

protected:
    virtual ~RefCounted() = default;
    /// The last reference is gone.
    virtual void unreferenced() const noexcept { delete this; }

private:
    mutable std::atomic<std::uint32_t> m_references{0};
};

/// A counted reference, null or alive. @thread any, as long as one `Ref` object stays on one thread at a time.
template <class T>
class Ref {
public:
    Ref() noexcept = default;
    Ref(std::nullptr_t) noexcept {}
    explicit Ref(T *object) noexcept : m_object(object)
    {
        if (m_object)
            m_object->retain();
    }
    Ref(const Ref &other) noexcept : Ref(other.m_object) {}
    Ref(Ref &&other) noexcept : m_object(std::exchange(other.m_object, nullptr)) {}
    template <class U>
    requires std::is_convertible_v<U *, T *> Ref(const Ref<U> &other)
    noexcept : Ref(static_cast<T *>(other.get())) {}
    ~Ref() { reset(); }

    Ref &operator=(Ref other) noexcept
    {
        std::swap(m_object, other.m_object);
        return *this;
    }
    void reset() noexcept
    {
        if (T *object = std::exchange(m_object, nullptr))
            object->release();
    }

    [[nodiscard]] T *get() const noexcept { return m_object; }
    T *operator->() const noexcept { return m_object; }
    T &operator*() const noexcept { return *m_object; }
    explicit operator bool() const noexcept { return m_object != nullptr; }
    friend bool operator==(const Ref &a, const Ref &b) noexcept { return a.m_object == b.m_object; }

private:
    T *m_object = nullptr;
};

template <class T, class... Args>
Ref<T> makeRef(Args &&...args)
{
    return Ref<T>(new T(std::forward<Args>(args)...));
}

} // namespace isolate::detail
