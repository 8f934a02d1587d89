# steadyframe_add_test(NAME <name> KIND gtest|qt|quick SOURCES <files> LIBRARIES <targets> [ENVIRONMENT <A=b>...] [TIMEOUT <s>] [LABELS <l>...] [QT_THREADS])
#
# QT_THREADS: Qt hands things between threads in it, which the thread sanitizer can't follow.
# One executable and one ctest entry. A run in which no test was executed is an error.
# Tests run in parallel: each makes its own temporary folder and binds port 0.
function(steadyframe_add_test)
    cmake_parse_arguments(ARG "QT_THREADS" "NAME;KIND;TIMEOUT" "SOURCES;LIBRARIES;ENVIRONMENT;LABELS" ${ARGN})
    add_executable(${ARG_NAME} ${ARG_SOURCES})
    target_link_libraries(${ARG_NAME} PRIVATE steadyframe_conventions ${ARG_LIBRARIES})
    set(environment ${ARG_ENVIRONMENT})
    set(fail_on "")
    if(ARG_KIND STREQUAL "gtest")
        find_package(GTest REQUIRED)
        target_link_libraries(${ARG_NAME} PRIVATE GTest::gtest_main)
        set_target_properties(${ARG_NAME} PROPERTIES AUTOMOC OFF)
        set(fail_on "0 tests from 0 test suites ran")
    elseif(ARG_KIND STREQUAL "qt" OR ARG_KIND STREQUAL "quick")
        target_link_libraries(${ARG_NAME} PRIVATE Qt6::Test)
        if(ARG_KIND STREQUAL "quick")
            target_link_libraries(${ARG_NAME} PRIVATE Qt6::QuickTest)
        endif()
        list(PREPEND environment QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software)
        # Nothing is left in the home of who runs them.
        foreach(folder DATA CONFIG CACHE)
            list(APPEND environment "XDG_${folder}_HOME=${PROJECT_BINARY_DIR}/tests/home/${folder}")
        endforeach()
        # initTestCase and cleanupTestCase pass by themselves.
        set(fail_on "Totals: [0-2] passed, 0 failed, 0 skipped")
    else()
        message(FATAL_ERROR "steadyframe_add_test: KIND is gtest, qt or quick, not '${ARG_KIND}'")
    endif()
    if(ARG_QT_THREADS)
        list(APPEND environment "TSAN_OPTIONS=die_after_fork=0:second_deadlock_stack=1:history_size=4:suppressions=${PROJECT_SOURCE_DIR}/cmake/sanitizers/tsan-qt-threads.supp")
    endif()
    add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    set_tests_properties(${ARG_NAME} PROPERTIES
        TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT "${environment}" LABELS "${ARG_LABELS}"
        FAIL_REGULAR_EXPRESSION "${fail_on}")
endfunction()

# steadyframe_add_package_test(NAME <name> COMPONENT <component> SAYS <program: line>... TIMEOUT <s> [OPTIONS <-DA=b>...] [ENVIRONMENT <A=b>...])
#
# Installs the component, and builds and runs the project in package/consumer on it, which has nothing else of this one.
# Its label is the component's name.
function(steadyframe_add_package_test)
    cmake_parse_arguments(ARG "" "NAME;COMPONENT;TIMEOUT" "SAYS;OPTIONS;ENVIRONMENT" ${ARGN})
    set(flags "")
    if(STEADYFRAME_SANITIZE)
        set(flags "-fsanitize=${STEADYFRAME_SANITIZE}")
    endif()
    string(REPLACE ";" "|" says "${ARG_SAYS}")
    add_test(NAME ${ARG_NAME}
        COMMAND ${CMAKE_COMMAND} -DBUILD=${PROJECT_BINARY_DIR} -DCOMPONENT=${ARG_COMPONENT}
            -DWORK=${CMAKE_CURRENT_BINARY_DIR}/package -DSOURCE=${CMAKE_CURRENT_SOURCE_DIR}/package/consumer
            -DCOMPILER=${CMAKE_CXX_COMPILER} "-DFLAGS=${flags}" -DGENERATOR=${CMAKE_GENERATOR}
            "-DOPTIONS=${ARG_OPTIONS}" "-DSAYS=${says}" -P ${PROJECT_SOURCE_DIR}/cmake/check_package.cmake)
    set_tests_properties(${ARG_NAME} PROPERTIES
        LABELS ${ARG_COMPONENT} TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT "${ARG_ENVIRONMENT}")
endfunction()
