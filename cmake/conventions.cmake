# What every target of the project is compiled with.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_package(Threads REQUIRED)

find_program(STEADYFRAME_CCACHE ccache)
if(STEADYFRAME_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${STEADYFRAME_CCACHE}")
endif()

add_library(steadyframe_conventions INTERFACE)
target_compile_options(steadyframe_conventions INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 reports these inside its own standard library and coroutine frames.
    target_compile_options(steadyframe_conventions INTERFACE -Wno-maybe-uninitialized -Wno-restrict)
endif()

if(STEADYFRAME_SANITIZE)
    add_compile_options(-fsanitize=${STEADYFRAME_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${STEADYFRAME_SANITIZE})
    add_compile_definitions(_GLIBCXX_ASSERTIONS)
    if(STEADYFRAME_SANITIZE MATCHES "thread")
        # GCC warns that its thread sanitizer does not model std::atomic_thread_fence.
        target_compile_options(steadyframe_conventions INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
    endif()
endif()
