// Every way in.

#include <algorithm>
#include <map>

#include "access/key_files.h"
#include "access/methods.h"
#include "access/origins.h"
#include "base/text.h"

namespace sshkeep::access {
namespace {

/// What opens an account: a listed key, an authority, or none of both.
struct Credentials {
    const keyfmt::AuthorizedKey* entry = nullptr;  ///< a key, or an authority of the account's own files
    const keyfmt::PublicKey* authority = nullptr;  ///< of TrustedUserCAKeys
    std::string unread;                            ///< keys that are not known, for this reason
    std::string via;                               ///< of the unread

    [[nodiscard]] const keyfmt::PublicKey* key() const {
        return authority != nullptr ? authority : entry != nullptr ? &*entry->key : nullptr;
    }
    [[nodiscard]] bool is_authority() const {
        return authority != nullptr || (entry != nullptr && entry->options.cert_authority);
    }
};

/// One account seen from one source: what does not hang on the key.
struct View {
    const Policy* policy = nullptr;
    Verdict gate;
    PamAccount by_key;
    PamAccount by_password;
    std::vector<std::vector<std::string>> chains;
};

/// The same way in with the same session, and the sources from which it holds.
struct Variant {
    Path path;
    std::vector<bool> holds;
};

bool same_session(const Session& a, const Session& b) {
    return a.kind == b.kind && a.command == b.command && a.chroot == b.chroot && a.restrictions == b.restrictions &&
           a.ends == b.ends;
}

bool same_way(const Path& a, const Path& b) {
    return a.methods == b.methods && a.via == b.via && a.uncertain == b.uncertain && a.expires == b.expires &&
           a.principals == b.principals && same_session(a.session, b.session);
}

class AccountPaths {
public:
    AccountPaths(const State& state, const std::vector<Origin>& origins, const Query& query,
                 const facts::Account& account, std::vector<Path>& out)
        : state_(state), query_(query), account_(account), origins_(origins), out_(out), views_(origins.size()) {}

    void run() {
        if (!open_somewhere()) {
            return;
        }
        collect();
        for (const auto& credentials : credentials_) {
            list(credentials);
        }
        list({});
    }

private:
    bool open_somewhere() {
        for (std::size_t i = 0; i < origins_.size(); ++i) {
            if (!view(i).gate.refused()) {
                return true;
            }
        }
        return false;
    }

    View& view(std::size_t at) {
        auto& view = views_[at];
        if (view.policy != nullptr) {
            return view;
        }
        const auto& origin = origins_[at];
        view.policy = &state_.policy(account_, origin);
        view.gate = both(account_verdict(state_, account_, *view.policy),
                         lists_verdict(state_, account_, *view.policy, origin));
        if (view.gate.refused()) {
            return view;
        }
        view.gate = both(std::move(view.gate), wrappers_verdict(state_, origin));
        if (!view.policy->doubt_methods.empty()) {
            view.gate = both(std::move(view.gate), unknown(view.policy->doubt_methods));
        }
        if (view.policy->max_tries <= 0) {
            view.gate = refused("MaxAuthTries allows no attempt.");
        }
        view.by_key = pam_account(state_, account_, *view.policy, origin, Credential::key);
        view.by_password = pam_account(state_, account_, *view.policy, origin, Credential::password);
        view.chains = usable_chains(*view.policy);
        return view;
    }

    /// Everything that may open the account from somewhere, each once.
    void collect() {
        std::vector<const Policy*> seen;
        for (std::size_t i = 0; i < origins_.size(); ++i) {
            const auto* policy = view(i).policy;
            if (!view(i).gate.refused() && std::ranges::find(seen, policy) == seen.end()) {
                seen.push_back(policy);
                collect(*policy);
            }
        }
    }

    void collect(const Policy& policy) {
        if (!policy.publickey) {
            return;
        }
        for (const auto& name : policy.key_files) {
            if (is_pattern(state_, name)) {
                add_unread("AuthorizedKeysFile " + shown(name) + " is a pattern, which is not followed", name);
            } else {
                collect_file(expand_account_path(name, account_));
            }
        }
        if (!policy.ca_keys.empty()) {
            const auto* file = ca_file_of(state_, policy);
            if (file == nullptr || !file->keys) {
                add_unread("the authorities of " + shown(policy.ca_keys) + " are not known", policy.ca_keys);
            } else {
                for (const auto* key : authorities_of(*file)) {
                    credentials_.push_back({.authority = key});
                }
            }
        }
        if (policy.keys_command) {
            add_unread("AuthorizedKeysCommand may list keys; it is never run here", "AuthorizedKeysCommand");
        }
    }

    void collect_file(const std::string& path) {
        const auto found = state_.key_files.find(path);
        if (found == state_.key_files.end()) {
            add_unread(shown(path) + " was not read", path);
            return;
        }
        const auto& file = *found->second;
        if (!file.entries) {
            add_unread(file.entries.error().message, path);
            return;
        }
        for (const auto& entry : *file.entries) {
            const bool counts = entry.key && entry.rejected.empty();
            auto& known = known_[entry.options.cert_authority ? 1 : 0];
            if (counts && known.emplace(entry.key->fingerprint, true).second) {
                credentials_.push_back({.entry = &entry});
            }
        }
    }

