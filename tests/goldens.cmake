# Runs every scenario and compares its timeline with the golden file beside it (cmake -P); with WRITE, writes them.
#
#     scenarios/a/b.lua                   what `synfin run scenarios/a/b.lua` prints is in
#     scenarios/a/b.en.txt                English; must exist
#     scenarios/a/b.zh.txt                Chinese, where it exists
#     scenarios/a/b.without-RULE.en.txt   of the run --without RULE, where it exists: there a claim may fail
#
#     SOURCE_DIR  the project     SYNFIN  the program     WRITE  ON: write the files anew

cmake_minimum_required(VERSION 3.25)

file(GLOB_RECURSE scenarios RELATIVE ${SOURCE_DIR} ${SOURCE_DIR}/scenarios/*.lua)
list(FILTER scenarios EXCLUDE REGEX "\\.meta\\.lua$")
list(SORT scenarios)
set(compared 0)
set(differing 0)

# The first line in which the two differ, with the line before it.
function(show_difference file)
    string(REGEX REPLACE "[][;]" " " expected "${expected}")
    string(REGEX REPLACE "[][;]" " " printed "${printed}")
    string(REPLACE "\n" ";" expected "${expected}")
    string(REPLACE "\n" ";" printed "${printed}")
    set(line 0)
    set(before "")
    while(TRUE)
        list(LENGTH expected expected_left)
        list(LENGTH printed printed_left)
        list(POP_FRONT expected old)
        list(POP_FRONT printed new)
        math(EXPR line "${line} + 1")
        if(NOT old STREQUAL new OR (expected_left EQUAL 0 AND printed_left EQUAL 0))
            break()
        endif()
        set(before "${old}")
    endwhile()
    message("${file}:${line}:\n  ${before}\n- ${old}\n+ ${new}")
endfunction()

# Runs one scenario and compares or writes one golden file. `statuses`: the exit statuses that are right.
function(golden scenario file language statuses)
    execute_process(COMMAND ${SYNFIN} run ${scenario} --lang ${language} --width 100 ${ARGN}
                    WORKING_DIRECTORY ${SOURCE_DIR} OUTPUT_VARIABLE printed ERROR_VARIABLE errors
                    RESULT_VARIABLE status)
    math(EXPR count "${compared} + 1")
    set(compared ${count} PARENT_SCOPE)
    set(good OFF)
    if(NOT status IN_LIST statuses)
        message("${scenario} ${ARGN}: exit status ${status}, not ${statuses}\n${errors}")
    elseif(WRITE)
        file(WRITE ${SOURCE_DIR}/${file} "${printed}")
        set(good ON)
    elseif(NOT EXISTS ${SOURCE_DIR}/${file})
        message("${file} does not exist")
    else()
        file(READ ${SOURCE_DIR}/${file} expected)
        if(printed STREQUAL expected)
            set(good ON)
        else()
            show_difference(${file})
        endif()
    endif()
    if(NOT good)
        math(EXPR count "${differing} + 1")
        set(differing ${count} PARENT_SCOPE)
    endif()
endfunction()

set(ENV{SYNFIN_LANG} "")
foreach(scenario ${scenarios})
    string(REGEX REPLACE "\\.lua$" "" stem ${scenario})
    golden(${scenario} ${stem}.en.txt en 0)
    if(EXISTS ${SOURCE_DIR}/${stem}.zh.txt)
        golden(${scenario} ${stem}.zh.txt zh 0)
    endif()
    file(GLOB harms RELATIVE ${SOURCE_DIR} ${SOURCE_DIR}/${stem}.without-*.txt)
    list(SORT harms)
    foreach(harm ${harms})
        string(REGEX REPLACE "^.*\\.without-([a-z0-9-]+)\\.(en|zh)\\.txt$" "\\1;\\2" parts ${harm})
        list(GET parts 0 rule)
        list(GET parts 1 language)
        golden(${scenario} ${harm} ${language} "0;1" --without ${rule})
    endforeach()
endforeach()

if(compared EQUAL 0)
    message(FATAL_ERROR "there is no scenario in ${SOURCE_DIR}/scenarios")
elseif(differing GREATER 0)
    message(FATAL_ERROR "${differing} of ${compared} goldens differ. If that is meant, write them anew and say why in the commit:\n"
                        "    cmake --build build --target goldens")
elseif(WRITE)
    message(STATUS "${compared} goldens written")
else()
    message(STATUS "${compared} goldens are as they were")
endif()
