# cmake -DBUILD= -DWORK= -DSOURCE= -DCOMPILER= -DFLAGS= -DGENERATOR= -DQT= -P check.cmake : installs, builds a consumer, runs it.
file(REMOVE_RECURSE "${WORK}")
execute_process(COMMAND ${CMAKE_COMMAND} --install "${BUILD}" --prefix "${WORK}/prefix" --component isolate_core
    COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
execute_process(COMMAND ${CMAKE_COMMAND} -S "${SOURCE}" -B "${WORK}/build" -G "${GENERATOR}"
    "-DCMAKE_PREFIX_PATH=${WORK}/prefix" "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CXX_FLAGS=${FLAGS}" -DWITH_QT=${QT}
    COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
execute_process(COMMAND ${CMAKE_COMMAND} --build "${WORK}/build" COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
execute_process(COMMAND "${WORK}/build/consumer" COMMAND_ERROR_IS_FATAL ANY OUTPUT_VARIABLE text)
if(NOT text STREQUAL "installed 42\n")
    message(FATAL_ERROR "The consumer said: ${text}")
endif()
if(QT)
    execute_process(COMMAND "${WORK}/build/qt_consumer" COMMAND_ERROR_IS_FATAL ANY OUTPUT_VARIABLE text)
    if(NOT text STREQUAL "in Qt's loop 42\n")
        message(FATAL_ERROR "The consumer with Qt said: ${text}")
    endif()
endif()
