#include "values.h"

#include <algorithm>
#include <utility>

namespace sshkeep::differential {
namespace {

/// Between `low` and `high` different elements of the choices, in random order.
Words some(Random& random, Words choices, std::size_t low, std::size_t high) {
    for (std::size_t i = choices.size(); i > 1; --i) {
        std::swap(choices[i - 1], choices[random.below(i)]);
    }
    choices.resize(std::min(choices.size(), random.between(low, high)));
    return choices;
}

std::string joined(const Words& words, const char* separator) {
    std::string text;
    for (const std::string& word : words) {
        text.append(text.empty() ? "" : separator).append(word);
    }
    return text;
}

/// Any case, where sshd does not look at it.
std::string any_case(Random& random, std::string text) {
    const std::size_t style = random.below(6);
    for (char& c : text) {
        const bool upper = style == 0 || (style == 1 && random.percent(50));
        if (upper && c >= 'a' && c <= 'z') {
            c = static_cast<char>(c - 'a' + 'A');
        }
    }
    return text;
}

std::string number(Random& random, std::size_t low, std::size_t high) {
    return std::to_string(random.between(low, high));
}

std::string span_of_time(const Making& making) {
    Random& random = making.random;
    if (random.percent(30)) {
        return number(random, 0, 700);
    }
    // Units in any order and number: 1h30m, 90S, 2m10, 1w2d3h.
    std::string text;
    for (std::size_t parts = random.between(1, 3); parts > 0; --parts) {
        text += number(random, 0, 40) + random.pick({"s", "m", "h", "d", "w", "S", "M", "H", "D", "W"});
    }
    const bool bare_end = making.dialect.release < 1003 && random.percent(15);
    return bare_end ? text + number(random, 0, 59) : text;
}

std::string a_path(Random& random) {
    return random.pick({"/etc/ssh/a file", "/etc/issue.net", "/var/lib/x", "relative/name", "name", "/run/%u", "~/x",
                        "/a/../b", "//double"});
}

/// A list that sets, adds to, takes from or puts ahead of the default one.
Words algorithm_list(Random& random, const Words& known, const Words& wildcards, bool wildcards_everywhere) {
    Words names = some(random, known, 1, 4);
    switch (random.below(6)) {
        case 0:
            return {"+" + joined(names, ",")};
        case 1:
            return {"^" + joined(names, ",")};
        case 2:
        case 3:
            if (random.percent(50)) {
                names.push_back(random.pick(wildcards));
            }
            return {"-" + joined(names, ",")};
        default:
            if (wildcards_everywhere && random.percent(40)) {
                names.push_back(random.pick(wildcards));
                return {random.pick({"", "+", "^"}) + joined(names, ",")};
            }
            return {joined(names, ",")};
    }
}

std::string user_pattern(Making& making) {
    Random& random = making.random;
    std::string pattern =
        random.pick({"alice", "bob", "carol.x", "Dave", "svc-*", "?lice", "*", "root", "nobody*", "a*b", "!bob"});
    if (random.percent(30)) {
        pattern +=
            "@" + random.pick({"192.0.2.0/24", "192.0.2.*", "*.example.org", "2001:db8::/32", "client", "!10.0.0.0/8"});
    }
    return pattern;
}

std::string host_and_port(Random& random) {
    const std::string host = random.pick({"localhost", "192.0.2.9", "[2001:db8::7]", "*", "db.example.org", "[::1]"});
    return host + ":" + random.pick({"80", "8443", "*", "65535"});
}

}  // namespace

Words yes_no(Making& m) { return {any_case(m.random, m.random.pick({"yes", "no"}))}; }
Words address_family(Making& m) { return {any_case(m.random, m.family)}; }
Words permit_root_login(Making& m) {
    return {any_case(m.random,
                     m.random.pick({"yes", "no", "prohibit-password", "without-password", "forced-commands-only"}))};
}
Words ignore_rhosts(Making& m) { return {any_case(m.random, m.random.pick({"yes", "no", "shosts-only"}))}; }
Words compression(Making& m) { return {any_case(m.random, m.random.pick({"yes", "no", "delayed"}))}; }
Words gateway_ports(Making& m) { return {any_case(m.random, m.random.pick({"yes", "no", "clientspecified"}))}; }
Words forwarding(Making& m) { return {any_case(m.random, m.random.pick({"yes", "no", "all", "local", "remote"}))}; }
Words permit_tunnel(Making& m) { return {m.random.pick({"yes", "no", "point-to-point", "ethernet"})}; }
Words small_number(Making& m) { return {(m.random.percent(10) ? "0" : "") + number(m.random, 0, 200)}; }
/// Not above the host key's size: a host without a usable key is refused for a reason that is not in the file.
Words rsa_size(Making& m) { return {m.random.pick({"0", "1024", "2048", "3072", "02048"})}; }
Words duration(Making& m) { return {span_of_time(m)}; }
Words duration_or_none(Making& m) { return {m.random.percent(30) ? any_case(m.random, "none") : span_of_time(m)}; }
Words rekey_limit(Making& m) {
    Words words = {m.random.pick({"default", "1G", "512M", "64k", "1.5g", "4194304", "0", "16", "2T"})};
    if (m.random.percent(60)) {
        words.push_back(m.random.percent(30) ? "none" : span_of_time(m));
    }
    return words;
}
Words port(Making& m) { return {m.random.pick({"22", "2222", "443", "65535", "022", "1"})}; }
Words listen_address(Making& m) {
    const bool v4 = m.family == "inet" || (m.family == "any" && m.random.percent(50));
    return {v4 ? m.random.pick({"0.0.0.0", "192.0.2.1", "192.0.2.1:2200", "[192.0.2.7]:22", "127.0.0.1"})
               : m.random.pick({"::", "2001:db8::1", "[2001:db8::1]:2200", "[::]", "[::1]:22", "2001:DB8:0:0::2"})};
}
Words host_key(Making& m) {
    return {m.random.pick({"/etc/ssh/ssh_host_rsa_key", "/etc/ssh/ssh_host_ecdsa_key", "/etc/ssh/ssh_host_ed25519_key",
                           "/etc/ssh/../ssh/ssh_host_rsa_key"})};
}
Words agent_socket(Making& m) { return {m.random.pick({"SSH_AUTH_SOCK", "/run/agent", "none", "~/agent"})}; }
Words path(Making& m) { return {a_path(m.random)}; }
Words path_or_none(Making& m) { return {m.random.percent(30) ? any_case(m.random, "none") : a_path(m.random)}; }
Words paths(Making& m) {
    if (m.random.percent(15)) {
        return {"none"};
    }
    return some(m.random, {".ssh/authorized_keys", "/etc/keys/%u", "%h/.ssh/k", "~/keys", "~root/keys", ".ssh/a b"}, 1,
                3);
}
Words program(Making& m) { return {m.random.pick({"/bin/true", "/usr/bin/env"})}; }
Words pam_service(Making& m) { return {m.random.pick({"sshd", "login", "sshd-admin"})}; }
Words principals_file(Making& m) { return {m.random.pick({"none", "/etc/principals/%u", ".ssh/principals", "~/p"})}; }
Words chroot_directory(Making& m) { return {m.random.pick({"none", "NONE", "/srv/%u", "%h", "/jail"})}; }
Words command(Making& m) {
    return {m.random.pick({"none", "None", "/usr/bin/keys %u", "/usr/bin/keys  --user=%u  \"a b\"", "/x"})};
}
Words forced_command(Making& m) {
    return {m.random.pick({"none", "internal-sftp", "internal-sftp -d /in  -u 022", "/bin/sh -c \"echo 'a b'\"",
                           "echo a=b", "\"/bin/echo\" x", "None"})};
}
Words version_addendum(Making& m) { return {m.random.pick({"none", "NONE", "Debian", "a  b c", "\"quoted\"", "x=y"})}; }
Words one_user(Making& m) { return {m.random.pick({"nobody", "alice", "root", "%u"})}; }
Words user_patterns(Making& m) {
    Words words;
    for (std::size_t count = m.random.between(1, 3); count > 0; --count) {
        words.push_back(user_pattern(m));
    }
    return words;
}
Words group_patterns(Making& m) {
    return some(m.random, {"wheel", "sftponly", "domain users", "dev*", "!Operators", "adm?n", "*"}, 1, 3);
}
Words accept_env(Making& m) { return some(m.random, {"LANG", "LC_*", "COLORTERM", "XMOD*", "GIT_?"}, 1, 3); }
Words set_env(Making& m) {
    if (!m.dialect.splits_like_a_shell()) {
        return some(m.random, {"A=1", "B=", "C=x=y", "D=abc", "A=2"}, 1, 3);
    }
    return some(m.random, {"A=1", "B=", "C=x=y", "D=two words", "A=2", "E=it's"}, 1, 3);
}
Words user_environment(Making& m) { return {m.random.pick({"yes", "no", "LANG,LC_*", "YES", "none"})}; }
Words cipher_list(Making& m) {
    return algorithm_list(m.random, m.dialect.ciphers, {"*cbc", "aes1?8-gcm*", "3des*"}, false);
}
Words mac_list(Making& m) { return algorithm_list(m.random, m.dialect.macs, {"*md5*", "umac-*", "hmac-sha1*"}, false); }
Words kex_list(Making& m) {
    return algorithm_list(m.random, m.dialect.kex, {"*sha1", "ecdh-*", "diffie-hellman-group1?-*"}, false);
}
Words signature_list(Making& m) {
    return algorithm_list(m.random, m.dialect.signatures, {"*cert*", "ecdsa-*", "sk-*", "ssh-?sa*"}, true);
}
Words ca_signature_list(Making& m) {
    Words plain;
    std::ranges::copy_if(m.dialect.signatures, std::back_inserter(plain),
                         [](const std::string& name) { return name.find("-cert") == std::string::npos; });
    return algorithm_list(m.random, plain, {"ecdsa-*", "sk-*", "rsa-*"}, false);
}
Words gss_kex_list(Making& m) {
    return {joined(some(m.random,
                        {"gss-group14-sha256-", "gss-group16-sha512-", "gss-nistp256-sha256-", "gss-curve25519-sha256-",
                         "gss-gex-sha1-"},
                        1, 3),
                   ",")};
}
Words key_auth_options(Making& m) {
    return some(m.random, {"none", "touch-required", "verify-required", "Touch-Required"}, 1, 3);
}
Words subsystem(Making& m) {
    Words names = {"sftp", "backup", "SFTP", "netconf"};
    if (!m.dialect.subsystem_may_repeat()) {
        std::erase_if(names, [&m](const std::string& name) { return m.subsystems.contains(name); });
        names.push_back("unique" + std::to_string(m.subsystems.size()));
    }
    const std::string& name = m.random.pick(names);
    m.subsystems.insert(name);
    Words words = {name, m.random.pick({"internal-sftp", "/usr/lib/openssh/sftp-server", "/opt/my server"})};
    for (std::size_t count = m.random.below(4); count > 0; --count) {
        words.push_back(m.random.pick({"-f", "AUTH", "-l", "INFO", "--path=/x", "two words", "it's", "a\\b"}));
    }
    if (!m.dialect.splits_like_a_shell()) {
        std::erase_if(words, [](const std::string& word) { return word.find_first_of("=' \\") != std::string::npos; });
        words.resize(std::max<std::size_t>(words.size(), 2), "internal-sftp");
    }
    return words;
}
Words max_startups(Making& m) { return {m.random.pick({"10", "10:30:60", "1:100:1", "5:1:2000", "100"})}; }
Words per_source_max_startups(Making& m) { return {m.random.pick({"none", "1", "10", "0"})}; }
Words net_block_size(Making& m) { return {m.random.pick({"32:128", "24:64", "0:0", "8:56"})}; }
Words penalties(Making& m) {
    if (m.random.percent(25)) {
        return {any_case(m.random, m.random.pick({"yes", "no"}))};
    }
    Words words;
    for (const std::string& name : some(m.random,
                                        {"crash", "authfail", "noauth", "grace-exceeded", "refuseconnection", "max",
                                         "min", "max-sources4", "max-sources6", "overflow", "overflow6"},
                                        1, 4)) {
        if (name.starts_with("overflow")) {
            words.push_back(name + ":" + m.random.pick({"deny-all", "permissive"}));
        } else if (name.starts_with("max-sources")) {
            words.push_back(name + ":" + number(m.random, 1, 99999));
        } else {
            words.push_back(name + ":" + span_of_time(m));
        }
    }
    return words;
}
Words exempt_list(Making& m) {
    return {m.random.pick({"none", "192.0.2.0/24", "192.0.2.0/24,2001:db8::/32", "10.0.0.1", "10.*"})};
}
Words channel_timeout(Making& m) {
    if (m.random.percent(20)) {
        return {any_case(m.random, "none")};
    }
    Words words =
        some(m.random, {"session", "direct-tcpip", "x11-connection", "*", "session:*", "agent-connection"}, 1, 3);
    for (std::string& word : words) {
        word += "=" + span_of_time(m);
    }
    return words;
}
/// Outside of Match sshd insists that some list can be satisfied as the methods are switched on.
Words authentication_methods(Making& m) {
    if (m.random.percent(m.in_match ? 20 : 70)) {
        return {"any"};
    }
    if (!m.in_match) {
        return {m.random.pick({"publickey", "publickey,publickey"})};
    }
    return some(m.random,
                {"publickey", "password", "publickey,password", "publickey,keyboard-interactive:pam",
                 "keyboard-interactive", "hostbased,publickey", "publickey,publickey"},
                1, 3);
}
Words bind_mask(Making& m) { return {m.random.pick({"0177", "177", "0", "0777", "022"})}; }
Words ip_qos(Making& m) {
    Words values = {"af11", "af43", "cs0", "cs7", "ef", "le", "none", "46", "0", "AF21", "Ef"};
    if (m.dialect.release < 1000) {
        values.insert(values.end(), {"lowdelay", "throughput", "reliability", "0x20"});
    }
    return some(m.random, values, 1, 2);
}
Words fingerprint_hash(Making& m) {
    return {any_case(m.random, m.random.pick({"md5", "sha1", "sha256", "sha384", "sha512"}))};
}
Words log_level(Making& m) {
    return {any_case(m.random, m.random.pick({"quiet", "fatal", "error", "info", "verbose", "debug", "debug1", "debug2",
                                              "silent"}))};
}
Words log_facility(Making& m) {
    return {any_case(m.random, m.random.pick({"daemon", "user", "auth", "authpriv", "local0", "local5", "local7"}))};
}
Words log_verbose(Making& m) {
    return some(m.random, {"kex.c:*:1000", "*:kex_exchange_identification():*", "auth*.c:*", "packet.c:*:*,kex.c:*"}, 1,
                2);
}
Words permit_open(Making& m) {
    if (m.random.percent(30)) {
        return {m.random.pick({"any", "none"})};
    }
    Words words;
    for (std::size_t count = m.random.between(1, 3); count > 0; --count) {
        words.push_back(host_and_port(m.random));
    }
    return words;
}
Words permit_listen(Making& m) {
    Words words = permit_open(m);
    if (words[0] != "any" && words[0] != "none" && m.random.percent(50)) {
        words.push_back(m.random.pick({"8080", "*", "443"}));
    }
    return words;
}
Words anything(Making& m) { return {m.random.pick({"yes", "no", "2", "768", "1h", "sandbox", "x y"})}; }

}  // namespace sshkeep::differential
