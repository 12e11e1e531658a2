#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "access/state.h"

/// Looking for a key in the files of an account. Used within the room.
namespace sshkeep::access {

/// "/root/.ssh/authorized_keys:3"
[[nodiscard]] std::string place_of(const std::string& path, std::uint32_t line);
/// Since 10.0 AuthorizedKeysFile takes patterns of glob(3).
[[nodiscard]] bool is_pattern(const State& state, std::string_view name);
/// Says where a line stands that does not admit.
[[nodiscard]] Verdict with_place(Verdict verdict, const std::string& path, std::uint32_t line);

/// Goes through the files in their order; the first line that admits ends the search, as in sshd.
class FileSearch {
public:
    FileSearch(const State& state, const facts::Account& account, const Policy& policy)
        : state_(state), account_(account), policy_(policy) {}

    /// `judge(file, entry)` gives the grant of one line with the right fingerprint.
    template <class Judge>
    Grant run(std::string_view fingerprint, Judge judge) {
        for (const auto& name : policy_.key_files) {
            const auto path = expand_account_path(name, account_);
            if (is_pattern(state_, name)) {
                remember(unknown("AuthorizedKeysFile " + shown(name) + " is a pattern, which is not followed"));
                continue;
            }
            const auto found = state_.key_files.find(path);
            if (found == state_.key_files.end()) {
                remember(unknown(shown(path) + " was not read", path));
                continue;
            }
            const auto& file = *found->second;
            const auto& file_ok = state_.known_file_verdict(account_, policy_, file);
            if (file_ok.refused() && file.entries && !names_key(file, fingerprint)) {
                continue;
            }
            if (!file_ok.admitted() || !file.entries) {
                remember(file_ok.admitted() ? unknown(file.entries.error().message, path) : file_ok);
                continue;
            }
            const auto entries = state_.entries_of(file).find(fingerprint);
            if (entries == state_.entries_of(file).end()) {
                continue;
            }
            for (const auto* entry : entries->second) {
                auto grant = judge(file, *entry);
                if (grant.verdict.admitted()) {
                    return grant;
                }
                remember(std::move(grant.verdict));
            }
        }
        return {.verdict = worst_.value_or(
                    refused("No file of authorized keys of " + shown(account_.name) + " holds the key."))};
    }

private:
    [[nodiscard]] bool names_key(const facts::AuthorizedKeysFile& file, std::string_view fingerprint) const {
        return state_.entries_of(file).contains(fingerprint);
    }
    /// A doubt leaves more open than a refusal.
    void remember(Verdict verdict) {
        if (!worst_ || (worst_->refused() && !verdict.refused())) {
            worst_ = std::move(verdict);
        }
    }

    const State& state_;
    const facts::Account& account_;
    const Policy& policy_;
    std::optional<Verdict> worst_;
};

}  // namespace sshkeep::access