    void add_unread(std::string why, const std::string& via) {
        if (unread_.emplace(via, true).second) {
            credentials_.push_back({.unread = std::move(why), .via = via});
        }
    }

    /// The sources for one credential: those of everybody and those that its own line names.
    void list(const Credentials& credentials) {
        const auto common = origins_.size();
        if (credentials.entry != nullptr) {
            for (const auto* entry : lines_of(*credentials.entry)) {
                add_own_origins(*entry);
            }
        }
        std::vector<Variant> variants;
        for (std::size_t i = 0; i < origins_.size(); ++i) {
            if (!view(i).gate.refused()) {
                try_chains(credentials, i, variants);
            }
        }
        finish(std::move(variants));
        origins_.resize(common);
        views_.resize(common);
    }

    /// All lines of the account's files that list the same key.
    [[nodiscard]] std::vector<const keyfmt::AuthorizedKey*> lines_of(const keyfmt::AuthorizedKey& first) {
        std::vector<const keyfmt::AuthorizedKey*> lines;
        for (const auto& name : views_.front().policy->key_files) {
            const auto file = state_.key_files.find(expand_account_path(name, account_));
            if (file == state_.key_files.end()) {
                continue;
            }
            const auto& index = state_.entries_of(*file->second);
            if (const auto entries = index.find(first.key->fingerprint); entries != index.end()) {
                lines.insert(lines.end(), entries->second.begin(), entries->second.end());
            }
        }
        return lines;
    }

    void add_own_origins(const keyfmt::AuthorizedKey& entry) {
        if (!entry.options.from) {
            return;
        }
        for (auto& origin : origins_of_list(entry.options.from->raw(), state_.version)) {
            const bool known = std::ranges::any_of(origins_, [&](const Origin& o) { return o.label == origin.label; });
            if (!known && origins_.size() < max_origins + max_key_origins) {
                origins_.push_back(std::move(origin));
                views_.emplace_back();
            }
        }
    }

    void try_chains(const Credentials& credentials, std::size_t at, std::vector<Variant>& variants) {
        for (const auto& chain : view(at).chains) {
            const auto keys = static_cast<std::size_t>(
                std::ranges::count_if(chain, [](const auto& element) { return method_of(element) == "publickey"; }));
            const bool with_key = credentials.key() != nullptr || !credentials.unread.empty();
            if ((keys > 0) == with_key) {
                try_chain(credentials, at, chain, keys, variants);
            }
        }
    }

    void try_chain(const Credentials& credentials, std::size_t at, const std::vector<std::string>& chain,
                   std::size_t keys, std::vector<Variant>& variants) {
        auto& seen = view(at);
        auto verdict = seen.gate;
        Grant grant;
        if (keys > 0) {
            grant = grant_for(credentials, at);
            verdict = both(std::move(verdict), grant.verdict);
            if (keys > 1) {
                verdict = both(std::move(verdict), further_keys(credentials, at, keys - 1));
            }
        }
        const Rights* rights = keys > 0 ? &grant.rights : nullptr;
        bool password = false;
        for (const auto& element : chain) {
            if (verdict.refused()) {
                return;
            }
            const auto method = method_of(element);
            password |= method == "password" || method == "keyboard-interactive" || method == "none";
            verdict = both(std::move(verdict), element_verdict(element, at, rights));
        }
        const auto& pam = password ? seen.by_password : seen.by_key;
        verdict = both(std::move(verdict), pam.verdict);
        if (!verdict.refused()) {
            add(make_path(credentials, at, chain, grant, rights, verdict, pam.must_change), at, variants);
        }
    }

    [[nodiscard]] Verdict element_verdict(const std::string& element, std::size_t at, const Rights* rights) {
        const auto& policy = *view(at).policy;
        const auto method = method_of(element);
        const bool other_device = element.size() != method.size() && element != "keyboard-interactive:pam";
        if (other_device) {
            return refused("No device answers to " + shown(element) + ".");
        }
        if (method == "none") {
            return policy.empty_passwords && policy.password
                       ? password_verdict(state_, account_, policy, origins_[at], method, true)
                       : refused("PermitEmptyPasswords is no.");
        }
        if (method == "password" || method == "keyboard-interactive") {
            return password_verdict(state_, account_, policy, origins_[at], method, false);
        }
        auto verdict = root_verdict(account_, policy, method, rights);
        if (method == "publickey") {
            return verdict;
        }
        return both(std::move(verdict), unknown(std::string(method) + " is on; whom it lets in is not worked out"));
    }

