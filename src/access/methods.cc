#include "access/methods.h"

#include <algorithm>
#include <array>

namespace sshkeep::access {

std::string_view method_of(std::string_view element) { return element.substr(0, element.find(':')); }

bool is_enabled(const Policy& policy, std::string_view method) {
    if (method == "publickey") {
        return policy.publickey;
    }
    if (method == "password") {
        return policy.password;
    }
    if (method == "keyboard-interactive") {
        return policy.keyboard_interactive;
    }
    if (method == "hostbased") {
        return policy.hostbased;
    }
    if (method == "gssapi-with-mic" || method == "gssapi-keyex") {
        return policy.gssapi;
    }
    return method == "none";
}

std::vector<std::vector<std::string>> usable_chains(const Policy& policy) {
    std::vector<std::vector<std::string>> chains;
    if (policy.chains.empty()) {
        constexpr std::array names{"none",      "gssapi-with-mic",      "hostbased",
                                   "publickey", "keyboard-interactive", "password"};
        for (const std::string name : names) {
            if (is_enabled(policy, name)) {
                chains.push_back({name});
            }
        }
        return chains;
    }
    std::ranges::copy_if(policy.chains, std::back_inserter(chains), [&](const std::vector<std::string>& chain) {
        return std::ranges::all_of(chain,
                                   [&](const std::string& element) { return is_enabled(policy, method_of(element)); });
    });
    return chains;
}

Verdict root_verdict(const facts::Account& account, const Policy& policy, std::string_view method,
                     const Rights* rights) {
    if (account.uid != 0) {
        return admitted();
    }
    if (!policy.doubt_root.empty()) {
        return unknown(policy.doubt_root);
    }
    const bool no_password = method == "publickey" || method == "hostbased" || method == "gssapi-with-mic";
    switch (policy.root) {
        case RootLogin::yes:
            return admitted();
        case RootLogin::without_password:
            return no_password ? admitted() : refused("PermitRootLogin lets root in with no password.");
        case RootLogin::forced_commands_only:
            return rights != nullptr && rights->command
                       ? admitted()
                       : refused("PermitRootLogin forced-commands-only asks for a command= of the key itself.");
        case RootLogin::no:
            break;
    }
    return refused("PermitRootLogin no refuses root.");
}

}  // namespace sshkeep::access
