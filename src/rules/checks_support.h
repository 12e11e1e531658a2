#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "facts/contexts.h"
#include "facts/facts.h"
#include "rules/check.h"
#include "sshdconf/effective.h"

/// What the coded checks share: collecting defects, wording them, and looking at settings and paths.
namespace sshkeep::rules {

using Results = std::vector<CheckResult>;

struct NamedCheck {
    std::string_view name;
    Results (*run)(const CheckInput&);
};

// One list for each topic; check.cc joins them.
[[nodiscard]] std::span<const NamedCheck> key_checks();
[[nodiscard]] std::span<const NamedCheck> key_use_checks();
[[nodiscard]] std::span<const NamedCheck> key_file_checks();
[[nodiscard]] std::span<const NamedCheck> home_checks();
[[nodiscard]] std::span<const NamedCheck> path_checks();
[[nodiscard]] std::span<const NamedCheck> program_checks();
[[nodiscard]] std::span<const NamedCheck> chroot_checks();
[[nodiscard]] std::span<const NamedCheck> password_checks();
[[nodiscard]] std::span<const NamedCheck> access_checks();
[[nodiscard]] std::span<const NamedCheck> account_checks();
[[nodiscard]] std::span<const NamedCheck> structure_checks();
[[nodiscard]] std::span<const NamedCheck> scope_checks();
[[nodiscard]] std::span<const NamedCheck> forwarding_checks();
[[nodiscard]] std::span<const NamedCheck> host_key_checks();
[[nodiscard]] std::span<const NamedCheck> moduli_checks();
[[nodiscard]] std::span<const NamedCheck> pam_checks();
[[nodiscard]] std::span<const NamedCheck> service_checks();

// ---- results -------------------------------------------------------------------------------------------------

[[nodiscard]] Results passed(std::string detail);
[[nodiscard]] Results not_known(std::string reason);
[[nodiscard]] Results not_known(const Error& error);

/// Equal defects of many accounts or files as one finding: all are counted, the first ones shown.
class Tally {
public:
    static constexpr std::size_t shown = 20;

    /// `place` gives the Location and is called only while places are still shown. Calls for one subject come together.
    template <class Place>
    void add(Place place, std::string_view subject = {}) {
        ++count_;
        if (where_.size() < shown) {
            where_.push_back(place());
        }
        mention(subject);
    }
    /// Another subject of a defect that is counted already.
    void mention(std::string_view subject);
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    /// "3 keys", "1 key".
    [[nodiscard]] std::string counted(std::string_view noun) const;
    /// "alice, bob and 37 more", escaped.
    [[nodiscard]] std::string subjects() const;
    [[nodiscard]] const std::vector<Location>& places() const noexcept { return where_; }
    [[nodiscard]] std::vector<Location> take_places() { return std::move(where_); }

private:
    std::size_t count_ = 0;
    std::vector<Location> where_;
    std::vector<std::string> named_;
    std::string last_;
    std::size_t distinct_ = 0;
};

/// What could not be read: it turns a pass into unknown.
class Doubts {
public:
    void add(std::string_view what, const Error& error);
    template <class T>
    void add_unless_known(std::string_view what, const facts::Fact<T>& fact) {
        if (!fact) {
            add(what, fact.error());
        }
    }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] std::string text() const;

private:
    std::size_t count_ = 0;
    std::string first_;
};

/// Fail when anything was tallied (detail, context and fix as given), else unknown when in doubt, else pass.
[[nodiscard]] Results conclude(Tally tally, const Doubts& doubts, CheckResult failure, std::string passed_detail);

// ---- wording -------------------------------------------------------------------------------------------------

/// "1 key", "2 keys".
[[nodiscard]] std::string counted(std::size_t count, std::string_view noun);
/// A path or name as one word of a POSIX shell; printable whatever it holds.
[[nodiscard]] std::string shell_quoted(std::string_view text);
/// Fit for a sentence: escaped.
[[nodiscard]] std::string shown(std::string_view text);
/// "a, b and 7 more", escaped.
[[nodiscard]] std::string listed(const std::vector<std::string>& names, std::size_t limit = 5);

// ---- places --------------------------------------------------------------------------------------------------

/// A line of the configuration with its text.
[[nodiscard]] Location at(const sshdconf::Config& config, const sshdconf::Origin& origin);
/// A path with its owner and mode.
[[nodiscard]] Location at(const facts::HostFacts& facts, const facts::PathInfo& info);
/// The lines that set an option; for a default, the main file without a line.
[[nodiscard]] std::vector<Location> at(const sshdconf::Config& config, const sshdconf::Setting& setting);
/// "alice" or "uid 1000".
[[nodiscard]] std::string owner_name(const facts::HostFacts& facts, std::uint32_t uid);

// ---- settings ------------------------------------------------------------------------------------------------

[[nodiscard]] inline bool is_yes(const sshdconf::Effective& effective, std::string_view option) {
    return effective.value(option) == "yes";
}
/// Set to something: sshd -T prints "none" for most options that are unset.
[[nodiscard]] inline bool is_set(std::string_view value) { return !value.empty() && value != "none"; }
/// All words of all values of an option.
[[nodiscard]] std::vector<std::string_view> words_of(const sshdconf::Effective& effective, std::string_view option);

/// What a judge of one context says; nothing when all is well.
using ContextJudge = std::function<std::optional<CheckResult>(const facts::Context&)>;

/// Asks the judge about every context. What it returns is a failure unless it says unknown. Contexts with the same
/// answer share one result; an answer that rests on an uncertain option of `options` becomes unknown; the lines that
/// set `options` are named unless the judge named some.
[[nodiscard]] Results judge_contexts(const CheckInput& input, std::initializer_list<std::string_view> options,
                                     const ContextJudge& judge, std::string passed_detail);

/// Accounts by name and the context of each.
class Accounts {
public:
    explicit Accounts(const CheckInput& input);
    [[nodiscard]] const facts::Account* find(std::string_view name) const;
    /// nullptr when the account is in no context (configuration or accounts unknown).
    [[nodiscard]] const facts::Context* context_of(std::string_view name) const;
    [[nodiscard]] const sshdconf::Effective* effective(std::string_view name) const;
    /// The same, with a doubt when it is nullptr.
    [[nodiscard]] const sshdconf::Effective* effective(std::string_view name, Doubts& doubts) const;

private:
    struct Entry {
        const facts::Account* account = nullptr;
        const facts::Context* context = nullptr;
    };
    std::unordered_map<std::string_view, Entry> entries_;
};

/// The names of all users and groups, for looking up many. Both must be known.
struct KnownNames {
    explicit KnownNames(const facts::HostFacts& facts);
    std::unordered_set<std::string_view> users;
    std::unordered_set<std::string_view> groups;
};

/// Whether sshd would take a password of this account over the network: by the password method, or by
/// keyboard-interactive with PAM. AuthenticationMethods that need more than that say no.
[[nodiscard]] bool password_alone_suffices(const sshdconf::Effective& effective);

}  // namespace sshkeep::rules
