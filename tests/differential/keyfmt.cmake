sshkeep_test(keyfmt_differential_test
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/keyfmt_differential_test.cc
    USES keyfmt)
