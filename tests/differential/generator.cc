#include "generator.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "options.h"
#include "random.h"
#include "sandbox.h"
#include "spelling.h"

namespace sshkeep::differential {
namespace {

using Criteria = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t included_files = 3;  // of each kind

/// Makes one case. Files are of two kinds: g*.conf may hold anything and is included only where options of the whole
/// server are legal; m*.conf holds what is legal inside of Match. A file includes only files with higher numbers.
class Generator {
public:
    Generator(const Dialect& dialect, std::uint64_t seed, std::uint64_t number)
        : random_(seed, number), dialect_(dialect), making_{random_, dialect, {}, {}, false} {}

    Case make() {
        making_.family = random_.pick({"any", "any", "inet", "inet6"});
        for (const Option& option : all_options()) {
            if (option.known_to(dialect_)) {
                known_.push_back(&option);
            }
        }
        // Few options a case, so that one is often met more than once: the first value wins, or they add up.
        for (std::size_t count = random_.between(3, 25); count > 0; --count) {
            favourites_.push_back(random_.pick(known_));
        }
        add_file("/etc/ssh/sshd_config", true, 0);
        if (includes_) {
            for (std::size_t i = 0; i < included_files; ++i) {
                add_file("/etc/ssh/inc/g" + std::to_string(i) + ".conf", true, i + 1);
                add_file("/etc/ssh/inc/m" + std::to_string(i) + ".conf", false, i + 1);
            }
        }
        describe_connection();
        return std::move(case_);
    }

private:
    void add_file(const std::string& path, bool global, std::size_t depth) {
        case_.files.push_back({path, {}});
        making_.in_match = !global;
        const std::size_t directives = depth == 0 ? random_.between(0, 20) : random_.below(6);
        const std::size_t blocks = random_.percent(depth == 0 ? 75 : 30) ? random_.between(1, depth == 0 ? 4 : 2) : 0;
        add_directives(directives, global, depth);
        for (std::size_t i = 0; i < blocks; ++i) {
            making_.in_match = true;
            const Criteria criteria = make_criteria();
            push(spell_match(random_, dialect_, criteria));
            // Before any connection is known, "Match all" already applies: what follows counts as the main part.
            const bool still_global = global && depth == 0 && criteria.size() == 1 && criteria[0].first == "all";
            making_.in_match = !still_global;
            add_directives(random_.below(6), still_global, depth);
        }
        if (random_.percent(5)) {
            for (std::string& line : case_.files.back().lines) {
                line.insert(line.size() - 1, "\r");
            }
        }
        if (!case_.files.back().lines.empty() && random_.percent(15)) {
            case_.files.back().lines.back().pop_back();
        }
    }

    void add_directives(std::size_t count, bool global, std::size_t depth) {
        for (; count > 0; --count) {
            if (random_.percent(10)) {
                push(spell_nothing(random_));
            } else if (random_.percent(depth == 0 ? 8 : 15)) {
                add_include(global, depth);
            } else {
                add_option(global);
            }
        }
    }

    void add_option(bool global) {
        const Option* option = random_.percent(80) ? random_.pick(favourites_) : random_.pick(known_);
        if (!global && option->scope == Option::Scope::global) {
            return;
        }
        push(spell(*option));
        const std::string companion = option->companion();
        if (!companion.empty()) {
            push(spell(**std::ranges::find(known_, companion, &Option::name)));
        }
    }

    std::string spell(const Option& option) {
        return spell_line(random_, dialect_, option.name, option.values(making_), option.raw());
    }

    void add_include(bool global, std::size_t depth) {
        includes_ = true;
        Words patterns;
        for (std::size_t count = random_.percent(80) ? 1 : 2; count > 0; --count) {
            patterns.push_back(include_pattern(global, depth));
        }
        push(spell_line(random_, dialect_, "Include", patterns, false));
    }

    std::string include_pattern(bool global, std::size_t depth) {
        const std::string directory = random_.pick({"/etc/ssh/inc/", "inc/", "/etc/ssh/../ssh/inc/", "in[c]/"});
        if (random_.percent(10)) {
            return random_.pick({"none/*.conf", "/etc/ssh/absent.conf", "~/absent.conf", "inc/[x-z]*", "inc"})
                       .substr(0, 20) +
                   "-x";
        }
        if (depth == 0) {
            return directory +
                   (global
                        ? random_.pick({"*.conf", "g*.conf", "m*.conf", "g[12].conf", "m?.conf", "g0.conf", "?2.conf"})
                        : random_.pick({"m*.conf", "m?.conf", "[!g]*.conf", "m1.conf", "m[02].conf"}));
        }
        if (depth >= included_files) {
            return directory + "absent*.conf";
        }
        const std::string number = std::to_string(random_.between(depth, included_files - 1));
        return directory + (global && random_.percent(50) ? "g" : "m") + number + ".conf";
    }

