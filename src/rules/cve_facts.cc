#include "rules/cve_facts.h"

namespace sshkeep::rules {
namespace {

using sshdconf::Tri;

bool fits(std::string_view name, const keyfmt::AuthorizedKey& key) {
    if (!key.rejected.empty()) {
        return false;
    }
    if (name == "ca-with-principals") {
        return key.options.cert_authority && key.options.principals.size() >= 2;
    }
    return key.options.restrict_all;
}

std::string path_of(const facts::AuthorizedKeysFile& file) {
    return file.walk ? (file.walk->steps.empty() ? file.walk->named : file.walk->steps.front().path) : std::string();
}

}  // namespace

Answer answer_fact(std::string_view name, const facts::HostFacts& facts) {
    if (name != "ca-with-principals" && name != "restricted-key") {
        return {.truth = Tri::unknown, .why = "this program knows no fact named " + std::string(name)};
    }
    const bool complete = facts.accounts.has_value();
    Answer answer{.truth = complete ? Tri::no : Tri::unknown,
                  .why = complete ? "no authorized_keys line is of that kind" : "the accounts are not known"};
    for (const facts::AuthorizedKeysFile& file : facts.authorized_keys) {
        if (!file.entries) {
            answer = {.truth = Tri::unknown,
                      .why = "an authorized_keys file could not be read: " + file.entries.error().message};
            continue;
        }
        for (const keyfmt::AuthorizedKey& key : *file.entries) {
            if (fits(name, key)) {
                return {.truth = Tri::yes,
                        .where = {{path_of(file), key.line, key.comment}},
                        .why = "account " + file.account + " has such a line in authorized_keys"};
            }
        }
    }
    return answer;
}

}  // namespace sshkeep::rules
