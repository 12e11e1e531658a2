#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sshdconf/effective.h"

namespace sshkeep::differential {

/// A file of a case: lines with their ends, so that taking lines away gives a file that still is one.
struct CaseFile {
    std::string path;
    std::vector<std::string> lines;
};

/// One question put to both: these files, this connection.
struct Case {
    std::vector<CaseFile> files;  ///< the first is /etc/ssh/sshd_config
    bool describes_connection = false;
    sshdconf::Connection connection;
    std::vector<std::string> specifications;  ///< the connection again, as arguments of sshd -C
};

}  // namespace sshkeep::differential
