#pragma once

#include <nlohmann/json.hpp>
#include <string>

/// How the room writes JSON; private to the room.
namespace sshkeep::report {

using Json = nlohmann::ordered_json;

/// Two blanks of indent and a newline at the end. Bytes that are not UTF-8 become U+FFFD; everything beyond ASCII is
/// written \uXXXX, so that no byte of the audited host acts on a terminal.
[[nodiscard]] inline std::string dump(const Json& json) {
    return json.dump(2, ' ', true, Json::error_handler_t::replace) + '\n';
}

}  // namespace sshkeep::report
