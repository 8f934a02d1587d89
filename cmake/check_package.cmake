# cmake -DBUILD= -DCOMPONENT= -DWORK= -DSOURCE= -DCOMPILER= -DFLAGS= -DGENERATOR= -DOPTIONS= -DSAYS= -P check_package.cmake
#
# Installs a component of BUILD into a folder of its own, builds the project SOURCE on it, and runs what that made. SAYS:
# "PROGRAM: LINE|PROGRAM: LINE", each with the one line that it must print.
file(REMOVE_RECURSE "${WORK}")
execute_process(COMMAND ${CMAKE_COMMAND} --install "${BUILD}" --prefix "${WORK}/prefix" --component ${COMPONENT}
    COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
execute_process(COMMAND ${CMAKE_COMMAND} -S "${SOURCE}" -B "${WORK}/build" -G "${GENERATOR}"
    "-DCMAKE_PREFIX_PATH=${WORK}/prefix" "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CXX_FLAGS=${FLAGS}" ${OPTIONS}
    COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
execute_process(COMMAND ${CMAKE_COMMAND} --build "${WORK}/build" COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
string(REPLACE "|" ";" expectations "${SAYS}")
foreach(expectation IN LISTS expectations)
    if(NOT expectation MATCHES "^([a-z_]+): (.+)$")
        message(FATAL_ERROR "Not of the form PROGRAM: LINE: ${expectation}")
    endif()
    set(program "${CMAKE_MATCH_1}")
    set(line "${CMAKE_MATCH_2}")
    execute_process(COMMAND "${WORK}/build/${program}" COMMAND_ERROR_IS_FATAL ANY OUTPUT_VARIABLE text)
    if(NOT text STREQUAL "${line}\n")
        message(FATAL_ERROR "${program} said: ${text}")
    endif()
endforeach()
