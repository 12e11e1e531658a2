#pragma once

#include <string>
#include <vector>

#include "rules/check.h"
#include "rules/check_spec.h"
#include "rules/ratings.h"

/// Checks that the catalogue writes as data. Private to the room.
namespace sshkeep::rules {

/// The answer to one Test, or to a Condition, in one context.
struct Answer {
    sshdconf::Tri truth = sshdconf::Tri::yes;
    std::vector<Location> where;  ///< the lines that decide, or the default said in words
    std::string why;              ///< "MaxAuthTries is 6; wanted: at most 4"
};

/// Answers tests for one rule. Borrows everything; needs a configuration that is known.
class Judge {
public:
    Judge(const CheckInput& input, const sshdconf::Config& config) : input_(input), config_(config) {}

    [[nodiscard]] Answer answer(const Test& test, const facts::Context& context) const;
    /// No group: yes.
    [[nodiscard]] Answer answer(const Condition& condition, const facts::Context& context) const;
    /// What an option is set to; nullopt when this sshd has none such. Knows Debian's own options, which are not
    /// printed.
    [[nodiscard]] std::optional<sshdconf::Setting> setting_of(const Test& test, const facts::Context& context) const;
    /// The lines of a setting, or its default said in words.
    [[nodiscard]] std::vector<Location> locate(const Test& test, const sshdconf::Setting& setting) const;
    [[nodiscard]] std::string release() const;  ///< "OpenSSH 9.2"
    /// Why an option that this sshd seems not to have may exist all the same; empty when it does not.
    [[nodiscard]] std::string doubt_of_missing() const;
    [[nodiscard]] const sshdconf::Config& config() const noexcept { return config_; }
    [[nodiscard]] const CheckInput& input() const noexcept { return input_; }

private:
    [[nodiscard]] Test resolve(const Test& test) const;

    const CheckInput& input_;
    const sshdconf::Config& config_;
};

/// Shell-like pattern with "*" and "?"; ASCII case does not matter.
[[nodiscard]] bool matches_pattern(std::string_view pattern, std::string_view text) noexcept;

/// One result in each context, not yet merged.
[[nodiscard]] CheckResult judge_option(const OptionSpec& spec, const Judge& judge, const facts::Context& context);
[[nodiscard]] CheckResult judge_algorithms(const AlgorithmSpec& spec, const Ratings& ratings, const Judge& judge,
                                           const facts::Context& context);
/// A CVE concerns the host: its preconditions are searched in every context.
[[nodiscard]] std::vector<CheckResult> judge_cve(const CveSpec& spec, const CheckInput& input);

/// The contexts a rule is about; empty when there are none.
[[nodiscard]] std::vector<const facts::Context*> contexts_for(Who who, const CheckInput& input);

/// Equal results of several contexts become one that names them all; passes stay only where nothing else was found.
/// `results[i]` is of `contexts[i]`; `all` is how many contexts there are.
[[nodiscard]] std::vector<CheckResult> merge_results(std::vector<CheckResult> results,
                                                     const std::vector<const facts::Context*>& contexts,
                                                     std::size_t all);

}  // namespace sshkeep::rules
