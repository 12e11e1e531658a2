// Which keywords each release knows, and the spelling of names. A row holds from `since` to `until`, both included;
// 0 = no end.
#include <algorithm>

#include "base/text.h"
#include "sshdconf/options.h"
#include "sshdconf/version_number.h"

namespace sshkeep::sshdconf {

namespace {

using Meaning = Keyword::Meaning;

struct KeywordRow {
    std::string_view name;
    int since;
    int until;
    Keyword keyword;
};

constexpr Keyword is(Option option, bool in_match) { return {Meaning::option, option, in_match}; }
constexpr Keyword is(Meaning meaning, bool in_match) { return {meaning, Option::count_, in_match}; }
constexpr bool anywhere = true;
constexpr bool global = false;

constexpr KeywordRow keyword_rows[] = {
    {"acceptenv", 704, 0, is(Option::accept_env, anywhere)},
    {"addressfamily", 704, 0, is(Option::address_family, global)},
    {"afstokenpassing", 704, 1003, is(Meaning::unsupported, global)},
    {"afstokenpassing", 1004, 0, is(Meaning::deprecated, global)},
    {"agentsocketpath", 1006, 0, is(Option::agent_socket_path, anywhere)},
    {"allowagentforwarding", 704, 0, is(Option::allow_agent_forwarding, anywhere)},
    {"allowgroups", 704, 0, is(Option::allow_groups, anywhere)},
    {"allowstreamlocalforwarding", 704, 0, is(Option::allow_stream_local_forwarding, anywhere)},
    {"allowtcpforwarding", 704, 0, is(Option::allow_tcp_forwarding, anywhere)},
    {"allowusers", 704, 0, is(Option::allow_users, anywhere)},
    {"authenticationmethods", 704, 0, is(Option::authentication_methods, anywhere)},
    {"authorizedkeyscommand", 704, 0, is(Option::authorized_keys_command, anywhere)},
    {"authorizedkeyscommanduser", 704, 0, is(Option::authorized_keys_command_user, anywhere)},
    {"authorizedkeysfile", 704, 0, is(Option::authorized_keys_file, anywhere)},
    {"authorizedkeysfile2", 704, 0, is(Meaning::deprecated, anywhere)},
    {"authorizedprincipalscommand", 704, 0, is(Option::authorized_principals_command, anywhere)},
    {"authorizedprincipalscommanduser", 704, 0, is(Option::authorized_principals_command_user, anywhere)},
    {"authorizedprincipalsfile", 704, 0, is(Option::authorized_principals_file, anywhere)},
    {"banner", 704, 0, is(Option::banner, anywhere)},
    {"casignaturealgorithms", 709, 0, is(Option::ca_signature_algorithms, anywhere)},
    {"challengeresponseauthentication", 704, 806, is(Option::challenge_response_authentication, global)},
    {"challengeresponseauthentication", 807, 0, is(Option::kbd_interactive_authentication, anywhere)},
    {"channeltimeout", 902, 0, is(Option::channel_timeout, anywhere)},
    {"checkmail", 704, 0, is(Meaning::deprecated, global)},
    {"chrootdirectory", 704, 0, is(Option::chroot_directory, anywhere)},
    {"ciphers", 704, 0, is(Option::ciphers, global)},
    {"clientalivecountmax", 704, 0, is(Option::client_alive_count_max, anywhere)},
    {"clientaliveinterval", 704, 0, is(Option::client_alive_interval, anywhere)},
    {"compression", 704, 0, is(Option::compression, global)},
    {"denygroups", 704, 0, is(Option::deny_groups, anywhere)},
    {"denyusers", 704, 0, is(Option::deny_users, anywhere)},
    {"disableforwarding", 704, 0, is(Option::disable_forwarding, anywhere)},
    {"dsaauthentication", 704, 0, is(Option::pubkey_authentication, global)},
    {"exposeauthinfo", 706, 0, is(Option::expose_auth_info, anywhere)},
    {"fingerprinthash", 704, 0, is(Option::fingerprint_hash, global)},
    {"forcecommand", 704, 0, is(Option::force_command, anywhere)},
    {"gatewayports", 704, 0, is(Option::gateway_ports, anywhere)},
    {"gssapiauthentication", 704, 1003, is(Option::gssapi_authentication, anywhere)},
    {"gssapiauthentication", 1005, 0, is(Option::gssapi_authentication, anywhere)},
    {"gssapicleanupcredentials", 704, 1003, is(Option::gssapi_cleanup_credentials, global)},
    {"gssapicleanupcredentials", 1005, 0, is(Option::gssapi_cleanup_credentials, global)},
    {"gssapidelegatecredentials", 1003, 1003, is(Option::gssapi_delegate_credentials, global)},
    {"gssapidelegatecredentials", 1005, 0, is(Option::gssapi_delegate_credentials, global)},
    {"gssapistrictacceptorcheck", 704, 1003, is(Option::gssapi_strict_acceptor_check, global)},
    {"gssapistrictacceptorcheck", 1005, 0, is(Option::gssapi_strict_acceptor_check, global)},
    {"gssauthentication", 1004, 1004, is(Option::gssapi_authentication, anywhere)},
    {"gsscleanupcreds", 1004, 1004, is(Option::gssapi_cleanup_credentials, global)},
    {"gssdelegatecreds", 1004, 1004, is(Option::gssapi_delegate_credentials, global)},
    {"gssstrictacceptor", 1004, 1004, is(Option::gssapi_strict_acceptor_check, global)},
    {"hostbasedacceptedalgorithms", 805, 0, is(Option::hostbased_accepted_algorithms, anywhere)},
    {"hostbasedacceptedkeytypes", 704, 0, is(Option::hostbased_accepted_algorithms, anywhere)},
    {"hostbasedauthentication", 704, 0, is(Option::hostbased_authentication, anywhere)},
    {"hostbasedusesnamefrompacketonly", 704, 0, is(Option::hostbased_uses_name_from_packet_only, anywhere)},
    {"hostcertificate", 704, 0, is(Option::host_certificate, global)},
    {"hostdsakey", 704, 0, is(Option::host_key, global)},
    {"hostkey", 704, 0, is(Option::host_key, global)},
    {"hostkeyagent", 704, 0, is(Option::host_key_agent, global)},
    {"hostkeyalgorithms", 704, 0, is(Option::host_key_algorithms, global)},
    {"ignorerhosts", 704, 802, is(Option::ignore_rhosts, global)},
    {"ignorerhosts", 803, 0, is(Option::ignore_rhosts, anywhere)},
    {"ignoreuserknownhosts", 704, 0, is(Option::ignore_user_known_hosts, global)},
    {"include", 802, 0, is(Meaning::include, anywhere)},
    {"ipqos", 704, 0, is(Option::ip_qos, anywhere)},
    {"kbdinteractiveauthentication", 704, 0, is(Option::kbd_interactive_authentication, anywhere)},
    {"keepalive", 704, 0, is(Option::tcp_keep_alive, global)},
    {"kerberosauthentication", 704, 0, is(Option::kerberos_authentication, anywhere)},
    {"kerberosgetafstoken", 704, 0, is(Meaning::unsupported, global)},
    {"kerberosorlocalpasswd", 704, 0, is(Option::kerberos_or_local_passwd, global)},
    {"kerberostgtpassing", 704, 1003, is(Meaning::unsupported, global)},
    {"kerberostgtpassing", 1004, 0, is(Meaning::deprecated, global)},
    {"kerberosticketcleanup", 704, 0, is(Option::kerberos_ticket_cleanup, global)},
    {"kexalgorithms", 704, 0, is(Option::kex_algorithms, global)},
    {"keyregenerationinterval", 704, 0, is(Meaning::deprecated, global)},
    {"listenaddress", 704, 0, is(Option::listen_address, global)},
    {"logingracetime", 704, 0, is(Option::login_grace_time, global)},
    {"loglevel", 704, 705, is(Option::log_level, global)},
    {"loglevel", 706, 0, is(Option::log_level, anywhere)},
    {"logverbose", 805, 0, is(Option::log_verbose, anywhere)},
    {"macs", 704, 0, is(Option::macs, global)},
    {"match", 704, 0, is(Meaning::match, anywhere)},
    {"maxauthtries", 704, 0, is(Option::max_auth_tries, anywhere)},
    {"maxsessions", 704, 0, is(Option::max_sessions, anywhere)},
    {"maxstartups", 704, 0, is(Option::max_startups, global)},
    {"modulifile", 806, 0, is(Option::moduli_file, global)},
    {"pamauthenticationviakbdint", 704, 1003, is(Meaning::deprecated, global)},
    {"pamservicename", 908, 1003, is(Option::pam_service_name, anywhere)},
    {"pamservicename", 1004, 1004, is(Option::pam_service_name, global)},
    {"pamservicename", 1005, 0, is(Option::pam_service_name, anywhere)},
    {"passwordauthentication", 704, 0, is(Option::password_authentication, anywhere)},
    {"permitemptypasswords", 704, 0, is(Option::permit_empty_passwords, anywhere)},
    {"permitlisten", 708, 0, is(Option::permit_listen, anywhere)},
    {"permitopen", 704, 0, is(Option::permit_open, anywhere)},
    {"permitrootlogin", 704, 0, is(Option::permit_root_login, anywhere)},
    {"permittty", 704, 0, is(Option::permit_tty, anywhere)},
    {"permittunnel", 704, 0, is(Option::permit_tunnel, anywhere)},
    {"permituserenvironment", 704, 0, is(Option::permit_user_environment, global)},
    {"permituserrc", 704, 0, is(Option::permit_user_rc, anywhere)},
    {"persourcemaxstartups", 805, 0, is(Option::per_source_max_startups, global)},
    {"persourcenetblocksize", 805, 0, is(Option::per_source_net_block_size, global)},
    {"persourcepenalties", 908, 0, is(Option::per_source_penalties, global)},
    {"persourcepenaltyexemptlist", 908, 0, is(Option::per_source_penalty_exempt_list, global)},
    {"pidfile", 704, 0, is(Option::pid_file, global)},
    {"port", 704, 0, is(Option::port, global)},
    {"printlastlog", 704, 0, is(Option::print_last_log, global)},
    {"printmotd", 704, 0, is(Option::print_motd, global)},
    {"protocol", 704, 0, is(Meaning::ignored, global)},
    {"pubkeyacceptedalgorithms", 805, 0, is(Option::pubkey_accepted_algorithms, anywhere)},
    {"pubkeyacceptedkeytypes", 704, 0, is(Option::pubkey_accepted_algorithms, anywhere)},
    {"pubkeyauthentication", 704, 0, is(Option::pubkey_authentication, anywhere)},
    {"pubkeyauthoptions", 802, 0, is(Option::pubkey_auth_options, anywhere)},
    {"rdomain", 707, 0, is(Option::rdomain, anywhere)},
    {"refuseconnection", 909, 0, is(Option::refuse_connection, anywhere)},
    {"rekeylimit", 704, 0, is(Option::rekey_limit, anywhere)},
    {"requiredrsasize", 901, 0, is(Option::required_rsa_size, anywhere)},
    {"reversemappingcheck", 704, 0, is(Meaning::deprecated, global)},
    {"revokedkeys", 704, 0, is(Option::revoked_keys, anywhere)},
    {"rhostsauthentication", 704, 0, is(Meaning::deprecated, global)},
    {"rhostsrsaauthentication", 704, 0, is(Meaning::deprecated, anywhere)},
    {"rsaauthentication", 704, 0, is(Meaning::deprecated, anywhere)},
    {"securitykeyprovider", 802, 0, is(Option::security_key_provider, global)},
    {"serverkeybits", 704, 0, is(Meaning::deprecated, global)},
    {"setenv", 708, 0, is(Option::set_env, anywhere)},
    {"skeyauthentication", 704, 707, is(Option::challenge_response_authentication, global)},
    {"skeyauthentication", 708, 806, is(Meaning::deprecated, global)},
    {"skeyauthentication", 807, 0, is(Option::kbd_interactive_authentication, anywhere)},
    {"sshdauthpath", 1000, 0, is(Option::sshd_auth_path, global)},
    {"sshdsessionpath", 908, 0, is(Option::sshd_session_path, global)},
    {"streamlocalbindmask", 704, 0, is(Option::stream_local_bind_mask, anywhere)},
    {"streamlocalbindunlink", 704, 0, is(Option::stream_local_bind_unlink, anywhere)},
    {"strictmodes", 704, 0, is(Option::strict_modes, global)},
    {"subsystem", 704, 904, is(Option::subsystem, global)},
    {"subsystem", 905, 0, is(Option::subsystem, anywhere)},
    {"syslogfacility", 704, 0, is(Option::syslog_facility, global)},
    {"tcpkeepalive", 704, 0, is(Option::tcp_keep_alive, global)},
    {"trustedusercakeys", 704, 0, is(Option::trusted_user_ca_keys, anywhere)},
    {"unusedconnectiontimeout", 902, 0, is(Option::unused_connection_timeout, anywhere)},
    {"usedns", 704, 0, is(Option::use_dns, global)},
    {"uselogin", 704, 0, is(Meaning::deprecated, global)},
    {"usepam", 704, 0, is(Option::use_pam, global)},
    {"useprivilegeseparation", 704, 704, is(Option::use_privilege_separation, global)},
    {"useprivilegeseparation", 705, 0, is(Meaning::deprecated, global)},
    {"verifyreversemapping", 704, 0, is(Meaning::deprecated, global)},
    {"versionaddendum", 704, 0, is(Option::version_addendum, global)},
    {"warnweakcrypto", 1006, 0, is(Option::warn_weak_crypto, global)},
    {"x11displayoffset", 704, 0, is(Option::x11_display_offset, anywhere)},
    {"x11forwarding", 704, 0, is(Option::x11_forwarding, anywhere)},
    {"x11uselocalhost", 704, 0, is(Option::x11_use_localhost, anywhere)},
    {"xauthlocation", 704, 0, is(Option::xauth_location, global)},
};

/// Keywords of Debian's patches.
constexpr KeywordRow debian_rows[] = {
    {"debianbanner", 704, 0, is(Option::debian_banner, global)},
    {"gssapikeyexchange", 704, 0, is(Option::gssapi_key_exchange, global)},
    {"gssapistorecredentialsonrekey", 704, 0, is(Option::gssapi_store_credentials_on_rekey, global)},
    {"gssapikexalgorithms", 704, 0, is(Option::gssapi_kex_algorithms, global)},
    {"gssapicleanupcreds", 704, 0, is(Option::gssapi_cleanup_credentials, global)},
    {"gssusesessionccache", 704, 0, is(Meaning::unsupported, global)},
    {"gssapiusesessioncredcache", 704, 0, is(Meaning::unsupported, global)},
    {"permitblacklistedkeys", 704, 0, is(Meaning::ignored, global)},
};

struct NameRow {
    Option option;
    std::string_view name;     ///< as sshd -T of 9.2 has it
    std::string_view spelled;  ///< as sshd -T of 10.5 has it
};

constexpr NameRow names[] = {
    {Option::accept_env, "acceptenv", "AcceptEnv"},
    {Option::address_family, "addressfamily", "AddressFamily"},
    {Option::agent_socket_path, "agentsocketpath", "AgentSocketPath"},
    {Option::allow_agent_forwarding, "allowagentforwarding", "AllowAgentForwarding"},
    {Option::allow_groups, "allowgroups", "AllowGroups"},
    {Option::allow_stream_local_forwarding, "allowstreamlocalforwarding", "AllowStreamLocalForwarding"},
    {Option::allow_tcp_forwarding, "allowtcpforwarding", "AllowTcpForwarding"},
    {Option::allow_users, "allowusers", "AllowUsers"},
    {Option::authentication_methods, "authenticationmethods", "AuthenticationMethods"},
    {Option::authorized_keys_command, "authorizedkeyscommand", "AuthorizedKeysCommand"},
    {Option::authorized_keys_command_user, "authorizedkeyscommanduser", "AuthorizedKeysCommandUser"},
    {Option::authorized_keys_file, "authorizedkeysfile", "AuthorizedKeysFile"},
    {Option::authorized_principals_command, "authorizedprincipalscommand", "AuthorizedPrincipalsCommand"},
    {Option::authorized_principals_command_user, "authorizedprincipalscommanduser", "AuthorizedPrincipalsCommandUser"},
    {Option::authorized_principals_file, "authorizedprincipalsfile", "AuthorizedPrincipalsFile"},
    {Option::banner, "banner", "Banner"},
    {Option::ca_signature_algorithms, "casignaturealgorithms", "CASignatureAlgorithms"},
    {Option::challenge_response_authentication, "challengeresponseauthentication", "ChallengeResponseAuthentication"},
    {Option::channel_timeout, "channeltimeout", "ChannelTimeout"},
    {Option::chroot_directory, "chrootdirectory", "ChrootDirectory"},
    {Option::ciphers, "ciphers", "Ciphers"},
    {Option::client_alive_count_max, "clientalivecountmax", "ClientAliveCountMax"},
    {Option::client_alive_interval, "clientaliveinterval", "ClientAliveInterval"},
    {Option::compression, "compression", "Compression"},
    {Option::debian_banner, "debianbanner", "DebianBanner"},
    {Option::deny_groups, "denygroups", "DenyGroups"},
    {Option::deny_users, "denyusers", "DenyUsers"},
    {Option::disable_forwarding, "disableforwarding", "DisableForwarding"},
    {Option::expose_auth_info, "exposeauthinfo", "ExposeAuthInfo"},
    {Option::fingerprint_hash, "fingerprinthash", "FingerprintHash"},
    {Option::force_command, "forcecommand", "ForceCommand"},
    {Option::gateway_ports, "gatewayports", "GatewayPorts"},
    {Option::gssapi_authentication, "gssapiauthentication", "GSSAPIAuthentication"},
    {Option::gssapi_cleanup_credentials, "gssapicleanupcredentials", "GSSAPICleanupCredentials"},
    {Option::gssapi_delegate_credentials, "gssapidelegatecredentials", "GSSAPIDelegateCredentials"},
    {Option::gssapi_kex_algorithms, "gssapikexalgorithms", "GSSAPIKexAlgorithms"},
    {Option::gssapi_key_exchange, "gssapikeyexchange", "GSSAPIKeyExchange"},
    {Option::gssapi_store_credentials_on_rekey, "gssapistorecredentialsonrekey", "GSSAPIStoreCredentialsOnRekey"},
    {Option::gssapi_strict_acceptor_check, "gssapistrictacceptorcheck", "GSSAPIStrictAcceptorCheck"},
    {Option::hostbased_accepted_algorithms, "hostbasedacceptedalgorithms", "HostbasedAcceptedAlgorithms"},
    {Option::hostbased_authentication, "hostbasedauthentication", "HostbasedAuthentication"},
    {Option::hostbased_uses_name_from_packet_only, "hostbasedusesnamefrompacketonly",
     "HostbasedUsesNameFromPacketOnly"},
    {Option::host_certificate, "hostcertificate", "HostCertificate"},
    {Option::host_key, "hostkey", "HostKey"},
    {Option::host_key_agent, "hostkeyagent", "HostKeyAgent"},
    {Option::host_key_algorithms, "hostkeyalgorithms", "HostKeyAlgorithms"},
    {Option::ignore_rhosts, "ignorerhosts", "IgnoreRhosts"},
    {Option::ignore_user_known_hosts, "ignoreuserknownhosts", "IgnoreUserKnownHosts"},
    {Option::ip_qos, "ipqos", "IPQoS"},
    {Option::kbd_interactive_authentication, "kbdinteractiveauthentication", "KbdInteractiveAuthentication"},
    {Option::kerberos_authentication, "kerberosauthentication", "KerberosAuthentication"},
    {Option::kerberos_or_local_passwd, "kerberosorlocalpasswd", "KerberosOrLocalPasswd"},
    {Option::kerberos_ticket_cleanup, "kerberosticketcleanup", "KerberosTicketCleanup"},
    {Option::kex_algorithms, "kexalgorithms", "KexAlgorithms"},
    {Option::listen_address, "listenaddress", "ListenAddress"},
    {Option::login_grace_time, "logingracetime", "LoginGraceTime"},
    {Option::log_level, "loglevel", "LogLevel"},
    {Option::log_verbose, "logverbose", "LogVerbose"},
    {Option::macs, "macs", "Macs"},
    {Option::max_auth_tries, "maxauthtries", "MaxAuthTries"},
    {Option::max_sessions, "maxsessions", "MaxSessions"},
    {Option::max_startups, "maxstartups", "MaxStartups"},
    {Option::moduli_file, "modulifile", "ModuliFile"},
    {Option::pam_service_name, "pamservicename", "PAMServiceName"},
    {Option::password_authentication, "passwordauthentication", "PasswordAuthentication"},
    {Option::permit_empty_passwords, "permitemptypasswords", "PermitEmptyPasswords"},
    {Option::permit_listen, "permitlisten", "PermitListen"},
    {Option::permit_open, "permitopen", "PermitOpen"},
    {Option::permit_root_login, "permitrootlogin", "PermitRootLogin"},
    {Option::permit_tty, "permittty", "PermitTTY"},
    {Option::permit_tunnel, "permittunnel", "PermitTunnel"},
    {Option::permit_user_environment, "permituserenvironment", "PermitUserEnvironment"},
    {Option::permit_user_rc, "permituserrc", "PermitUserRC"},
    {Option::per_source_max_startups, "persourcemaxstartups", "PerSourceMaxStartups"},
    {Option::per_source_net_block_size, "persourcenetblocksize", "PerSourceNetBlockSize"},
    {Option::per_source_penalties, "persourcepenalties", "PerSourcePenalties"},
    {Option::per_source_penalty_exempt_list, "persourcepenaltyexemptlist", "PerSourcePenaltyExemptList"},
    {Option::pid_file, "pidfile", "PidFile"},
    {Option::port, "port", "Port"},
    {Option::print_last_log, "printlastlog", "PrintLastLog"},
    {Option::print_motd, "printmotd", "PrintMotd"},
    {Option::pubkey_accepted_algorithms, "pubkeyacceptedalgorithms", "PubkeyAcceptedAlgorithms"},
    {Option::pubkey_authentication, "pubkeyauthentication", "PubkeyAuthentication"},
    {Option::pubkey_auth_options, "pubkeyauthoptions", "PubkeyAuthOptions"},
    {Option::rdomain, "rdomain", "RDomain"},
    {Option::refuse_connection, "refuseconnection", "RefuseConnection"},
    {Option::rekey_limit, "rekeylimit", "RekeyLimit"},
    {Option::required_rsa_size, "requiredrsasize", "RequiredRSASize"},
    {Option::revoked_keys, "revokedkeys", "RevokedKeys"},
    {Option::security_key_provider, "securitykeyprovider", "SecurityKeyProvider"},
    {Option::set_env, "setenv", "SetEnv"},
    {Option::sshd_auth_path, "sshdauthpath", "SshdAuthPath"},
    {Option::sshd_session_path, "sshdsessionpath", "SshdSessionPath"},
    {Option::stream_local_bind_mask, "streamlocalbindmask", "StreamLocalBindMask"},
    {Option::stream_local_bind_unlink, "streamlocalbindunlink", "StreamLocalBindUnlink"},
    {Option::strict_modes, "strictmodes", "StrictModes"},
    {Option::subsystem, "subsystem", "Subsystem"},
    {Option::syslog_facility, "syslogfacility", "SyslogFacility"},
    {Option::tcp_keep_alive, "tcpkeepalive", "TCPKeepAlive"},
    {Option::trusted_user_ca_keys, "trustedusercakeys", "TrustedUserCAKeys"},
    {Option::unused_connection_timeout, "unusedconnectiontimeout", "UnusedConnectionTimeout"},
    {Option::use_dns, "usedns", "UseDNS"},
    {Option::use_pam, "usepam", "UsePAM"},
    {Option::use_privilege_separation, "useprivilegeseparation", "UsePrivilegeSeparation"},
    {Option::version_addendum, "versionaddendum", "VersionAddendum"},
    {Option::warn_weak_crypto, "warnweakcrypto", "WarnWeakCrypto"},
    {Option::x11_display_offset, "x11displayoffset", "X11DisplayOffset"},
    {Option::x11_forwarding, "x11forwarding", "X11Forwarding"},
    {Option::x11_use_localhost, "x11uselocalhost", "X11UseLocalhost"},
    {Option::xauth_location, "xauthlocation", "XAuthLocation"},
};

constexpr bool in_order() {
    for (std::size_t i = 0; i < std::size(names); ++i) {
        if (static_cast<std::size_t>(names[i].option) != i) {
            return false;
        }
    }
    return std::size(names) == option_count;
}
static_assert(in_order());

bool is_kerberos(Option option) {
    return option == Option::kerberos_authentication || option == Option::kerberos_or_local_passwd ||
           option == Option::kerberos_ticket_cleanup;
}

bool is_gssapi(Option option) {
    return option >= Option::gssapi_authentication && option <= Option::gssapi_strict_acceptor_check;
}

bool is_debian_gssapi(Option option) {
    return option == Option::gssapi_kex_algorithms || option == Option::gssapi_key_exchange ||
           option == Option::gssapi_store_credentials_on_rekey;
}

bool holds(const KeywordRow& row, std::string_view name, int version) {
    return row.name == name && row.since <= version && (row.until == 0 || version <= row.until);
}

/// Names that mean an option whatever the release, for those who ask about it.
struct Synonym {
    std::string_view name;
    Option option;
};
constexpr Synonym synonyms[] = {
    {"pubkeyacceptedkeytypes", Option::pubkey_accepted_algorithms},
    {"hostbasedacceptedkeytypes", Option::hostbased_accepted_algorithms},
    {"challengeresponseauthentication", Option::kbd_interactive_authentication},
    {"skeyauthentication", Option::kbd_interactive_authentication},
    {"dsaauthentication", Option::pubkey_authentication},
    {"hostdsakey", Option::host_key},
    {"keepalive", Option::tcp_keep_alive},
    {"gssauthentication", Option::gssapi_authentication},
    {"gsscleanupcreds", Option::gssapi_cleanup_credentials},
    {"gssdelegatecreds", Option::gssapi_delegate_credentials},
    {"gssstrictacceptor", Option::gssapi_strict_acceptor_check},
};

/// The order of dump_config(). Where an option moved it has two rows.
struct PrintRow {
    Option option;
    int since;
    int until;
};
constexpr PrintRow print_rows[] = {
    {Option::port, 704, 0},
    {Option::address_family, 704, 0},
    {Option::listen_address, 704, 0},
    {Option::use_pam, 704, 0},
    {Option::pam_service_name, 908, 0},
    {Option::login_grace_time, 704, 0},
    {Option::x11_display_offset, 704, 0},
    {Option::max_auth_tries, 704, 0},
    {Option::max_sessions, 704, 0},
    {Option::client_alive_interval, 704, 0},
    {Option::client_alive_count_max, 704, 0},
    {Option::required_rsa_size, 901, 0},
    {Option::stream_local_bind_mask, 704, 0},
    {Option::unused_connection_timeout, 902, 0},
    {Option::permit_root_login, 704, 0},
    {Option::ignore_rhosts, 704, 0},
    {Option::ignore_user_known_hosts, 704, 0},
    {Option::hostbased_authentication, 704, 0},
    {Option::hostbased_uses_name_from_packet_only, 704, 0},
    {Option::pubkey_authentication, 704, 0},
    {Option::kerberos_authentication, 704, 0},
    {Option::kerberos_or_local_passwd, 704, 0},
    {Option::kerberos_ticket_cleanup, 704, 0},
    {Option::gssapi_authentication, 704, 0},
    {Option::gssapi_cleanup_credentials, 704, 0},
    {Option::gssapi_delegate_credentials, 1003, 0},
    {Option::gssapi_key_exchange, 704, 0},
    {Option::gssapi_strict_acceptor_check, 704, 0},
    {Option::gssapi_store_credentials_on_rekey, 704, 0},
    {Option::gssapi_kex_algorithms, 704, 0},
    {Option::password_authentication, 704, 0},
    {Option::kbd_interactive_authentication, 704, 0},
    {Option::challenge_response_authentication, 704, 806},
    {Option::print_motd, 704, 0},
    {Option::print_last_log, 704, 0},
    {Option::x11_forwarding, 704, 0},
    {Option::x11_use_localhost, 704, 0},
    {Option::permit_tty, 704, 0},
    {Option::permit_user_rc, 704, 0},
    {Option::strict_modes, 704, 0},
    {Option::tcp_keep_alive, 704, 0},
    {Option::permit_empty_passwords, 704, 0},
    {Option::permit_user_environment, 704, 707},
    {Option::compression, 704, 0},
    {Option::gateway_ports, 704, 0},
    {Option::use_dns, 704, 0},
    {Option::allow_tcp_forwarding, 704, 0},
    {Option::allow_agent_forwarding, 704, 0},
    {Option::disable_forwarding, 704, 0},
    {Option::allow_stream_local_forwarding, 704, 0},
    {Option::stream_local_bind_unlink, 704, 0},
    {Option::use_privilege_separation, 704, 704},
    {Option::fingerprint_hash, 704, 0},
    {Option::expose_auth_info, 706, 0},
    {Option::warn_weak_crypto, 1006, 0},
    {Option::refuse_connection, 909, 0},
    {Option::debian_banner, 908, 0},
    {Option::pid_file, 704, 0},
    {Option::moduli_file, 806, 0},
    {Option::xauth_location, 704, 0},
    {Option::ciphers, 704, 0},
    {Option::macs, 704, 0},
    {Option::banner, 704, 0},
    {Option::force_command, 704, 0},
    {Option::chroot_directory, 704, 0},
    {Option::trusted_user_ca_keys, 704, 0},
    {Option::revoked_keys, 704, 1002},
    {Option::security_key_provider, 802, 0},
    {Option::authorized_principals_file, 704, 0},
    {Option::version_addendum, 704, 0},
    {Option::authorized_keys_command, 704, 0},
    {Option::authorized_keys_command_user, 704, 0},
    {Option::authorized_principals_command, 704, 0},
    {Option::authorized_principals_command_user, 704, 0},
    {Option::host_key_agent, 704, 0},
    {Option::kex_algorithms, 704, 0},
    {Option::ca_signature_algorithms, 709, 0},
    {Option::hostbased_accepted_algorithms, 704, 0},
    {Option::host_key_algorithms, 704, 0},
    {Option::pubkey_accepted_algorithms, 704, 0},
    {Option::rdomain, 707, 802},
    {Option::sshd_session_path, 908, 0},
    {Option::sshd_auth_path, 1000, 0},
    {Option::per_source_penalty_exempt_list, 908, 0},
    {Option::agent_socket_path, 1006, 0},
    {Option::log_level, 704, 0},
    {Option::syslog_facility, 704, 0},
    {Option::authorized_keys_file, 704, 0},
    {Option::revoked_keys, 1003, 0},
    {Option::host_key, 704, 0},
    {Option::host_certificate, 704, 0},
    {Option::allow_users, 704, 0},
    {Option::deny_users, 704, 0},
    {Option::allow_groups, 704, 0},
    {Option::deny_groups, 704, 0},
    {Option::accept_env, 704, 0},
    {Option::set_env, 708, 0},
    {Option::authentication_methods, 704, 0},
    {Option::log_verbose, 805, 0},
    {Option::channel_timeout, 902, 0},
    {Option::subsystem, 704, 0},
    {Option::max_startups, 704, 0},
    {Option::per_source_max_startups, 805, 0},
    {Option::per_source_net_block_size, 805, 0},
    {Option::permit_tunnel, 704, 0},
    {Option::ip_qos, 704, 0},
    {Option::rekey_limit, 704, 0},
    {Option::permit_open, 704, 0},
    {Option::permit_listen, 708, 0},
    {Option::permit_user_environment, 708, 0},
    {Option::pubkey_auth_options, 802, 0},
    {Option::per_source_penalties, 908, 0},
};

bool prints(const PrintRow& row, const Build& build) {
    const int version = version_number(build);
    if (version < row.since || (row.until != 0 && version > row.until)) {
        return false;
    }
    const bool debian = build.flavour == Flavour::debian;
    if (is_debian_gssapi(row.option)) {
        return debian && build.gssapi;
    }
    if (row.option == Option::gssapi_strict_acceptor_check) {
        return build.gssapi && (debian || version >= 1001);
    }
    if (is_gssapi(row.option)) {
        return build.gssapi;
    }
    if (is_kerberos(row.option)) {
        return build.kerberos;
    }
    return row.option != Option::debian_banner || debian;
}

}  // namespace

std::optional<Keyword> find_keyword(std::string_view keyword, const Build& build) {
    const int version = version_number(build);
    std::optional<Keyword> found;
    const auto look_in = [&](std::span<const KeywordRow> rows) {
        const auto row = std::ranges::find_if(rows, [&](const KeywordRow& r) { return holds(r, keyword, version); });
        if (row != rows.end()) {
            found = row->keyword;
        }
    };
    look_in(keyword_rows);
    if (!found && build.flavour == Flavour::debian) {
        look_in(debian_rows);
        const bool of_gssapi_patch = found && (found->meaning == Meaning::unsupported || is_gssapi(found->option));
        if (of_gssapi_patch && !build.gssapi) {
            return std::nullopt;
        }
    }
    if (found && found->meaning == Meaning::option) {
        const bool left_out =
            (is_gssapi(found->option) && !build.gssapi) || (is_kerberos(found->option) && !build.kerberos);
        found->meaning = left_out ? Meaning::unsupported : Meaning::option;
    }
    return found;
}

std::optional<Option> find_option(std::string_view name, const Build& build) {
    const auto printed = print_order(build);
    const auto has = [&](Option option) { return std::ranges::find(printed, option) != printed.end(); };
    const auto* const exact = std::ranges::find(names, name, &NameRow::name);
    if (exact != std::end(names) && has(exact->option)) {
        return exact->option;
    }
    if (const auto keyword = find_keyword(name, build); keyword && keyword->meaning == Meaning::option) {
        return keyword->option;
    }
    const auto* const synonym = std::ranges::find(synonyms, name, &Synonym::name);
    if (synonym != std::end(synonyms) && has(synonym->option)) {
        return synonym->option;
    }
    return std::nullopt;
}

bool allowed_in_match(Option option, const Build& build) {
    const int version = version_number(build);
    return std::ranges::any_of(keyword_rows, [&](const KeywordRow& row) {
        return row.keyword.meaning == Meaning::option && row.keyword.option == option && row.keyword.in_match &&
               holds(row, row.name, version);
    });
}

std::string_view name_of(Option option) { return names[static_cast<std::size_t>(option)].name; }

std::string_view current_name(std::string_view name) {
    const auto* const synonym = std::ranges::find(synonyms, name, &Synonym::name);
    return synonym == std::end(synonyms) ? std::string_view{} : name_of(synonym->option);
}

std::string_view printed_name(Option option, const Build& build) {
    const int version = version_number(build);
    if (version < 805 && option == Option::hostbased_accepted_algorithms) {
        return "hostbasedacceptedkeytypes";
    }
    if (version < 805 && option == Option::pubkey_accepted_algorithms) {
        return "pubkeyacceptedkeytypes";
    }
    if (version < 1004) {
        return name_of(option);
    }
    if (version == 1004) {
        switch (option) {
            case Option::gssapi_authentication:
                return "GssAuthentication";
            case Option::gssapi_cleanup_credentials:
                return "GssCleanupCreds";
            case Option::gssapi_delegate_credentials:
                return "GssDelegateCreds";
            case Option::gssapi_strict_acceptor_check:
                return "GssStrictAcceptor";
            case Option::port:
            case Option::listen_address:
            case Option::subsystem:
            case Option::max_startups:
            case Option::per_source_max_startups:
            case Option::per_source_net_block_size:
            case Option::ip_qos:
            case Option::rekey_limit:
            case Option::permit_open:
            case Option::permit_listen:
            case Option::pubkey_auth_options:
            case Option::per_source_penalties:
                return name_of(option);
            default:
                break;
        }
    }
    return names[static_cast<std::size_t>(option)].spelled;
}

std::vector<Option> print_order(const Build& build) {
    std::vector<Option> order;
    order.reserve(option_count);
    for (const PrintRow& row : print_rows) {
        if (prints(row, build)) {
            order.push_back(row.option);
        }
    }
    return order;
}

}  // namespace sshkeep::sshdconf