    Criteria make_criteria() {
        if (random_.percent(12)) {
            return {{"all", ""}};
        }
        Words names = {"User",      "Group",   "Host", "Address", "LocalAddress",
                       "LocalPort", "RDomain", "User", "Address", "Group"};
        if (dialect_.matches_invalid_user()) {
            names.push_back("Invalid-User");
        }
        if (dialect_.matches_version()) {
            names.push_back("Version");
        }
        Criteria criteria;
        for (std::size_t count = random_.percent(65) ? 1 : random_.between(2, 3); count > 0; --count) {
            const std::string& name = random_.pick(names);
            criteria.emplace_back(name, make_pattern(name));
        }
        return criteria;
    }

    std::string make_pattern(const std::string& name) {
        if (name == "User") {
            return random_.pick({"alice", "alice,bob", "*", "!alice,*", "a*,d*", "?ob", "root", "carol.x", "DAVE,dave",
                                 "Dave", "ghost", "svc-*,!svc-backup", "!bob"});
        }
        if (name == "Group") {
            return random_.pick({"wheel", "sftponly", "wheel,sftponly", "!wheel,*", "dev*", "domain users", "root", "*",
                                 "operators", "Operators", "!developers,wheel", "nogroup"});
        }
        if (name == "Host") {
            return random_.pick(
                {"*.example.org", "build.example.com", "Bastion", "!bastion,*", "client.*", "192.0.2.5", "*"});
        }
        if (name == "Address" || name == "LocalAddress") {
            return random_.pick({"192.0.2.0/24", "192.0.2.*", "!192.0.2.5,192.0.2.0/24", "2001:db8::/32",
                                 "10.0.0.0/8,192.0.2.5", "2001:db8::5", "::/0", "0.0.0.0/0", "*", "192.0.2.?",
                                 "127.0.0.1/32", "2001:DB8::5/128", "!10.0.0.0/8"});
        }
        if (name == "LocalPort") {
            local_port_needed_ = true;
            return random_.pick({"22", "2222", "443"});
        }
        if (name == "RDomain") {
            return random_.pick({"red", "r*", "7", "!red,*", "*"});
        }
        if (name == "Version") {
            return random_.pick({"OpenSSH_10*", "OpenSSH_*", "OpenSSH_9.*", "*p1*", "!OpenSSH_10*,*"});
        }
        return "";
    }

    void describe_connection() {
        case_.describes_connection = random_.percent(90) || local_port_needed_;
        if (!case_.describes_connection) {
            return;
        }
        Words parts;
        sshdconf::Connection& connection = case_.connection;
        if (random_.percent(85)) {
            describe_user(connection, parts);
        }
        const auto describe = [&](unsigned chance, const char* key, std::initializer_list<std::string_view> values,
                                  std::optional<std::string>& field) {
            if (random_.percent(chance)) {
                field = random_.pick(values);
                parts.push_back(key + *field);
            }
        };
        describe(70, "host=", {"client.example.org", "Build.Example.COM", "bastion", "192.0.2.5", "UNKNOWN"},
                 connection.host);
        describe(
            80, "addr=",
            {"192.0.2.5", "192.0.2.77", "198.51.100.9", "10.1.2.3", "2001:db8::5", "2001:db8:1::9", "::1", "127.0.0.1"},
            connection.address);
        describe(60, "laddr=", {"192.0.2.1", "10.0.0.1", "2001:db8::5", "127.0.0.1"}, connection.local_address);
        describe(40, "rdomain=", {"red", "7", "blue"}, connection.rdomain);
        // sshd -T refuses to run when Match LocalPort is not told the port; of the others it only says that they do not
        // match.
        if (local_port_needed_ || random_.percent(50)) {
            const std::string port = random_.pick({"22", "2222"});
            connection.local_port = static_cast<std::uint16_t>(*parse_uint(port));
            parts.push_back("lport=" + port);
        }
        write_specifications(parts);
    }

    void describe_user(sshdconf::Connection& connection, Words& parts) {
        std::vector<Account> known = accounts();
        known.push_back({"root", {"root"}});
        known.push_back({"nobody", {"nogroup"}});
        if (random_.percent(12)) {
            connection.user = "ghost";
            connection.user_exists = false;
        } else {
            const Account& account = random_.pick(known);
            connection.user = account.name;
            connection.groups = account.groups;
        }
        parts.push_back("user=" + *connection.user);
        if (!connection.user_exists && dialect_.matches_invalid_user()) {
            parts.emplace_back("invalid-user");
        }
    }

    /// -C may be given several times and in any order.
    void write_specifications(const Words& parts) {
        for (const std::string& part : parts) {
            if (!case_.specifications.empty() && random_.percent(85)) {
                case_.specifications.back() += "," + part;
            } else {
                case_.specifications.push_back(part);
            }
        }
        if (parts.empty()) {
            case_.describes_connection = false;
        }
    }

    void push(std::string line) { case_.files.back().lines.push_back(std::move(line) + "\n"); }

    Random random_;
    const Dialect& dialect_;
    Making making_;
    std::vector<const Option*> known_;
    std::vector<const Option*> favourites_;
    Case case_;
    bool includes_ = false;
    bool local_port_needed_ = false;
};

}  // namespace

Case make_case(const Dialect& dialect, std::uint64_t seed, std::uint64_t number) {
    return Generator(dialect, seed, number).make();
}

}  // namespace sshkeep::differential
