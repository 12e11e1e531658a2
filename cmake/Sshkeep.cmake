# Flags for everything, and the two functions that make a room.

add_library(sshkeep_options INTERFACE)
target_include_directories(sshkeep_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(sshkeep_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
    -Wno-missing-field-initializers
    -fstack-protector-strong $<$<NOT:$<CXX_COMPILER_ID:Clang>>:-fstack-clash-protection> -fcf-protection
    $<$<CXX_COMPILER_ID:Clang>:-Wno-gnu-statement-expression -Wno-gnu-statement-expression-from-macro-expansion>
    # stable_sort of libstdc++ 12 uses std::get_temporary_buffer.
    $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)
target_compile_definitions(sshkeep_options INTERFACE
    _GLIBCXX_ASSERTIONS $<$<CONFIG:Release,RelWithDebInfo>:_FORTIFY_SOURCE=3>
    SSHKEEP_VERSION="${PROJECT_VERSION}")
if(SSHKEEP_WERROR)
    target_compile_options(sshkeep_options INTERFACE -Werror)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
target_link_options(sshkeep_options INTERFACE -Wl,-z,relro,-z,now)
include(CheckPIESupported)
check_pie_supported()

# sshkeep_room(NAME SOURCES a.cc b.cc [TESTS a_test.cc] [USES base model] [LINKS OpenSSL::Crypto])
# A static library sshkeep::NAME, and a test program NAME_test when there are tests.
function(sshkeep_room name)
    cmake_parse_arguments(ROOM "" "" "SOURCES;TESTS;USES;LINKS" ${ARGN})
    set(kind INTERFACE)
    set(scope INTERFACE)
    if(ROOM_SOURCES)
        set(kind STATIC)
        set(scope PUBLIC)
    endif()
    add_library(sshkeep_${name} ${kind} ${ROOM_SOURCES})
    add_library(sshkeep::${name} ALIAS sshkeep_${name})
    target_link_libraries(sshkeep_${name} ${scope} sshkeep_options)
    foreach(room IN LISTS ROOM_USES)
        target_link_libraries(sshkeep_${name} ${scope} sshkeep_${room})
    endforeach()
    if(ROOM_LINKS AND ROOM_SOURCES)
        target_link_libraries(sshkeep_${name} PRIVATE ${ROOM_LINKS})
    endif()
    if(SSHKEEP_TESTS AND ROOM_TESTS)
        sshkeep_test(${name}_test SOURCES ${ROOM_TESTS} USES ${name})
    endif()
endfunction()

# sshkeep_lint_as_test(TARGET): fewer checks for a GoogleTest program. Every check walks GoogleTest's headers and the
# analyzer every path through its macros, which makes a test file several times as dear as a source of the same length.
# What stays finds tests that test nothing: a dropped Result, a value used after its move, text outlived by its view.
function(sshkeep_lint_as_test target)
    if(CMAKE_CXX_CLANG_TIDY)
        string(CONCAT checks "-*,bugprone-unused-return-value,bugprone-use-after-move,bugprone-dangling-handle,"
            "bugprone-string-constructor,bugprone-argument-comment,misc-unused-using-decls,misc-unused-parameters,"
            "performance-for-range-copy,modernize-use-override")
        set_target_properties(${target} PROPERTIES CXX_CLANG_TIDY "${CMAKE_CXX_CLANG_TIDY};--checks=${checks}")
    endif()
endfunction()

# What the tests of label unit need, and nothing else.
add_custom_target(unit_tests)

# sshkeep_test(NAME SOURCES x_test.cc USES rooms [LINKS libs]): a GoogleTest program, each test a ctest case of its own.
function(sshkeep_test name)
    cmake_parse_arguments(TEST "" "" "SOURCES;USES;LINKS" ${ARGN})
    add_executable(${name} ${TEST_SOURCES})
    foreach(room IN LISTS TEST_USES)
        target_link_libraries(${name} PRIVATE sshkeep_${room})
    endforeach()
    target_link_libraries(${name} PRIVATE sshkeep_options ${TEST_LINKS} GTest::gtest_main GTest::gmock)
    target_compile_definitions(${name} PRIVATE SSHKEEP_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    sshkeep_lint_as_test(${name})
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS unit TIMEOUT 120)
    add_dependencies(unit_tests ${name})
endfunction()
