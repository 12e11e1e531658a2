#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sshkeep::facts {

/// One item of a list in sudoers(5): "!ALL", "%sudo", "#1000", "WEBMASTERS", "/usr/bin/apt".
struct SudoersItem {
    bool negated = false;
    std::string text;
};

struct SudoersCommand {
    SudoersItem item;
    std::vector<SudoersItem> run_as;         ///< users; empty: root
    std::vector<SudoersItem> run_as_groups;  ///< empty: none given
    bool run_as_given = false;               ///< "(...)" stands there
    bool password = true;                    ///< false after NOPASSWD:
    bool password_given = false;             ///< PASSWD: or NOPASSWD: stands there
};

/// "USERS HOSTS = (RUNAS) TAG: COMMANDS"
struct SudoersRule {
    std::string file;
    std::uint32_t line = 0;
    std::vector<SudoersItem> users;
    std::vector<SudoersItem> hosts;
    std::vector<SudoersCommand> commands;
};

/// "Defaults[:USERS|@HOSTS|!COMMANDS|>RUNAS] NAME[=VALUE], ..."
struct SudoersDefault {
    char scope = ' ';  ///< ' ', ':', '@', '!', '>'
    std::vector<SudoersItem> of;
    std::string setting;  ///< "targetpw", "!authenticate", "secure_path=..."
};

using SudoersAliases = std::map<std::string, std::vector<SudoersItem>, std::less<>>;

/// sudoers(5), includes followed.
struct Sudoers {
    bool exists = false;
    bool program = true;  ///< /usr/bin/sudo is there, setuid root
    std::vector<SudoersRule> rules;
    std::vector<SudoersDefault> defaults;
    SudoersAliases users;
    SudoersAliases hosts;
    SudoersAliases run_as;
    SudoersAliases commands;
    std::vector<std::string> unread;   ///< included files that could not be read, with the reason
    std::vector<std::string> invalid;  ///< "FILE:LINE" that sudo cannot parse
};

/// A line that brings in other files.
struct SudoersInclude {
    bool directory = false;
    std::string path;
};

/// Adds one file to what is known. `include` is called where a line brings in other files, before the next line is
/// read.
void parse_sudoers(Sudoers& sudoers, std::string_view text, const std::string& file,
                   const std::function<void(const SudoersInclude&)>& include);

}  // namespace sshkeep::facts
