#include "jank_monitor/symbols.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

#if JANK_STACKS
#include <cxxabi.h>
#include <dlfcn.h>
#endif
// GCC keeps the header to itself: other compilers, and tools that read the sources with them, do without.
#if JANK_STACKS && defined(JANK_LIBBACKTRACE) && __has_include(<backtrace.h>)
#define JANK_NAMES_LINES 1
#include <backtrace.h>
#endif

namespace jank {

namespace {

std::string withoutFolders(const std::string &path)
{
    const auto slash = path.find_last_of('/');
    return slash == std::string::npos ? path : path.substr(slash + 1);
}

#if JANK_STACKS
std::string demangled(const char *name)
{
    int status = 0;
    const std::unique_ptr<char, void (*)(void *)> text(abi::__cxa_demangle(name, nullptr, nullptr, &status), std::free);
    return status == 0 && text ? std::string(text.get()) : std::string(name);
}
#endif

#ifdef JANK_NAMES_LINES
void ignoreError(void *, const char *, int) {}

backtrace_state *state()
{
    static backtrace_state *const instance = backtrace_create_state(nullptr, 1, ignoreError, nullptr);
    return instance;
}

int addFrame(void *to, std::uintptr_t, const char *file, int line, const char *function)
{
    if (function == nullptr)
        return 0;
    Symbol symbol;
    symbol.function = demangled(function);
    if (file != nullptr)
        symbol.file = withoutFolders(file);
    symbol.line = line;
    static_cast<std::vector<Symbol> *>(to)->push_back(std::move(symbol));
    return 0;
}

void addSymbol(void *to, std::uintptr_t, const char *name, std::uintptr_t, std::uintptr_t)
{
    if (name == nullptr)
        return;
    Symbol symbol;
    symbol.function = demangled(name);
    static_cast<std::vector<Symbol> *>(to)->push_back(std::move(symbol));
}
#endif

} // namespace

std::string Symbol::text() const
{
    if (!function.empty() && !file.empty() && line > 0)
        return function + " (" + file + ":" + std::to_string(line) + ")";
    if (!function.empty())
        return module.empty() ? function : function + " [" + module + "]";
    std::array<char, 32> hexadecimal{};
    std::snprintf(hexadecimal.data(), hexadecimal.size(), "0x%zx", static_cast<std::size_t>(offset));
    return module.empty() ? std::string(hexadecimal.data()) : module + "+" + hexadecimal.data();
}

std::vector<Symbol> symbolsAt(std::uintptr_t address)
{
    std::vector<Symbol> symbols;
#ifdef JANK_NAMES_LINES
    if (state() != nullptr) {
        backtrace_pcinfo(state(), address, addFrame, ignoreError, &symbols);
        if (symbols.empty())
            backtrace_syminfo(state(), address, addSymbol, ignoreError, &symbols);
    }
#endif
    Symbol bare;
    bare.offset = address;
#if JANK_STACKS
    Dl_info info{};
    if (::dladdr(reinterpret_cast<void *>(address), &info) != 0) {
        if (info.dli_fname != nullptr)
            bare.module = withoutFolders(info.dli_fname);
        bare.offset = address - reinterpret_cast<std::uintptr_t>(info.dli_fbase);
        if (info.dli_sname != nullptr)
            bare.function = demangled(info.dli_sname);
    }
#endif
    if (symbols.empty())
        symbols.push_back(bare);
    for (Symbol &symbol : symbols) {
        symbol.module = bare.module;
        symbol.offset = bare.offset;
    }
    return symbols;
}

std::vector<std::string> describe(const CallStack &stack)
{
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < stack.addresses.size(); ++i) {
        for (const Symbol &symbol : symbolsAt(stack.lookup(i)))
            lines.push_back(symbol.text());
    }
    return lines;
}

bool readsDebugInformation() noexcept
{
#ifdef JANK_NAMES_LINES
    return true;
#else
    return false;
#endif
}

} // namespace jank
