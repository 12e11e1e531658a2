#include "rules/check.h"

#include <map>

#include "base/text.h"
#include "rules/checks_support.h"

namespace sshkeep::rules {

namespace {

using Registry = std::map<std::string_view, Check>;

Registry make_registry() {
    Registry registry;
    for (const auto& topic :
         {key_checks(), key_use_checks(), key_file_checks(), home_checks(), path_checks(), program_checks(),
          chroot_checks(), password_checks(), access_checks(), account_checks(), structure_checks(), scope_checks(),
          forwarding_checks(), host_key_checks(), moduli_checks(), pam_checks(), service_checks()}) {
        for (const NamedCheck& check : topic) {
            registry.emplace(check.name, check.run);
        }
    }
    return registry;
}

const Registry& registry() {
    static const Registry checks = make_registry();
    return checks;
}

}  // namespace

std::int64_t CheckInput::number(std::string_view name, std::int64_t fallback) const {
    return parse_int(parameter ? parameter(name, {}) : std::string{}).value_or(fallback);
}

const Check* find_check(std::string_view name) {
    const auto found = registry().find(name);
    return found == registry().end() ? nullptr : &found->second;
}

std::vector<std::string_view> check_names() {
    std::vector<std::string_view> names;
    for (const auto& [name, check] : registry()) {
        names.push_back(name);
    }
    return names;
}

}  // namespace sshkeep::rules
