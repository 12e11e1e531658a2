#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/text.h"

/// What the tests of this room share: see testdata/make.py.
namespace sshkeep::keyfmt {

inline std::string read_testdata(const std::string& name) {
    std::ifstream stream(std::string(SSHKEEP_SOURCE_DIR "/src/keyfmt/testdata/") + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

inline std::vector<std::vector<std::string>> read_table(const std::string& name) {
    std::vector<std::vector<std::string>> rows;
    const auto text = read_testdata(name);
    for (const auto line : split(text, '\n')) {
        if (!line.empty()) {
            const auto fields = split(line, '\t');
            rows.emplace_back(fields.begin(), fields.end());
        }
    }
    return rows;
}

/// The first line of public_keys.tsv with this kind, as ssh-keygen names it: "ED25519", "RSA-CERT".
inline std::string public_key_line(std::string_view kind, std::string_view bits = {}) {
    for (const auto& row : read_table("public_keys.tsv")) {
        if (row.at(2) == kind && (bits.empty() || row.at(0) == bits)) {
            return row.at(3);
        }
    }
    return {};
}

/// TYPE and BASE64 without the comment.
inline std::string without_comment(const std::string& line) {
    return line.substr(0, line.find(' ', line.find(' ') + 1));
}

}  // namespace sshkeep::keyfmt
