# cmake -DCOMPILER= -DINCLUDE= -DSOURCE= -DREFUSAL=<n> -DEXPECTED=<regex> -P check.cmake
execute_process(
    COMMAND "${COMPILER}" -std=c++20 -fsyntax-only "-I${INCLUDE}" "-DREFUSAL=${REFUSAL}" "${SOURCE}"
    RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE text)
if(REFUSAL EQUAL 0)
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "What must compile does not:\n${text}")
    endif()
    return()
endif()
if(status EQUAL 0)
    message(FATAL_ERROR "This compiled, and must not")
endif()
if(NOT text MATCHES "${EXPECTED}")
    message(FATAL_ERROR "The message does not match ${EXPECTED}:\n${text}")
endif()