    [[nodiscard]] Grant grant_for(const Credentials& credentials, std::size_t at) {
        const auto& policy = *view(at).policy;
        if (!credentials.unread.empty()) {
            return {.verdict = unknown(credentials.unread), .via = credentials.via};
        }
        return credentials.is_authority()
                   ? authority_grant(state_, account_, policy, origins_[at], credentials.entry, *credentials.key())
                   : grant_of(state_, account_, policy, origins_[at], *credentials.key());
    }

    /// publickey,publickey asks for two different keys.
    [[nodiscard]] Verdict further_keys(const Credentials& credentials, std::size_t at, std::size_t wanted) {
        auto doubt = admitted();
        for (const auto& other : credentials_) {
            const bool usable = other.key() == nullptr || credentials.key() == nullptr ||
                                other.key()->fingerprint != credentials.key()->fingerprint;
            if (!usable || &other == &credentials) {
                continue;
            }
            auto verdict = grant_for(other, at).verdict;
            if (verdict.admitted() && --wanted == 0) {
                return admitted();
            }
            if (!verdict.refused()) {
                doubt = std::move(verdict);
            }
        }
        return doubt.admitted() ? refused("AuthenticationMethods asks for more keys than the account has.") : doubt;
    }

    Path make_path(const Credentials& credentials, std::size_t at, const std::vector<std::string>& chain,
                   const Grant& grant, const Rights* rights, const Verdict& verdict, bool must_change) {
        Path path{.user = account_.name, .methods = chain};
        if (const auto* key = credentials.key()) {
            path.key = key->fingerprint;
            path.key_type = key->type;
            path.key_bits = key->bits;
            path.authority = credentials.is_authority();
            path.expires = grant.rights.expires;
        }
        if (const auto* entry = grant.entry != nullptr ? grant.entry : credentials.entry) {
            path.comment = entry->comment;
        }
        if (path.authority) {
            path.principals = authority_principals(state_, account_, *view(at).policy, credentials.entry);
        }
        path.via = !grant.via.empty() ? grant.via : via_of(chain);
        auto plan = session_of(state_, account_, *view(at).policy, rights, must_change);
        if (auto why = broken_credentials(account_, *view(at).policy, chain); !why.empty()) {
            plan.session.ends = std::move(why);
        }
        path.session = std::move(plan.session);
        path.uncertain = verdict.admitted() ? std::move(plan.uncertain) : verdict.reason.text;
        if (!power_) {
            power_ = power_of_account(state_, account_);
        }
        path.power = *power_;
        return path;
    }

    [[nodiscard]] static std::string via_of(const std::vector<std::string>& chain) {
        const auto method = method_of(chain.front());
        if (method == "none") {
            return "empty password";
        }
        return method == "password" || method == "keyboard-interactive" ? "password (shadow)" : std::string(method);
    }

    void add(Path path, std::size_t at, std::vector<Variant>& variants) {
        for (auto& variant : variants) {
            if (same_way(variant.path, path)) {
                variant.holds[at] = true;
                return;
            }
        }
        variants.push_back({std::move(path), std::vector<bool>(origins_.size())});
        variants.back().holds[at] = true;
    }

    void finish(std::vector<Variant> variants) {
        for (auto& variant : variants) {
            if (query_.address && !holds_from_query(variant)) {
                continue;
            }
            variant.path.from = sources_of(variant);
            out_.push_back(std::move(variant.path));
        }
    }

    /// The source that was asked for stands second.
    [[nodiscard]] bool holds_from_query(const Variant& variant) const { return variant.holds[1]; }

    [[nodiscard]] std::vector<std::string> sources_of(const Variant& variant) const {
        std::vector<std::string> named;
        std::string all_but = "*";
        for (std::size_t i = 1; i < origins_.size(); ++i) {
            if (origins_[i].label.empty()) {
                continue;
            }
            if (variant.holds[i]) {
                named.push_back(shown(origins_[i].label));
            } else {
                all_but += ",!" + shown(origins_[i].label);
            }
        }
        if (!variant.holds[0]) {
            return named;
        }
        return all_but == "*" ? std::vector<std::string>{} : std::vector{all_but};
    }

    const State& state_;
    const Query& query_;
    const facts::Account& account_;
    std::vector<Origin> origins_;
    std::vector<Path>& out_;
    std::vector<View> views_;
    std::vector<Credentials> credentials_;
    std::map<std::string_view, bool> known_[2];
    std::map<std::string, bool> unread_;
    std::optional<Power> power_;
};

}  // namespace

Result<std::vector<Path>> Model::paths(const Query& query) const {
    const State& state = *state_;
    if (!state.facts.config) {
        return std::unexpected(state.facts.config.error());
    }
    if (!state.facts.accounts) {
        return std::unexpected(state.facts.accounts.error());
    }
    auto origins = origins_of(state);
    if (query.address) {
        origins.insert(origins.begin() + 1, Origin{.address = *query.address});
    }
    std::vector<Path> paths;
    for (const auto& account : *state.facts.accounts) {
        if (!query.user || *query.user == account.name) {
            AccountPaths(state, origins, query, account, paths).run();
        }
    }
    return paths;
}

}  // namespace sshkeep::access
