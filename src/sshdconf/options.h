#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sshdconf/config.h"

namespace sshkeep::sshdconf {

/// Every option that some supported release of sshd has, under its newest name.
enum class Option : std::uint8_t {
    accept_env,
    address_family,
    agent_socket_path,
    allow_agent_forwarding,
    allow_groups,
    allow_stream_local_forwarding,
    allow_tcp_forwarding,
    allow_users,
    authentication_methods,
    authorized_keys_command,
    authorized_keys_command_user,
    authorized_keys_file,
    authorized_principals_command,
    authorized_principals_command_user,
    authorized_principals_file,
    banner,
    ca_signature_algorithms,
    challenge_response_authentication,
    channel_timeout,
    chroot_directory,
    ciphers,
    client_alive_count_max,
    client_alive_interval,
    compression,
    debian_banner,
    deny_groups,
    deny_users,
    disable_forwarding,
    expose_auth_info,
    fingerprint_hash,
    force_command,
    gateway_ports,
    gssapi_authentication,
    gssapi_cleanup_credentials,
    gssapi_delegate_credentials,
    gssapi_kex_algorithms,
    gssapi_key_exchange,
    gssapi_store_credentials_on_rekey,
    gssapi_strict_acceptor_check,
    hostbased_accepted_algorithms,
    hostbased_authentication,
    hostbased_uses_name_from_packet_only,
    host_certificate,
    host_key,
    host_key_agent,
    host_key_algorithms,
    ignore_rhosts,
    ignore_user_known_hosts,
    ip_qos,
    kbd_interactive_authentication,
    kerberos_authentication,
    kerberos_or_local_passwd,
    kerberos_ticket_cleanup,
    kex_algorithms,
    listen_address,
    login_grace_time,
    log_level,
    log_verbose,
    macs,
    max_auth_tries,
    max_sessions,
    max_startups,
    moduli_file,
    pam_service_name,
    password_authentication,
    permit_empty_passwords,
    permit_listen,
    permit_open,
    permit_root_login,
    permit_tty,
    permit_tunnel,
    permit_user_environment,
    permit_user_rc,
    per_source_max_startups,
    per_source_net_block_size,
    per_source_penalties,
    per_source_penalty_exempt_list,
    pid_file,
    port,
    print_last_log,
    print_motd,
    pubkey_accepted_algorithms,
    pubkey_authentication,
    pubkey_auth_options,
    rdomain,
    refuse_connection,
    rekey_limit,
    required_rsa_size,
    revoked_keys,
    security_key_provider,
    set_env,
    sshd_auth_path,
    sshd_session_path,
    stream_local_bind_mask,
    stream_local_bind_unlink,
    strict_modes,
    subsystem,
    syslog_facility,
    tcp_keep_alive,
    trusted_user_ca_keys,
    unused_connection_timeout,
    use_dns,
    use_pam,
    use_privilege_separation,
    version_addendum,
    warn_weak_crypto,
    x11_display_offset,
    x11_forwarding,
    x11_use_localhost,
    xauth_location,
    count_,
};
inline constexpr std::size_t option_count = static_cast<std::size_t>(Option::count_);

/// What a keyword means to one build.
struct Keyword {
    enum class Meaning : std::uint8_t { option, match, include, deprecated, ignored, unsupported };
    Meaning meaning = Meaning::option;
    Option option = Option::count_;  ///< for Meaning::option
    bool in_match = false;           ///< allowed within a Match block
};

/// `keyword` in lower case. Nothing: "Bad configuration option".
[[nodiscard]] std::optional<Keyword> find_keyword(std::string_view keyword, const Build& build);
/// The option a name stands for in this build's sshd -T or sshd_config, aliases included.
[[nodiscard]] std::optional<Option> find_option(std::string_view lower_case_name, const Build& build);

/// Whether a Match block may set it.
[[nodiscard]] bool allowed_in_match(Option option, const Build& build);

/// Lower case, as sshd -T of 9.2 spells it.
[[nodiscard]] std::string_view name_of(Option option);
/// The current name of an option that has, or had in some release, another; empty for any other name.
[[nodiscard]] std::string_view current_name(std::string_view lower_case_name);
/// As sshd -T of this build spells it.
[[nodiscard]] std::string_view printed_name(Option option, const Build& build);
/// The options that sshd -T of this build prints, in its order.
[[nodiscard]] std::vector<Option> print_order(const Build& build);

/// The words a multiple-choice option takes; the first word with a number is the one that sshd -T prints for it.
struct Choice {
    std::string_view word;
    int number;
};
/// Empty for an option of another kind.
[[nodiscard]] std::span<const Choice> choices_of(Option option, const Build& build);

/// Since 10.1 (and in an update of Debian 13) "lowdelay" and the other TOS words of IPQoS mean the system's default.
[[nodiscard]] bool tos_words_are_void(const Build& build);

/// What holds when nothing is set, in the form in which the option's values are stored; lists one element each.
[[nodiscard]] std::vector<std::string> default_values(Option option, const Build& build);

}  // namespace sshkeep::sshdconf
