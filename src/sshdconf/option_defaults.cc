// Words and defaults of the options, by release and by whose build it is.
#include "base/text.h"
#include "sshdconf/algorithms.h"
#include "sshdconf/options.h"
#include "sshdconf/version_number.h"

namespace sshkeep::sshdconf {

namespace {

constexpr Choice flag[] = {{"yes", 1}, {"no", 0}};
constexpr Choice address_family[] = {{"inet", 4}, {"inet6", 6}, {"any", 0}};
constexpr Choice ignore_rhosts[] = {{"yes", 1}, {"no", 0}, {"shosts-only", 2}};
constexpr Choice permit_root_login[] = {
    {"without-password", 2}, {"prohibit-password", 2}, {"forced-commands-only", 1}, {"yes", 3}, {"no", 0}};
constexpr Choice permit_root_login_since_10_1[] = {
    {"prohibit-password", 2}, {"without-password", 2}, {"forced-commands-only", 1}, {"yes", 3}, {"no", 0}};
constexpr Choice compression[] = {{"yes", 1}, {"delayed", 1}, {"no", 0}};
constexpr Choice gateway_ports[] = {{"clientspecified", 2}, {"yes", 1}, {"no", 0}};
constexpr Choice forwarding[] = {{"yes", 1}, {"all", 1}, {"no", 0}, {"remote", 2}, {"local", 3}};
constexpr Choice tunnel[] = {{"no", 0}, {"point-to-point", 1}, {"ethernet", 2}, {"yes", 3}};
constexpr Choice privilege_separation[] = {{"yes", 1}, {"sandbox", 2}, {"nosandbox", 1}, {"no", 0}};
constexpr Choice tcp_keep_alive[] = {{"true", 1}, {"yes", 1}, {"transport", 1}, {"false", 0}, {"no", 0}, {"all", 2}};
constexpr Choice flag_since_10_6[] = {{"true", 1}, {"yes", 1}, {"false", 0}, {"no", 0}};
constexpr Choice log_level[] = {{"QUIET", 0}, {"FATAL", 1},  {"ERROR", 2},  {"INFO", 3},  {"VERBOSE", 4},
                                {"DEBUG", 5}, {"DEBUG1", 5}, {"DEBUG2", 6}, {"DEBUG3", 7}};
constexpr Choice debian_log_level[] = {{"SILENT", 0},  {"QUIET", 0}, {"FATAL", 1},  {"ERROR", 2},  {"INFO", 3},
                                       {"VERBOSE", 4}, {"DEBUG", 5}, {"DEBUG1", 5}, {"DEBUG2", 6}, {"DEBUG3", 7}};
constexpr Choice facility[] = {{"DAEMON", 0}, {"USER", 1},   {"AUTH", 2},    {"AUTHPRIV", 3},
                               {"LOCAL0", 4}, {"LOCAL1", 5}, {"LOCAL2", 6},  {"LOCAL3", 7},
                               {"LOCAL4", 8}, {"LOCAL5", 9}, {"LOCAL6", 10}, {"LOCAL7", 11}};
constexpr Choice digest[] = {{"MD5", 0}, {"SHA1", 1}, {"SHA256", 2}, {"SHA384", 3}, {"SHA512", 4}};
constexpr Choice digest_until_7_5[] = {{"MD5", 0},    {"RIPEMD160", 5}, {"SHA1", 1},
                                       {"SHA256", 2}, {"SHA384", 3},    {"SHA512", 4}};

std::vector<std::string> ip_qos(const Build& build) {
    const int version = version_number(build);
    if (build.flavour == Flavour::debian && version >= 709 && version <= 1000) {
        return tos_words_are_void(build) ? std::vector<std::string>{"ef", "cs1"}
                                         : std::vector<std::string>{"lowdelay", "throughput"};
    }
    if (version < 708) {
        return {"lowdelay", "throughput"};
    }
    return version <= 1000 ? std::vector<std::string>{"af21", "cs1"} : std::vector<std::string>{"ef", "cs0"};
}

std::vector<std::string> host_keys(int version) {
    std::vector<std::string> keys{"/etc/ssh/ssh_host_rsa_key"};
    if (version <= 706) {
        keys.emplace_back("/etc/ssh/ssh_host_dsa_key");
    }
    keys.emplace_back("/etc/ssh/ssh_host_ecdsa_key");
    keys.emplace_back("/etc/ssh/ssh_host_ed25519_key");
    if (version >= 1004) {
        keys.emplace_back("/etc/ssh/ssh_host_mldsa44_ed25519_key");
    }
    return keys;
}

/// Options of which most builds of all releases have the same default.
std::string_view plain_default(Option option) {
    switch (option) {
        case Option::address_family:
            return "any";
        case Option::agent_socket_path:
            return "user:.ssh/agent";
        case Option::client_alive_count_max:
            return "3";
        case Option::client_alive_interval:
            return "0";
        case Option::fingerprint_hash:
            return "SHA256";
        case Option::log_level:
            return "INFO";
        case Option::login_grace_time:
            return "120";
        case Option::max_auth_tries:
            return "6";
        case Option::max_sessions:
            return "10";
        case Option::moduli_file:
            return "/etc/ssh/moduli";
        case Option::pam_service_name:
            return "sshd";
        case Option::per_source_max_startups:
            return "none";
        case Option::required_rsa_size:
            return "1024";
        case Option::security_key_provider:
            return "internal";
        case Option::stream_local_bind_mask:
            return "0177";
        case Option::syslog_facility:
            return "AUTH";
        case Option::unused_connection_timeout:
            return "none";
        case Option::use_privilege_separation:
            return "sandbox";
        case Option::x11_display_offset:
            return "10";
        case Option::gssapi_kex_algorithms:
            return "gss-group14-sha256-,gss-group16-sha512-,gss-nistp256-sha256-,gss-curve25519-sha256-,"
                   "gss-group14-sha1-,gss-gex-sha1-";
        default:
            return {};
    }
}

bool default_flag(Option option, const Build& build) {
    switch (option) {
        case Option::allow_agent_forwarding:
        case Option::allow_stream_local_forwarding:
        case Option::allow_tcp_forwarding:
        case Option::challenge_response_authentication:
        case Option::compression:
        case Option::debian_banner:
        case Option::gssapi_cleanup_credentials:
        case Option::gssapi_delegate_credentials:
        case Option::ignore_rhosts:
        case Option::kerberos_or_local_passwd:
        case Option::kerberos_ticket_cleanup:
        case Option::password_authentication:
        case Option::permit_tty:
        case Option::permit_user_rc:
        case Option::print_last_log:
        case Option::print_motd:
        case Option::pubkey_authentication:
        case Option::strict_modes:
        case Option::tcp_keep_alive:
        case Option::warn_weak_crypto:
        case Option::x11_use_localhost:
            return true;
        case Option::gssapi_strict_acceptor_check:
            return version_number(build) >= 705;
        case Option::kbd_interactive_authentication:
            return version_number(build) >= 807;
        default:
            return false;
    }
}

std::optional<std::vector<std::string>> path_default(Option option, const Build& build) {
    const bool debian = build.flavour == Flavour::debian;
    const std::string libexec = debian ? "/usr/lib/openssh/" : "/usr/libexec/";
    switch (option) {
        case Option::authorized_keys_file:
            return {{".ssh/authorized_keys", ".ssh/authorized_keys2"}};
        case Option::host_key:
            return host_keys(version_number(build));
        case Option::pid_file:
            return {{debian ? "/run/sshd.pid" : "/var/run/sshd.pid"}};
        case Option::sshd_auth_path:
            return {{libexec + "sshd-auth"}};
        case Option::sshd_session_path:
            return {{libexec + "sshd-session"}};
        case Option::xauth_location:
            return {{debian ? "/usr/bin/xauth" : "/usr/X11R6/bin/xauth"}};
        default:
            return std::nullopt;
    }
}

std::optional<AlgorithmList> algorithm_list(Option option) {
    switch (option) {
        case Option::ciphers:
            return AlgorithmList::ciphers;
        case Option::macs:
            return AlgorithmList::macs;
        case Option::kex_algorithms:
            return AlgorithmList::kex;
        case Option::hostbased_accepted_algorithms:
        case Option::host_key_algorithms:
        case Option::pubkey_accepted_algorithms:
            return AlgorithmList::keys;
        case Option::ca_signature_algorithms:
            return AlgorithmList::plain_keys;
        default:
            return std::nullopt;
    }
}

}  // namespace

bool tos_words_are_void(const Build& build) {
    constexpr std::string_view update_prefix = "deb13u";
    const std::size_t at = build.package_version.find(update_prefix);
    const bool updated = build.flavour == Flavour::debian && at != std::string::npos &&
                         parse_uint(build.package_version.substr(at + update_prefix.size())).value_or(0) >= 3;
    return version_number(build) >= 1001 || (version_number(build) == 1000 && updated);
}

std::span<const Choice> choices_of(Option option, const Build& build) {
    const int version = version_number(build);
    switch (option) {
        case Option::address_family:
            return address_family;
        case Option::ignore_rhosts:
            return version >= 803 ? std::span<const Choice>(ignore_rhosts) : flag;
        case Option::permit_root_login:
            return version >= 1001 ? std::span<const Choice>(permit_root_login_since_10_1) : permit_root_login;
        case Option::compression:
            return compression;
        case Option::gateway_ports:
            return gateway_ports;
        case Option::allow_tcp_forwarding:
        case Option::allow_stream_local_forwarding:
            return forwarding;
        case Option::permit_tunnel:
            return tunnel;
        case Option::use_privilege_separation:
            return privilege_separation;
        case Option::tcp_keep_alive:
            return version >= 1006 ? std::span<const Choice>(tcp_keep_alive) : flag;
        case Option::warn_weak_crypto:
            return flag_since_10_6;
        case Option::log_level:
            return build.flavour == Flavour::debian ? std::span<const Choice>(debian_log_level) : log_level;
        case Option::syslog_facility:
            return facility;
        case Option::fingerprint_hash:
            return version < 706 ? std::span<const Choice>(digest_until_7_5) : digest;
        case Option::allow_agent_forwarding:
        case Option::challenge_response_authentication:
        case Option::debian_banner:
        case Option::disable_forwarding:
        case Option::expose_auth_info:
        case Option::gssapi_authentication:
        case Option::gssapi_cleanup_credentials:
        case Option::gssapi_delegate_credentials:
        case Option::gssapi_key_exchange:
        case Option::gssapi_store_credentials_on_rekey:
        case Option::gssapi_strict_acceptor_check:
        case Option::hostbased_authentication:
        case Option::hostbased_uses_name_from_packet_only:
        case Option::ignore_user_known_hosts:
        case Option::kbd_interactive_authentication:
        case Option::kerberos_authentication:
        case Option::kerberos_or_local_passwd:
        case Option::kerberos_ticket_cleanup:
        case Option::password_authentication:
        case Option::permit_empty_passwords:
        case Option::permit_tty:
        case Option::permit_user_rc:
        case Option::print_last_log:
        case Option::print_motd:
        case Option::pubkey_authentication:
        case Option::refuse_connection:
        case Option::stream_local_bind_unlink:
        case Option::strict_modes:
        case Option::use_dns:
        case Option::use_pam:
        case Option::x11_forwarding:
        case Option::x11_use_localhost:
            return flag;
        default:
            return {};
    }
}

std::vector<std::string> default_values(Option option, const Build& build) {
    if (const auto list = algorithm_list(option)) {
        return {default_algorithms(*list, build)};
    }
    if (auto paths = path_default(option, build)) {
        return *std::move(paths);
    }
    if (const std::string_view text = plain_default(option); !text.empty()) {
        return {std::string(text)};
    }
    switch (option) {
        case Option::port:
            return {"22"};
        case Option::permit_root_login:
            return {std::string(choices_of(option, build).front().word)};
        case Option::permit_tunnel:
            return {"no"};
        case Option::max_startups:
            return {"10", "30", "100"};
        case Option::per_source_net_block_size:
            return {"32", "128"};
        case Option::ip_qos:
            return ip_qos(build);
        case Option::rekey_limit:
            return {"0", "0"};
        case Option::permit_user_environment:
            return {"no"};
        default:
            break;
    }
    const auto words = choices_of(option, build);
    const int wanted = default_flag(option, build) ? 1 : 0;
    for (const Choice& choice : words) {
        if (choice.number == wanted) {
            return {std::string(choice.word)};
        }
    }
    return {};
}

}  // namespace sshkeep::sshdconf
