# cmake -DSOURCE=<folder with package.json> -DFOLDER=<where to> -P install.cmake
#
# Fetches the peers once, and again when package.json changes. Where that can't be done it says why, in why-not.txt:
# the tests that need them skip with that sentence.
file(REMOVE "${FOLDER}/why-not.txt")
file(SHA256 "${SOURCE}/package.json" wanted)
if(EXISTS "${FOLDER}/installed.txt")
    file(READ "${FOLDER}/installed.txt" installed)
    if(installed STREQUAL wanted)
        return()
    endif()
endif()
file(MAKE_DIRECTORY "${FOLDER}")
file(COPY "${SOURCE}/package.json" DESTINATION "${FOLDER}")
find_program(npm npm)
if(NOT npm)
    set(problem "npm is not there (on Debian: apt-get install nodejs npm)")
else()
    execute_process(
        COMMAND "${npm}" install --no-audit --no-fund --ignore-scripts --prefix "${FOLDER}"
        RESULT_VARIABLE failed OUTPUT_VARIABLE output ERROR_VARIABLE output TIMEOUT 240)
    if(failed)
        string(REGEX REPLACE "\n.*" "" problem "npm could not fetch them: ${output}")
    endif()
endif()
if(problem)
    message("Not installed: ${problem}")
    file(WRITE "${FOLDER}/why-not.txt" "${problem}")
else()
    file(WRITE "${FOLDER}/installed.txt" "${wanted}")
endif()
