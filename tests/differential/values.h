#pragma once

#include <set>
#include <string>
#include <vector>

#include "dialect.h"
#include "random.h"

namespace sshkeep::differential {

using Words = std::vector<std::string>;

/// What a generator of values may look at and must remember while it makes one case.
struct Making {
    Random& random;
    const Dialect& dialect;
    std::string family;                ///< of every AddressFamily and ListenAddress line of the case
    std::set<std::string> subsystems;  ///< names used so far
    bool in_match = false;
};

/// Legal arguments of one option.
using Values = Words (*)(Making&);

Words yes_no(Making&);
Words address_family(Making&);
Words permit_root_login(Making&);
Words ignore_rhosts(Making&);
Words compression(Making&);
Words gateway_ports(Making&);
Words forwarding(Making&);
Words permit_tunnel(Making&);
Words small_number(Making&);
Words rsa_size(Making&);
Words duration(Making&);
Words duration_or_none(Making&);
Words rekey_limit(Making&);
Words port(Making&);
Words listen_address(Making&);
Words host_key(Making&);
Words agent_socket(Making&);
Words path(Making&);
Words path_or_none(Making&);
Words paths(Making&);
Words program(Making&);
Words pam_service(Making&);
Words principals_file(Making&);
Words chroot_directory(Making&);
Words command(Making&);
Words forced_command(Making&);
Words version_addendum(Making&);
Words one_user(Making&);
Words user_patterns(Making&);
Words group_patterns(Making&);
Words accept_env(Making&);
Words set_env(Making&);
Words user_environment(Making&);
Words cipher_list(Making&);
Words mac_list(Making&);
Words kex_list(Making&);
Words signature_list(Making&);
Words ca_signature_list(Making&);
Words gss_kex_list(Making&);
Words key_auth_options(Making&);
Words subsystem(Making&);
Words max_startups(Making&);
Words per_source_max_startups(Making&);
Words net_block_size(Making&);
Words penalties(Making&);
Words exempt_list(Making&);
Words channel_timeout(Making&);
Words authentication_methods(Making&);
Words bind_mask(Making&);
Words ip_qos(Making&);
Words fingerprint_hash(Making&);
Words log_level(Making&);
Words log_facility(Making&);
Words log_verbose(Making&);
Words permit_open(Making&);
Words permit_listen(Making&);
Words anything(Making&);

}  // namespace sshkeep::differential
