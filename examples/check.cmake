# cmake -DPROGRAM= -DEXPECTED=<regex> -DWORK=<folder> -P check.cmake : runs it in a fresh folder and compares its output.
file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}")
execute_process(COMMAND "${PROGRAM}" WORKING_DIRECTORY "${WORK}" RESULT_VARIABLE status
    OUTPUT_VARIABLE text ERROR_VARIABLE errors)
if(NOT status EQUAL 0)
    message(FATAL_ERROR "It ended with ${status}:\n${text}${errors}")
endif()
if(NOT text MATCHES "${EXPECTED}")
    message(FATAL_ERROR "Expected ${EXPECTED}, got:\n${text}${errors}")
endif()
