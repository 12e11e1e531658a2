// Which handler serves which option. Releases differ in details, which are keyed by version_number().
#include "sshdconf/task.h"
#include "sshdconf/version_number.h"

namespace sshkeep::sshdconf {

namespace {

Handler handler_of(Option option, int version) {
    switch (option) {
        case Option::accept_env:
        case Option::allow_groups:
        case Option::allow_users:
        case Option::deny_groups:
        case Option::deny_users:
            return apply_growing_list;
        case Option::authentication_methods:
            return apply_authentication_methods;
        case Option::authorized_keys_command:
        case Option::authorized_principals_command:
            return apply_command;
        case Option::authorized_keys_file:
            return apply_file_list;
        case Option::revoked_keys:
            return version >= 1003 ? apply_file_list : apply_path;
        case Option::agent_socket_path:
        case Option::authorized_keys_command_user:
        case Option::authorized_principals_command_user:
        case Option::authorized_principals_file:
        case Option::chroot_directory:
        case Option::gssapi_kex_algorithms:
        case Option::pam_service_name:
        case Option::per_source_penalty_exempt_list:
            return apply_text;
        case Option::banner:
        case Option::host_key_agent:
        case Option::moduli_file:
        case Option::pid_file:
        case Option::security_key_provider:
        case Option::sshd_auth_path:
        case Option::sshd_session_path:
        case Option::trusted_user_ca_keys:
        case Option::xauth_location:
            return apply_path;
        case Option::host_certificate:
        case Option::host_key:
            return apply_path_list;
        case Option::ca_signature_algorithms:
        case Option::ciphers:
        case Option::hostbased_accepted_algorithms:
        case Option::host_key_algorithms:
        case Option::kex_algorithms:
        case Option::macs:
        case Option::pubkey_accepted_algorithms:
            return apply_algorithms;
        case Option::channel_timeout:
            return apply_channel_timeout;
        case Option::client_alive_count_max:
        case Option::max_auth_tries:
        case Option::max_sessions:
        case Option::required_rsa_size:
        case Option::x11_display_offset:
            return apply_integer;
        case Option::client_alive_interval:
        case Option::login_grace_time:
        case Option::unused_connection_timeout:
            return apply_time;
        case Option::force_command:
        case Option::version_addendum:
            return apply_rest_of_line;
        case Option::ip_qos:
            return apply_ip_qos;
        case Option::listen_address:
            return apply_listen_address;
        case Option::log_verbose:
            return version < 807 ? apply_growing_list : apply_log_verbose;
        case Option::max_startups:
            return apply_max_startups;
        case Option::permit_listen:
        case Option::permit_open:
            return apply_permit_targets;
        case Option::permit_user_environment:
            return apply_permit_user_environment;
        case Option::per_source_max_startups:
            return apply_per_source_max_startups;
        case Option::per_source_net_block_size:
            return apply_per_source_net_block_size;
        case Option::per_source_penalties:
            return apply_per_source_penalties;
        case Option::port:
            return apply_port;
        case Option::pubkey_auth_options:
            return apply_pubkey_auth_options;
        case Option::rdomain:
            return apply_rdomain;
        case Option::rekey_limit:
            return apply_rekey_limit;
        case Option::set_env:
            return apply_set_env;
        case Option::stream_local_bind_mask:
            return apply_bind_mask;
        case Option::subsystem:
            return apply_subsystem;
        default:
            return apply_choice;
    }
}

Refusal check_no_more(Task& task) {
    if (task.version >= 807) {
        return task.arguments.left() > 0 ? Refusal(task.line.keyword + ": extra arguments at end of line")
                                         : std::nullopt;
    }
    const auto* const word = task.arguments.needed();
    return word != nullptr ? Refusal(task.line.keyword + ": garbage at end of line: '" + *word + "'") : std::nullopt;
}

}  // namespace

bool later_lines_count(Option option, const Build& build) {
    const int version = version_number(build);
    switch (option) {
        case Option::accept_env:
        case Option::allow_groups:
        case Option::allow_users:
        case Option::deny_groups:
        case Option::deny_users:
        case Option::fingerprint_hash:
        case Option::host_certificate:
        case Option::host_key:
        case Option::listen_address:
        case Option::per_source_penalties:
        case Option::port:
        case Option::rekey_limit:
        case Option::subsystem:
        case Option::unused_connection_timeout:
            return true;
        case Option::ip_qos:
            return version < 1003;
        case Option::stream_local_bind_mask:
            return version < 1006;
        case Option::log_verbose:
            return version < 807;
        case Option::max_startups:
        case Option::per_source_net_block_size:
            return version < 1001;
        case Option::per_source_max_startups:
            return version < 905;
        default:
            return false;
    }
}

std::optional<std::string> apply_directive(Option option, const Line& line, const Origin& origin, bool active,
                                           const Build& build, Slots& slots) {
    const int version = version_number(build);
    Task task{option, line, origin, active, build, version, slots, LineArguments(line.arguments, version)};
    if (auto refusal = handler_of(option, version)(task)) {
        return refusal;
    }
    return check_no_more(task);
}

}  // namespace sshkeep::sshdconf
